"""The chat page: what the people of the sandbox see, and what their fingers do.

The browser gets the whole state once and then every change as a server-sent event; what it wants done comes back as
JSON. Nothing here talks to the bot: it only moves people in the world.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.sandbox.calls import Call
from bot.sandbox.errors import ApiError, Json, PersonCannot
from bot.sandbox.faults import Fault
from bot.sandbox.inline import choose
from bot.sandbox.people import Person, press
from bot.sandbox.spec import Upload
from bot.sandbox.world import World

CALLS_SHOWN = 200
QUEUE_LENGTH = 2_000
HEARTBEAT_SECONDS = 15.0
FLOOD_SECONDS = 3

_SCRIPTS = ("script", "chat", "composer", "bubble", "text", "panel")
_ASSETS = {
    "/": ("index.html", "text/html"),
    "/page/style.css": ("style.css", "text/css"),
    "/page/icon.svg": ("icon.svg", "image/svg+xml"),
    **{f"/page/{name}.js": (f"{name}.js", "text/javascript") for name in _SCRIPTS},
}
_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "media-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


class Controls(Protocol):
    """What the page may ask of whoever runs the bot."""

    @property
    def bot_status(self) -> str: ...

    async def tomorrow(self) -> None:
        """Goes on at eight o'clock in the morning of the next day."""

    async def start_over(self) -> None:
        """Forgets everything that happened in the sandbox."""


Action = Callable[["ChatPage", Json], Awaitable[Json]]


class ChatPage:
    """Serves the page for a world. Without `controls` the bot is somebody else's and can be neither moved nor reset."""

    def __init__(self, world: World, *, roles: dict[int, str] | None = None, controls: Controls | None = None) -> None:
        self.world = world
        self.roles = roles or {}
        self.controls = controls
        self._down: Fault | None = None
        self._flood: Fault | None = None
        self._watching: set[asyncio.Queue[str]] = set()
        self._offered: dict[int, list[Json]] = {}
        world.listeners.append(self._hear)

    def refresh(self) -> None:
        """Sends the whole state to everybody who watches."""
        self._send("state", self.state())

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers everything that is not the Bot API."""
        path = request.path
        if request.method == "GET":
            if path in _ASSETS:
                return _asset(path)
            if path == "/page/events":
                return await self._events(request)
            if path.startswith("/page/file/"):
                return self._file(path.removeprefix("/page/file/"))
        if request.method == "POST" and path == "/page/do":
            return await self._do(request)
        if request.method == "POST" and path == "/page/send":
            return await self._send_file(request)
        return web.Response(status=404, text="There is no such page.", headers=_SAFE)

    # What is seen

    def state(self) -> Json:
        """Everything the page shows."""
        return {
            "bot": {"name": self.world.profile.text("name", "en"), "username": self.world.bot["username"]},
            "about": self.world.profile.text("description", "en"),
            "status": self.controls.bot_status if self.controls else "running",
            "movable": self.controls is not None,
            "now": self.world.clock.now(),
            "ahead": self.world.clock.ahead,
            "people": [self._person(person) for person in self.world.people.values()],
            "calls": [call for call in map(_call, list(self.world.calls)[-CALLS_SHOWN:]) if call],
            "faults": self._faults(),
        }

    def _person(self, person: Person) -> Json:
        return {
            **self._person_line(person),
            "messages": [{"json": message.json, "from_bot": message.from_bot} for message in person.messages],
            "votes": {poll.id: poll.votes[person.id] for poll in self.world.polls.values() if person.id in poll.votes},
        }

    def _person_line(self, person: Person) -> Json:
        return {
            "id": person.id,
            "name": person.first_name,
            "role": self.roles.get(person.id, "learner"),
            "blocked": person.chat.bot_status == "kicked",
            "commands": person.commands,
            "keyboard": person.chat.reply_keyboard,
        }

    def _faults(self) -> Json:
        return {"down": self._down is not None, "flood": self._flood is not None, "others": self._others()}

    def _others(self) -> int:
        return sum(fault not in (self._down, self._flood) for fault in self.world.faults)

    def _hear(self, event: str, detail: Json) -> None:
        if not self._watching:
            return
        if event == "call":
            if shown := _call(detail["call"]):
                self._send("call", shown)
        elif event in {"person", "keyboard"}:
            self._tell_about(detail["chat_id"])
        elif event == "profile":
            for person in self.world.people.values():
                self._tell_about(person.id)
        else:
            self._send(event, detail)

    def _tell_about(self, person_id: int) -> None:
        person = self.world.people_by_id.get(person_id)
        if person is not None:
            self._send("person", self._person_line(person))

    def _send(self, event: str, detail: Json) -> None:
        text = f"event: {event}\ndata: {json.dumps(detail, default=_shown)}\n\n"
        for queue in list(self._watching):
            if queue.full():
                # A page that does not keep up is cut off; its browser connects again and gets the state anew.
                self._watching.discard(queue)
            else:
                queue.put_nowait(text)

    async def _events(self, request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={**_SAFE, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_LENGTH)
        self._watching.add(queue)
        try:
            await response.write(f"event: state\ndata: {json.dumps(self.state(), default=_shown)}\n\n".encode())
            async for text in self._lines(queue):
                await response.write(text.encode())
        except ConnectionError:
            return response
        finally:
            self._watching.discard(queue)
        return response

    async def _lines(self, queue: asyncio.Queue[str]) -> AsyncIterator[str]:
        """Events as they come, and a sign of life in between, by which a closed page is noticed."""
        while queue in self._watching:
            try:
                yield await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"

    def _file(self, file_id: str) -> web.Response:
        try:
            file = self.world.files.find(file_id)
        except ApiError:
            return web.Response(status=404, text="There is no such file.", headers=_SAFE)
        where = "inline" if file.mime_type in _PICTURES else "attachment"
        disposition = f"{where}; filename*=UTF-8''{quote(file.name)}"
        kind = file.mime_type if where == "inline" else "application/octet-stream"
        return web.Response(
            body=file.content, headers={**_SAFE, "Content-Type": kind, "Content-Disposition": disposition}
        )

    # What is done

    async def _do(self, request: web.BaseRequest) -> web.Response:
        if not _from_the_page(request):
            return _refused(403, "Only the page itself may do this.")
        try:
            wish = json.loads(await request.read())
            action = _ACTIONS[wish["do"]]
        except (ValueError, KeyError, TypeError):
            return _refused(400, "The page asked for something unknown.")
        try:
            return _json_response(await action(self, wish))
        except (PersonCannot, LookupError) as error:
            return _refused(409, str(error))

    async def _send_file(self, request: web.BaseRequest) -> web.Response:
        if not _from_the_page(request):
            return _refused(403, "Only the page itself may do this.")
        try:
            person = self.world.people_by_id[int(request.query["who"])]
            name, kind = request.query["name"], request.query.get("kind", "application/octet-stream")
            content = await request.read()
        except (KeyError, ValueError):
            return _refused(400, "The page sent a file without saying whose.")
        try:
            if kind in _PICTURES:
                await person.send_photo(content, name)
            else:
                await person.send_document(content, name, mime_type=kind)
        except PersonCannot as error:
            return _refused(409, str(error))
        return _json_response({})

    def _who(self, wish: Json) -> Person:
        return self.world.people_by_id[wish["who"]]

    async def say(self, wish: Json) -> Json:
        await self._who(wish).say(str(wish["text"]), wish.get("reply_to"))
        return {}

    async def start(self, wish: Json) -> Json:
        await self._who(wish).start(str(wish.get("payload", "")))
        return {}

    async def edit(self, wish: Json) -> Json:
        await self._who(wish).edit(int(wish["message_id"]), str(wish["text"]))
        return {}

    async def delete(self, wish: Json) -> Json:
        await self._who(wish).delete(int(wish["message_id"]))
        return {}

    async def press(self, wish: Json) -> Json:
        """Waits for the bot's answer to the press, as the app shows a spinner until then."""
        person = self._who(wish)
        message = person.chat.find(int(wish["message_id"]))
        row, column = wish["button"]
        if row >= len(message.keyboard) or column >= len(message.keyboard[row]):
            raise PersonCannot("this button is gone")
        answer = await press(self.world, person, message, message.keyboard[row][column])
        return {"answered": answer.answered, "text": answer.text, "alert": answer.show_alert, "url": answer.url}

    async def inline(self, wish: Json) -> Json:
        """Types the bot's name and a query; what was offered before stays where more of the same is asked for."""
        person, offset = self._who(wish), str(wish.get("offset", ""))
        answer = await person.inline(str(wish["query"]), offset=offset)
        offered = [*(self._offered.get(person.id, []) if offset else []), *answer.results]
        self._offered[person.id] = offered
        shown = [{"title": each["title"], "description": each.get("description", "")} for each in offered]
        return {"results": shown, "button": answer.button, "more": answer.next_offset}

    async def choose(self, wish: Json) -> Json:
        """Sends one of the results that the person was offered last."""
        person = self._who(wish)
        choose(self.world, person, self._offered[person.id][int(wish["number"])])
        return {}

    async def vote(self, wish: Json) -> Json:
        await self._who(wish).vote(int(wish["message_id"]), [int(number) for number in wish["options"]])
        return {}

    async def voice(self, wish: Json) -> Json:
        await self._who(wish).send_voice(b"OggS", duration=3)
        return {}

    async def block(self, wish: Json) -> Json:
        person = self._who(wish)
        await (person.block() if wish["blocked"] else person.unblock())
        return {}

    async def down(self, wish: Json) -> Json:
        if self._down is not None:
            self.world.faults.remove(self._down)
        self._down = self.world.faults.add("bad_gateway") if wish["on"] else None
        self.world.updates.wake()
        self._send("faults", self._faults())
        return {}

    async def flood(self, wish: Json) -> Json:
        if self._flood is not None:
            self.world.faults.remove(self._flood)
        method = "send*|edit*|delete*|answer*"
        self._flood = self.world.faults.add("flood", method=method, retry_after=FLOOD_SECONDS) if wish["on"] else None
        self._send("faults", self._faults())
        return {}

    async def tomorrow(self, wish: Json) -> Json:
        await self._controls().tomorrow()
        return {}

    async def start_over(self, wish: Json) -> Json:
        await self._controls().start_over()
        self._down = self._flood = None
        self.refresh()
        return {}

    def _controls(self) -> Controls:
        if self.controls is None:
            raise PersonCannot("the bot was not started from here")
        return self.controls


_ACTIONS: dict[str, Action] = {
    "say": ChatPage.say,
    "start": ChatPage.start,
    "edit": ChatPage.edit,
    "delete": ChatPage.delete,
    "press": ChatPage.press,
    "inline": ChatPage.inline,
    "choose": ChatPage.choose,
    "vote": ChatPage.vote,
    "voice": ChatPage.voice,
    "block": ChatPage.block,
    "down": ChatPage.down,
    "flood": ChatPage.flood,
    "tomorrow": ChatPage.tomorrow,
    "start_over": ChatPage.start_over,
}


def _from_the_page(request: web.BaseRequest) -> bool:
    """A form on some other site can post here too, but it cannot set this header without asking first."""
    origin = request.headers.get("Origin")
    same = origin is None or urlsplit(origin).netloc == request.headers.get("Host")
    return same and request.headers.get("X-Sandbox") == "page"


def _asset(path: str) -> web.Response:
    name, kind = _ASSETS[path]
    content = files("bot.sandbox").joinpath("page", name).read_bytes()
    return web.Response(body=content, headers={**_SAFE, "Content-Type": f"{kind}; charset=utf-8"})


def _refused(status: int, reason: str) -> web.Response:
    return _json_response({"error": reason}, status)


def _json_response(answer: Json, status: int = 200) -> web.Response:
    headers = {**_SAFE, "Content-Type": "application/json"}
    return web.Response(status=status, body=json.dumps(answer, default=_shown).encode(), headers=headers)


def _call(call: Call) -> Json | None:
    """A call as the panel shows it; nothing for a poll that brought nothing, of which there are two a minute."""
    if call.method == "getUpdates" and call.ok and call.response is not None and not call.response["result"]:
        return None
    response = call.response or {}
    return {
        "number": call.number,
        "method": call.method,
        "chat_id": call.chat_id,
        "ok": call.ok,
        "code": response.get("error_code", 200 if call.ok else None),
        "description": response.get("description", ""),
        "ms": round(call.seconds * 1000, 1),
        "at": call.at,
        "fault": call.fault,
        "ignored": call.ignored,
        "params": call.params,
        "response": call.response,
    }


def _shown(value: Any) -> Any:
    if isinstance(value, Upload):
        return f"<{value.name}, {len(value.content)} bytes>"
    raise TypeError(f"cannot show {type(value).__name__}")
