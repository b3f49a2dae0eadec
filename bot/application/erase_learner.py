"""Forgetting somebody: everything goes in one transaction, the goodbye last."""

from __future__ import annotations

from datetime import datetime

from bot.application import answer_missed
from bot.domain.delivery import Letter
from bot.storage import Tx, erasure, outbox


def erase(tx: Tx, chat_id: int, *, asker_key: bytes, now: datetime) -> None:
    """Erase a person. The goodbye written afterwards erases its own row once sent (``on_sent="erase"``)."""
    answer_missed.forget_asker(tx, chat_id, asker_key=asker_key)
    erasure.erase(tx, chat_id, now=now)


def erase_traces(tx: Tx, letter: Letter) -> None:
    """Delete what the goodbye itself left behind."""
    outbox.erase_row(tx, letter.id)
    outbox.erase_slots(tx, letter.chat_id)
