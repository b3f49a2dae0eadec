"""What learners say that they did say, and how tutors ruled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, func, literal_column, select, update

from bot.storage.tables import cohort, dispute, enrolment, tutor
from bot.storage.tx import Tx

WAITING, ACCEPTED, DECLINED = "waiting", "accepted", "declined"
_WAITS = dispute.c.state == literal_column(f"'{WAITING}'")
"""Written out: a planner that does not know the value cannot use an index of only such rows."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One point that a learner says an answer holds. ``answer`` is the answer as it was when they said so.

    ``proposal`` is the phrase that a tutor was shown last. ``line`` says why a point was declined.
    """

    id: int
    attempt_id: int
    chat_id: int
    question_id: str
    point_id: str
    answer: str
    quote: str
    state: str
    proposal: Mapping[str, Any] | None
    line: str | None
    ruled_by: int | None
    created_at: datetime
    ruled_at: datetime | None


_COLUMNS = tuple(dispute.c[name] for name in Dispute.__dataclass_fields__)


def _read(row: Row[Any]) -> Dispute:
    return Dispute(**row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row as a mapping


def add(
    tx: Tx, *, attempt_id: int, chat_id: int, question_id: str, point_id: str, answer: str, quote: str, now: datetime
) -> bool:
    """Write a dispute; False where this point of this answer was disputed before."""
    values = {
        "attempt_id": attempt_id,
        "chat_id": chat_id,
        "question_id": question_id,
        "point_id": point_id,
        "answer": answer,
        "quote": quote,
        "state": WAITING,
        "created_at": now,
    }
    return tx.insert_new(dispute, values, key=["attempt_id", "point_id"])


def get(tx: Tx, dispute_id: int) -> Dispute | None:
    """Return one dispute, or None."""
    row = tx.execute(select(*_COLUMNS).where(dispute.c.id == dispute_id)).one_or_none()
    return None if row is None else _read(row)


def of_attempt(tx: Tx, attempt_id: int) -> Sequence[Dispute]:
    """Return what was disputed about one answer."""
    rows = tx.execute(select(*_COLUMNS).where(dispute.c.attempt_id == attempt_id).order_by(dispute.c.id))
    return [_read(row) for row in rows]


def of_learner(tx: Tx, chat_id: int) -> Sequence[Dispute]:
    """Return everything that a learner disputed, oldest first."""
    rows = tx.execute(select(*_COLUMNS).where(dispute.c.chat_id == chat_id).order_by(dispute.c.id))
    return [_read(row) for row in rows]


def count_waiting_of(tx: Tx, chat_id: int) -> int:
    """Count what a learner disputed and nobody has ruled on."""
    mine = (dispute.c.chat_id == chat_id) & (dispute.c.state == WAITING)
    return int(tx.execute(select(func.count()).select_from(dispute).where(mine)).scalar_one())


def _for(tutor_id: int, *, admin: bool) -> ColumnElement[bool]:
    """What a tutor may rule on: of learners in their open classes; for admins, of learners whom no tutor has too."""
    classes = enrolment.join(cohort, cohort.c.id == enrolment.c.cohort_id)
    theirs = (
        exists()
        .select_from(classes)
        .where(enrolment.c.chat_id == dispute.c.chat_id, cohort.c.closed_at.is_(None), cohort.c.tutor_id == tutor_id)
    )
    if not admin:
        return theirs
    run_by_somebody = classes.join(tutor, tutor.c.chat_id == cohort.c.tutor_id)
    in_any = (
        exists()
        .select_from(run_by_somebody)
        .where(enrolment.c.chat_id == dispute.c.chat_id, cohort.c.closed_at.is_(None))
    )
    return theirs | ~in_any


def next_for(tx: Tx, tutor_id: int, *, admin: bool, after: int) -> Dispute | None:
    """Return the oldest dispute behind ``after`` that waits for this tutor."""
    row = tx.execute(
        select(*_COLUMNS)
        .where(_WAITS, dispute.c.id > after, _for(tutor_id, admin=admin))
        .order_by(dispute.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else _read(row)


def count_for(tx: Tx, tutor_id: int, *, admin: bool) -> int:
    """Count the disputes that wait for a tutor."""
    waiting = _WAITS & _for(tutor_id, admin=admin)
    return int(tx.execute(select(func.count()).select_from(dispute).where(waiting)).scalar_one())


def is_for(tx: Tx, dispute_id: int, tutor_id: int, *, admin: bool) -> bool:
    """Tell whether a dispute, ruled on or not, is one that a tutor may see."""
    mine = select(dispute.c.id).where(dispute.c.id == dispute_id, _for(tutor_id, admin=admin))
    return tx.execute(mine).scalar() is not None


def propose(tx: Tx, dispute_id: int, proposal: Mapping[str, Any] | None) -> bool:
    """Remember the phrase that a tutor is shown; False where the dispute was ruled on meanwhile."""
    waiting = (dispute.c.id == dispute_id) & (dispute.c.state == WAITING)
    changed = tx.execute(
        update(dispute).where(waiting).values(proposal=None if proposal is None else dict(proposal))
    ).rowcount
    return changed == 1


def rule(tx: Tx, dispute_id: int, *, state: str, by: int, line: str | None, now: datetime) -> bool:
    """Write a ruling; False where somebody has ruled already."""
    waiting = (dispute.c.id == dispute_id) & (dispute.c.state == WAITING)
    values = {"state": state, "ruled_by": by, "line": line, "ruled_at": now, "proposal": None}
    return tx.execute(update(dispute).where(waiting).values(values)).rowcount == 1


def ruled_by(tx: Tx, tutor_id: int) -> Sequence[Dispute]:
    """Return what a tutor ruled on, oldest first."""
    rows = tx.execute(select(*_COLUMNS).where(dispute.c.ruled_by == tutor_id).order_by(dispute.c.id))
    return [_read(row) for row in rows]


def declined_quotes(tx: Tx, question_id: str, point_id: str) -> list[str]:
    """Return the words about which tutors said that they do not earn a point."""
    declined = (dispute.c.question_id == question_id) & (dispute.c.point_id == point_id) & (dispute.c.state == DECLINED)
    return list(tx.execute(select(dispute.c.quote).where(declined).order_by(dispute.c.id)).scalars())


def drop_waiting(tx: Tx, attempt_id: int, *, still_said: str = "") -> None:
    """Forget what was disputed about words that were taken back, where nobody has ruled yet.

    ``still_said`` is what is left of the answer: disputes that point at words of it stay.
    """
    for each in of_attempt(tx, attempt_id):
        if each.quote not in still_said:
            tx.execute(delete(dispute).where(dispute.c.id == each.id, dispute.c.state == WAITING))


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete what a learner disputed; a tutor's rulings stay, without the tutor."""
    tx.execute(delete(dispute).where(dispute.c.chat_id == chat_id))
    tx.execute(update(dispute).where(dispute.c.ruled_by == chat_id).values(ruled_by=None))
