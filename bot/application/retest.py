"""A misconception is met again tomorrow, in another situation: only then has a correction been understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.application.live_course import LiveCourse
from bot.application.practise import Answered
from bot.domain import practice
from bot.domain.learner import Learner
from bot.domain.plan import local_date
from bot.storage import Tx, attempts, conversations, markings
from bot.storage.attempts import Attempt
from knowledge.schema import Question

_NEVER = datetime.min.replace(tzinfo=UTC)


def arrange(tx: Tx, live: LiveCourse, learner: Learner, outcome: Answered, *, now: datetime) -> Answered:
    """Put the misconception that an answer showed on tomorrow's list, in a question about another situation.

    Of the questions that test it, the one that the learner has not met for the longest time comes.
    """
    askable = _askable(live, outcome)
    if not askable:
        return outcome
    standing = attempts.standing(tx, learner.chat_id)
    chosen = min(askable, key=lambda each: standing[each.id].seen_at if each.id in standing else _NEVER)
    after = practice.put_off(
        standing.get(chosen.id),
        question_id=chosen.id,
        available=chosen.marks,
        today=local_date(now, learner.zone),
        now=now,
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
    return any(each.id in standing and standing[each.id].seen_at == attempt.answered_at for each in askable)


def _askable(live: LiveCourse, outcome: Answered) -> Sequence[Question]:
    """Return the questions in other situations that test for the misconception of an answer."""
    shown = [live.misconceptions[each.id] for each in outcome.result.misconceptions if each.id in live.misconceptions]
    named = shown[0].retests if shown else ()
    others = [live.questions[each] for each in named if each in live.questions and each != outcome.question.id]
    return [question for question in others if question.confirmed]
