"""What the page's own part of the server does, without a browser."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.sandbox.page import ChatPage
from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World

Do = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def page(world: World) -> ChatPage:
    return ChatPage(world, roles={})


@pytest.fixture
async def server(world: World, page: ChatPage) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(world=world, page=page.handle) as server:
        yield server


@pytest.fixture
def do(server: SandboxServer, http: aiohttp.ClientSession, aisha: Person) -> Do:
    async def wish(what: str, **more: Any) -> dict[str, Any]:
        body = {"do": what, "who": aisha.id, **more}
        async with http.post(f"{server.api_url}/page/do", json=body, headers={"X-Sandbox": "page"}) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    return wish


async def events(server: SandboxServer, http: aiohttp.ClientSession) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    async with http.get(f"{server.api_url}/page/events") as response:
        name = ""
        async for line in response.content:
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                yield name, json.loads(line[6:])


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/page/style.css",
        "/page/icon.svg",
        *(f"/page/{name}.js" for name in ("script", "chat", "composer", "text")),
    ],
)
async def test_the_page_is_served_with_a_strict_policy(
    server: SandboxServer, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(f"{server.api_url}{path}") as response:
        assert response.status == 200
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in response.headers
        content = await response.text()
    assert "http://" not in content.replace("http://www.w3.org/2000/svg", "").replace("`http://${words}`", "")
    assert "https://" not in content


async def test_nothing_else_is_served(server: SandboxServer, http: aiohttp.ClientSession) -> None:
    for path in ("/page/../page.py", "/page/nothing.js", "/page/file/nothing", "/etc/passwd"):
        async with http.get(f"{server.api_url}{path}") as response:
            assert response.status == 404


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Sandbox": "page", "Origin": "https://evil.example"}, {"Host": "evil.example", "X-Sandbox": "page"}],
)
async def test_another_site_cannot_act_for_a_person(
    server: SandboxServer, http: aiohttp.ClientSession, aisha: Person, headers: dict[str, str]
) -> None:
    body = {"do": "say", "who": aisha.id, "text": "not me"}
    async with http.post(f"{server.api_url}/page/do", json=body, headers=headers) as response:
        assert response.status == 403
    async with http.post(f"{server.api_url}/page/send?who={aisha.id}&name=x", data=b"x", headers=headers) as response:
        assert response.status == 403
    assert aisha.messages == []


async def test_a_watcher_gets_the_state_and_then_every_change(
    server: SandboxServer, http: aiohttp.ClientSession, do: Do, aisha: Person
) -> None:
    stream = events(server, http)
    name, state = await anext(stream)
    assert (name, state["people"][0]["name"], state["movable"]) == ("state", "Aisha", False)
    await do("say", text="hello")
    name, change = await anext(stream)
    assert (name, change["message"]["text"], change["from_bot"]) == ("message", "hello", False)
    async with http.post(f"{server.api_url}/bot{server.token}/sendMessage", json={"chat_id": aisha.id, "text": "hi"}):
        assert [(await anext(stream))[0] for _ in range(2)] == ["message", "call"]
    await do("block", blocked=True)
    name, person = await anext(stream)
    assert (name, person["blocked"]) == ("person", True)
    await stream.aclose()


async def test_what_fingers_do_reaches_the_world(do: Do, aisha: Person, world: World) -> None:
    await do("start", payload="abc")
    await do("edit", message_id=1, text="/start xyz")
    await do("say", text="a reply", reply_to=1)
    await do("voice")
    assert [message.text for message in aisha.messages] == ["/start xyz", "a reply", ""]
    await do("delete", message_id=3)
    assert len(aisha.messages) == 2
    kinds = [next(key for key in update if key != "update_id") for update in world.updates.pending]
    assert kinds == ["message", "edited_message", "message", "message"]


async def test_a_press_comes_back_with_the_bots_words(
    server: SandboxServer, http: aiohttp.ClientSession, do: Do, aisha: Person, world: World
) -> None:
    api = f"{server.api_url}/bot{server.token}"
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await http.post(f"{api}/sendMessage", json={"chat_id": aisha.id, "text": "x", "reply_markup": markup})
    pressing = asyncio.create_task(do("press", message_id=1, button=[0, 0]))
    while not world.updates.pending:
        await asyncio.sleep(0.005)
    query = world.updates.pending[0]["callback_query"]
    await http.post(f"{api}/answerCallbackQuery", json={"callback_query_id": query["id"], "text": "Done"})
    assert await pressing == {"answered": True, "text": "Done", "alert": False, "url": ""}
    assert (await do("press", message_id=1, button=[0, 1]))["error"] == "this button is gone"


async def test_trouble_is_switched_on_and_off(do: Do, world: World) -> None:
    await do("down", on=True)
    assert [fault.kind for fault in world.faults] == ["bad_gateway"]
    await do("flood", on=True)
    await do("down", on=False)
    assert [fault.kind for fault in world.faults] == ["flood"]
    await do("flood", on=False)
    assert list(world.faults) == []


@pytest.mark.parametrize(
    ("what", "more"), [("fly", {}), ("say", {"text": " "}), ("edit", {"message_id": 9, "text": "x"}), ("tomorrow", {})]
)
async def test_what_cannot_be_done_is_explained(do: Do, what: str, more: dict[str, Any]) -> None:
    assert (await do(what, **more))["error"]


async def test_files_go_both_ways(server: SandboxServer, http: aiohttp.ClientSession, aisha: Person) -> None:
    url = f"{server.api_url}/page/send?who={aisha.id}&name=n%C3%B6te.html&kind=text/html"
    async with http.post(url, data=b"<script>", headers={"X-Sandbox": "page"}) as response:
        assert response.status == 200
    document = aisha.messages[0].json["document"]
    async with http.get(f"{server.api_url}/page/file/{document['file_id']}") as response:
        assert await response.read() == b"<script>"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.content_type == "application/octet-stream"
