"""A tutor rules on what a learner disputes: a new phrase for everybody, this one answer, or no, with a line why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from bot.application import change_mark
from bot.application.live_course import LiveCourse
from bot.domain.errors import Gone, Unreadable
from bot.storage import Tx, attempts, cohorts, disputes, markings, overlay, remarkings
from bot.storage.attempts import ANSWERED
from bot.storage.disputes import ACCEPTED, DECLINED, WAITING, Dispute
from bot.storage.markings import BY_RULING
from bot.storage.overlay import OWN_CLASSES
from bot.storage.roles import Tutor
from knowledge.marking import Status
from knowledge.overlay import AcceptedPhrase
from knowledge.proposing import Checked, NotAPhrase, Trial, from_plain_words, propose
from knowledge.schema import MarkingPoint, Phrase, Question

LONGEST_LINE = 200
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Case:
    """A dispute as a tutor sees it: no name, only the class. Without question and point the course has moved on.

    ``left`` counts what waits for this tutor, this one included.
    """

    dispute: Dispute
    question: Question | None
    point: MarkingPoint | None
    class_name: str | None
    awarded: int
    available: int
    left: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A phrase that was tried and can go live. ``token`` names it on a button."""

    checked: Checked
    token: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling, for whoever disputed. ``was`` is the mark before it; ``line`` says why a point was declined."""

    chat_id: int
    question: Question
    point: MarkingPoint
    quote: str
    accepted: bool
    was: int
    awarded: int
    available: int
    line: str | None = None
    entry_id: int | None = None
    everybody: bool = False


# ------------------------------------------------------------------------------------------------------------ looking


def next_case(tx: Tx, live: LiveCourse, tutor: Tutor, *, after: int) -> Case | None:
    """Return the oldest dispute behind ``after``, the oldest of all behind the last; None where nothing waits."""
    found = disputes.next_for(tx, tutor.chat_id, admin=tutor.admin, after=after)
    found = found or disputes.next_for(tx, tutor.chat_id, admin=tutor.admin, after=0)
    return None if found is None else _case(tx, live, tutor, found)


def case(tx: Tx, live: LiveCourse, tutor: Tutor, dispute_id: int) -> Case:
    """Return a dispute that this tutor may rule on. Gone where it is not theirs, or somebody has ruled."""
    found = disputes.get(tx, dispute_id)
    if found is None or not disputes.is_for(tx, dispute_id, tutor.chat_id, admin=tutor.admin):
        raise Gone("dispute case")
    if found.state != WAITING:
        raise Gone("ruling")
    return _case(tx, live, tutor, found)


def _case(tx: Tx, live: LiveCourse, tutor: Tutor, found: Dispute) -> Case:
    question = live.questions.get(found.question_id)
    attempt = attempts.get(tx, found.attempt_id)
    own = [each for each in cohorts.of_learner(tx, found.chat_id) if each.tutor_id == tutor.chat_id]
    return Case(
        dispute=found,
        question=question,
        point=_point(question, found.point_id),
        class_name=own[0].name if own else None,
        awarded=0 if attempt is None else attempt.awarded or 0,
        available=0 if attempt is None else attempt.available or 0,
        left=disputes.count_for(tx, tutor.chat_id, admin=tutor.admin),
    )


def _point(question: Question | None, point_id: str) -> MarkingPoint | None:
    every = () if question is None or question.scheme is None else question.scheme.points
    return next((each for each in every if each.id == point_id), None)


def in_course(value: Case) -> tuple[Question, MarkingPoint]:
    """Return the question and the point of a case. Gone where the course no longer has them."""
    if value.question is None or value.point is None:
        raise Gone("item")
    return value.question, value.point


# ---------------------------------------------------------------------------------------------------------- proposing


def find_proposal(live: LiveCourse, value: Case, *, declined: Sequence[str]) -> Checked | None:
    """Look for a phrase that finds the disputed words and spoils no example. Slow: outside any transaction."""
    return propose(_trial(live, value, declined), value.dispute.quote)


def try_words(live: LiveCourse, value: Case, text: str, *, declined: Sequence[str]) -> Checked:
    """Make a phrase of what a tutor typed, and try it. Slow. Raises ``NotAPhrase``."""
    if len(text) > LONGEST_WORDS:
        raise NotAPhrase("That is too long for a phrase. A few words for each idea are enough.")
    phrase = from_plain_words(text, example=value.dispute.quote)
    return _trial(live, value, declined).check(phrase, example=value.dispute.quote)


def try_again(live: LiveCourse, value: Case, *, declined: Sequence[str]) -> Checked:
    """Try the phrase that was shown once more: the course may have changed since. Slow. Gone where none was shown."""
    if value.dispute.proposal is None:
        raise Gone("proposal")
    phrase = Phrase.model_validate(value.dispute.proposal)
    return _trial(live, value, declined).check(phrase, example=value.dispute.quote)


def _trial(live: LiveCourse, value: Case, declined: Sequence[str]) -> Trial:
    question, point = in_course(value)
    return Trial(live.course, live.marker, question, point.id, declined=declined)


def show_proposal(tx: Tx, value: Case, checked: Checked) -> Proposal:
    """Remember the phrase that a tutor is about to see, so that accepting takes exactly this one."""
    if not disputes.propose(tx, value.dispute.id, checked.phrase.model_dump(mode="json")):
        raise Gone("ruling")
    return Proposal(checked, token(checked.phrase))


def seal(found: Dispute) -> str:
    """Return a few letters that name what a tutor saw: SQLite gives the number of a dispute that is gone again."""
    seen = f"{found.attempt_id} {found.point_id} {found.created_at.isoformat()} {found.quote}"
    return sha256(seen.encode()).hexdigest()[:8]


def seen_case(tx: Tx, live: LiveCourse, tutor: Tutor, dispute_id: int, sealed: str) -> Case:
    """Return the dispute that a tutor saw when a button was made. Gone where it is no longer that one."""
    found = case(tx, live, tutor, dispute_id)
    if seal(found.dispute) != sealed:
        raise Gone("ruling")
    return found


def token(phrase: Phrase) -> str:
    """Return a few letters that name a phrase on a button."""
    return sha256(phrase.model_dump_json().encode()).hexdigest()[:8]


# ------------------------------------------------------------------------------------------------------------- ruling


def accept(tx: Tx, live: LiveCourse, tutor: Tutor, dispute_id: int, phrase: Phrase | None, *, now: datetime) -> Ruled:
    """Grant the point; with a phrase it is live from now on, and earlier answers are marked again.

    A tutor's phrase counts in that tutor's classes, an admin's for everybody. Gone where somebody has ruled already,
    or where the phrase is not the one that was shown last.
    """
    value = case(tx, live, tutor, dispute_id)
    question, point = in_course(value)
    found = value.dispute
    if phrase is not None and (found.proposal is None or token(Phrase.model_validate(found.proposal)) != token(phrase)):
        raise Gone("proposal")
    attempts.get(tx, found.attempt_id, lock=True)  # before the dispute, as whoever takes the answer back does
    if not disputes.rule(tx, dispute_id, state=ACCEPTED, by=tutor.chat_id, line=None, now=now):
        raise Gone("ruling")
    entry_id = None if phrase is None else _go_live(tx, tutor, value, question, phrase, now=now)
    was, awarded = _grant(tx, tutor, found, question, point, now=now)
    return Ruled(
        chat_id=found.chat_id,
        question=question,
        point=point,
        quote=found.quote,
        accepted=True,
        was=was,
        awarded=awarded,
        available=value.available,
        entry_id=entry_id,
        everybody=tutor.admin,
    )


def _go_live(tx: Tx, tutor: Tutor, value: Case, question: Question, phrase: Phrase, *, now: datetime) -> int:
    entry = AcceptedPhrase(
        question=question.id,
        point=value.dispute.point_id,
        phrase=phrase,
        example=value.dispute.quote,
    )
    own = [each.id for each in cohorts.of_learner(tx, value.dispute.chat_id) if each.tutor_id == tutor.chat_id]
    scope = None if tutor.admin else own[0] if own else OWN_CLASSES
    entry_id = overlay.add(tx, entry=entry.model_dump(mode="json"), author=tutor.chat_id, cohort_id=scope, now=now)
    remarkings.begin(tx, question_id=question.id, tutor_id=None if scope is None else tutor.chat_id, now=now)
    return entry_id


def _grant(
    tx: Tx, tutor: Tutor, found: Dispute, question: Question, point: MarkingPoint, *, now: datetime
) -> tuple[int, int]:
    """Grant a point of an answer; returns the mark before and after."""
    attempt = attempts.get(tx, found.attempt_id, lock=True)
    if attempt is None or attempt.state != ANSWERED:
        raise Gone("dispute case")
    marking = markings.get(tx, attempt)
    was = attempt.awarded or 0
    if marking.set_at is not None:
        return was, was  # a mark that a tutor set by hand is final
    granted = replace(marking, granted={**marking.granted, point.id: found.quote}, second=marking.second - {point.id})
    markings.save(tx, attempt, granted)
    result = dict(attempt.result or {})
    points = result["points"] = {**result.get("points", {}), point.id: str(Status.MET)}
    every = () if question.scheme is None else question.scheme.points
    met = sum(each.marks for each in every if points.get(each.id) == Status.MET)
    awarded = max(was, min(attempt.available or 0, met))
    change_mark.change(
        tx, attempt, granted, to_mark=awarded, result=result, why=BY_RULING, tutor_id=tutor.chat_id, now=now
    )
    return was, awarded


def decline(tx: Tx, live: LiveCourse, tutor: Tutor, dispute_id: int, *, line: str, now: datetime) -> Ruled | None:
    """Decline with a line. None where the course no longer has the question, so that there is nothing to tell.

    Gone where somebody has ruled already. Unreadable where the line is empty or too long.
    """
    words = " ".join(line.split())
    if not 1 <= len(words) <= LONGEST_LINE:
        raise Unreadable("line", line)
    value = case(tx, live, tutor, dispute_id)
    if not disputes.rule(tx, dispute_id, state=DECLINED, by=tutor.chat_id, line=words, now=now):
        raise Gone("ruling")
    if value.question is None or value.point is None:
        return None
    return Ruled(
        chat_id=value.dispute.chat_id,
        question=value.question,
        point=value.point,
        quote=value.dispute.quote,
        accepted=False,
        was=value.awarded,
        awarded=value.awarded,
        available=value.available,
        line=words,
    )


def take_phrase_back(tx: Tx, tutor: Tutor, entry_id: int, *, now: datetime) -> None:
    """Undo a phrase: it finds nothing from now on. Marks that it raised stay. Gone where it is not this tutor's."""
    if not any(each.id == entry_id and each.author == tutor.chat_id for each in overlay.live(tx)):
        raise Gone("phrase")
    overlay.undo(tx, entry_id, now=now)
