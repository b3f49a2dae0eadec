"""Erasing a person: after it no row of any table holds their chat id."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from bot.storage import (
    attempts,
    broadcasts,
    cohorts,
    conversations,
    disputes,
    inbox,
    learners,
    lookups,
    markings,
    outbox,
    overlay,
    page_imports,
    plays,
    remarkings,
    reports,
    roles,
    second_readings,
    taps,
)
from bot.storage.tables import learner
from bot.storage.tx import Tx


def erase(tx: Tx, chat_id: int, *, now: datetime) -> None:
    """Delete or unlink everything about a chat.

    The learner and the answers come first: whoever is changing a mark or counting a look-up in this moment has locked
    one of them, so that what they write is there to be deleted.
    """
    learners.get(tx, chat_id, lock=True)
    attempts.erase_chat(tx, chat_id)
    cohorts.erase_chat(tx, chat_id, now=now)
    broadcasts.erase_chat(tx, chat_id)
    reports.erase_chat(tx, chat_id)
    overlay.erase_chat(tx, chat_id)
    page_imports.erase_chat(tx, chat_id)
    roles.remove(tx, chat_id)
    disputes.erase_chat(tx, chat_id)
    markings.erase_chat(tx, chat_id)
    remarkings.erase_chat(tx, chat_id)
    second_readings.erase_chat(tx, chat_id)
    taps.erase_chat(tx, chat_id)
    plays.erase_chat(tx, chat_id)
    lookups.erase_chat(tx, chat_id)
    conversations.erase_chat(tx, chat_id)
    outbox.erase_chat(tx, chat_id)
    inbox.erase_chat(tx, chat_id)
    tx.execute(delete(learner).where(learner.c.chat_id == chat_id))
