"""Erasing a person: after it no row of any table holds their chat id."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from bot.storage import (
    attempts,
    broadcasts,
    cohorts,
    conversations,
    inbox,
    lookups,
    outbox,
    overlay,
    reports,
    roles,
)
from bot.storage.tables import learner
from bot.storage.tx import Tx


def erase(tx: Tx, chat_id: int, *, now: datetime) -> None:
    """Delete or unlink everything about a chat."""
    cohorts.erase_chat(tx, chat_id, now=now)
    broadcasts.erase_chat(tx, chat_id)
    reports.erase_chat(tx, chat_id)
    overlay.erase_chat(tx, chat_id)
    roles.remove(tx, chat_id)
    attempts.erase_chat(tx, chat_id)
    lookups.erase_chat(tx, chat_id)
    conversations.erase_chat(tx, chat_id)
    outbox.erase_chat(tx, chat_id)
    inbox.erase_chat(tx, chat_id)
    tx.execute(delete(learner).where(learner.c.chat_id == chat_id))
