"""Improving an answer that was marked, and marking it again when its message is edited.

An improvement is marked together with what was said before; a mark never falls through it. An edit puts other words in
the place of the old ones, so its mark is the mark of the new words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.application import mark_answer, practise
from bot.application.change_mark import review_again
from bot.application.live_course import LiveCourse
from bot.application.practise import EDITABLE, MOST_IMPROVEMENTS, Answered
from bot.domain.errors import Gone, Stale
from bot.domain.learner import Learner
from bot.domain.plan import local_date
from bot.domain.practice import CLOSED
from bot.storage import Tx, attempts, conversations, disputes, markings
from bot.storage.attempts import ANSWERED, LEFT, OPEN, Attempt
from bot.storage.markings import BY_SECOND_READER, Marking, Part
from knowledge.marking import MarkResult
from knowledge.schema import Question


@dataclass(frozen=True, slots=True)
class Improving:
    """An answer that waits for more words. ``left`` counts the improvements that are left, this one included."""

    attempt_id: int
    question: Question
    answer: str
    awarded: int
    left: int


@dataclass(frozen=True, slots=True)
class Edited:
    """An answer whose message was edited in time. ``position`` is the place of the edited part."""

    attempt: Attempt
    marking: Marking
    question: Question
    position: int

    def texts(self, text: str) -> tuple[str, ...]:
        """Return the parts with the new words in their place."""
        before = self.marking.texts
        return (*before[: self.position], text, *before[self.position + 1 :])


def begin(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int, *, now: datetime) -> Improving:
    """Let the next typed words improve an answer. Gone where it cannot be improved any more."""
    practise.mine(tx, chat_id, attempt_id, lock=True)  # a tutor may be setting its mark, which makes it final
    attempt, question = practise.question_of(tx, live, chat_id, attempt_id)
    marking = markings.get(tx, attempt)
    if question.kind in CLOSED or attempt.state != ANSWERED or left(attempt, marking) < 1:
        raise Gone("improvement")
    before = practise.open_of(tx, chat_id)
    if before is not None and before.id != attempt_id:
        attempts.change(tx, before.id, only_from=[OPEN], state=LEFT)
    attempts.change(tx, attempt_id, only_from=[ANSWERED], opened_at=now, hints=0)
    conversations.open_attempt(tx, chat_id, attempt_id)
    return Improving(
        attempt_id, question, mark_answer.whole(marking.texts), attempt.awarded or 0, left(attempt, marking)
    )


def leave(tx: Tx, chat_id: int, attempt_id: int) -> None:
    """Leave an answer as it is."""
    attempt = practise.mine(tx, chat_id, attempt_id)
    if practise.is_open(tx, attempt) and attempt.state == ANSWERED:
        conversations.open_attempt(tx, chat_id, None)


def left(attempt: Attempt, marking: Marking) -> int:
    """Return how often an answer can still be improved."""
    if marking.set_at is not None or (attempt.awarded or 0) >= (attempt.available or 0):
        return 0
    return max(0, MOST_IMPROVEMENTS + 1 - len(marking.parts))


def record_improvement(
    tx: Tx,
    learner: Learner,
    attempt: Attempt,
    question: Question,
    *,
    seen: Marking,
    text: str,
    message_id: int | None,
    result: MarkResult,
    now: datetime,
) -> Answered:
    """Record an improvement. Stale where the answer is not as it was when the improvement was marked."""
    current, marking = _unchanged(tx, attempt, seen)
    was = current.awarded or 0
    awarded = max(was, result.awarded)
    after = replace(marking, parts=(*marking.parts, Part(text, message_id, now)))
    undo = {"awarded": was, "result": current.result}
    _record(tx, current, after, result=result, awarded=awarded)
    conversations.open_attempt(tx, current.chat_id, None)
    conversations.remember_reading(
        tx,
        current.chat_id,
        {
            "as": "answer",
            "text": text,
            "attempt": current.id,
            "improved": undo,
            "awarded": awarded,
            "second": sorted(marking.second),
        },
    )
    return Answered(
        current.id,
        question,
        text,
        result,
        again_in=again_in(tx, learner, question, now=now),
        awarded=awarded,
        was=was,
        improvements=left(replace(current, awarded=awarded), after),
        second=after.second,
    )


def take_back_improvement(tx: Tx, chat_id: int) -> tuple[str, bool] | None:
    """Undo the last improvement: it was meant as a look-up. Returns as ``take_back_answer``; None where it was none.

    The earlier answer keeps its earlier mark, and can be improved again at once.
    """
    reading = conversations.get(tx, chat_id).reading or {}
    undo = reading.get("improved")
    if undo is None:
        return None
    attempt = practise.mine(tx, chat_id, int(reading["attempt"]), lock=True)
    marking = markings.get(tx, attempt)
    if not _stands(tx, attempt, reading["awarded"]) or len(marking.parts) < 2 or marking.set_at is not None:
        raise Gone("reading")
    second = marking.second.intersection(reading.get("second", marking.second))
    granted = {**marking.by_tutor, **{each: marking.granted[each] for each in second}}
    before = replace(marking, parts=marking.parts[:-1], granted=granted, second=second)
    markings.save(tx, attempt, before)
    still_said = mark_answer.whole(before.texts)
    disputes.drop_waiting(tx, attempt.id, still_said=still_said)
    attempts.change(tx, attempt.id, only_from=[ANSWERED], answer=still_said, **undo)
    review_again(tx, attempt, before, awarded=int(undo["awarded"]))
    practise.take_back_retest(tx, attempt, reading)
    conversations.remember_reading(tx, chat_id, None)
    alone = practise.open_of(tx, chat_id) is None
    if alone:
        conversations.open_attempt(tx, chat_id, attempt.id)
    return str(reading["text"]), alone


def _stands(tx: Tx, attempt: Attempt, awarded: int) -> bool:
    """Tell whether an answer still has a mark, but for what the second reader has added since."""
    mark = attempt.awarded
    for change in reversed(markings.changes_of(tx, attempt.id)):
        if mark == awarded or change.why != BY_SECOND_READER or change.to_mark != mark:
            break
        mark = change.from_mark
    return mark == awarded


def find_edited(tx: Tx, live: LiveCourse, chat_id: int, message_id: int, *, now: datetime) -> Edited | None:
    """Return the answer whose message was edited; None where there is none, or it is too late, or a tutor set it."""
    found = markings.by_message(tx, chat_id, message_id)
    attempt = None if found is None else attempts.get(tx, found[0])
    if found is None or attempt is None or attempt.state != ANSWERED:
        return None
    marking = found[1]
    question = practise.put_question(live, attempt)
    position = next(index for index, part in enumerate(marking.parts) if part.message_id == message_id)
    too_late = now - marking.parts[position].given_at > EDITABLE
    if question is None or too_late or marking.set_at is not None:
        return None
    return Edited(attempt, marking, question, position)


def record_edit(tx: Tx, learner: Learner, edited: Edited, *, text: str, result: MarkResult, now: datetime) -> Answered:
    """Record the mark of the new words. Stale where the answer is not as it was when they were marked."""
    current, marking = _unchanged(tx, edited.attempt, edited.marking)
    parts = list(marking.parts)
    parts[edited.position] = replace(parts[edited.position], text=text)
    after = replace(marking, parts=tuple(parts), granted=marking.by_tutor, second=frozenset())
    _record(tx, current, after, result=result, awarded=result.awarded)
    reading = conversations.get(tx, current.chat_id).reading or {}
    if reading.get("as") == "answer" and reading.get("attempt") == current.id:
        kept = {"retest": reading["retest"]} if "retest" in reading else {}
        edit = {"as": "answer", "text": text, "attempt": current.id}
        conversations.remember_reading(tx, current.chat_id, edit | kept)
    return Answered(
        current.id,
        edited.question,
        text,
        result,
        again_in=again_in(tx, learner, edited.question, now=now),
        awarded=result.awarded,
        was=current.awarded,
        improvements=left(replace(current, awarded=result.awarded), after),
        edited=True,
    )


def _unchanged(tx: Tx, attempt: Attempt, seen: Marking) -> tuple[Attempt, Marking]:
    current = attempts.get(tx, attempt.id, lock=True)
    if current is None or current.state != ANSWERED:
        raise Stale("taken back meanwhile")
    marking = markings.get(tx, current)
    if marking.texts != seen.texts or marking.granted != seen.granted:
        raise Stale("marked meanwhile")
    if marking.set_at is not None:
        raise Gone("improvement")
    return current, marking


def _record(tx: Tx, attempt: Attempt, marking: Marking, *, result: MarkResult, awarded: int) -> None:
    markings.save(tx, attempt, marking)
    attempts.change(
        tx,
        attempt.id,
        only_from=[ANSWERED],
        answer=mark_answer.whole(marking.texts),
        result=practise.stored_result(result),
        awarded=awarded,
    )
    review_again(tx, attempt, marking, awarded=awarded)


def again_in(tx: Tx, learner: Learner, question: Question, *, now: datetime) -> int:
    """Return in how many days a question comes back to a learner, 0 where it is due."""
    standing = attempts.standing(tx, learner.chat_id).get(question.id)
    return 0 if standing is None else max(0, (standing.due_on - local_date(now, learner.zone)).days)
