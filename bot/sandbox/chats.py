"""Chats and the messages in them, as everybody in the chat sees them."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.errors import Json
from bot.sandbox.formatting import as_html

ChatKind = Literal["private", "group", "supergroup", "channel"]
BotStatus = Literal["member", "administrator", "kicked", "left"]


class Message:
    """A message; when it is edited, the same object shows the new text. `json` is what the Bot API says about it and
    is never changed in place.
    """

    __slots__ = ("chat", "from_bot", "json")

    def __init__(self, chat: "Chat", json: Json, from_bot: bool) -> None:
        self.chat = chat
        self.json = json
        self.from_bot = from_bot

    def __repr__(self) -> str:
        author = "bot" if self.from_bot else "person"
        return f"<Message {self.id} from {author}: {self.text!r} {self.buttons or ''}>"

    @property
    def id(self) -> int:
        return int(self.json["message_id"])

    @property
    def text(self) -> str:
        """The text, or the caption of a file."""
        return str(self.json.get("text") or self.json.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        return list(self.json.get("entities") or self.json.get("caption_entities") or ())

    @property
    def html(self) -> str:
        """The text with its formatting."""
        return as_html(self.text, self.entities)

    @property
    def edited(self) -> bool:
        return "edit_date" in self.json

    @property
    def keyboard(self) -> list[list[Json]]:
        """Rows of inline buttons."""
        markup: Json = self.json.get("reply_markup") or {}
        rows: list[list[Json]] = markup.get("inline_keyboard") or []
        return rows

    @property
    def buttons(self) -> list[str]:
        """The words on every inline button, in reading order."""
        return [str(button["text"]) for row in self.keyboard for button in row]

    def button(self, label: str) -> Json:
        """The button with these words, this data, or the only one that begins so; LookupError where there is none."""
        everything = [button for row in self.keyboard for button in row]
        for key in ("text", "callback_data"):
            for button in everything:
                if button.get(key) == label:
                    return button
        beginning = [button for button in everything if button["text"].startswith(label)]
        if len(beginning) == 1:
            return beginning[0]
        raise LookupError(f"message {self.id} has no button {label!r}, only {self.buttons}")


@dataclass(eq=False, slots=True)
class Chat:
    """A chat with the bot in it. `started` says whether the bot may write to a person first."""

    id: int
    kind: ChatKind
    title: str
    username: str | None = None
    language_code: str = "en"
    started: bool = False
    bot_status: BotStatus = "member"
    deactivated: bool = False
    migrated_to: int | None = None
    members: dict[int, Json] = field(default_factory=dict)
    administrators: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    next_message_id: int = 1
    reply_keyboard: Json | None = None
    """What hangs under the text box: a reply keyboard or a forced reply."""
    menu_button: Json | None = None
    pinned: list[int] = field(default_factory=list)
    chat_instance: str = ""
    _json: Json | None = None
    _changed: list[asyncio.Future[None]] = field(default_factory=list)

    def as_json(self) -> Json:
        """The chat as it stands in messages. The same object every time: nobody may change it."""
        if self._json is None:
            named = "first_name" if self.kind == "private" else "title"
            self._json = {
                "id": self.id,
                named: self.title,
                **({"username": self.username} if self.username else {}),
                "type": self.kind,
            }
        return self._json

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    def add(
        self, content: Json, *, date: int, author: Json | None, sender_chat: Json | None = None, from_bot: bool = False
    ) -> Message:
        """Puts a new message at the end; `content` is what is special to it."""
        json: Json = {"message_id": self.next_message_id}
        if author is not None:
            json["from"] = author
        if sender_chat is not None:
            json["sender_chat"] = sender_chat
        json["chat"] = self.as_json()
        json["date"] = date
        json.update(content)
        message = Message(self, json, from_bot)
        self.messages[self.next_message_id] = message
        self.next_message_id += 1
        self.wake()
        return message

    def find(self, message: "int | Message") -> Message:
        """A message that is still there; LookupError otherwise."""
        number = message.id if isinstance(message, Message) else message
        if number not in self.messages:
            raise LookupError(f"there is no message {number} in the chat with {self.title}; {self.ending()}")
        return self.messages[number]

    def quoted(self, message_id: int) -> Json | None:
        """A message as it appears in the one that replies to it: without the one it replied to itself."""
        message = self.messages.get(message_id)
        if message is None:
            return None
        return {key: value for key, value in message.json.items() if key != "reply_to_message"}

    def from_bot(self) -> Iterator[Message]:
        """The bot's messages that are still there, oldest first."""
        return (message for message in self.messages.values() if message.from_bot)

    def wake(self) -> None:
        """Lets everybody who waits for a change look again."""
        if self._changed:
            waiting, self._changed = self._changed, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    async def wait_for(self, look: Callable[[], Any], timeout: float) -> Any:  # noqa: ASYNC109 -- tests give each wait its own limit
        """What `look` returns as soon as that is true; TimeoutError with the end of the chat when it never is."""
        deadline = asyncio.get_running_loop().time() + timeout
        while not (seen := look()):
            left = deadline - asyncio.get_running_loop().time()
            change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._changed.append(change)
            try:
                await asyncio.wait_for(change, max(left, 0))
            except TimeoutError:
                raise TimeoutError(
                    f"nothing like that within {timeout} s in the chat with {self.title}; {self.ending()}"
                ) from None
        return seen

    def ending(self) -> str:
        """The last messages, for people who wonder what happened."""
        last = list(self.messages.values())[-5:]
        return f"last messages: {last}" if last else "it is empty"
