"""Telling somebody something that they did not ask for: never in their quiet hours, never after they said stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.delivery import Lane, Outgoing
from bot.domain.learner import Status
from bot.domain.plan import quiet_end
from bot.storage import Tx, learners, outbox


def tell(tx: Tx, message: Outgoing, *, now: datetime) -> bool:
    """Write a message to another chat than the one that is talking. False where that person wants none."""
    learner = learners.get(tx, message.chat_id)
    if learner is not None and learner.status in (Status.STOPPED, Status.BLOCKED):
        return False
    due = now if learner is None else quiet_end(learner, now)
    return outbox.enqueue(tx, replace(message, lane=Lane.PROMPT, not_before=due), now=now) is not None
