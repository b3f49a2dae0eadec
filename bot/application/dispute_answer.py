"""A learner says "I did say this": which point, with which words, and who will look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application import mark_answer, practise
from bot.application.live_course import LiveCourse
from bot.domain.errors import Gone
from bot.storage import Tx, cohorts, disputes, markings, roles
from bot.storage.attempts import ANSWERED, Attempt
from knowledge.marking import Gate, Status
from knowledge.proposing import sentences_of
from knowledge.schema import MarkingPoint, Question

MOST_WAITING = 20
"""Disputes of one learner that may wait at a time."""
LONGEST_QUOTE = 1200
"""Characters of the words that are pointed at: as many as the course keeps of an example."""
NOT_ABOUT_POINTS = frozenset({Gate.EMPTY, Gate.DONT_KNOW, Gate.TALK_TO_MARKER, Gate.GIBBERISH, Gate.ECHO})
"""Gates behind which no point can have been said."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who looks at what a learner disputes: the tutors of these classes, else an admin where there is one."""

    classes: tuple[str, ...]
    admin: bool


@dataclass(frozen=True, slots=True)
class Disputable:
    """The points of an answer that were not found and not disputed yet."""

    attempt_id: int
    question: Question
    points: tuple[MarkingPoint, ...]
    readers: Readers


@dataclass(frozen=True, slots=True)
class Quotable:
    """A point, and the sentences of the answer of which one may say it."""

    attempt_id: int
    point: MarkingPoint
    answer: str
    sentences: tuple[str, ...]
    readers: Readers


@dataclass(frozen=True, slots=True)
class Disputed:
    """A dispute was written down."""

    point: MarkingPoint
    quote: str
    readers: Readers


def readers(tx: Tx, chat_id: int) -> Readers:
    """Return who looks at what a learner disputes. A class whose tutor was removed has nobody who would."""
    classes = [each for each in cohorts.of_learner(tx, chat_id) if roles.role_of(tx, each.tutor_id) is not None]
    return Readers(tuple(each.name for each in classes), roles.has_admin(tx))


def points(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int) -> Disputable:
    """Return what can be disputed about an answer. Gone where there is nothing left."""
    attempt, question = _answered(tx, live, chat_id, attempt_id)
    open_points = tuple(_open_points(tx, attempt, question))
    if not open_points:
        raise Gone("dispute")
    return Disputable(attempt_id, question, open_points, readers(tx, chat_id))


def _answered(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int) -> tuple[Attempt, Question]:
    attempt, question = practise.question_of(tx, live, chat_id, attempt_id)
    if attempt.state != ANSWERED or not attempt.answer or markings.get(tx, attempt).set_at is not None:
        raise Gone("dispute")
    return attempt, question


def _open_points(tx: Tx, attempt: Attempt, question: Question) -> Sequence[MarkingPoint]:
    kept = (attempt.result or {}).get("points", {})
    disputed = {each.point_id for each in disputes.of_attempt(tx, attempt.id)}
    every = () if question.scheme is None else question.scheme.points
    return [each for each in every if kept.get(each.id) != Status.MET and each.id not in disputed]


def sentences(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int, point_id: str) -> Quotable:
    """Return the sentences of an answer, for the learner to choose the one that says a point."""
    attempt, question = _answered(tx, live, chat_id, attempt_id)
    point = next((each for each in _open_points(tx, attempt, question) if each.id == point_id), None)
    if point is None:
        raise Gone("dispute")
    answer = mark_answer.whole(markings.get(tx, attempt).texts)
    return Quotable(attempt_id, point, answer, tuple(sentences_of(answer)), readers(tx, chat_id))


def dispute(
    tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int, point_id: str, *, sentence: int | None, now: datetime
) -> Disputed:
    """Write a dispute down. ``sentence`` None means the whole answer. Gone where it was disputed before."""
    found = sentences(tx, live, chat_id, attempt_id, point_id)
    if sentence is not None and not 0 <= sentence < len(found.sentences):
        raise Gone("dispute")
    if disputes.count_waiting_of(tx, chat_id) >= MOST_WAITING:
        raise Gone("dispute queue")
    quote = (found.answer if sentence is None else found.sentences[sentence])[:LONGEST_QUOTE]
    attempt, question = _answered(tx, live, chat_id, attempt_id)
    if not disputes.add(
        tx,
        attempt_id=attempt.id,
        chat_id=chat_id,
        question_id=question.id,
        point_id=point_id,
        answer=found.answer,
        quote=quote,
        now=now,
    ):
        raise Gone("dispute")
    return Disputed(found.point, quote, found.readers)
