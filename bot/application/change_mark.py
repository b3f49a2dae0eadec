"""Changing a mark after the fact: the answer, how its question stands for review, and a line in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain import practice
from bot.domain.plan import local_date
from bot.storage import Tx, attempts, learners, markings
from bot.storage.attempts import ANSWERED, Attempt
from bot.storage.markings import Marking


def change(
    tx: Tx,
    attempt: Attempt,
    marking: Marking,
    *,
    to_mark: int,
    result: dict[str, Any] | None,
    why: str,
    tutor_id: int | None,
    now: datetime,
) -> None:
    """Give an answer another mark. ``result`` None leaves what is kept of its points as it is."""
    if to_mark != attempt.awarded:
        markings.log_change(tx, attempt, tutor_id=tutor_id, why=why, to_mark=to_mark, now=now)
    kept: dict[str, Any] = {"awarded": to_mark}
    if result is not None:
        kept["result"] = result
    attempts.change(tx, attempt.id, only_from=[ANSWERED], **kept)
    review_again(tx, attempt, marking, awarded=to_mark)


def review_again(tx: Tx, attempt: Attempt, marking: Marking, *, awarded: int) -> None:
    """Work out anew when a question comes back, as if its answer had had this mark from the first.

    Nothing changes where the learner has met the question again since: that later meeting decides.
    """
    learner = learners.get(tx, attempt.chat_id)
    now = attempts.standing(tx, attempt.chat_id).get(attempt.question_id)
    if learner is None or now is None or attempt.answered_at is None or now.seen_at != attempt.answered_at:
        return
    after = practice.reviewed(
        marking.standing_before,
        question_id=attempt.question_id,
        awarded=awarded,
        available=attempt.available or now.available,
        today=local_date(attempt.answered_at, learner.zone),
        now=attempt.answered_at,
    )
    attempts.save_review(tx, attempt.chat_id, after)
