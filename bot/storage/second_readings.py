"""Answers that wait for the second reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from bot.storage.tables import second_reading
from bot.storage.tx import Tx

LEASE = timedelta(seconds=30)
"""For how long a worker that took an answer is left alone; it has its reply in eight seconds or never."""


def ask(tx: Tx, attempt_id: int, chat_id: int, *, now: datetime) -> None:
    """Let an answer wait; one that waits already waits with its new words."""
    values = {"attempt_id": attempt_id, "chat_id": chat_id, "asked_at": now, "lease_until": None}
    tx.upsert(second_reading, values, key=["attempt_id"])


def has_waiting(tx: Tx, *, now: datetime, asked_by: datetime | None = None) -> bool:
    """Tell whether there is one to take, asked about by some moment; cheap enough to ask every second."""
    return bool(tx.execute(select(exists().where(_free(now, asked_by)))).scalar())


def take(tx: Tx, *, now: datetime, asked_by: datetime | None = None, limit: int) -> Sequence[tuple[int, datetime]]:
    """Take the answers that have waited longest, each with when it was asked about; no other worker takes them."""
    rows = tx.execute(
        select(second_reading.c.attempt_id, second_reading.c.asked_at)
        .where(_free(now, asked_by))
        .order_by(second_reading.c.asked_at, second_reading.c.attempt_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    taken = [row.attempt_id for row in rows]
    if taken:
        mine = second_reading.c.attempt_id.in_(taken)
        tx.execute(update(second_reading).where(mine).values(lease_until=now + LEASE))
    return [(row.attempt_id, row.asked_at) for row in rows]


def end(tx: Tx, attempt_id: int, *, asked_at: datetime) -> bool:
    """Forget one that was read. False where it has new words since, or is gone: those are for the next reading."""
    mine = (second_reading.c.attempt_id == attempt_id) & (second_reading.c.asked_at == asked_at)
    return tx.execute(delete(second_reading).where(mine)).rowcount == 1


def drop(tx: Tx, attempt_id: int) -> None:
    """Forget an answer that was taken back."""
    tx.execute(delete(second_reading).where(second_reading.c.attempt_id == attempt_id))


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Forget what waits of a chat."""
    tx.execute(delete(second_reading).where(second_reading.c.chat_id == chat_id))


def _free(now: datetime, asked_by: datetime | None) -> ColumnElement[bool]:
    free = or_(second_reading.c.lease_until.is_(None), second_reading.c.lease_until < now)
    return free if asked_by is None else and_(free, second_reading.c.asked_at <= asked_by)
