"""A copy of everything that is kept about one person."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from bot.application.live_course import LiveCourse
from bot.storage import Tx, attempts, cohorts, conversations, learners, lookups


def export(tx: Tx, live: LiveCourse, chat_id: int) -> bytes:
    """Return the person's data as readable JSON, with questions and terms by name."""
    learner = learners.get(tx, chat_id)
    data = {
        "about": "Everything this revision bot keeps about you.",
        "settings_and_plan": None if learner is None else asdict(learner),
        "answers": [_attempt(each, live) for each in attempts.of_learner(tx, chat_id)],
        "questions_that_come_back": [asdict(each) for each in attempts.standing(tx, chat_id).values()],
        "looked_up": {_name(live, term): times for term, times in lookups.of_learner(tx, chat_id).items()},
        "classes": [each.name for each in cohorts.of_learner(tx, chat_id)],
        "classes_you_run": [each.name for each in cohorts.of_tutor(tx, chat_id)],
        "conversation": asdict(conversations.get(tx, chat_id)),
    }
    return json.dumps(data, ensure_ascii=False, indent=2, default=_plain).encode()


def _attempt(attempt: attempts.Attempt, live: LiveCourse) -> dict[str, Any]:
    question = live.questions.get(attempt.question_id)
    return {"question": attempt.question_id if question is None else question.stem, **asdict(attempt)}


def _name(live: LiveCourse, term_id: str) -> str:
    term = live.terms.get(term_id)
    return term_id if term is None else term.name


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)
