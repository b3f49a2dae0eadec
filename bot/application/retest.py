"""A misconception is met again tomorrow, in another situation: only then has a correction been understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.application.live_course import LiveCourse
from bot.application.practise import Answered
from bot.domain import practice
from bot.domain.learner import Learner
from bot.domain.plan import local_date
from bot.domain.practice import Review
from bot.storage import Tx, attempts, conversations, markings
from bot.storage.attempts import Attempt
from knowledge.schema import Question

_NEVER = datetime.min.replace(tzinfo=UTC)


def arrange(
    tx: Tx, live: LiveCourse, learner: Learner, outcome: Answered, *, now: datetime, answered_at: datetime | None = None
) -> Answered:
    """Put the misconception that an answer shows on tomorrow's list, in a question about another situation.

    Of the questions that test it, the one that the learner has not met for the longest time comes. Where an answer was
    improved or edited, ``answered_at`` is when it was first given: what it had put on the list then is enough.
    """
    askable = _askable(live, outcome)
    if not askable:
        return outcome
    standing = attempts.standing(tx, learner.chat_id)
    if answered_at is not None and _stands(askable, standing, answered_at):
        return replace(outcome, retest=True)
    chosen = min(askable, key=lambda each: standing[each.id].seen_at if each.id in standing else _NEVER)
    after = practice.put_off(
        standing.get(chosen.id),
        question_id=chosen.id,
        available=chosen.marks,
        today=local_date(now, learner.zone),
        now=answered_at or now,
    )
    attempts.save_review(tx, learner.chat_id, after)
    reading = conversations.get(tx, learner.chat_id).reading or {}
    if reading.get("as") == "answer" and reading.get("attempt") == outcome.attempt_id:
        before = markings.kept_standing(standing.get(chosen.id))
        undo = {"question": chosen.id, "before": before}
        conversations.remember_reading(tx, learner.chat_id, {**reading, "retest": undo})
    return replace(outcome, retest=True)


def stands(tx: Tx, live: LiveCourse, attempt: Attempt, outcome: Answered) -> bool:
    """Tell whether a misconception that an answer still shows is on the list since that answer."""
    askable = _askable(live, outcome)
    standing = attempts.standing(tx, attempt.chat_id) if askable else {}
    return _stands(askable, standing, attempt.answered_at)


def _stands(askable: Sequence[Question], standing: Mapping[str, Review], since: datetime | None) -> bool:
    return any(each.id in standing and standing[each.id].seen_at == since for each in askable)


def _askable(live: LiveCourse, outcome: Answered) -> Sequence[Question]:
    """Return the questions in other situations that test for the misconception of an answer."""
    shown = [live.misconceptions[each.id] for each in outcome.result.misconceptions if each.id in live.misconceptions]
    named = shown[0].retests if shown else ()
    others = [live.questions[each] for each in named if each in live.questions and each != outcome.question.id]
    return [question for question in others if question.confirmed]
