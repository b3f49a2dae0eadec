"""The people who write to the bot, doing what a Telegram app lets them do."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import Json, PersonCannot
from bot.sandbox.files import picture_size
from bot.sandbox.formatting import find_entities, trimmed, utf16_length
from bot.sandbox.queries import CallbackAnswer, InlineAnswer

if TYPE_CHECKING:
    from bot.sandbox.world import World

MAX_TEXT = 4096
WAIT = 20.0
"""Seconds a person waits for the bot when nothing else is said."""

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Person:
    """Somebody with a private chat with the bot."""

    def __init__(self, world: "World", chat: Chat) -> None:
        self.world = world
        self.chat = chat
        self._json: Json = {"id": chat.id, "is_bot": False, "first_name": chat.title}
        if chat.username:
            self._json["username"] = chat.username
        self._json["language_code"] = chat.language_code
        self._read = 0

    def __repr__(self) -> str:
        return f"<Person {self.first_name} {self.id}>"

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def first_name(self) -> str:
        return self.chat.title

    @property
    def language_code(self) -> str:
        return self.chat.language_code

    def as_json(self) -> Json:
        """The user as it stands in updates; nobody may change it."""
        return self._json

    # Seeing

    @property
    def messages(self) -> list[Message]:
        """What this person sees in the chat with the bot, oldest first, edits applied."""
        return list(self.chat.messages.values())

    @property
    def last(self) -> Message:
        """The bot's newest message; LookupError when it has said nothing."""
        found: Message | None = None
        for message in self.chat.from_bot():
            found = message
        if found is None:
            raise LookupError(f"the bot has written nothing to {self.first_name}")
        return found

    @property
    def keyboard(self) -> list[list[str]]:
        """The words on the reply keyboard under the text box, row by row."""
        rows = (self.chat.reply_keyboard or {}).get("keyboard", [])
        return [[str(button["text"]) for button in row] for row in rows]

    @property
    def commands(self) -> list[Json]:
        """The commands this person's menu offers."""
        return self.world.profile.commands_for(self.id, self.language_code)

    async def next_message(self, timeout: float = WAIT) -> Message:  # noqa: ASYNC109 -- each wait has its own limit
        """The bot's next message that no earlier call returned; TimeoutError when none comes."""
        message: Message = await self.chat.wait_for(self._unread, timeout)
        self._read = message.id
        return message

    def _unread(self) -> Message | None:
        return next((message for message in self.chat.from_bot() if message.id > self._read), None)

    async def wait_for(self, predicate: Callable[[Message], Any], timeout: float = WAIT) -> Message:  # noqa: ASYNC109 -- each wait has its own limit
        """The newest of the bot's messages for which `predicate` holds, edits included, as soon as there is one."""

        def look() -> Message | None:
            return next((message for message in reversed(list(self.chat.from_bot())) if predicate(message)), None)

        found: Message = await self.chat.wait_for(look, timeout)
        return found

    def read_all(self) -> None:
        """Makes `next_message` wait for what comes from now on."""
        self._read = self.chat.next_message_id - 1

    # Writing

    async def say(self, text: str, reply_to: int | Message | None = None) -> Message:
        """Sends a text; one that is too long goes out in several messages, as the apps do it. Returns the last of
        them.
        """
        self._may_write()
        pieces = split_text(text)
        if not pieces:
            raise PersonCannot("an empty message cannot be sent")
        messages = [self._send(text_content(piece), reply_to) for piece in pieces]
        return messages[-1]

    async def start(self, payload: str = "") -> Message:
        """Presses Start, or follows a link with a payload. Somebody who had blocked the bot unblocks it by this."""
        if payload and not _PAYLOAD.fullmatch(payload):
            raise PersonCannot("a link can carry 1-64 letters, digits, _ and - only")
        if self.chat.bot_status == "kicked":
            await self.unblock()
        return await self.say(f"/start {payload}".strip())

    async def edit(self, message: int | Message, text: str) -> Message:
        """Changes one of the person's own messages."""
        self._may_write()
        edited = self._own(message)
        if "text" in edited.json:
            content = text_content(text)
        else:
            content = {"caption": text, "caption_entities": find_entities(text)}
        edited.json = {
            **{key: value for key, value in edited.json.items() if key not in {"entities", "caption_entities"}},
            **content,
            "edit_date": self.world.clock.date(),
        }
        self.chat.wake()
        self.world.show(edited, "edited")
        self.world.tell_bot("edited_message", edited.json)
        return edited

    async def send_photo(self, content: bytes, name: str = "photo.jpg", caption: str = "") -> Message:
        file = self.world.files.keep(content, name, "image/jpeg", "photos")
        width, height = picture_size(content) or (90, 90)
        size = {**file.as_json(), "width": width, "height": height}
        return self._send_file({"photo": [size]}, caption)

    async def send_voice(self, content: bytes, name: str = "voice.ogg", duration: int = 1) -> Message:
        file = self.world.files.keep(content, name, "audio/ogg", "voice")
        return self._send_file({"voice": {"duration": duration, "mime_type": "audio/ogg", **file.as_json()}})

    async def send_sticker(self, content: bytes = b"RIFF", name: str = "sticker.webp", emoji: str = "👍") -> Message:
        file = self.world.files.keep(content, name, "image/webp", "stickers")
        sticker = {
            "width": 512,
            "height": 512,
            "emoji": emoji,
            "is_animated": False,
            "is_video": False,
            "type": "regular",
            **file.as_json(),
        }
        return self._send_file({"sticker": sticker})

    async def send_document(
        self, content: bytes, name: str, caption: str = "", mime_type: str = "application/octet-stream"
    ) -> Message:
        file = self.world.files.keep(content, name, mime_type)
        return self._send_file({"document": file.as_document()}, caption)

    async def send_location(self, latitude: float, longitude: float) -> Message:
        self._may_write()
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    async def send_contact(self, phone_number: str = "+441632960000") -> Message:
        """Shares the person's own number."""
        self._may_write()
        return self._send(
            {"contact": {"phone_number": phone_number, "first_name": self.first_name, "user_id": self.id}}
        )

    def _send_file(self, content: Json, caption: str = "") -> Message:
        self._may_write()
        if caption:
            content = {**content, "caption": caption, "caption_entities": find_entities(caption)}
        return self._send(content)

    def _send(self, content: Json, reply_to: int | Message | None = None) -> Message:
        self.chat.started = True
        keyboard = self.chat.reply_keyboard
        if keyboard and (keyboard.get("one_time_keyboard") or "force_reply" in keyboard):
            self.chat.reply_keyboard = None
        message = self.chat.add(
            with_reply(self.chat, content, reply_to), date=self.world.clock.date(), author=self._json
        )
        self.world.show(message)
        self.world.tell_bot("message", message.json)
        return message

    def _own(self, message: int | Message) -> Message:
        found = self.chat.messages.get(message.id if isinstance(message, Message) else message)
        if found is None or found.from_bot:
            raise PersonCannot("only one's own messages can be changed")
        return found

    def _may_write(self) -> None:
        if self.chat.bot_status == "kicked":
            raise PersonCannot(f"{self.first_name} has blocked the bot")
        if self.chat.deactivated:
            raise PersonCannot(f"{self.first_name} has deleted the account")

    # Pressing

    def press(self, message: int | Message, button: str) -> asyncio.Future[CallbackAnswer]:
        """Presses an inline button, given by its words or its data. The future is fulfilled with the bot's answer or
        with "not answered".
        """
        found = self.chat.find(message)
        return press(self.world, self, found, found.button(button))

    async def vote(self, message: int | Message, options: Sequence[int]) -> None:
        """Votes in a poll by the numbers of the options; none takes the vote back."""
        vote(self.world, self, self.chat.find(message), list(options))

    def inline(self, query: str, *, offset: str = "") -> asyncio.Future[InlineAnswer]:
        """Types the bot's name and a query in some chat."""
        if not self.world.abilities["supports_inline_queries"]:
            raise PersonCannot("this bot takes no inline queries")
        query_id = self.world.new_id()
        answer = self.world.inline_queries.ask(query_id)
        self.world.tell_bot(
            "inline_query",
            {"id": query_id, "from": self._json, "chat_type": "sender", "query": query, "offset": offset},
        )
        return answer

    # Leaving

    async def block(self) -> None:
        """Stops the bot: it can neither write to this person nor hear from them."""
        if self.chat.bot_status != "kicked":
            self._change_status("kicked")

    async def unblock(self) -> None:
        if self.chat.bot_status == "kicked":
            self._change_status("member")

    async def deactivate(self) -> None:
        """Deletes the person's account."""
        self.chat.deactivated = True
        self.world.notify("person", {"chat_id": self.id})

    async def delete_chat(self) -> None:
        """Deletes every message for both sides."""
        self.chat.messages.clear()
        self.chat.reply_keyboard = None
        self.chat.wake()
        self.world.notify("cleared", {"chat_id": self.id})

    async def delete(self, message: int | Message) -> None:
        """Deletes one message for both sides; bots are not told."""
        number = message.id if isinstance(message, Message) else message
        self.chat.messages.pop(number, None)
        self.chat.wake()
        self.world.notify("deleted", {"chat_id": self.id, "message_id": number})

    def _change_status(self, status: Any) -> None:
        before, self.chat.bot_status = self.chat.bot_status, status
        self.world.tell_bot("my_chat_member", status_change(self.world, self.chat, self._json, before))
        self.chat.wake()
        self.world.notify("person", {"chat_id": self.id})


def text_content(text: str) -> Json:
    """A text with the entities Telegram finds in it."""
    entities = find_entities(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def split_text(text: str) -> list[str]:
    """Pieces of at most 4096 UTF-16 units, cut between characters."""
    pieces: list[str] = []
    rest = trimmed(text, [])[0]
    while rest:
        cut = len(rest) if utf16_length(rest) <= MAX_TEXT else MAX_TEXT
        while utf16_length(rest[:cut]) > MAX_TEXT:
            cut -= max(1, (utf16_length(rest[:cut]) - MAX_TEXT) // 2)
        pieces.append(rest[:cut])
        rest = rest[cut:].strip()
    return [piece for piece in pieces if piece.strip()]


def with_reply(chat: Chat, content: Json, reply_to: int | Message | None) -> Json:
    """The content with the message it replies to, if any."""
    if reply_to is None:
        return content
    quoted = chat.quoted(reply_to.id if isinstance(reply_to, Message) else reply_to)
    if quoted is None:
        raise PersonCannot("there is no such message to reply to")
    return {"reply_to_message": quoted, **content}


def member(user: Json, status: str) -> Json:
    """A ChatMember; a banned one also says until when, 0 meaning for ever."""
    return {"user": user, "status": status, **({"until_date": 0} if status == "kicked" else {})}


def status_change(world: "World", chat: Chat, by: Json, before: str) -> Json:
    """The bot's own place in a chat has changed."""
    return {
        "chat": chat.as_json(),
        "from": by,
        "date": world.clock.date(),
        "old_chat_member": member(world.bot, before),
        "new_chat_member": member(world.bot, chat.bot_status),
    }


def press(world: "World", person: Person, message: Message, button: Json) -> asyncio.Future[CallbackAnswer]:
    """Presses a button of a message on behalf of a person who sees it."""
    if "callback_data" in button:
        query_id = world.new_id()
        answer = world.callbacks.ask(query_id)
        query = {
            "id": query_id,
            "from": person.as_json(),
            "message": message.json,
            "chat_instance": message.chat.chat_instance,
        }
        world.tell_bot("callback_query", {**query, "data": button["callback_data"]})
        return answer
    if "url" not in button:
        raise PersonCannot(f"the sandbox cannot press {button['text']!r}: it is neither a link nor a button with data")
    loop = asyncio.get_running_loop()
    if (payload := start_payload(world, button["url"])) is not None:
        return loop.create_task(_follow(person, payload, button["url"]))
    opened: asyncio.Future[CallbackAnswer] = loop.create_future()
    opened.set_result(CallbackAnswer(answered=True, url=button["url"]))
    return opened


async def _follow(person: Person, payload: str, url: str) -> CallbackAnswer:
    await person.start(payload)
    return CallbackAnswer(answered=True, url=url)


def start_payload(world: "World", url: str) -> str | None:
    """What a t.me link to this bot carries ("" for nothing); None for a link to somewhere else."""
    parts = urlsplit(url)
    if parts.hostname not in {"t.me", "telegram.me"} or parts.path.strip("/").lower() != world.bot["username"].lower():
        return None
    return parse_qs(parts.query).get("start", [""])[0]


def vote(world: "World", person: Person, message: Message, chosen: list[int]) -> None:
    """Votes in the poll of a message; the bot hears who voted unless the poll is anonymous, and in any case how it
    stands.
    """
    poll = world.polls.get(str((message.json.get("poll") or {}).get("id")))
    if poll is None:
        raise PersonCannot("there is no poll in this message")
    poll.vote(person.id, chosen)
    message.json = {**message.json, "poll": poll.as_json()}
    world.show(message, "edited")
    world.tell_bot("poll", poll.as_json())
    if not poll.anonymous:
        persistent = [str(number) for number in chosen]
        world.tell_bot(
            "poll_answer",
            {"poll_id": poll.id, "user": person.as_json(), "option_ids": chosen, "option_persistent_ids": persistent},
        )
