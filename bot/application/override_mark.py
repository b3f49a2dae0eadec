"""A tutor sets the mark of a learner in an own class. The tutor sees questions, points and marks, not the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application import change_mark, practise, run_cohort
from bot.application.live_course import LiveCourse
from bot.domain.errors import Gone
from bot.storage import Tx, attempts, conversations, markings
from bot.storage.attempts import ANSWERED, Attempt
from bot.storage.cohorts import Cohort, Enrolment
from bot.storage.markings import BY_TUTOR, Change
from knowledge.schema import Question

SHOWN = 8
"""Answers of a learner that a tutor can choose from."""


@dataclass(frozen=True, slots=True)
class RecentMarks:
    """The last marks of a learner, newest first."""

    cohort: Cohort
    person: Enrolment
    marked: Sequence[tuple[Attempt, Question]]


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """One mark, what it was given for, and how it changed."""

    cohort: Cohort
    person: Enrolment
    attempt: Attempt
    question: Question
    changes: Sequence[Change]

    @property
    def awarded(self) -> int:
        return self.attempt.awarded or 0

    @property
    def available(self) -> int:
        return self.attempt.available or 0


@dataclass(frozen=True, slots=True)
class MarkSet:
    """A mark was set; the learner is told."""

    answer: MarkedAnswer
    was: int
    awarded: int


def recent(tx: Tx, live: LiveCourse, tutor_id: int, cohort_id: int, chat_id: int) -> RecentMarks:
    """Return the last marks of somebody in an own class. Gone where they or the class are not there."""
    cohort, person = run_cohort.person(tx, tutor_id, cohort_id, chat_id)
    answered = attempts.last_answered(tx, chat_id, limit=SHOWN)
    put = [(each, practise.put_question(live, each)) for each in answered]
    return RecentMarks(cohort, person, [(each, question) for each, question in put if question is not None])


def one(
    tx: Tx, live: LiveCourse, tutor_id: int, cohort_id: int, attempt_id: int, *, lock: bool = False
) -> MarkedAnswer:
    """Return one mark of somebody in an own class. Gone where there is none."""
    attempt = attempts.get(tx, attempt_id, lock=lock)
    question = None if attempt is None else practise.put_question(live, attempt)
    if attempt is None or attempt.state != ANSWERED or question is None:
        raise Gone("mark")
    cohort, person = run_cohort.person(tx, tutor_id, cohort_id, attempt.chat_id)
    return MarkedAnswer(cohort, person, attempt, question, markings.changes_of(tx, attempt_id))


def set_mark(
    tx: Tx,
    live: LiveCourse,
    tutor_id: int,
    cohort_id: int,
    attempt_id: int,
    *,
    from_mark: int,
    to_mark: int,
    now: datetime,
) -> MarkSet:
    """Set a mark. It is final: neither the marker nor an improvement changes it afterwards.

    Gone where the mark is no longer the one that the tutor saw, or the new one is not between 0 and what there is.
    """
    seen = one(tx, live, tutor_id, cohort_id, attempt_id, lock=True)
    if seen.awarded != from_mark or not 0 <= to_mark <= seen.available or to_mark == from_mark:
        raise Gone("mark")
    marking = replace(markings.get(tx, seen.attempt), set_at=now)
    markings.save(tx, seen.attempt, marking)
    change_mark.change(
        tx, seen.attempt, marking, to_mark=to_mark, result=None, why=BY_TUTOR, tutor_id=tutor_id, now=now
    )
    if practise.is_open(tx, seen.attempt):
        conversations.open_attempt(tx, seen.attempt.chat_id, None)
    return MarkSet(one(tx, live, tutor_id, cohort_id, attempt_id), from_mark, to_mark)
