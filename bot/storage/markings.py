"""What lies behind the mark of an answer: its parts, the points a tutor granted, and every later change of the mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.domain.practice import Review
from bot.storage.attempts import Attempt
from bot.storage.tables import mark_change, marking
from bot.storage.tx import Tx

BY_TUTOR, BY_RULING, BY_REMARKING, BY_SECOND_READER = "tutor", "ruling", "re-marking", "second reader"
"""Why a mark changed: a tutor set it; a tutor agreed with a dispute; a new phrase found a point in an old answer; the
second reader found one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of an answer: the first, or one that improves it. ``message_id`` is None where nobody knows it."""

    text: str
    message_id: int | None
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Marking:
    """The parts of an answer in their order.

    ``granted`` maps a point that a tutor granted, or that the second reader found, to the words that earn it;
    ``second`` names the latter. ``standing_before`` is how the question stood before this answer, None where it was
    new. ``set_at`` is when a tutor set the mark by hand.
    """

    parts: tuple[Part, ...]
    granted: Mapping[str, str] = field(default_factory=dict)
    second: frozenset[str] = frozenset()
    standing_before: Review | None = None
    set_at: datetime | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of the parts."""
        return tuple(part.text for part in self.parts)

    @property
    def by_tutor(self) -> Mapping[str, str]:
        """What a tutor granted: it stays, whatever becomes of the words."""
        return {point: quote for point, quote in self.granted.items() if point not in self.second}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a mark. ``tutor_id`` is None where no tutor made it, or where the tutor was erased."""

    attempt_id: int
    tutor_id: int | None
    why: str
    from_mark: int
    to_mark: int
    changed_at: datetime


def get(tx: Tx, attempt: Attempt) -> Marking:
    """Return what lies behind the mark of an answer; one that was given before this was kept is its own only part."""
    row = tx.execute(select(marking).where(marking.c.attempt_id == attempt.id)).one_or_none()
    return of_one_part(attempt) if row is None else _read(row)


def of_one_part(attempt: Attempt) -> Marking:
    """Return what lies behind the mark of an answer about which nothing more is kept."""
    return Marking((Part(attempt.answer or "", None, attempt.answered_at or attempt.created_at),))


def of_learner(tx: Tx, chat_id: int) -> dict[int, Marking]:
    """Return what lies behind every mark of a learner, by attempt."""
    rows = tx.execute(select(marking).where(marking.c.chat_id == chat_id))
    return {row.attempt_id: _read(row) for row in rows}


def _read(row: Row[Any]) -> Marking:
    return Marking(
        parts=tuple(Part(text, number, datetime.fromisoformat(at)) for text, number, at in row.parts),
        granted=row.granted,
        second=frozenset(row.second or ()),
        standing_before=standing_of(row.standing_before),
        set_at=row.set_at,
    )


def by_message(tx: Tx, chat_id: int, message_id: int) -> tuple[int, Marking] | None:
    """Return the newest answer, by its attempt's id, of which a message is a part. Looks at the last fifty only."""
    rows = tx.execute(
        select(marking).where(marking.c.chat_id == chat_id).order_by(marking.c.attempt_id.desc()).limit(50)
    )
    for row in rows:
        if any(number == message_id for _, number, _ in row.parts):
            return row.attempt_id, _read(row)
    return None


def save(tx: Tx, attempt: Attempt, value: Marking) -> None:
    """Write what lies behind the mark of an answer."""
    tx.upsert(
        marking,
        {
            "attempt_id": attempt.id,
            "chat_id": attempt.chat_id,
            "parts": [[part.text, part.message_id, part.given_at.isoformat()] for part in value.parts],
            "granted": dict(value.granted),
            "second": sorted(value.second) or None,
            "standing_before": kept_standing(value.standing_before),
            "set_at": value.set_at,
        },
        key=["attempt_id"],
    )


def drop(tx: Tx, attempt_id: int) -> None:
    """Forget what lay behind the mark of an answer that was taken back."""
    tx.execute(delete(marking).where(marking.c.attempt_id == attempt_id))


def kept_standing(value: Review | None) -> dict[str, Any] | None:
    """Return how a question stands as it is kept beside an answer."""
    if value is None:
        return None
    return {
        "question": value.question_id,
        "box": value.box,
        "due": value.due_on.isoformat(),
        "seen": value.seen_at.isoformat(),
        "awarded": value.awarded,
        "available": value.available,
    }


def standing_of(kept: Mapping[str, Any] | None) -> Review | None:
    """Read how a question stood."""
    if kept is None:
        return None
    return Review(
        question_id=kept["question"],
        box=kept["box"],
        due_on=date.fromisoformat(kept["due"]),
        seen_at=datetime.fromisoformat(kept["seen"]),
        awarded=kept["awarded"],
        available=kept["available"],
    )


def log_change(tx: Tx, attempt: Attempt, *, tutor_id: int | None, why: str, to_mark: int, now: datetime) -> None:
    """Write down that the mark of an answer changes."""
    tx.execute(
        mark_change.insert(),
        {
            "attempt_id": attempt.id,
            "chat_id": attempt.chat_id,
            "tutor_id": tutor_id,
            "why": why,
            "from_mark": attempt.awarded or 0,
            "to_mark": to_mark,
            "changed_at": now,
        },
    )


def _change(row: Row[Any]) -> Change:
    return Change(row.attempt_id, row.tutor_id, row.why, row.from_mark, row.to_mark, row.changed_at)


def changes_of(tx: Tx, attempt_id: int) -> Sequence[Change]:
    """Return how the mark of an answer changed, oldest first."""
    rows = tx.execute(select(mark_change).where(mark_change.c.attempt_id == attempt_id).order_by(mark_change.c.id))
    return [_change(row) for row in rows]


def changes_of_learner(tx: Tx, chat_id: int) -> Sequence[Change]:
    """Return every change of a learner's marks, oldest first."""
    rows = tx.execute(select(mark_change).where(mark_change.c.chat_id == chat_id).order_by(mark_change.c.id))
    return [_change(row) for row in rows]


def changes_by(tx: Tx, tutor_id: int) -> Sequence[Change]:
    """Return every change of a mark that a tutor made, oldest first."""
    rows = tx.execute(select(mark_change).where(mark_change.c.tutor_id == tutor_id).order_by(mark_change.c.id))
    return [_change(row) for row in rows]


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete what lies behind a learner's marks; a tutor's changes of other people's marks stay, without the tutor."""
    tx.execute(delete(marking).where(marking.c.chat_id == chat_id))
    tx.execute(delete(mark_change).where(mark_change.c.chat_id == chat_id))
    tx.execute(update(mark_change).where(mark_change.c.tutor_id == chat_id).values(tutor_id=None))
