"""Answering by buttons: a choice with one press, an order or a match with one press after the other.

A press names its question and a place as it was shown, so it means the same however old the message is, and however
many presses came before the message could change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application import practise, retest
from bot.application.live_course import LiveCourse
from bot.application.practise import Answered, Asked
from bot.domain import picking
from bot.domain.errors import Gone
from bot.domain.learner import Learner
from bot.domain.picking import Picked
from bot.storage import Tx, taps
from bot.storage.attempts import ANSWERED, LEFT, OPEN, WAITING, Attempt
from knowledge.schema import Question

DOUBLE_TAP = timedelta(seconds=3)
"""A press so soon after the answer is the second half of a double tap."""


@dataclass(frozen=True, slots=True)
class AnsweredBefore:
    """A press on a question that has its answer. ``awarded`` is what that earned."""

    attempt_id: int
    question: Question
    awarded: int


@dataclass(frozen=True, slots=True)
class DoubleTap:
    """A press that came on the heels of the one that answered the question: nobody meant it."""


Tapped = Answered | Asked | AnsweredBefore | DoubleTap
"""What a press leads to: the mark, the question with one more tap, or nothing any more."""


def choose(tx: Tx, live: LiveCourse, learner: Learner, attempt_id: int, place: int, *, now: datetime) -> Tapped:
    """Answer a choice with the option that is shown at a place."""
    attempt, question = practise.question_of(tx, live, learner.chat_id, attempt_id)
    if not 0 <= place < len(question.options):
        raise Gone("button")
    return _too_late(attempt, question, now=now) or _record(
        tx, live, learner, attempt, question, picking.letter(place), now=now
    )


def add_step(tx: Tx, live: LiveCourse, learner: Learner, attempt_id: int, place: int, *, now: datetime) -> Tapped:
    """Put a step next; the last one marks the order."""
    return _tap(
        tx, live, learner, attempt_id, lambda picked, count: picking.add_step(picked, place, count=count), now=now
    )


def choose_left(tx: Tx, live: LiveCourse, learner: Learner, attempt_id: int, place: int, *, now: datetime) -> Tapped:
    """Say for which number the next letter is."""
    return _tap(
        tx, live, learner, attempt_id, lambda picked, count: picking.choose_left(picked, place, count=count), now=now
    )


def choose_right(tx: Tx, live: LiveCourse, learner: Learner, attempt_id: int, place: int, *, now: datetime) -> Tapped:
    """Give the number that waits its letter; the last pair marks the match."""
    return _tap(
        tx, live, learner, attempt_id, lambda picked, count: picking.choose_right(picked, place, count=count), now=now
    )


def undo(tx: Tx, live: LiveCourse, learner: Learner, attempt_id: int, *, now: datetime) -> Tapped:
    """Take the last step or pair back."""

    def drop(picked: Picked, _count: int) -> Picked:
        return picking.drop_pair(picked) if question.pairs else picking.drop_step(picked)

    _, question = practise.question_of(tx, live, learner.chat_id, attempt_id)
    return _tap(tx, live, learner, attempt_id, drop, now=now)


def _tap(
    tx: Tx,
    live: LiveCourse,
    learner: Learner,
    attempt_id: int,
    change: Callable[[Picked, int], Picked],
    *,
    now: datetime,
) -> Tapped:
    attempt, question = practise.question_of(tx, live, learner.chat_id, attempt_id)
    count = len(question.order or question.pairs)
    if not count:
        raise Gone("button")
    if (late := _too_late(attempt, question, now=now)) is not None:
        return late
    picked = change(taps.get(tx, attempt_id), count)
    if len(picked) == (2 * count if question.pairs else count):
        in_letters = picking.pairs_in_letters if question.pairs else picking.order_in_letters
        return _record(tx, live, learner, attempt, question, in_letters(picked), now=now)
    taps.save(tx, attempt, picked)
    return practise.reopen(tx, live, learner.chat_id, attempt_id, now=now)


def _too_late(attempt: Attempt, question: Question, *, now: datetime) -> AnsweredBefore | DoubleTap | None:
    if attempt.state == ANSWERED:
        if attempt.answered_at is not None and now - attempt.answered_at < DOUBLE_TAP:
            return DoubleTap()
        return AnsweredBefore(attempt.id, question, attempt.awarded or 0)
    if attempt.state not in (OPEN, WAITING, LEFT):
        raise Gone("question")
    return None


def _record(
    tx: Tx, live: LiveCourse, learner: Learner, attempt: Attempt, question: Question, answer: str, *, now: datetime
) -> Answered:
    """Mark an answer given in letters, which takes no time worth leaving the transaction for, and record it."""
    outcome = practise.record_answer(
        tx,
        learner,
        attempt,
        question,
        answer=answer,
        message_id=None,
        result=live.marker.mark(question, answer),
        now=now,
        typed=False,
    )
    return retest.arrange(tx, live, learner, outcome, now=now)
