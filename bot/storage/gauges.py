"""Numbers for whoever looks after the bot: how much waits, for how long, what was given up. Never who or what.

A metrics page asks often, so every count stops at ``MANY`` and every query stays within an index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSON

from bot.domain.delivery import Lane, State
from bot.storage.broadcasts import GOING
from bot.storage.inbox import GIVEN_UP, OPEN, Standing
from bot.storage.outbox import LEASED, PENDING, UNDELIVERED
from bot.storage.tables import attempt, broadcast, bucket, heartbeat, inbox, outbox
from bot.storage.tx import Tx

MANY = 10_000
RECENT_ANSWERS = 2_000


@dataclass(frozen=True, slots=True)
class Gauges:
    """What a database says about the work that waits. Durations are seconds, 0 where nothing waits."""

    waiting: Mapping[str, int]
    """Rows that are due or will be, by lane; ``MANY`` means at least so many."""
    late: Mapping[str, float]
    """For how long the oldest due row of each lane has been due."""
    leased: int
    undelivered: Mapping[tuple[str, str], int]
    """State and reason -> rows of the last day."""
    inbox_waiting: int
    inbox_lag: float
    updates_given_up: Mapping[str, int]
    blocked_for: float
    """Seconds for which Telegram has asked everybody to wait."""
    rate_share: float
    workers: int
    answers: Mapping[str, int]
    """Of the last answers, how many were marked ("marked") and how many a gate turned back, by gate."""


def read(tx: Tx, *, now: datetime) -> Gauges:
    """Read all of them."""
    held = tx.execute(select(bucket.c.blocked_until, bucket.c.share)).first()
    blocked_until = None if held is None else held.blocked_until
    return Gauges(
        waiting={lane.name.lower(): _count(tx, outbox, PENDING, outbox.c.lane == lane) for lane in Lane},
        late={lane.name.lower(): _late(tx, lane, now=now) for lane in Lane},
        leased=_count(tx, outbox, LEASED),
        undelivered=undelivered(tx),
        inbox_waiting=_count(tx, inbox, OPEN),
        inbox_lag=_inbox_lag(tx, now=now),
        updates_given_up=updates_given_up(tx),
        blocked_for=0.0 if blocked_until is None else max(0.0, (blocked_until - now).total_seconds()),
        rate_share=1.0 if held is None else float(held.share),
        workers=_count(tx, heartbeat, heartbeat.c.at > now - timedelta(seconds=30)),
        answers=_answers(tx),
    )


def _count(tx: Tx, table: Table, *conditions: ColumnElement[bool]) -> int:
    some = select(literal(1)).select_from(table).where(*conditions).limit(MANY).subquery()
    return int(tx.execute(select(func.count()).select_from(some)).scalar_one())


def _late(tx: Tx, lane: Lane, *, now: datetime) -> float:
    first = select(func.min(outbox.c.not_before)).where(PENDING, outbox.c.lane == lane)
    if lane is Lane.BROADCAST:
        each = first.where(outbox.c.broadcast_id == broadcast.c.id).scalar_subquery()
        query = select(func.min(each)).where(GOING)
    else:
        query = first.where(outbox.c.broadcast_id.is_(None))
    return _seconds_since(tx.execute(query).scalar(), now=now)


def _inbox_lag(tx: Tx, *, now: datetime) -> float:
    return _seconds_since(tx.execute(select(func.min(inbox.c.received_at)).where(OPEN)).scalar(), now=now)


def _seconds_since(moment: datetime | None, *, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())


def undelivered(tx: Tx) -> Mapping[tuple[str, str], int]:
    """Count the messages of the last day that reached nobody, by state and reason."""
    number = func.count().label("number")
    rows = tx.execute(
        select(outbox.c.state, outbox.c.reason, number).where(UNDELIVERED).group_by(outbox.c.state, outbox.c.reason)
    )
    return {(State(row.state).name.lower(), row.reason or ""): row.number for row in rows}


def updates_given_up(tx: Tx) -> Mapping[str, int]:
    """Count the updates of the last days that were not carried out: ``failed`` and, after two crashes, ``dead``."""
    number = func.count().label("number")
    rows = tx.execute(select(inbox.c.state, number).where(GIVEN_UP).group_by(inbox.c.state))
    return {Standing(row.state).name.lower(): row.number for row in rows}


def _answers(tx: Tx) -> Mapping[str, int]:
    gate: ColumnElement[Any] = (
        func.json_extract(attempt.c.result, "$.gate") if tx.exclusive else cast(attempt.c.result, JSON)["gate"].astext
    )
    last = select(func.max(attempt.c.id)).scalar_subquery()
    number = func.count().label("number")
    rows = tx.execute(
        select(func.coalesce(gate, "marked").label("gate"), number)
        .where(attempt.c.id > last - RECENT_ANSWERS, attempt.c.result.is_not(None))
        .group_by("gate")
    )
    return {row.gate: row.number for row in rows}
