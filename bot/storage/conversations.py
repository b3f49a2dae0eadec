"""Where a private chat stands: the step that waits for text, the open question, how the last text was read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, literal_column, select, update

from bot.storage.attempts import TAKES_ANSWERS
from bot.storage.plays import OPEN
from bot.storage.prepared import Prepared
from bot.storage.tables import attempt, conversation, play
from bot.storage.tx import Tx

_ONE = Prepared(select(conversation).where(conversation.c.chat_id == bindparam("chat")))


@dataclass(frozen=True, slots=True)
class Conversation:
    """State of one chat. ``version`` moves with every change, so that a decision on old state is noticed."""

    chat_id: int
    step: str | None = None
    step_data: Mapping[str, Any] = field(default_factory=dict)
    open_attempt: int | None = None
    reading: Mapping[str, Any] | None = None
    version: int = 0


def get(tx: Tx, chat_id: int) -> Conversation:
    """Return where a chat stands; a chat that was never seen stands at the beginning."""
    row = tx.row(_ONE, {"chat": chat_id})
    if row is None:
        return Conversation(chat_id)
    return Conversation(chat_id, row.step, row.step_data or {}, row.open_attempt, row.reading, row.version)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What is going on in a chat: when its open question was opened, and when its open role-play last moved."""

    chat_id: int
    step: str | None
    opened_at: datetime | None
    moved_at: datetime | None


_UNDER_WAY = (
    select(conversation.c.chat_id, conversation.c.step, attempt.c.opened_at, play.c.moved_at)
    .outerjoin(attempt, (attempt.c.id == conversation.c.open_attempt) & attempt.c.state.in_(TAKES_ANSWERS))
    .outerjoin(play, (play.c.chat_id == conversation.c.chat_id) & (play.c.state == literal_column(f"'{OPEN}'")))
    .where(conversation.c.chat_id.in_(bindparam("chats", expanding=True)))
)


def under_way(tx: Tx, chat_ids: Collection[int]) -> Sequence[UnderWay]:
    """Return what is going on in some chats; one that was never seen is left out."""
    rows = tx.execute(_UNDER_WAY, {"chats": list(chat_ids)})
    return [UnderWay(row.chat_id, row.step, row.opened_at, row.moved_at) for row in rows]


def _change(tx: Tx, chat_id: int, **values: Any) -> None:
    changed = tx.execute(
        update(conversation)
        .where(conversation.c.chat_id == chat_id)
        .values(version=conversation.c.version + 1, **values)
    )
    if changed.rowcount == 0:
        tx.insert_new(conversation, {"chat_id": chat_id, "version": 1, **values}, key=["chat_id"])


def enter(tx: Tx, chat_id: int, step: str, data: Mapping[str, Any] | None = None) -> None:
    """Wait for typed text: the next message belongs to ``step``."""
    _change(tx, chat_id, step=step, step_data=dict(data or {}))


def leave(tx: Tx, chat_id: int) -> None:
    """Wait for nothing any more."""
    _change(tx, chat_id, step=None, step_data=None)


def open_attempt(tx: Tx, chat_id: int, attempt_id: int | None) -> None:
    """Make an attempt the open question of the chat, or close it with None."""
    _change(tx, chat_id, open_attempt=attempt_id)


def remember_reading(tx: Tx, chat_id: int, reading: Mapping[str, Any] | None) -> None:
    """Remember how the last text was read, so that one button can take it the other way."""
    _change(tx, chat_id, reading=None if reading is None else dict(reading))


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete the state of a chat."""
    tx.execute(delete(conversation).where(conversation.c.chat_id == chat_id))
