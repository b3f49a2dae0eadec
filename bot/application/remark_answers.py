"""Marking earlier answers again once a phrase was accepted: marks only rise, and only who gains hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application import change_mark, mark_answer, practise
from bot.application.live_course import Courses
from bot.application.tell_learner import tell
from bot.domain.delivery import Outgoing
from bot.storage import Store, Tx, attempts, markings, overlay, remarkings
from bot.storage.attempts import ANSWERED, Attempt
from bot.storage.markings import BY_REMARKING, Marking
from bot.storage.remarkings import Remarking
from knowledge.marking import Marker, MarkResult
from knowledge.schema import Question

CHUNK = 25
"""Answers marked again at a time."""


@dataclass(frozen=True, slots=True)
class Risen:
    """An earlier answer whose mark has risen."""

    chat_id: int
    question: Question
    was: int
    awarded: int
    available: int
    dedupe_key: str


Render = Callable[[Risen], Outgoing]
_Seen = tuple[Attempt, Marking]
_Better = tuple[Attempt, Marking, MarkResult]


async def step(store: Store, courses: Courses, *, now: datetime, render: Render, chunk: int = CHUNK) -> bool:
    """Mark the next few answers again; tells whether there was anything to do.

    The answers are read and marked outside any transaction. A worker that comes second with the same few changes
    nothing; one that dies leaves them to the next.
    """

    def look(tx: Tx) -> tuple[Remarking, int, list[_Seen]] | None:
        work = remarkings.oldest(tx)
        if work is None:
            return None
        found = remarkings.next_answers(tx, work, limit=chunk)
        return work, overlay.revision(tx), [(each, markings.get(tx, each)) for each in found]

    seen = await store.read(look)
    if seen is None:
        return False
    work, revision, answers = seen
    live = await courses.current(revision, () if work.tutor_id is None else (work.tutor_id,))
    question = live.questions.get(work.question_id)
    better = [] if question is None else await asyncio.to_thread(_better, live.marker, question, answers)

    def record(tx: Tx) -> bool:
        last = len(answers) < chunk
        mine = remarkings.end(tx, work) if last else remarkings.move_on(tx, work, answers[-1][0].id)
        if mine and question is not None:
            for each in better:
                _raise(tx, work, question, each, now=now, render=render)
        return mine

    await store.write(record)
    return True


def _better(marker: Marker, question: Question, answers: Sequence[_Seen]) -> list[_Better]:
    """Return the answers that earn more than they did. A mark that a tutor set by hand is final."""
    better = []
    for attempt, marking in answers:
        if marking.set_at is None and attempt.available == question.marks:
            result = mark_answer.mark(marker, question, marking.texts, marking.granted)
            if result.awarded > (attempt.awarded or 0):
                better.append((attempt, marking, result))
    return better


def _raise(tx: Tx, work: Remarking, question: Question, better: _Better, *, now: datetime, render: Render) -> None:
    """Raise one mark, unless the answer has changed since it was read: then it was marked anew anyway."""
    attempt, seen, result = better
    current = attempts.get(tx, attempt.id, lock=True)
    if current is None or current.state != ANSWERED or current.awarded != attempt.awarded:
        return
    marking = markings.get(tx, current)
    if marking != seen:
        return
    stored = practise.stored_result(result)
    change_mark.change(
        tx, current, marking, to_mark=result.awarded, result=stored, why=BY_REMARKING, tutor_id=None, now=now
    )
    risen = Risen(
        chat_id=attempt.chat_id,
        question=question,
        was=attempt.awarded or 0,
        awarded=result.awarded,
        available=attempt.available or 0,
        dedupe_key=f"remarked:{work.id}:{work.created_at:%Y%m%d%H%M%S%f}:{attempt.chat_id}",
    )
    tell(tx, render(risen), now=now)
