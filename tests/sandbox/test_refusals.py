"""What Telegram refuses is refused here, in Telegram's words."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World

Ask = Callable[..., Awaitable[dict[str, Any]]]


def keys(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


async def test_a_wrong_token_is_unauthorised(server: SandboxServer, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{server.api_url}/bot999:XYZ/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(ask: Ask) -> None:
    assert await ask("sendMesage") == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_method_the_sandbox_does_not_play_is_never_silently_true(ask: Ask) -> None:
    answer = await ask("sendVenue", chat_id=1)
    assert answer["error_code"] == 501
    assert "sendVenue" in answer["description"]


@pytest.mark.parametrize("kind", ["json", "data", "params"])
async def test_parameters_may_come_in_any_way(
    kind: str, server: SandboxServer, http: aiohttp.ClientSession, aisha: Person
) -> None:
    sent = {"chat_id": str(aisha.id), "text": "a & b + c = d 🙂"}
    async with http.post(f"{server.api_url}/bot{server.token}/sendmessage", **{kind: sent}) as response:
        assert (await response.json())["result"]["text"] == "a & b + c = d 🙂"


async def test_objects_may_come_as_json_text(ask: Ask, aisha: Person) -> None:
    markup = '{"inline_keyboard":[[{"text":"Go","callback_data":"go"}]]}'
    await ask("sendMessage", chat_id=aisha.id, text="x", reply_markup=markup)
    assert aisha.last.buttons == ["Go"]


async def test_unknown_parameters_are_ignored_but_noted(ask: Ask, aisha: Person, world: World) -> None:
    markup = keys({"text": "Go", "callback_data": "go", "colour": "red"})
    assert (await ask("sendMessage", chat_id=aisha.id, text="x", txet="y", reply_markup=markup))["ok"]
    assert world.calls[-1].ignored == ["txet", "reply_markup.inline_keyboard.colour"]


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "chat_id is empty"),
        ({"chat_id": 1}, "message text is empty"),
        ({"chat_id": 1, "text": ""}, "message text is empty"),
        ({"chat_id": 1, "text": "x"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ({"chat_id": True, "text": "x"}, "can't parse chat_id: expected an Integer"),
        ({"chat_id": 1, "text": ["x"]}, "can't parse text: expected a String"),
        ({"chat_id": 1, "text": "x", "protect_content": "maybe"}, "can't parse protect_content: expected a Boolean"),
        ({"chat_id": 1, "text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
    ],
)
async def test_parameters_that_do_not_fit(ask: Ask, params: dict[str, Any], reason: str) -> None:
    answer = await ask("sendMessage", **params)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "🙂" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "RTF"}, "unsupported parse_mode"),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "entity beginning at UTF-16 offset 0 ends after the end of the text",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "reply_markup": keys({"text": "a", "callback_data": "x" * 65})}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keys({"text": "a", "callback_data": "é" * 33})}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keys({"text": "a", "callback_data": ""})}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "reply_markup": keys({"text": " ", "callback_data": "a"})},
            "can't parse inline keyboard button: Text must be non-empty",
        ),
        (
            {"text": "x", "reply_markup": keys({"text": "a"})},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": keys({"callback_data": "a"})},
            "can't parse reply_markup.inline_keyboard: Can't find field \"text\"",
        ),
        (
            {"text": "x", "reply_markup": keys({"text": "a", "url": "localhost"})},
            "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "reply_markup": keys(*({"text": "a", "callback_data": str(n)} for n in range(101)))},
            "reply markup is too long",
        ),
    ],
)
async def test_messages_that_cannot_be_sent(ask: Ask, aisha: Person, more: dict[str, Any], reason: str) -> None:
    answer = await ask("sendMessage", chat_id=aisha.id, **more)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")
    assert aisha.messages == []


@pytest.mark.parametrize("text", ["x" * 4096, "🙂" * 2048, f"<b>{'x' * 4096}</b>"])
async def test_the_longest_text_is_taken(ask: Ask, aisha: Person, text: str) -> None:
    assert (await ask("sendMessage", chat_id=aisha.id, text=text, parse_mode="HTML"))["ok"]


async def test_the_longest_callback_data_and_a_row_of_eight_are_taken(ask: Ask, aisha: Person) -> None:
    row = [{"text": str(n), "callback_data": "x" * 63 + str(n)} for n in range(8)]
    assert (await ask("sendMessage", chat_id=aisha.id, text="x", reply_markup={"inline_keyboard": [row]}))["ok"]


async def test_people_who_cannot_be_written_to(ask: Ask, world: World, aisha: Person) -> None:
    async def refusal(person: Person) -> tuple[int, str]:
        answer = await ask("sendMessage", chat_id=person.id, text="x")
        return answer["error_code"], answer["description"]

    stranger = world.person("Stranger")
    assert await refusal(stranger) == (400, "Bad Request: chat not found")
    world.group("2B", [stranger])
    assert await refusal(stranger) == (403, "Forbidden: bot can't initiate conversation with a user")
    await aisha.block()
    assert await refusal(aisha) == (403, "Forbidden: bot was blocked by the user")
    await aisha.unblock()
    await aisha.deactivate()
    assert await refusal(aisha) == (403, "Forbidden: user is deactivated")


async def test_edits_that_cannot_be_made(ask: Ask, aisha: Person) -> None:
    async def refusal(message_id: int, **more: Any) -> str:
        answer = await ask("editMessageText", chat_id=aisha.id, message_id=message_id, **more)
        return str(answer["description"]).removeprefix("Bad Request: ")

    own = await aisha.say("mine")
    await ask("sendMessage", chat_id=aisha.id, text="<b>same</b>", parse_mode="HTML")
    assert await refusal(99, text="x") == "message to edit not found"
    assert await refusal(own.id, text="x") == "message can't be edited"
    assert (await refusal(2, text="<b>same</b>", parse_mode="HTML")).startswith("message is not modified")
    assert await refusal(2, text="x", reply_markup={"remove_keyboard": True}) == "inline keyboard expected"
    caption = await ask("editMessageCaption", chat_id=aisha.id, message_id=2, caption="x")
    assert caption["description"] == "Bad Request: there is no caption in the message to edit"


async def test_deleting_what_is_not_there(ask: Ask, aisha: Person) -> None:
    answer = await ask("deleteMessage", chat_id=aisha.id, message_id=5)
    assert answer["description"] == "Bad Request: message to delete not found"


async def test_messages_older_than_two_days_stay(ask: Ask, aisha: Person, world: World) -> None:
    await ask("sendMessage", chat_id=aisha.id, text="old")
    world.clock.ahead = 49 * 3600
    answer = await ask("deleteMessage", chat_id=aisha.id, message_id=1)
    assert answer["description"] == "Bad Request: message can't be deleted"


async def test_a_press_can_be_answered_once(ask: Ask, aisha: Person, world: World) -> None:
    await ask("sendMessage", chat_id=aisha.id, text="x", reply_markup=keys({"text": "Go", "callback_data": "go"}))
    answer = aisha.press(1, "Go")
    query_id = (await ask("getUpdates"))["result"][0]["callback_query"]["id"]
    assert (await ask("answerCallbackQuery", callback_query_id=query_id, text="Done"))["ok"]
    assert (await answer).text == "Done"
    too_late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert (await ask("answerCallbackQuery", callback_query_id=query_id))["description"] == too_late


async def test_a_press_that_waits_too_long_can_no_longer_be_answered(ask: Ask, aisha: Person, world: World) -> None:
    world.callbacks.lifetime = 0.05
    await ask("sendMessage", chat_id=aisha.id, text="x", reply_markup=keys({"text": "Go", "callback_data": "go"}))
    answer = await aisha.press(1, "Go")
    assert not answer.answered
    query_id = (await ask("getUpdates"))["result"][0]["callback_query"]["id"]
    assert (await ask("answerCallbackQuery", callback_query_id=query_id))["error_code"] == 400


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("setMyCommands", {"commands": [{"command": "Plan", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "plan", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "everybody"}},
            "can't parse scope: expected one of BotCommandScopeDefault",
        ),
        ("setMyDescription", {"description": "x" * 513}, "the bot's description is too long"),
        ("getFile", {"file_id": "nothing"}, "invalid file_id"),
        ("sendDocument", {"chat_id": 5_000_000_001, "document": "nothing"}, "wrong file identifier/HTTP URL specified"),
        ("sendChatAction", {"chat_id": 5_000_000_001, "action": "think"}, "wrong parameter action in request"),
        ("setWebhook", {"url": "ftp://x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [{"id": "a"}]}, "can't parse results"),
    ],
)
async def test_other_calls_that_do_not_fit(
    ask: Ask, aisha: Person, method: str, params: dict[str, Any], reason: str
) -> None:
    answer = await ask(method, **params)
    assert answer["error_code"] == 400
    assert answer["description"].startswith(f"Bad Request: {reason}")


async def test_a_request_from_a_borrowed_name_is_refused(server: SandboxServer, http: aiohttp.ClientSession) -> None:
    url = f"{server.api_url}/bot{server.token}/getMe"
    async with http.get(url, headers={"Host": f"evil.example:{server.port}"}) as response:
        assert response.status == 403
    async with http.get(url, headers={"Host": f"localhost:{server.port}"}) as response:
        assert response.status == 200


async def test_a_body_that_is_no_object_is_refused(server: SandboxServer, http: aiohttp.ClientSession) -> None:
    for body in (b"[1]", b"{"):
        url = f"{server.api_url}/bot{server.token}/getMe"
        async with http.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
            assert response.status == 400
