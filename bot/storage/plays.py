"""Role-plays that learners play: the choices so far, and what the finished ones earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from bot.storage.tables import play
from bot.storage.tx import Tx

OPEN, ENDED, LEFT = "open", "ended", "left"
"""Being played, perhaps paused; played to its end; stopped, or given up for another."""


@dataclass(frozen=True, slots=True)
class Play:
    """One role-play as one learner plays it. ``choices`` are places in the content file."""

    id: int
    chat_id: int
    roleplay_id: str
    seed: int
    state: str
    choices: tuple[int, ...]
    letters: Mapping[str, int] | None
    mood: int | None
    ending: str | None
    started_at: datetime
    moved_at: datetime
    ended_at: datetime | None


_COLUMNS = tuple(play.c[name] for name in Play.__dataclass_fields__)
_ONE = select(*_COLUMNS).where(play.c.id == bindparam("play"))
_OPEN = select(*_COLUMNS).where(play.c.chat_id == bindparam("chat"), play.c.state == OPEN)


def _read(row: Row[Any]) -> Play:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row as a mapping
    return Play(**{**values, "choices": tuple(values["choices"])})


def add(tx: Tx, *, chat_id: int, roleplay_id: str, seed: int, now: datetime) -> Play:
    """Begin a role-play. Whatever was open before counts as left."""
    tx.execute(update(play).where(play.c.chat_id == chat_id, play.c.state == OPEN).values(state=LEFT))
    values = {
        "chat_id": chat_id,
        "roleplay_id": roleplay_id,
        "seed": seed,
        "state": OPEN,
        "choices": [],
        "started_at": now,
        "moved_at": now,
    }
    key = tx.execute(play.insert(), values).inserted_primary_key
    assert key is not None
    return Play(int(key[0]), chat_id, roleplay_id, seed, OPEN, (), None, None, None, now, now, None)


def get(tx: Tx, play_id: int) -> Play | None:
    """Return one."""
    row = tx.execute(_ONE, {"play": play_id}).one_or_none()
    return None if row is None else _read(row)


def open_of(tx: Tx, chat_id: int) -> Play | None:
    """Return the one that a learner is playing or has paused."""
    row = tx.execute(_OPEN, {"chat": chat_id}).one_or_none()
    return None if row is None else _read(row)


def change(tx: Tx, play_id: int, **values: Any) -> None:
    """Change one."""
    tx.execute(update(play).where(play.c.id == play_id).values(values))


def ended_of(tx: Tx, chat_id: int) -> list[Play]:
    """Return what a learner played to the end, oldest first."""
    return [each for each in of_learner(tx, chat_id) if each.state == ENDED]


def of_learner(tx: Tx, chat_id: int) -> list[Play]:
    """Return everything a learner began to play, oldest first."""
    rows = tx.execute(select(*_COLUMNS).where(play.c.chat_id == chat_id).order_by(play.c.id))
    return [_read(row) for row in rows]


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete the role-plays of a chat."""
    tx.execute(delete(play).where(play.c.chat_id == chat_id))
