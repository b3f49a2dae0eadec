"""One update on its way through the chat room, and the services a handler may use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from telegram import Update

from bot.application.live_course import LiveCourse
from bot.application.read_chat import ChatState
from bot.application.turn import Turn
from bot.domain.errors import Gone
from bot.domain.learner import Learner
from bot.domain.practice import Choose
from bot.storage import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler may use besides the update: the store to read, and what the operator set."""

    store: Store
    bot_name: str
    default_zone: str
    open_to_anyone: bool
    safeguarding_contact: str
    chance: Random
    asker_key: bytes = field(repr=False)
    """Makes the marks by which two people who missed the same are told apart; never written down."""
    reader: str | None = None
    """Where the second reader is, in words for a learner; None where there is none."""
    lookups: Counter[str] = field(default_factory=Counter)
    """How many look-ups ended how in this process, for the metrics page."""

    def choose(self) -> Choose:
        """Return a picker among equals."""
        return self.chance.choice

    def link(self, payload: str) -> str:
        """Return a link that opens this bot with a start payload."""
        return f"https://t.me/{self.bot_name}?start={payload}"


@dataclass(frozen=True, slots=True)
class Event:
    """An update that was read: the chat's state, the course for this learner, the words or the button's parts."""

    update: Update
    update_id: int
    state: ChatState
    live: LiveCourse
    desk: Desk
    args: tuple[str, ...] = ()

    @property
    def chat_id(self) -> int:
        return self.state.chat_id

    @property
    def now(self) -> datetime:
        return self.state.now

    @property
    def learner(self) -> Learner | None:
        return self.state.learner

    @property
    def text(self) -> str:
        """The text of the message, without surrounding space; empty where there is none."""
        message = self.update.effective_message
        return "" if message is None or message.text is None else message.text.strip()

    @property
    def words(self) -> str:
        """Everything that the person wrote: the text, or what stands under a picture or a file."""
        message = self.update.effective_message
        return self.text or ("" if message is None or message.caption is None else message.caption.strip())

    @property
    def message_id(self) -> int | None:
        """The message that was written, or whose button was pressed."""
        message = self.update.effective_message
        return None if message is None else message.message_id

    @property
    def person(self) -> int:
        """Who wrote or pressed: in a group somebody else than the chat."""
        person = self.update.effective_user
        return self.chat_id if person is None else person.id

    @property
    def in_group(self) -> bool:
        """Tell whether others read along."""
        return self.chat_id < 0

    @property
    def first_name(self) -> str:
        """The name that Telegram shows for the person, at most 40 characters."""
        person = self.update.effective_user
        return "" if person is None else person.first_name[:40]

    def arg(self, index: int) -> str:
        """Return a part of a button's data. Gone where an old or foreign button has no such part."""
        if index >= len(self.args):
            raise Gone("button")
        return self.args[index]

    def number(self, index: int) -> int:
        """Return a part of a button's data as a number. Gone where it is none."""
        part = self.arg(index)
        if not part.lstrip("-").isascii() or not part.lstrip("-").isdigit():
            raise Gone("button")
        return int(part)

    @property
    def pressed(self) -> bool:
        """Tell whether this is a button press."""
        return self.update.callback_query is not None


Handler = Callable[[Event], Awaitable[Turn]]


def joined(args: Sequence[str]) -> str:
    """Return a command's words as the person typed them, with single spaces."""
    return " ".join(args).strip()
