"""What people reported as wrong, and what tutors do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.storage.tables import report
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Report:
    """One report about one item of the course, by its id: ``term.pdca``, ``q.ci.one-off-cafe``."""

    id: int
    item: str
    note: str | None
    created_at: datetime


def add(tx: Tx, *, chat_id: int, item: str, note: str | None, now: datetime) -> int:
    """Write a report; the same person's unsettled report about the same item is added to, not repeated."""
    same = tx.execute(
        select(report.c.id).where(report.c.chat_id == chat_id, report.c.item == item, report.c.settled_at.is_(None))
    ).scalar()
    if same is not None:
        if note is not None:
            tx.execute(update(report).where(report.c.id == same).values(note=note))
        return int(same)
    key = tx.execute(
        report.insert(), {"chat_id": chat_id, "item": item, "note": note, "created_at": now}
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def next_unsettled(tx: Tx, *, after: int) -> Report | None:
    """Return the oldest report behind ``after`` that nobody has dealt with, without the person behind it."""
    row = tx.execute(
        select(report).where(report.c.settled_at.is_(None), report.c.id > after).order_by(report.c.id).limit(1)
    ).one_or_none()
    return None if row is None else Report(row.id, row.item, row.note, row.created_at)


def get(tx: Tx, report_id: int) -> Report | None:
    """Return a report that nobody has dealt with yet."""
    row = tx.execute(select(report).where(report.c.settled_at.is_(None), report.c.id == report_id)).one_or_none()
    return None if row is None else Report(row.id, row.item, row.note, row.created_at)


def count_unsettled(tx: Tx) -> int:
    """Count the reports that nobody has looked at."""
    query = select(func.count()).select_from(report).where(report.c.settled_at.is_(None))
    return int(tx.execute(query).scalar_one())


def settle(tx: Tx, report_id: int, *, now: datetime) -> int | None:
    """Mark a report as dealt with; returns the chat to thank, None where it is unknown, settled or erased."""
    row = tx.execute(
        select(report.c.chat_id).where(report.c.id == report_id, report.c.settled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    tx.execute(update(report).where(report.c.id == report_id).values(settled_at=now))
    return None if row.chat_id is None else int(row.chat_id)


def of_learner(tx: Tx, chat_id: int) -> list[Report]:
    """Return what a learner reported, oldest first."""
    rows = tx.execute(select(report).where(report.c.chat_id == chat_id).order_by(report.c.id))
    return [Report(row.id, row.item, row.note, row.created_at) for row in rows]


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Keep what was reported, forget by whom; their own words go."""
    tx.execute(update(report).where(report.c.chat_id == chat_id).values(chat_id=None, note=None))
