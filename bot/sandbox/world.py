"""Everything Telegram knows in this sandbox: one bot, the people and groups around it, and what they said."""

from collections import deque
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import Json
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.groups import Channel, Group
from bot.sandbox.people import Person
from bot.sandbox.polls import Poll
from bot.sandbox.profile import Profile
from bot.sandbox.queries import CallbackAnswer, InlineAnswer, Queries
from bot.sandbox.updates import Updates
from bot.sandbox.world_clock import WorldClock

HOST = "127.0.0.1"
"""Where the world is served: it never listens on the network."""
BOT_ID = 7_000_000_001
FIRST_PERSON_ID = 5_000_000_001
FIRST_GROUP_ID = -1_001_000_000_001

Listener = Callable[[str, Json], None]
"""Told the kind of an event and what belongs to it."""


class World:
    """The state of the sandbox. All of it is in memory and belongs to one event loop.

    `everybody_started` lets the bot write to any person's id without being written to first, as benchmarks want it.
    """

    def __init__(
        self,
        *,
        bot_name: str = "Revision bot",
        bot_username: str = "revision_sandbox_bot",
        can_join_groups: bool = True,
        can_read_all_group_messages: bool = False,
        supports_inline_queries: bool = False,
        everybody_started: bool = False,
        callback_lifetime: float = 15.0,
        calls_kept: int = 100_000,
        clock: WorldClock | None = None,
        seed: int = 0,
    ) -> None:
        self.random = Random(seed)  # noqa: S311 -- ids that come out the same in every test
        self.clock = clock or WorldClock()
        self.bot: Json = {"id": BOT_ID, "is_bot": True, "first_name": bot_name, "username": bot_username}
        self.abilities: Json = {
            "can_join_groups": can_join_groups,
            "can_read_all_group_messages": can_read_all_group_messages,
            "supports_inline_queries": supports_inline_queries,
        }
        self.everybody_started = everybody_started
        self.profile = Profile(texts={"name": {"": bot_name}, "description": {}, "short_description": {}})
        self.updates = Updates(self.random.randrange(100_000_000, 900_000_000))
        self.faults = Faults(random=Random(seed))  # noqa: S311 -- repeatable chance, no secret
        self.files = Files(self.random)
        self.polls: dict[str, Poll] = {}
        self.callbacks: Queries[CallbackAnswer] = Queries(callback_lifetime, CallbackAnswer(answered=False))
        self.inline_queries: Queries[InlineAnswer] = Queries(callback_lifetime, InlineAnswer(answered=False))
        self.calls: deque[Call] = deque(maxlen=calls_kept)
        self.call_count = 0
        self.chats: dict[int, Chat] = {}
        self.people: dict[str, Person] = {}
        self.people_by_id: dict[int, Person] = {}
        self.groups: dict[str, Group] = {}
        self.listeners: list[Listener] = []

    # People and places

    def person(
        self,
        first_name: str,
        *,
        person_id: int | None = None,
        username: str | None = None,
        language_code: str = "en",
        started: bool = False,
    ) -> Person:
        """The person of that name, who comes into the world at the first call. `started` means the bot may write
        first.
        """
        if first_name not in self.people:
            number = person_id if person_id is not None else self._free_id(FIRST_PERSON_ID, 1)
            chat = Chat(number, "private", first_name, username, language_code, started or self.everybody_started)
            chat.chat_instance = self._instance()
            self.chats[number] = chat
            self.people[first_name] = self.people_by_id[number] = Person(self, chat)
        return self.people[first_name]

    def group(
        self, title: str, members: Iterable[Person] = (), *, kind: Any = "supergroup", bot_is_admin: bool = False
    ) -> Group:
        """The group of that title; made at the first call with these members and the bot."""
        if title not in self.groups:
            chat = Chat(self._free_id(FIRST_GROUP_ID, -1), kind, title)
            chat.chat_instance = self._instance()
            chat.bot_status = "administrator" if bot_is_admin else "member"
            self.chats[chat.id] = chat
            self.groups[title] = Group(self, chat)
            for person in members:
                chat.members[person.id] = person.as_json()
        return self.groups[title]

    def channel(self, title: str, username: str | None = None) -> Channel:
        """A new channel in which the bot is an administrator."""
        chat = Chat(self._free_id(FIRST_GROUP_ID, -1), "channel", title, username, bot_status="administrator")
        self.chats[chat.id] = chat
        return Channel(self, chat)

    def find_chat(self, chat_id: int | str) -> Chat | None:
        """The chat of that id or @username."""
        if isinstance(chat_id, int):
            return self.chats.get(chat_id) or self._newcomer(chat_id)
        wanted = chat_id.removeprefix("@").lower()
        return next((chat for chat in self.chats.values() if chat.username and chat.username.lower() == wanted), None)

    def known_user(self, user_id: int) -> Json | None:
        """A person as the bot sees them, or the bot itself."""
        if user_id == self.bot["id"]:
            return self.bot
        person = self.people_by_id.get(user_id)
        return person.as_json() if person else None

    def shares_group(self, person_id: int) -> bool:
        """Whether the bot can know this person from a group."""
        return any(
            person_id in chat.members and chat.bot_status in {"member", "administrator"} for chat in self.chats.values()
        )

    def _newcomer(self, chat_id: int) -> Chat | None:
        if not self.everybody_started or chat_id <= 0:
            return None
        return self.person(f"Person {chat_id}", person_id=chat_id).chat

    def _free_id(self, first: int, step: int) -> int:
        number = first
        if step > 0:
            number += len(self.people)
        while number in self.chats:
            number += step
        return number

    def _instance(self) -> str:
        return str(self.random.randrange(-(2**62), 2**62))

    def new_id(self) -> str:
        """An id as Telegram gives to queries and polls."""
        return str(self.random.randrange(10**17, 10**18))

    # Events

    def tell_bot(self, kind: str, payload: Json) -> int | None:
        """Queues an update for the bot."""
        return self.updates.add(kind, payload)

    def notify(self, event: str, detail: Json) -> None:
        """Tells everybody who watches the world, such as the page."""
        for listener in self.listeners:
            listener(event, detail)

    def show(self, message: Message, event: str = "message") -> None:
        """Tells the watchers about a message that is new or changed."""
        if self.listeners:
            self.notify(event, {"chat_id": message.chat.id, "message": message.json, "from_bot": message.from_bot})

    def record(self, call: Call) -> None:
        self.calls.append(call)
        if self.listeners:
            self.notify("call", {"call": call})

    def calls_of(self, method: str, *, chat_id: int | None = None) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method and chat_id in (None, call.chat_id)]

    def clear(self) -> None:
        """Forgets everybody and everything that was said. The bot keeps its name and its abilities, and the time is
        today's.
        """
        self.close()
        for kept in (self.chats, self.people, self.people_by_id, self.groups, self.polls, self.calls):
            kept.clear()
        self.updates.pending.clear()
        self.updates.allowed = ()
        self.faults.clear()
        self.files = Files(self.random)
        self.profile = Profile(texts={"name": {"": self.bot["first_name"]}, "description": {}, "short_description": {}})
        self.clock.ahead = 0.0

    def close(self) -> None:
        """Ends what still waits for an answer."""
        self.callbacks.close()
        self.inline_queries.close()
