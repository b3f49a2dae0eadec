"""A misconception is met again tomorrow, in another situation: only then has a correction been understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.application.live_course import LiveCourse
from bot.application.practise import Answered
from bot.domain import practice
from bot.domain.learner import Learner
from bot.domain.plan import local_date
from bot.storage import Tx, attempts

_NEVER = datetime.min.replace(tzinfo=UTC)


def arrange(tx: Tx, live: LiveCourse, learner: Learner, outcome: Answered, *, now: datetime) -> Answered:
    """Put the misconception that an answer showed on tomorrow's list, in a question about another situation.

    Of the questions that test it, the one that the learner has not met for the longest time comes.
    """
    shown = [live.misconceptions[each.id] for each in outcome.result.misconceptions if each.id in live.misconceptions]
    if not shown:
        return outcome
    others = [
        live.questions[each] for each in shown[0].retests if each in live.questions and each != outcome.question.id
    ]
    askable = [question for question in others if question.confirmed]
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
    return replace(outcome, retest=True)
