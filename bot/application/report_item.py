"""Reporting that something is wrong in the course, and dealing with what was reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.application.live_course import LiveCourse
from bot.domain.errors import Gone
from bot.storage import Tx, reports
from bot.storage.reports import Report
from knowledge.schema import Question, Term

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that waits for somebody to look. ``item`` is None where it is no longer in the course."""

    report: Report
    item: Term | Question | None
    left: int


def find(live: LiveCourse, item_id: str) -> Term | Question | None:
    """Return the term or the question that an id names."""
    return live.terms.get(item_id) or live.questions.get(item_id)


def item_of(live: LiveCourse, item_id: str) -> Term | Question:
    """Return the term or the question that an id names. Gone where it is no longer in the course."""
    item = find(live, item_id)
    if item is None:
        raise Gone("item")
    return item


def report(tx: Tx, live: LiveCourse, chat_id: int, item_id: str, *, note: str | None, now: datetime) -> None:
    """Write down that something is wrong with an item."""
    item_of(live, item_id)
    reports.add(tx, chat_id=chat_id, item=item_id, note=None if note is None else note[:LONGEST_NOTE], now=now)


def next_waiting(tx: Tx, live: LiveCourse, *, after: int) -> Waiting | None:
    """Return the oldest report behind ``after`` that waits, the oldest of all behind the last; None where none does."""
    found = reports.next_unsettled(tx, after=after) or reports.next_unsettled(tx, after=0)
    if found is None:
        return None
    return Waiting(found, find(live, found.item), reports.count_unsettled(tx))


def settle(tx: Tx, live: LiveCourse, report_id: int, *, now: datetime) -> tuple[int | None, Term | Question | None]:
    """Mark a report as dealt with: whom to thank, where they are still here, and for what. Gone where it was before."""
    found = reports.get(tx, report_id)
    if found is None:
        raise Gone("report")
    return reports.settle(tx, report_id, now=now), find(live, found.item)
