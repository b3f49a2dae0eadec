"""What whoever looks after the bot uses: the metrics page, the check-up, forgetting, and reading the content again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import bootstrap, operations
from bot.application import reread_course
from knowledge.loader import DEFAULT_COURSE
from tests.acceptance.conftest import StartTutor, Tutor, ask, meet
from tests.acceptance.test_receiving import free_port

ANSWER = "The baseline is what Jordan Zebrafish measured first"


async def fetch(address: str) -> tuple[int, str]:
    """Read a page."""
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


async def test_the_metrics_page_counts_and_names_nobody(start_tutor: StartTutor) -> None:
    port = free_port()
    tutor = await start_tutor(health_listen=f"127.0.0.1:{port}")
    aisha = tutor.person("Zuleikha")
    await meet(aisha)
    await ask(aisha, "/term pdca")
    await ask(aisha, "/term pizza")
    await ask(aisha, "/practise")
    await ask(aisha, ANSWER)
    status, text = await fetch(f"http://127.0.0.1:{port}/metrics")
    assert status == 200
    found = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["revision_bot_turns_total", (("result", "done"),)] >= 3
    assert found["revision_bot_lookups_total", (("result", "card"),)] == 1
    assert found["revision_bot_lookups_total", (("result", "nothing"),)] == 1
    assert found["revision_bot_attempts_total", (("lane", "reply"), ("reason", ""), ("result", "sent"))] >= 3
    assert found["revision_bot_outbox_waiting", (("lane", "broadcast"),)] == 0
    assert found["revision_bot_mark_seconds_count", ()] >= 3
    assert found["revision_bot_tick_gap_seconds", (("job", "prompts"),)] < 5
    assert found["revision_bot_inbox_waiting", ()] == 0
    for secret in ("Zuleikha", "Zebrafish", str(aisha.id), tutor.server.token):
        assert secret not in text
    assert await fetch(f"http://127.0.0.1:{port}/healthz") == (200, "ok")


async def test_the_check_up_finds_a_running_bot_well(tutor: Tutor, capsys: pytest.CaptureFixture[str]) -> None:
    await asyncio.sleep(0.2)
    assert await operations.doctor(tutor.settings()) == bootstrap.OK
    said = capsys.readouterr().out
    for line in (
        "the database file is whole",
        "the bot is running",
        "Telegram knows the bot as @",
        "privacy mode is on",
    ):
        assert line in said
    assert tutor.server.token not in said


async def test_the_check_up_says_what_is_wrong_and_what_to_do(
    tutor: Tutor, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    await tutor.stop()
    wrong = tutor.settings(
        telegram_bot_token="123456:wrong-token",
        database_url="postgresql://nobody@127.0.0.1:1/nothing",
    )
    assert await operations.doctor(wrong) == bootstrap.FAILED
    said = capsys.readouterr().out
    assert "the database does not answer" in said
    assert "DATABASE_URL" in said
    assert "Telegram does not know this token" in said
    assert "wrong-token" not in said


async def test_a_webhook_that_fails_is_found(tutor: Tutor, capsys: pytest.CaptureFixture[str]) -> None:
    await tutor.stop()
    webhook = f"http://127.0.0.1:{free_port()}/hook"
    settings = tutor.settings(webhook_url=webhook, webhook_secret="a-secret-of-our-own")
    await operations.doctor(settings)
    assert "the webhook is not the one in WEBHOOK_URL" in capsys.readouterr().out


async def test_learners_who_left_long_ago_are_counted_first_and_then_forgotten(
    tutor: Tutor, capsys: pytest.CaptureFixture[str]
) -> None:
    await meet(tutor.person("Aisha"))
    await tutor.later(timedelta(days=500))
    ben = tutor.person("Ben")
    await meet(ben)
    await tutor.stop()
    settings = tutor.settings(clock_offset=timedelta(days=500))
    assert await operations.forget(settings, inactive=timedelta(days=400), really=False) == bootstrap.OK
    assert "1 learners were last seen before" in (said := capsys.readouterr().out)
    assert "Nothing was deleted" in said
    await operations.forget(settings, inactive=timedelta(days=400), really=True)
    assert "1 were deleted." in capsys.readouterr().out
    await operations.forget(settings, inactive=timedelta(days=400), really=True)
    assert "0 learners" in capsys.readouterr().out


async def test_on_hangup_the_content_is_read_again_unless_it_is_broken(
    tutor: Tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    course = tmp_path / "course"
    shutil.copytree(DEFAULT_COURSE, course)
    monkeypatch.setattr(reread_course, "read_again", partial(reread_course.read_again, course))
    caplog.set_level("INFO")
    file = next(each for each in (course / "terms").rglob("*.yaml") if "name: Net Promoter Score" in each.read_text())
    good = file.read_text(encoding="utf-8")
    aisha = tutor.person("Aisha")
    await meet(aisha)

    file.write_text(good + "\n- nonsense", encoding="utf-8")
    os.kill(os.getpid(), signal.SIGHUP)
    await _until_logged(caplog, "the course stays as it was")
    assert (await ask(aisha, "nps")).text.startswith("Net Promoter Score")

    file.write_text(good.replace("name: Net Promoter Score", "name: Promoter Score of Tests", 1), encoding="utf-8")
    os.kill(os.getpid(), signal.SIGHUP)
    await _until_logged(caplog, "were read again")
    assert (await ask(aisha, "nps")).text.startswith("Promoter Score of Tests")


async def _until_logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(60):
        while words not in caplog.text:
            await asyncio.sleep(0.05)
