"""Practice: a question is put, opened when it is sent, answered once, and comes back when it is due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.live_course import LiveCourse
from bot.domain import practice
from bot.domain.errors import Gone, Stale
from bot.domain.learner import Learner
from bot.domain.plan import instant, local_date, plan_day
from bot.domain.practice import Choose
from bot.storage import Tx, attempts, conversations, learners, lookups
from bot.storage.attempts import ANSWERED, LEFT, OPEN, SKIPPED, WAITING, Attempt
from knowledge.marking import MarkResult
from knowledge.schema import Question

PROMPT_WAITS = timedelta(minutes=30)
"""A prompt does not replace an open question that is younger."""
OPEN_FOR = timedelta(hours=48)
"""After so long an open question counts as left."""
NOT_AGAIN = 3
"""How many of the last questions are not chosen again."""
LONGEST_ANSWER = 2500
"""Characters of an answer that are marked; a longer text is several answers in one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way to a learner."""

    attempt_id: int
    question: Question
    source: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """There is no question to ask."""

    topic: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A marked answer. ``again_on`` says in how many days the question comes back."""

    attempt_id: int
    question: Question
    answer: str
    result: MarkResult
    again_in: int


@dataclass(frozen=True, slots=True)
class Hinted:
    """One step of help; ``step`` 3 is the model answer and closes the question."""

    attempt_id: int
    question: Question
    step: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A question that was put off until tomorrow."""

    question: Question


def ask(
    tx: Tx,
    *,
    chat_id: int,
    question: Question,
    source: str,
    plan_day: int | None,
    now: datetime,
    why: str | None = None,
) -> Asked:
    """Write a question that is about to be sent; it opens when Telegram has taken it."""
    attempt_id = attempts.add(tx, chat_id=chat_id, question_id=question.id, source=source, plan_day=plan_day, now=now)
    return Asked(attempt_id, question, source, why)


def ask_next(
    tx: Tx, live: LiveCourse, learner: Learner, *, topic: str | None, choose: Choose, now: datetime
) -> Asked | NothingLeft:
    """Choose the next question for a learner and write it."""
    question = choose_next(tx, live, learner, topic=topic, choose=choose, now=now)
    if question is None:
        return NothingLeft(topic)
    day = plan_day(learner, local_date(now, learner.zone)) or None
    return ask(tx, chat_id=learner.chat_id, question=question, source=topic or "practise", plan_day=day, now=now)


def choose_next(
    tx: Tx, live: LiveCourse, learner: Learner, *, topic: str | None, choose: Choose, now: datetime
) -> Question | None:
    """Choose what a learner is asked next; terms they looked up make their questions more likely."""
    today = local_date(now, learner.zone)
    day = plan_day(learner, today)
    pool = [question for question in live.course.questions if topic is None or question.topic == topic]
    looked_up = lookups.of_learner(tx, learner.chat_id)
    return practice.next_question(
        pool,
        attempts.standing(tx, learner.chat_id),
        today=today,
        days=live.plan_days(day, fast=learner.track == "fast") if day else (),
        answered_today=answered_today(tx, learner, now=now),
        not_again=attempts.last_questions(tx, learner.chat_id, NOT_AGAIN),
        choose=lambda equal: choose(_looked_up_first(equal, looked_up)),
    )


def _looked_up_first(equal: Collection[Question], looked_up: Collection[str]) -> list[Question]:
    """Of equally good questions keep those about terms that the learner looked up, where there are any."""
    about = [question for question in equal if set(question.terms) & set(looked_up)]
    return about or list(equal)


def answered_today(tx: Tx, learner: Learner, *, now: datetime) -> int:
    """Count the answers a learner gave since their own midnight."""
    midnight = instant(local_date(now, learner.zone), 0, learner.zone)
    return attempts.answered_since(tx, learner.chat_id, midnight or now - timedelta(days=1))


def open_question(tx: Tx, attempt_id: int, *, message_id: int | None, now: datetime) -> None:
    """Open a question that the learner can see now. The one that was open before is left, unless a prompt must wait."""
    attempt = attempts.get(tx, attempt_id)
    if attempt is None or attempt.state != WAITING:
        return
    attempts.change(tx, attempt_id, only_from=[WAITING], message_id=message_id)
    before = _open_of(tx, attempt.chat_id)
    if before is not None and attempt.source == "prompt" and _is_fresh(before, now=now):
        return
    _make_open(tx, attempt, before=before, now=now)


def has_fresh_question(tx: Tx, chat_id: int, *, now: datetime) -> bool:
    """Tell whether a learner is in the middle of a question, so that a prompt should wait."""
    before = _open_of(tx, chat_id)
    return before is not None and _is_fresh(before, now=now)


def _is_fresh(attempt: Attempt, *, now: datetime) -> bool:
    return attempt.opened_at is not None and now - attempt.opened_at < PROMPT_WAITS


def _open_of(tx: Tx, chat_id: int) -> Attempt | None:
    conversation = conversations.get(tx, chat_id)
    if conversation.open_attempt is None:
        return None
    attempt = attempts.get(tx, conversation.open_attempt)
    return attempt if attempt is not None and attempt.state == OPEN else None


def _make_open(tx: Tx, attempt: Attempt, *, before: Attempt | None, now: datetime) -> None:
    if before is not None and before.id != attempt.id:
        attempts.change(tx, before.id, only_from=[OPEN], state=LEFT)
    attempts.change(tx, attempt.id, only_from=[WAITING, LEFT], state=OPEN, opened_at=now)
    conversations.open_attempt(tx, attempt.chat_id, attempt.id)
    if (conversations.get(tx, attempt.chat_id).step or "").startswith("wrong:"):
        conversations.leave(tx, attempt.chat_id)  # the learner has gone on: what they type now is an answer, not a note


def reopen(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int, *, now: datetime) -> Asked:
    """Open a question again that was waiting or left. Gone where it was answered or is no longer in the course."""
    attempt = _mine(tx, chat_id, attempt_id)
    if attempt.state not in (WAITING, LEFT, OPEN) or attempt.question_id not in live.questions:
        raise Gone("question")
    if attempt.state != OPEN:
        _make_open(tx, attempt, before=_open_of(tx, chat_id), now=now)
    return Asked(attempt_id, live.questions[attempt.question_id], attempt.source)


def _mine(tx: Tx, chat_id: int, attempt_id: int) -> Attempt:
    attempt = attempts.get(tx, attempt_id)
    if attempt is None or attempt.chat_id != chat_id:
        raise Gone("question")
    return attempt


def record_answer(
    tx: Tx, learner: Learner, attempt: Attempt, question: Question, *, answer: str, result: MarkResult, now: datetime
) -> Answered:
    """Record a marked answer and when the question comes back. Stale where the question was closed meanwhile."""
    if not attempts.change(
        tx,
        attempt.id,
        only_from=[OPEN, WAITING, LEFT],
        state=ANSWERED,
        answer=answer,
        result=stored_result(result),
        awarded=result.awarded,
        available=result.available,
        answered_at=now,
    ):
        raise Stale("answered meanwhile")
    if _open_of_is(tx, attempt):
        conversations.open_attempt(tx, attempt.chat_id, None)
    conversations.remember_reading(tx, attempt.chat_id, {"as": "answer", "text": answer, "attempt": attempt.id})
    before = attempts.standing(tx, attempt.chat_id).get(question.id)
    today = local_date(now, learner.zone)
    after = practice.reviewed(
        before, question_id=question.id, awarded=result.awarded, available=result.available, today=today, now=now
    )
    attempts.save_review(tx, attempt.chat_id, after)
    return Answered(
        attempt.id,
        question,
        answer,
        result,
        again_in=(after.due_on - today).days,
    )


def _open_of_is(tx: Tx, attempt: Attempt) -> bool:
    return conversations.get(tx, attempt.chat_id).open_attempt == attempt.id


def stored_result(result: MarkResult) -> dict[str, object]:
    """Return what is kept of a marking: statuses, not quotes, which the answer itself holds."""
    return {
        "gate": None if result.gate is None else str(result.gate),
        "points": {point.id: str(point.status) for point in result.points},
        "misconceptions": [each.id for each in result.misconceptions],
    }


def take_back_answer(tx: Tx, chat_id: int) -> str:
    """Undo the last answer: it was meant as a look-up. Returns its text.

    The question is open again, unless another one was opened meanwhile: then it counts as left.
    """
    conversation = conversations.get(tx, chat_id)
    reading = conversation.reading or {}
    if reading.get("as") != "answer":
        raise Gone("reading")
    attempt = _mine(tx, chat_id, int(reading["attempt"]))
    other = _open_of(tx, chat_id)
    attempts.change(
        tx,
        attempt.id,
        only_from=[ANSWERED],
        state=OPEN if other is None else LEFT,
        answer=None,
        result=None,
        awarded=None,
        available=None,
        answered_at=None,
    )
    attempts.forget_review(tx, chat_id, attempt.question_id)
    if other is None:
        conversations.open_attempt(tx, chat_id, attempt.id)
    conversations.remember_reading(tx, chat_id, None)
    return str(reading["text"])


def last_look_up(tx: Tx, chat_id: int) -> tuple[str, int]:
    """Return text and question of the last message that was read as a look-up; its cards no longer count."""
    reading = conversations.get(tx, chat_id).reading or {}
    if reading.get("as") != "look-up":
        raise Gone("reading")
    for term_id in reading.get("terms", ()):
        lookups.take_back(tx, chat_id, term_id)
    conversations.remember_reading(tx, chat_id, None)
    return str(reading["text"]), int(reading["attempt"])


def hint(tx: Tx, live: LiveCourse, learner: Learner, attempt_id: int, *, now: datetime) -> Hinted:
    """Give the next step of help: a nudge, the structure of an answer, the model answer. Costs nothing."""
    attempt = _mine(tx, learner.chat_id, attempt_id)
    question = live.questions.get(attempt.question_id)
    if question is None or attempt.state not in (OPEN, WAITING, LEFT):
        raise Gone("question")
    step = attempt.hints + 1
    attempts.change(tx, attempt_id, only_from=[OPEN, WAITING, LEFT], hints=step)
    if step >= 3:
        _put_off(tx, learner, attempt, question, now=now)
    return Hinted(attempt_id, question, min(step, 3))


def skip(tx: Tx, live: LiveCourse, learner: Learner, attempt_id: int, *, now: datetime) -> Skipped:
    """Put a question off until tomorrow."""
    attempt = _mine(tx, learner.chat_id, attempt_id)
    question = live.questions.get(attempt.question_id)
    if question is None or attempt.state not in (OPEN, WAITING, LEFT):
        raise Gone("question")
    _put_off(tx, learner, attempt, question, now=now)
    return Skipped(question)


def _put_off(tx: Tx, learner: Learner, attempt: Attempt, question: Question, *, now: datetime) -> None:
    attempts.change(tx, attempt.id, only_from=[OPEN, WAITING, LEFT], state=SKIPPED)
    if _open_of_is(tx, attempt):
        conversations.open_attempt(tx, learner.chat_id, None)
    before = attempts.standing(tx, learner.chat_id).get(question.id)
    today = local_date(now, learner.zone)
    attempts.save_review(
        tx,
        learner.chat_id,
        practice.put_off(before, question_id=question.id, available=question.marks, today=today, now=now),
    )


def close(tx: Tx, chat_id: int) -> bool:
    """Close the open question without a mark; False where none is open."""
    before = _open_of(tx, chat_id)
    if before is None:
        return False
    attempts.change(tx, before.id, only_from=[OPEN], state=LEFT)
    conversations.open_attempt(tx, chat_id, None)
    return True


def same_question(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int, *, now: datetime) -> Asked:
    """Put the question of an earlier attempt again."""
    attempt = _mine(tx, chat_id, attempt_id)
    if attempt.question_id not in live.questions:
        raise Gone("question")
    return ask(
        tx,
        chat_id=chat_id,
        question=live.questions[attempt.question_id],
        source=attempt.source,
        plan_day=attempt.plan_day,
        now=now,
    )


def question_of(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int) -> tuple[Attempt, Question]:
    """Return an attempt of this learner with its question. Gone where either is not there."""
    attempt = _mine(tx, chat_id, attempt_id)
    if attempt.question_id not in live.questions:
        raise Gone("question")
    return attempt, live.questions[attempt.question_id]


def learner_of(tx: Tx, chat_id: int) -> Learner:
    """Return the learner of a chat. Gone where they were erased."""
    learner = learners.get(tx, chat_id, lock=True)
    if learner is None:
        raise Gone("learner")
    return learner


def keep_for_later(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int) -> Asked:
    """Close a question without leaving it: its message keeps a button that opens it again."""
    attempt, question = question_of(tx, live, chat_id, attempt_id)
    if attempt.state not in (OPEN, WAITING, LEFT):
        raise Gone("question")
    attempts.change(tx, attempt_id, only_from=[OPEN], state=LEFT)
    if _open_of_is(tx, attempt):
        conversations.open_attempt(tx, chat_id, None)
    return Asked(attempt_id, question, attempt.source)
