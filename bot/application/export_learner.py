"""A copy of everything that is kept about one person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from bot.application import practise
from bot.application.live_course import LiveCourse
from bot.domain.learner import Learner
from bot.domain.practice import CLOSED, Review
from bot.storage import (
    Tx,
    attempts,
    broadcasts,
    cohorts,
    conversations,
    disputes,
    learners,
    lookups,
    markings,
    overlay,
    page_imports,
    plays,
    reports,
    taps,
)
from bot.storage.attempts import Attempt
from bot.storage.broadcasts import Broadcast
from bot.storage.conversations import Conversation
from bot.storage.disputes import Dispute
from bot.storage.markings import Change, Marking
from bot.storage.overlay import StoredEntry
from bot.storage.page_imports import PageImport
from bot.storage.plays import Play
from bot.storage.reports import Report
from knowledge.marking import closed
from knowledge.roleplays import chosen
from knowledge.schema import Question


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything about one person as it is stored. ``markings`` are by attempt."""

    learner: Learner | None
    attempts: Sequence[Attempt]
    markings: Mapping[int, Marking]
    tapped: Mapping[int, Sequence[int]]
    standing: Sequence[Review]
    disputes: Sequence[Dispute]
    changes: Sequence[Change]
    plays: Sequence[Play]
    looked_up: Mapping[str, int]
    reports: Sequence[Report]
    classes: Sequence[str]
    own_classes: Sequence[str]
    rulings: Sequence[Dispute]
    changes_made: Sequence[Change]
    pages: Sequence[PageImport]
    additions: Sequence[StoredEntry]
    tips: Sequence[Broadcast]
    conversation: Conversation


def collect(tx: Tx, chat_id: int) -> Kept:
    """Read everything about a person."""
    return Kept(
        learner=learners.get(tx, chat_id),
        attempts=attempts.of_learner(tx, chat_id),
        markings=markings.of_learner(tx, chat_id),
        tapped=taps.of_learner(tx, chat_id),
        standing=[*attempts.standing(tx, chat_id).values()],
        disputes=disputes.of_learner(tx, chat_id),
        changes=markings.changes_of_learner(tx, chat_id),
        plays=plays.of_learner(tx, chat_id),
        looked_up=lookups.of_learner(tx, chat_id),
        reports=reports.of_learner(tx, chat_id),
        classes=[each.name for each in cohorts.of_learner(tx, chat_id)],
        own_classes=[each.name for each in cohorts.of_tutor(tx, chat_id)],
        rulings=disputes.ruled_by(tx, chat_id),
        changes_made=markings.changes_by(tx, chat_id),
        pages=page_imports.of_author(tx, chat_id),
        additions=overlay.of_author(tx, chat_id),
        tips=broadcasts.of_tutor(tx, chat_id),
        conversation=conversations.get(tx, chat_id),
    )


def export(tx: Tx, live: LiveCourse, chat_id: int) -> bytes:
    """Return the person's data as readable JSON, with questions and terms by name."""
    return written(collect(tx, chat_id), live)


def written(kept: Kept, live: LiveCourse) -> bytes:
    """Write what was read as JSON. Takes half a second for thousands of answers, so not on the event loop."""
    data = {
        "about": "Everything this revision bot keeps about you.",
        "settings_and_plan": None if kept.learner is None else asdict(kept.learner),
        "answers": [_attempt(each, kept.markings.get(each.id), live) for each in kept.attempts],
        "tapped_so_far": {str(each): list(picked) for each, picked in kept.tapped.items()},
        "questions_that_come_back": [asdict(each) for each in kept.standing],
        "answers_you_disputed": [_dispute(each, live) for each in kept.disputes],
        "marks_that_changed": [_change(each) for each in kept.changes],
        "role_plays": [_play(each, live) for each in kept.plays],
        "looked_up": {_name(live, term): times for term, times in kept.looked_up.items()},
        "mistakes_you_reported": [asdict(each) for each in kept.reports],
        "classes": kept.classes,
        "classes_you_run": kept.own_classes,
        "rulings_you_gave": [_ruling(each, live) for each in kept.rulings],
        "marks_you_changed": [_change(each) for each in kept.changes_made],
        "topic_pages_you_sent": [_page(each) for each in kept.pages],
        "additions_you_made": [_addition(each) for each in kept.additions],
        "tips_you_wrote": [{"tip": each.body, "written_at": each.created_at} for each in kept.tips],
        "conversation": asdict(kept.conversation),
    }
    return json.dumps(data, ensure_ascii=False, indent=2, default=_plain).encode()


def _attempt(attempt: Attempt, marking: Marking | None, live: LiveCourse) -> dict[str, Any]:
    put = practise.put_question(live, attempt)
    kept: dict[str, Any] = {"question": attempt.question_id if put is None else put.stem, **asdict(attempt)}
    if put is not None and put.options:
        kept["options"] = [option.text for option in put.options]
    if attempt.answer is not None:
        if put is not None and put.kind in CLOSED:
            kept["you_answered"] = _in_words(put, attempt.answer)
        marking = marking or markings.of_one_part(attempt)
        kept["given_in_parts"] = [asdict(part) for part in marking.parts]
        kept["points_granted_by_a_tutor"] = dict(marking.by_tutor)
        kept["points_found_by_the_second_reader"] = {each: marking.granted[each] for each in sorted(marking.second)}
        kept["mark_set_by_a_tutor_at"] = marking.set_at
    return kept


def _in_words(put: Question, answer: str) -> Sequence[str]:
    """What an answer given in letters says, in the words of the question."""
    return [answer] if put.number is not None else closed.given(put, answer)


def _stem(live: LiveCourse, question_id: str) -> str:
    question = live.questions.get(question_id)
    return question_id if question is None else question.stem


def _dispute(value: Dispute, live: LiveCourse) -> dict[str, Any]:
    """A dispute without the tutor who ruled: that is somebody else."""
    kept = {name: each for name, each in asdict(value).items() if name not in ("ruled_by", "proposal")}
    return {"question": _stem(live, value.question_id), **kept}


def _ruling(value: Dispute, live: LiveCourse) -> dict[str, Any]:
    """A ruling without the answer: those are somebody else's words."""
    return {
        "question": _stem(live, value.question_id),
        "point": value.point_id,
        "ruling": value.state,
        "line": value.line,
        "ruled_at": value.ruled_at,
    }


def _change(value: Change) -> dict[str, Any]:
    return {"why": value.why, "from": value.from_mark, "to": value.to_mark, "changed_at": value.changed_at}


def _play(value: Play, live: LiveCourse) -> dict[str, Any]:
    """A role-play with the words that were chosen, where it is still in the course."""
    known = live.roleplays.get(value.roleplay_id)
    said = [] if known is None else [choice.text for choice in chosen(known, value.choices)]
    return {"customer": value.roleplay_id if known is None else known.title, "you_said": said, **asdict(value)}


def _page(value: PageImport) -> dict[str, Any]:
    """A topic page that a tutor sent, with its drafts while they wait for a decision."""
    kept = {"name": value.name, "stands": value.state, "drafts_added": len(value.entries), "sent_at": value.created_at}
    return kept | ({} if value.body is None else {"waiting": dict(value.body)})


def _addition(value: StoredEntry) -> dict[str, Any]:
    """What a tutor added, without the words of a learner for which a phrase was accepted."""
    return {"added_at": value.created_at, **{name: each for name, each in value.entry.items() if name != "example"}}


def _name(live: LiveCourse, term_id: str) -> str:
    term = live.terms.get(term_id)
    return term_id if term is None else term.name


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)
