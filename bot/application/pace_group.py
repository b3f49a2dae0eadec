"""Telegram lets a bot send twenty messages a minute to one group: what is more waits its turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.delivery import Outgoing
from bot.storage import Tx, outbox

MINUTE = timedelta(minutes=1)
PER_MINUTE = 20
ANSWERS = PER_MINUTE - 1
"""One place in every minute is kept for the line that says why answers are late."""
LATEST = timedelta(minutes=2)
"""An answer that would come later than this is left out: nobody remembers the question."""
_BUSY = "busy:"


def pace(tx: Tx, messages: Sequence[Outgoing], *, busy: Outgoing, now: datetime) -> list[Outgoing]:
    """Return what may be sent to a group at once; the rest is written down for when its turn comes.

    ``busy`` is said once where answers begin to wait.
    """
    at_once: list[Outgoing] = []
    for message in messages:
        planned = outbox.planned(tx, message.chat_id, since=now - MINUTE)
        moments = [*(moment for moment, _ in planned), *(now for _ in at_once)]
        if len(moments) < ANSWERS:
            at_once.append(message)
            continue
        if not any((key or "").startswith(_BUSY) for _, key in planned):
            outbox.enqueue(tx, _line(busy, now=now), now=now)
            moments.append(now)
        due = max(now, sorted(moments)[-ANSWERS] + MINUTE)
        if due - now <= LATEST:
            outbox.enqueue(tx, replace(message, not_before=due), now=now)
    return at_once


def _line(busy: Outgoing, *, now: datetime) -> Outgoing:
    return replace(busy, dedupe_key=f"{_BUSY}{busy.chat_id}:{round(now.timestamp())}")
