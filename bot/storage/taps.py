"""What learners have tapped so far in answers that are not complete yet."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from bot.domain.picking import Picked
from bot.storage.attempts import Attempt
from bot.storage.tables import tapped
from bot.storage.tx import Tx

_ONE = select(tapped.c.picked).where(tapped.c.attempt_id == bindparam("attempt"))


def get(tx: Tx, attempt_id: int) -> Picked:
    """Return the places tapped so far, in their order."""
    row = tx.execute(_ONE, {"attempt": attempt_id}).one_or_none()
    return () if row is None else tuple(row.picked)


def save(tx: Tx, attempt: Attempt, picked: Picked) -> None:
    """Write the places tapped so far."""
    values = {"attempt_id": attempt.id, "chat_id": attempt.chat_id, "picked": list(picked)}
    tx.upsert(tapped, values, key=["attempt_id"])


def drop(tx: Tx, attempt_id: int) -> None:
    """Forget what was tapped: the question was answered or put off."""
    tx.execute(delete(tapped).where(tapped.c.attempt_id == attempt_id))


def of_learner(tx: Tx, chat_id: int) -> dict[int, Picked]:
    """Return what waits for the rest of an answer, by attempt."""
    rows = tx.execute(select(tapped.c.attempt_id, tapped.c.picked).where(tapped.c.chat_id == chat_id))
    return {row.attempt_id: tuple(row.picked) for row in rows}


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete what a chat has tapped."""
    tx.execute(delete(tapped).where(tapped.c.chat_id == chat_id))
