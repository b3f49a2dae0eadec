"""Which terms a learner looked up: what was looked up will be asked later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from bot.storage.tables import looked_up
from bot.storage.tx import Tx


def record(tx: Tx, chat_id: int, term_id: str, *, now: datetime) -> None:
    """Count one opened card."""
    row = {"chat_id": chat_id, "term_id": term_id, "times": 1, "last_at": now}
    tx.upsert(looked_up, row, key=["chat_id", "term_id"], count="times")


def take_back(tx: Tx, chat_id: int, term_id: str) -> None:
    """Undo one opened card, when the text was an answer after all."""
    mine = (looked_up.c.chat_id == chat_id) & (looked_up.c.term_id == term_id)
    tx.execute(delete(looked_up).where(mine, looked_up.c.times <= 1))
    tx.execute(update(looked_up).where(mine).values(times=looked_up.c.times - 1))


def of_learner(tx: Tx, chat_id: int) -> dict[str, int]:
    """Return how often a learner opened each term's card."""
    rows = tx.execute(select(looked_up.c.term_id, looked_up.c.times).where(looked_up.c.chat_id == chat_id))
    return {row.term_id: row.times for row in rows}


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete the look-ups of a chat."""
    tx.execute(delete(looked_up).where(looked_up.c.chat_id == chat_id))
