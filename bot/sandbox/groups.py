"""Groups and channels with the bot in them, and what of their talk the bot gets to hear."""

from typing import TYPE_CHECKING

from bot.sandbox.chats import BotStatus, Chat, Message
from bot.sandbox.errors import Json, PersonCannot
from bot.sandbox.people import Person, press, status_change, text_content, vote, with_reply
from bot.sandbox.queries import CallbackAnswer

if TYPE_CHECKING:
    import asyncio

    from bot.sandbox.world import World

ANONYMOUS_ADMIN: Json = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class Group:
    """A group. In privacy mode the bot hears commands meant for it and replies to what it said; an administrator
    hears everything.
    """

    def __init__(self, world: "World", chat: Chat) -> None:
        self.world = world
        self.chat = chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        return list(self.chat.messages.values())

    async def say(self, person: Person, text: str, reply_to: int | Message | None = None) -> Message:
        """A member writes into the group."""
        if person.id not in self.chat.members:
            raise PersonCannot(f"{person.first_name} is not in {self.chat.title}")
        return self._post(text_content(text), person.as_json(), None, reply_to)

    async def say_anonymously(self, text: str, reply_to: int | Message | None = None) -> Message:
        """An administrator who hides behind the group's name writes."""
        return self._post(text_content(text), ANONYMOUS_ADMIN, self.chat.as_json(), reply_to)

    def press(self, person: Person, message: int | Message, button: str) -> "asyncio.Future[CallbackAnswer]":
        """A member presses a button under the bot's message."""
        found = self.chat.find(message)
        return press(self.world, person, found, found.button(button))

    async def vote(self, person: Person, message: int | Message, options: list[int]) -> None:
        vote(self.world, person, self.chat.find(message), options)

    async def join(self, person: Person) -> Message:
        """A person comes in; the bot sees the notice."""
        self.chat.members[person.id] = person.as_json()
        return self._notice({"new_chat_members": [person.as_json()]}, person.as_json())

    async def leave(self, person: Person) -> Message:
        self.chat.members.pop(person.id, None)
        self.chat.administrators.discard(person.id)
        return self._notice({"left_chat_member": person.as_json()}, person.as_json())

    async def set_bot_status(self, by: Person, status: BotStatus) -> None:
        """Somebody adds the bot, promotes it or throws it out."""
        before, self.chat.bot_status = self.chat.bot_status, status
        self.world.tell_bot("my_chat_member", status_change(self.world, self.chat, by.as_json(), before))

    async def upgrade(self) -> "Group":
        """A small group becomes a supergroup with another id; the old one only points there."""
        bigger = self.world.group(f"{self.chat.title} (supergroup)")
        bigger.chat.title, bigger.chat.members = self.chat.title, dict(self.chat.members)
        self.chat.migrated_to = bigger.id
        self._notice({"migrate_to_chat_id": bigger.id}, ANONYMOUS_ADMIN)
        bigger._notice({"migrate_from_chat_id": self.id}, ANONYMOUS_ADMIN)  # noqa: SLF001 -- the same class
        return bigger

    def _notice(self, content: Json, author: Json) -> Message:
        message = self.chat.add(content, date=self.world.clock.date(), author=author)
        self.world.show(message)
        if self.chat.bot_status in {"member", "administrator"}:
            self.world.tell_bot("message", message.json)
        return message

    def _post(self, content: Json, author: Json, sender_chat: Json | None, reply_to: int | Message | None) -> Message:
        full = with_reply(self.chat, content, reply_to)
        message = self.chat.add(full, date=self.world.clock.date(), author=author, sender_chat=sender_chat)
        self.world.show(message)
        if self._bot_hears(message):
            self.world.tell_bot("message", message.json)
        return message

    def _bot_hears(self, message: Message) -> bool:
        if self.chat.bot_status not in {"member", "administrator"}:
            return False
        if self.chat.bot_status == "administrator" or self.world.abilities["can_read_all_group_messages"]:
            return True
        quoted = self.chat.messages.get((message.json.get("reply_to_message") or {}).get("message_id", 0))
        return (quoted is not None and quoted.from_bot) or self._is_command_for_bot(message.text)

    def _is_command_for_bot(self, text: str) -> bool:
        """`/plan` and `/plan@this_bot`, not `/plan@another_bot`. There is no other bot here that a bare command
        could be meant for.
        """
        if not text.startswith("/"):
            return False
        _, at, name = text.split(maxsplit=1)[0].partition("@")
        return not at or name.lower() == self.world.bot["username"].lower()


class Channel:
    """A channel in which the bot reads along."""

    def __init__(self, world: "World", chat: Chat) -> None:
        self.world = world
        self.chat = chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        return list(self.chat.messages.values())

    async def post(self, text: str) -> Message:
        message = self.chat.add(
            text_content(text), date=self.world.clock.date(), author=None, sender_chat=self.chat.as_json()
        )
        self.world.show(message)
        self.world.tell_bot("channel_post", message.json)
        return message
