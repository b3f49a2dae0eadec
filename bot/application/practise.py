"""Practice: a question is put, opened when it is sent, answered once, and comes back when it is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.application.live_course import LiveCourse
from bot.domain import ladder, picking, practice
from bot.domain.errors import Gone, Stale
from bot.domain.learner import Learner
from bot.domain.picking import Picked
from bot.domain.plan import instant, local_date, plan_day
from bot.domain.practice import CLOSED, EVERYTHING, FAMILIES, Bank, Choose, Family, Met, Review, Scope
from bot.storage import (
    Tx,
    attempts,
    conversations,
    disputes,
    learners,
    lookups,
    markings,
    outbox,
    second_readings,
    taps,
)
from bot.storage.attempts import ANSWERED, LEFT, OPEN, SKIPPED, TAKES_ANSWERS, WAITING, Attempt
from bot.storage.markings import Marking, Part
from knowledge.marking import MarkResult
from knowledge.schema import Question

PROMPT_WAITS = timedelta(minutes=30)
"""A prompt does not replace an open question that is younger."""
OPEN_FOR = timedelta(hours=48)
"""After so long an open question counts as left."""
MOST_IMPROVEMENTS = 3
"""How often one answer can be improved."""
EDITABLE = timedelta(minutes=10)
"""How long after an answer an edit of its message is marked."""
PROMPT, MIX = "prompt", "practise"
"""Sources of a question: the daily prompt, and practice of everything. What was chosen is its own source."""
_KIND = "kind:"
LONGEST_ANSWER = 2500
"""Characters of an answer that are marked; a longer text is several answers in one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way to a learner, as it is put to them.

    ``picked`` is what they have tapped so far, ``scope`` what they chose to practise, ``day`` the day of the plan.
    """

    attempt_id: int
    question: Question
    source: str
    picked: Picked = ()
    scope: Scope = EVERYTHING
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What a learner has behind them, as far as it decides what they are asked next. All but the terms are ids."""

    met: Mapping[str, Met]
    answered_today: Sequence[str]
    lately: Sequence[str]
    looked_up: Set[str]


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """There is no question to ask."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be practised, and what is practised now. Topics are ids; what has no question is left out."""

    topics: tuple[str, ...]
    families: tuple[Family, ...]
    scope: Scope


class Reading(Enum):
    """How things stand with the second reader of an answer."""

    NONE = "nobody is asked"
    OFFERED = "the learner has not been asked yet"
    WAITING = "it is on its way"
    ADDED = "it found more"
    NOTHING = "it found no more"
    SILENT = "it did not answer"


@dataclass(frozen=True, slots=True)
class Answered:
    """A marked answer.

    ``again_in`` says in how many days the question comes back, 0 where it is due. ``awarded`` is the mark that counts:
    at least what an improved answer had before, which ``was`` names; ``was`` is None for a first answer.
    ``improvements`` says how often it can still be improved. ``second`` names the points that the second reader found,
    and with ``retest`` a misconception that it shows is asked about again tomorrow. ``step_up`` is the question about
    the same case that asks for the next step, where there is one.
    """

    attempt_id: int
    question: Question
    answer: str
    result: MarkResult
    again_in: int
    awarded: int
    was: int | None = None
    improvements: int = 0
    edited: bool = False
    reading: Reading = Reading.NONE
    second: frozenset[str] = frozenset()
    retest: bool = False
    step_up: Question | None = None


@dataclass(frozen=True, slots=True)
class Hinted:
    """One step of help; ``step`` 3 is the model answer and closes the question.

    While an answer is ``improving`` its mark and its date stay, whatever help is taken.
    """

    attempt_id: int
    question: Question
    step: int
    improving: bool = False


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
) -> Asked:
    """Write a question that is about to be sent; it opens when Telegram has taken it."""
    attempt_id = attempts.add(tx, chat_id=chat_id, question_id=question.id, source=source, plan_day=plan_day, now=now)
    return _put(attempt_id, question, source, plan_day)


def prompt_many(tx: Tx, put: Mapping[int, tuple[Question, int]], *, now: datetime) -> Mapping[int, Asked]:
    """Write the daily prompt of each of some chats, a question and the plan day, as :func:`ask` does one."""
    rows = {chat_id: (question.id, day) for chat_id, (question, day) in put.items()}
    ids = attempts.add_many(tx, rows, source=PROMPT, now=now)
    return {chat_id: _put(ids[chat_id], question, PROMPT, day) for chat_id, (question, day) in put.items()}


def _put(attempt_id: int, question: Question, source: str, day: int | None) -> Asked:
    return Asked(attempt_id, practice.as_put(question, attempt_id), source, scope=scope_of(source), day=day)


def put_question(live: LiveCourse, attempt: Attempt) -> Question | None:
    """Return the question of an attempt as it was put; None where it is no longer in the course."""
    question = live.questions.get(attempt.question_id)
    return None if question is None else practice.as_put(question, attempt.id)


def shown(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int) -> Asked:
    """Return a question of this learner as it stands, without opening it."""
    return _asked(tx, *question_of(tx, live, chat_id, attempt_id))


def _asked(tx: Tx, attempt: Attempt, question: Question) -> Asked:
    picked = taps.get(tx, attempt.id) if picking.is_tapped(question) else ()
    return Asked(attempt.id, question, attempt.source, picked, day=attempt.plan_day)


def scope_of(source: str) -> Scope:
    """Return what a learner had chosen when a question came from a source."""
    if source in (PROMPT, MIX):
        return EVERYTHING
    family = next((each for each in FAMILIES if source == _KIND + each), None)
    return Scope(topic=source) if family is None else Scope(family=family)


def source_of(scope: Scope) -> str:
    """Return what is kept with a question that was put because of a choice."""
    return f"{_KIND}{scope.family}" if scope.family else scope.topic or MIX


def offer(tx: Tx, live: LiveCourse, chat_id: int) -> Offer:
    """Return what a learner can practise."""
    asked = [question for question in live.course.questions if question.confirmed]
    topics = {question.topic for question in asked}
    kinds = {question.kind for question in asked}
    return Offer(
        tuple(topic for topic in live.topics if topic in topics),
        tuple(family for family, members in FAMILIES.items() if members & kinds),
        _chosen_before(attempts.last_put(tx, chat_id, practice.LOOKS_BACK)),
    )


def _chosen_before(last_put: Sequence[tuple[str, str]]) -> Scope:
    """Return what was chosen last. The daily prompt is no choice."""
    return next((scope_of(source) for _, source in last_put if source != PROMPT), EVERYTHING)


def ask_next(
    tx: Tx, live: LiveCourse, learner: Learner, *, scope: Scope | None, choose: Choose, now: datetime
) -> Asked | NothingLeft:
    """Choose the next question for a learner and write it. ``scope`` None goes on with what was chosen before."""
    if scope is None:
        scope = _chosen_before(attempts.last_put(tx, learner.chat_id, practice.LOOKS_BACK))
    question = choose_next(tx, live, learner, scope=scope, choose=choose, now=now)
    if question is None:
        return NothingLeft()
    day = plan_day(learner, local_date(now, learner.zone)) or None
    return ask(tx, chat_id=learner.chat_id, question=question, source=source_of(scope), plan_day=day, now=now)


def choose_next(
    tx: Tx, live: LiveCourse, learner: Learner, *, scope: Scope, choose: Choose, now: datetime
) -> Question | None:
    """Choose what a learner is asked next; terms they looked up make their questions more likely."""
    past = pasts_of(tx, [learner], now=now)[learner.chat_id]
    return choose_after(past, live, learner, scope=scope, choose=choose, now=now)


def pasts_of(tx: Tx, group: Sequence[Learner], *, now: datetime) -> Mapping[int, Past]:
    """Read what some learners have behind them, by chat, in as many statements as for one."""
    chat_ids = [learner.chat_id for learner in group]
    midnights = {zone: _midnight(zone, now=now) for zone in {learner.zone for learner in group}}
    met = attempts.met_by(tx, chat_ids)
    answered = attempts.answered_since(tx, {learner.chat_id: midnights[learner.zone] for learner in group})
    lately = attempts.last_put_of(tx, chat_ids, practice.LOOKS_BACK)
    looked_up = lookups.of_learners(tx, chat_ids)
    return {each: Past(met[each], answered[each], lately[each], looked_up[each]) for each in chat_ids}


def choose_after(
    past: Past, live: LiveCourse, learner: Learner, *, scope: Scope, choose: Choose, now: datetime
) -> Question | None:
    """Choose what comes next after what a learner has behind them."""
    today = local_date(now, learner.zone)
    day = plan_day(learner, today)
    return practice.next_question(
        live.bank if scope.is_mix else Bank.of(filter(scope.covers, live.course.questions)),
        past.met,
        today=today,
        days=live.plan_days(day, fast=learner.track == "fast") if day else (),
        answered_today=_known(live, past.answered_today),
        lately=_known(live, past.lately),
        choose=lambda equal: choose(_looked_up_first(equal, past.looked_up)),
    )


def _known(live: LiveCourse, question_ids: Collection[str]) -> list[Question]:
    return [live.questions[each] for each in question_ids if each in live.questions]


def _looked_up_first(equal: Collection[Question], looked_up: Set[str]) -> list[Question]:
    """Of equally good questions keep those about terms that the learner looked up, where there are any."""
    about = [question for question in equal if not looked_up.isdisjoint(question.terms)]
    return about or list(equal)


def answered_today(tx: Tx, learner: Learner, *, now: datetime) -> Sequence[str]:
    """Return the ids of the questions a learner answered since their own midnight, one for each answer."""
    return attempts.answered_since(tx, {learner.chat_id: _midnight(learner.zone, now=now)})[learner.chat_id]


def _midnight(zone: str, *, now: datetime) -> datetime:
    """Return when the date of a zone began."""
    return instant(local_date(now, zone), 0, zone) or now - timedelta(days=1)


def open_question(tx: Tx, attempt_id: int, *, message_id: int | None, now: datetime) -> None:
    """Open a question that the learner can see now. The one that was open before is left, unless a prompt must wait."""
    attempt = attempts.get(tx, attempt_id)
    if attempt is None or attempt.state != WAITING:
        return
    attempts.change(tx, attempt_id, only_from=[WAITING], message_id=message_id)
    before = open_of(tx, attempt.chat_id)
    if attempt.source == PROMPT and has_fresh_question(tx, attempt.chat_id, now=now):
        return
    _make_open(tx, attempt, before=before, now=now)


def has_fresh_question(tx: Tx, chat_id: int, *, now: datetime) -> bool:
    """Tell whether a learner is in the middle of a question or a role-play, so that a prompt should wait."""
    return bool(in_the_middle(tx, [chat_id], now=now))


def in_the_middle(tx: Tx, chat_ids: Collection[int], *, now: datetime) -> set[int]:
    """Return who of some learners was at their open question, or at a role-play that is not paused, just now."""
    return {
        each.chat_id
        for each in conversations.under_way(tx, chat_ids)
        if _is_fresh(each.opened_at, now=now)
        or ((each.step or "").startswith("play:") and _is_fresh(each.moved_at, now=now))
    }


def _is_fresh(moment: datetime | None, *, now: datetime) -> bool:
    """Tell whether something was moved on so short a time ago that a prompt waits for it."""
    return moment is not None and now - moment < PROMPT_WAITS


def open_of(tx: Tx, chat_id: int) -> Attempt | None:
    """Return the question that typed words answer: one that is open, or an answer that is being improved."""
    conversation = conversations.get(tx, chat_id)
    if conversation.open_attempt is None:
        return None
    attempt = attempts.get(tx, conversation.open_attempt)
    return attempt if attempt is not None and attempt.state in TAKES_ANSWERS else None


def _make_open(tx: Tx, attempt: Attempt, *, before: Attempt | None, now: datetime) -> None:
    if before is not None and before.id != attempt.id:
        attempts.change(tx, before.id, only_from=[OPEN], state=LEFT)
    attempts.change(tx, attempt.id, only_from=[WAITING, LEFT], state=OPEN, opened_at=now)
    conversations.open_attempt(tx, attempt.chat_id, attempt.id)
    if (conversations.get(tx, attempt.chat_id).step or "").startswith(("wrong:", "play:")):
        conversations.leave(tx, attempt.chat_id)  # the learner has gone on: what they type now is an answer


def reopen(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int, *, now: datetime) -> Asked:
    """Open a question again that was waiting or left. Gone where it was answered or is no longer in the course."""
    attempt, question = question_of(tx, live, chat_id, attempt_id)
    if attempt.state not in (WAITING, LEFT, OPEN):
        raise Gone("question")
    if attempt.state != OPEN:
        _make_open(tx, attempt, before=open_of(tx, chat_id), now=now)
    return _asked(tx, attempt, question)


def mine(tx: Tx, chat_id: int, attempt_id: int, *, lock: bool = False) -> Attempt:
    """Return an attempt of this learner. Gone where there is none."""
    attempt = attempts.get(tx, attempt_id, lock=lock)
    if attempt is None or attempt.chat_id != chat_id:
        raise Gone("question")
    return attempt


def record_answer(
    tx: Tx,
    learner: Learner,
    attempt: Attempt,
    question: Question,
    *,
    answer: str,
    message_id: int | None,
    result: MarkResult,
    now: datetime,
    typed: bool = True,
) -> Answered:
    """Record a marked answer and when the question comes back. Stale where the question was closed meanwhile.

    Only what was ``typed`` may have been meant as a look-up.
    """
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
    if is_open(tx, attempt):
        conversations.open_attempt(tx, attempt.chat_id, None)
    reading = {"as": "answer", "text": answer, "attempt": attempt.id}
    conversations.remember_reading(tx, attempt.chat_id, reading if typed else None)
    if picking.is_tapped(question):
        taps.drop(tx, attempt.id)
        outbox.forget_slots(tx, attempt.chat_id, "tapped:", keep=[])
    before = attempts.standing(tx, attempt.chat_id).get(question.id)
    markings.save(tx, attempt, Marking((Part(answer, message_id, now),), standing_before=before))
    _keep_recent_cards(tx, attempt, now=now)
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
        awarded=result.awarded,
        improvements=0 if question.kind in CLOSED else MOST_IMPROVEMENTS,
    )


def card_slot(attempt_id: int) -> str:
    """Name the slot of an answer's result card, through which it changes when the answer is edited."""
    return f"result:{attempt_id}"


def _keep_recent_cards(tx: Tx, attempt: Attempt, *, now: datetime) -> None:
    """Forget where older result cards are: their answers can no longer be edited."""
    recent = attempts.last_answered(tx, attempt.chat_id, limit=50, since=now - EDITABLE)
    outbox.forget_slots(tx, attempt.chat_id, "result:", keep=[card_slot(each.id) for each in recent])


def is_open(tx: Tx, attempt: Attempt) -> bool:
    """Tell whether typed words answer this attempt."""
    return conversations.get(tx, attempt.chat_id).open_attempt == attempt.id


def stored_result(result: MarkResult) -> dict[str, object]:
    """Return what is kept of a marking: statuses, not quotes, which the answer itself holds."""
    return {
        "gate": None if result.gate is None else str(result.gate),
        "points": {point.id: str(point.status) for point in result.points},
        "misconceptions": [each.id for each in result.misconceptions],
    }


def take_back_answer(tx: Tx, chat_id: int) -> tuple[str, bool]:
    """Undo the last answer: it was meant as a look-up. Returns its text, and whether its question is open again.

    Where another question was opened meanwhile, that one stays open and this one counts as left.
    """
    conversation = conversations.get(tx, chat_id)
    reading = conversation.reading or {}
    if reading.get("as") != "answer":
        raise Gone("reading")
    attempt = mine(tx, chat_id, int(reading["attempt"]), lock=True)
    marking = markings.get(tx, attempt)
    if len(marking.parts) > 1 or marking.set_at is not None:
        raise Gone("reading")
    other = open_of(tx, chat_id)
    _restore_standing(tx, attempt, attempt.question_id, marking.standing_before)
    take_back_retest(tx, attempt, reading)
    markings.drop(tx, attempt.id)
    second_readings.drop(tx, attempt.id)
    disputes.drop_waiting(tx, attempt.id)
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
    if other is None:
        conversations.open_attempt(tx, chat_id, attempt.id)
    conversations.remember_reading(tx, chat_id, None)
    return str(reading["text"]), other is None


def take_back_retest(tx: Tx, attempt: Attempt, reading: Mapping[str, Any]) -> None:
    """Take off tomorrow's list what an answer that is taken back had put there."""
    if (retest := reading.get("retest")) is not None:
        _restore_standing(tx, attempt, retest["question"], markings.standing_of(retest["before"]))


def _restore_standing(tx: Tx, attempt: Attempt, question_id: str, before: Review | None) -> None:
    """Let a question stand as it did before an answer, unless the learner has met it again since."""
    now = attempts.standing(tx, attempt.chat_id).get(question_id)
    if now is None or now.seen_at != attempt.answered_at:
        return
    if before is None:
        attempts.forget_review(tx, attempt.chat_id, question_id)
    else:
        attempts.save_review(tx, attempt.chat_id, before)


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
    attempt, question = question_of(tx, live, learner.chat_id, attempt_id)
    improving = attempt.state == ANSWERED and is_open(tx, attempt)
    if not (improving or attempt.state in (OPEN, WAITING, LEFT)):
        raise Gone("question")
    step = attempt.hints + 1
    attempts.change(tx, attempt_id, only_from=[OPEN, WAITING, LEFT, ANSWERED], hints=step)
    if step >= 3 and improving:
        conversations.open_attempt(tx, learner.chat_id, None)
    elif step >= 3:
        _put_off(tx, learner, attempt, question, now=now)
    return Hinted(attempt_id, question, min(step, 3), improving=improving)


def skip(tx: Tx, live: LiveCourse, learner: Learner, attempt_id: int, *, now: datetime) -> Skipped:
    """Put a question off until tomorrow."""
    attempt, question = question_of(tx, live, learner.chat_id, attempt_id)
    if attempt.state not in (OPEN, WAITING, LEFT):
        raise Gone("question")
    _put_off(tx, learner, attempt, question, now=now)
    return Skipped(question)


def _put_off(tx: Tx, learner: Learner, attempt: Attempt, question: Question, *, now: datetime) -> None:
    attempts.change(tx, attempt.id, only_from=[OPEN, WAITING, LEFT], state=SKIPPED)
    if is_open(tx, attempt):
        conversations.open_attempt(tx, learner.chat_id, None)
    if picking.is_tapped(question):
        taps.drop(tx, attempt.id)
    before = attempts.standing(tx, learner.chat_id).get(question.id)
    today = local_date(now, learner.zone)
    attempts.save_review(
        tx,
        learner.chat_id,
        practice.put_off(before, question_id=question.id, available=question.marks, today=today, now=now),
    )


def close(tx: Tx, chat_id: int) -> bool:
    """Close the open question without a mark; False where none is open."""
    before = open_of(tx, chat_id)
    if before is None:
        return False
    attempts.change(tx, before.id, only_from=[OPEN], state=LEFT)
    conversations.open_attempt(tx, chat_id, None)
    return True


def same_question(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int, *, now: datetime) -> Asked:
    """Put the question of an earlier attempt again: a sum with new numbers, a choice in another order."""
    attempt = mine(tx, chat_id, attempt_id)
    if attempt.question_id not in live.questions:
        raise Gone("question")
    return _ask_after(tx, attempt, live.questions[attempt.question_id], now=now)


def ask_step_up(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int, *, now: datetime) -> Asked:
    """Put the question about the same case that asks for the next step. Gone where there is none."""
    attempt, question = question_of(tx, live, chat_id, attempt_id)
    above = ladder.step_up(question, live.course.questions)
    if above is None:
        raise Gone("question")
    return _ask_after(tx, attempt, above, now=now)


def _ask_after(tx: Tx, attempt: Attempt, question: Question, *, now: datetime) -> Asked:
    """Put what a learner asks for below an earlier question: nobody was prompted for it, so it opens at once."""
    source = source_of(scope_of(attempt.source))
    return ask(tx, chat_id=attempt.chat_id, question=question, source=source, plan_day=attempt.plan_day, now=now)


def question_of(tx: Tx, live: LiveCourse, chat_id: int, attempt_id: int) -> tuple[Attempt, Question]:
    """Return an attempt of this learner with its question as it was put. Gone where either is not there."""
    attempt = mine(tx, chat_id, attempt_id)
    question = put_question(live, attempt)
    if question is None:
        raise Gone("question")
    return attempt, question


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
    if is_open(tx, attempt):
        conversations.open_attempt(tx, chat_id, None)
    return _asked(tx, attempt, question)
