"""Polling and webhook: secrets, second pollers, wrong tokens, stopping."""

from __future__ import annotations

import asyncio
import socket

import aiohttp
import pytest

from bot import bootstrap
from bot.config import ConfigError, read_settings
from tests.acceptance.conftest import StartTutor, Tutor, ask, meet, press

SECRET = "a-secret-of-our-own"


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_everything_works_through_a_webhook_and_strangers_are_turned_away(start_tutor: StartTutor) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/hook"
    tutor: Tutor = await start_tutor(webhook_url=address, webhook_port=port, webhook_secret=SECRET)
    aisha = tutor.person("Aisha")
    plan = await meet(aisha)
    assert plan.text.startswith("Your plan")
    assert (await ask(aisha, "nps")).text.startswith("Net Promoter Score")
    await press(aisha, "Related")
    async with aiohttp.ClientSession() as session:
        update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}}
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
            async with session.post(address, json=update, headers=headers) as answer:
                assert answer.status == 401
        right = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with session.post(address, data=b"no json", headers=right) as answer:
            assert answer.status == 400


async def test_a_wrong_token_ends_with_one_clear_line(tutor: Tutor, caplog: pytest.LogCaptureFixture) -> None:
    await tutor.stop()
    code = await bootstrap.run(tutor.settings(telegram_bot_token="123456:wrong-token"))
    assert code == bootstrap.FAILED
    assert "does not know this token" in caplog.text
    assert "wrong-token" not in caplog.text


async def test_a_second_poller_is_said_and_ends(
    tutor: Tutor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from bot.chat import polling

    monkeypatch.setattr(polling, "CONFLICT_PATIENCE", 1.0)
    monkeypatch.setattr(polling, "CONFLICT_PAUSE", 0.2)
    other = asyncio.create_task(_poll_for_ever(tutor))
    codes = await asyncio.wait_for(tutor.ended(), 20)
    other.cancel()
    assert codes == bootstrap.SECOND
    assert "another program" in caplog.text


async def _poll_for_ever(tutor: Tutor) -> None:
    url = f"{tutor.server.api_url}/bot{tutor.server.token}/getUpdates?timeout=5"
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(url) as answer:
                await answer.read()
            await asyncio.sleep(0.05)


async def test_trouble_at_telegram_delays_and_loses_nothing(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    tutor.world.faults.add("flood", method="sendMessage", count=1, retry_after=1)
    assert (await ask(aisha, "nps")).text.startswith("Net Promoter Score")
    tutor.world.faults.add("bad_gateway", method="sendMessage", count=1)
    assert (await ask(aisha, "csat")).text
    await tutor.server.go_away()
    await asyncio.sleep(0.3)
    await tutor.server.come_back()
    assert (await ask(aisha, "baseline")).text.startswith("Baseline")


def test_all_wrong_settings_are_reported_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(
            _env_file=None,
            telegram_bot_token="nonsense",
            admin_ids="me",
            default_timezone="Mars/Base",
            webhook_port=99999,
        )
    text = "\n".join(caught.value.problems)
    for name in ("TELEGRAM_BOT_TOKEN", "ADMIN_IDS", "DEFAULT_TIMEZONE", "WEBHOOK_PORT"):
        assert name in text
    assert "nonsense" not in text


def test_moving_the_clock_is_refused_against_telegram_itself() -> None:
    with pytest.raises(ConfigError, match="CLOCK_OFFSET"):
        read_settings(_env_file=None, telegram_bot_token="1:abcdef", clock_offset="+26h")


def test_secrets_do_not_show_in_the_settings() -> None:
    settings = read_settings(_env_file=None, telegram_bot_token="1:abcdef", webhook_secret="hidden-hidden")
    assert "abcdef" not in repr(settings)
    assert "hidden" not in repr(settings)
