"""Which question comes next, and when one comes back.

Spacing follows expanding boxes (Kang and others 2014): a question answered well comes back after 1, 2, 4 and 7 days,
one answered badly starts again tomorrow. New questions come from the day of the plan first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from knowledge.schema import PlanDay, Question

BOXES = (1, 2, 4, 7)
"""Days until a question comes back, by box."""
GOOD = 0.6
"""Share of the marks from which an answer counts as remembered."""
SPACED_EVERY = 3
"""Of so many questions in a row one is an old one, where old ones are due."""

Choose = Callable[[Sequence[Question]], Question]
"""Picks one of several equally good questions; chance is handed in."""


@dataclass(frozen=True, slots=True)
class Review:
    """How a learner stands with one question."""

    question_id: str
    box: int
    due_on: date
    seen_at: datetime
    awarded: int
    available: int


def reviewed(
    before: Review | None, *, question_id: str, awarded: int, available: int, today: date, now: datetime
) -> Review:
    """Return the standing after an answer. The next date is always later than ``today``."""
    remembered = available > 0 and awarded / available >= GOOD
    box = 0 if before is None or not remembered else min(before.box + 1, len(BOXES) - 1)
    return Review(question_id, box, today + timedelta(days=BOXES[box]), now, awarded, available)


def put_off(before: Review | None, *, question_id: str, available: int, today: date, now: datetime) -> Review:
    """Return the standing after a question was skipped or not known: it comes back tomorrow, nothing is lost."""
    tomorrow = today + timedelta(days=BOXES[0])
    if before is None:
        return Review(question_id, 0, tomorrow, now, 0, available)
    return replace(before, box=0, due_on=tomorrow, seen_at=now)


def belongs_to(question: Question, days: Collection[PlanDay]) -> bool:
    """Tell whether a question practises a source item or a term of one of the days."""
    return any(set(question.seeds) & set(day.seeds) or set(question.terms) & set(day.terms) for day in days)


def next_question(
    questions: Sequence[Question],
    standing: Mapping[str, Review],
    *,
    today: date,
    days: Collection[PlanDay] = (),
    answered_today: int = 0,
    not_again: Collection[str] = (),
    choose: Choose,
) -> Question | None:
    """Choose what to ask next, or None where there is nothing to ask.

    In order: every third time a question that is due for review; a new one of today's plan days; a due one; any new
    one; the one that was seen longest ago. ``not_again`` are questions that were only just asked.
    """
    pool = [question for question in questions if question.confirmed and question.id not in not_again]
    if not pool:
        return None
    due = [q for q in pool if q.id in standing and standing[q.id].due_on <= today]
    new = [q for q in pool if q.id not in standing]
    new_today = [q for q in new if belongs_to(q, days)]
    due_first = due and answered_today % SPACED_EVERY == SPACED_EVERY - 1
    for group in (due if due_first else [], new_today, due, new):
        if group:
            return choose(_easiest(group))
    return min(pool, key=lambda question: standing[question.id].seen_at)


def _easiest(questions: Sequence[Question]) -> list[Question]:
    """Keep the questions of the lowest depth: explain before evaluate."""
    lowest = min(question.depth for question in questions)
    return [question for question in questions if question.depth == lowest]
