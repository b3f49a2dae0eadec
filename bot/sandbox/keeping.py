"""The world as a file, so that the chats are still there after a restart."""

import asyncio
import base64
import json
import logging
from collections import deque
from contextlib import suppress
from pathlib import Path

from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import Json
from bot.sandbox.files import StoredFile
from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from bot.sandbox.polls import Poll
from bot.sandbox.world import World

VERSION = 1
_log = logging.getLogger(__name__)

_CHAT_FIELDS = (
    "id",
    "kind",
    "title",
    "username",
    "language_code",
    "started",
    "bot_status",
    "deactivated",
    "migrated_to",
    "next_message_id",
    "reply_keyboard",
    "menu_button",
    "pinned",
    "chat_instance",
)
_POLL_FIELDS = (
    "id",
    "chat_id",
    "message_id",
    "question",
    "options",
    "anonymous",
    "kind",
    "several",
    "revoting",
    "correct",
    "explanation",
    "closed",
)
_FILE_FIELDS = ("file_id", "unique_id", "name", "mime_type", "path", "width", "height")


def snapshot(world: World) -> Json:
    """Everything that must survive. Recorded calls, faults and questions that wait for an answer do not."""
    return {
        "version": VERSION,
        "ahead": world.clock.ahead,
        "next_update_id": world.updates.next_id,
        "pending": list(world.updates.pending),
        "allowed": list(world.updates.allowed),
        "chats": [_chat_out(chat) for chat in world.chats.values()],
        "polls": [_poll_out(poll) for poll in world.polls.values()],
        "files": [_file_out(file) for file in world.files],
        "profile": {
            "texts": world.profile.texts,
            "commands": world.profile.commands,
            "menu_button": world.profile.menu_button,
        },
    }


def restored(document: Json) -> World:
    """A world as the snapshot describes it; ValueError for a snapshot of another version."""
    world = World()
    if document.get("version") != VERSION:
        raise ValueError(f"version {document.get('version')} of the world is not known here")
    world.clock.ahead = document["ahead"]
    world.updates.next_id = document["next_update_id"]
    world.updates.pending = deque(document["pending"])
    world.updates.allowed = document["allowed"]
    for entry in document["chats"]:
        _chat_in(world, entry)
    for entry in document["polls"]:
        votes = {int(person): chosen for person, chosen in entry.pop("votes").items()}
        world.polls[entry["id"]] = Poll(**entry, votes=votes)
    for entry in document["files"]:
        content = base64.b64decode(entry.pop("content"))
        world.files.restore(StoredFile(content=content, **entry))
    profile = document["profile"]
    world.profile.texts, world.profile.commands = profile["texts"], profile["commands"]
    world.profile.menu_button = profile["menu_button"]
    return world


def _chat_out(chat: Chat) -> Json:
    return {
        **{name: getattr(chat, name) for name in _CHAT_FIELDS},
        "members": list(chat.members.values()),
        "administrators": sorted(chat.administrators),
        "messages": [{"json": message.json, "from_bot": message.from_bot} for message in chat.messages.values()],
    }


def _chat_in(world: World, entry: Json) -> None:
    chat = Chat(**{name: entry[name] for name in _CHAT_FIELDS})
    chat.members = {member["id"]: member for member in entry["members"]}
    chat.administrators = set(entry["administrators"])
    for stored in entry["messages"]:
        message = Message(chat, stored["json"], stored["from_bot"])
        chat.messages[message.id] = message
    world.chats[chat.id] = chat
    if chat.is_private:
        person = Person(world, chat)
        world.people[chat.title] = world.people_by_id[chat.id] = person
    elif chat.kind != "channel":
        world.groups[chat.title] = Group(world, chat)


def _poll_out(poll: Poll) -> Json:
    return {**{name: getattr(poll, name) for name in _POLL_FIELDS}, "votes": poll.votes}


def _file_out(file: StoredFile) -> Json:
    return {
        **{name: getattr(file, name) for name in _FILE_FIELDS},
        "content": base64.b64encode(file.content).decode("ascii"),
    }


def load_world(path: Path) -> World:
    """The world in that file, or a new one. A file that cannot be read is set aside, not overwritten."""
    try:
        return restored(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return World()
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        aside = path.with_suffix(".unreadable")
        with suppress(OSError):
            path.replace(aside)
        _log.warning("%s cannot be read (%s); it is kept as %s", path, error, aside.name)
        return World()


class Keeper:
    """Writes the world to a file soon after it changes."""

    def __init__(self, world: World, path: Path, *, every_seconds: float = 1.0) -> None:
        self.world = world
        self.path = path
        self._every = every_seconds
        self._changed = False
        world.listeners.append(self._note)

    async def run(self) -> None:
        """Saves for ever; ends by being cancelled."""
        while True:
            await asyncio.sleep(self._every)
            if self._changed:
                self._changed = False
                await asyncio.to_thread(self._write, json.dumps(snapshot(self.world)))

    def save(self) -> None:
        """Writes it now."""
        self._changed = False
        self._write(json.dumps(snapshot(self.world)))

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.path)

    def _note(self, event: str, detail: Json) -> None:
        if event != "call" or detail["call"].method != "getUpdates":
            self._changed = True
