import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.people import Person
from bot.sandbox.world import HOST, World

Ask = Callable[..., Awaitable[dict[str, Any]]]


class Hook:
    """A webhook that answers as it is told and remembers what came."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.body: dict[str, Any] | None = None
        self.texts: list[str] = []
        self.secrets: list[str | None] = []
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        update = await request.json()
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.texts.append(update["message"]["text"])
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.json_response(self.body, status=status) if self.body else web.Response(status=status)


@pytest.fixture
async def hook() -> Any:
    hook = Hook()
    runner = web.ServerRunner(web.Server(hook.handle))
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    hook.url = f"http://{HOST}:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def texts(answer: dict[str, Any]) -> list[str]:
    return [update["message"]["text"] for update in answer["result"]]


async def test_an_update_comes_again_until_it_is_confirmed(ask: Ask, aisha: Person) -> None:
    await aisha.say("one")
    await aisha.say("two")
    first = await ask("getUpdates")
    assert texts(first) == ["one", "two"]
    assert texts(await ask("getUpdates")) == ["one", "two"]
    assert texts(await ask("getUpdates", offset=first["result"][0]["update_id"] + 1)) == ["two"]
    assert texts(await ask("getUpdates", limit=1)) == ["two"]


async def test_ids_of_updates_grow_by_one(ask: Ask, aisha: Person) -> None:
    for text in "abc":
        await aisha.say(text)
    ids = [update["update_id"] for update in (await ask("getUpdates"))["result"]]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert ids[0] > 1


async def test_a_negative_offset_forgets_all_but_the_last(ask: Ask, aisha: Person) -> None:
    for text in "abc":
        await aisha.say(text)
    assert texts(await ask("getUpdates", offset=-1)) == ["c"]
    assert texts(await ask("getUpdates")) == ["c"]


async def test_a_long_poll_ends_as_soon_as_something_happens(ask: Ask, aisha: Person) -> None:
    polling = asyncio.create_task(ask("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await aisha.say("now")
    assert texts(await polling) == ["now"]


async def test_a_long_poll_ends_empty_after_its_time(ask: Ask) -> None:
    assert (await ask("getUpdates", timeout=1))["result"] == []


async def test_a_second_poller_ends_the_first(ask: Ask, aisha: Person) -> None:
    first = asyncio.create_task(ask("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(ask("getUpdates", timeout=30))
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    await aisha.say("x")
    assert texts(await second) == ["x"]


async def test_kinds_that_were_not_asked_for_do_not_come(ask: Ask, aisha: Person) -> None:
    await ask("getUpdates", allowed_updates=["callback_query"])
    await aisha.say("unheard")
    await ask("getUpdates", allowed_updates=[])
    await aisha.say("heard")
    assert texts(await ask("getUpdates")) == ["heard"]


async def test_an_edited_message_is_an_update_of_its_own(ask: Ask, aisha: Person) -> None:
    message = await aisha.say("frist")
    await aisha.edit(message, "first")
    update = (await ask("getUpdates"))["result"][1]
    assert update["edited_message"]["text"] == "first"
    assert "edit_date" in update["edited_message"]


async def test_a_webhook_gets_everything_in_order_with_its_secret(ask: Ask, aisha: Person, hook: Hook) -> None:
    await aisha.say("before")
    await ask("setWebhook", url=hook.url, secret_token="s3cret")
    for text in ("one", "two"):
        await aisha.say(text)
    await until(lambda: len(hook.texts) == 3)
    assert hook.texts == ["before", "one", "two"]
    assert set(hook.secrets) == {"s3cret"}
    assert (await ask("getWebhookInfo"))["result"]["pending_update_count"] == 0


async def test_a_webhook_is_tried_again_until_it_takes_the_update(ask: Ask, aisha: Person, hook: Hook) -> None:
    hook.statuses = [500, 404]
    await ask("setWebhook", url=hook.url)
    await aisha.say("one")
    await aisha.say("two")
    await until(lambda: len(hook.texts) == 2)
    assert hook.texts == ["one", "two"]
    info = (await ask("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"


async def test_a_webhook_may_answer_with_a_call(ask: Ask, aisha: Person, hook: Hook) -> None:
    hook.body = {"method": "sendMessage", "chat_id": aisha.id, "text": "at once"}
    await ask("setWebhook", url=hook.url)
    await aisha.say("one")
    assert (await aisha.next_message()).text == "at once"


async def test_polling_is_refused_while_there_is_a_webhook(ask: Ask, hook: Hook) -> None:
    await ask("setWebhook", url=hook.url)
    answer = await ask("getUpdates")
    assert (answer["error_code"], "webhook is active" in answer["description"]) == (409, True)
    await ask("deleteWebhook")
    assert (await ask("getUpdates"))["ok"]


async def test_a_webhook_that_nobody_answers_keeps_the_updates(ask: Ask, aisha: Person, world: World) -> None:
    await ask("setWebhook", url=f"http://{HOST}:1/nobody")
    await aisha.say("x")
    await until(lambda: world.updates.webhook is not None and world.updates.webhook.last_error_date is not None)
    await ask("deleteWebhook", drop_pending_updates=False)
    assert texts(await ask("getUpdates")) == ["x"]


async def test_waiting_updates_can_be_dropped(ask: Ask, aisha: Person) -> None:
    await aisha.say("x")
    await ask("deleteWebhook", drop_pending_updates=True)
    assert texts(await ask("getUpdates")) == []


@pytest.mark.parametrize("more", [{"secret_token": "no spaces"}, {"max_connections": 101}])
async def test_a_webhook_with_impossible_settings_is_refused(ask: Ask, hook: Hook, more: dict[str, Any]) -> None:
    assert (await ask("setWebhook", url=hook.url, **more))["error_code"] == 400
    assert (await ask("getWebhookInfo"))["result"]["url"] == ""
