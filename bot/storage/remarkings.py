"""Earlier answers that are to be marked again, question by question, and how far that has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from bot.storage.attempts import ANSWERED, Attempt, read_all
from bot.storage.tables import attempt, cohort, enrolment, remarking
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Remarking:
    """Answers to one question that are marked again: those behind ``position``, up to ``until``.

    With ``tutor_id`` only the answers of learners in that tutor's classes, because the phrase is live only for them.
    """

    id: int
    question_id: str
    tutor_id: int | None
    position: int
    until: int
    created_at: datetime
    """With ``id`` it names the work: SQLite gives a number again once its row is gone."""


_COLUMNS = tuple(remarking.c[name] for name in Remarking.__dataclass_fields__)


def begin(tx: Tx, *, question_id: str, tutor_id: int | None, now: datetime) -> int:
    """Mark the answers to a question again that exist now, from the oldest on."""
    until = tx.execute(select(func.max(attempt.c.id))).scalar() or 0
    key = tx.execute(
        remarking.insert(),
        {"question_id": question_id, "tutor_id": tutor_id, "position": 0, "until": until, "created_at": now},
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def oldest(tx: Tx) -> Remarking | None:
    """Return the one that is worked on now; None where there is nothing to do."""
    row = tx.execute(select(*_COLUMNS).order_by(remarking.c.id).limit(1)).one_or_none()
    return None if row is None else Remarking(*tuple(row))


def next_answers(tx: Tx, work: Remarking, *, limit: int) -> list[Attempt]:
    """Return the next answers that may gain a mark."""
    wanted = (
        (attempt.c.question_id == work.question_id)
        & (attempt.c.id > work.position)
        & (attempt.c.id <= work.until)
        & (attempt.c.state == ANSWERED)
        & (attempt.c.awarded < attempt.c.available)
    )
    if work.tutor_id is not None:
        classes = enrolment.join(cohort, cohort.c.id == enrolment.c.cohort_id)
        theirs = (
            select(enrolment.c.chat_id)
            .select_from(classes)
            .where(cohort.c.tutor_id == work.tutor_id, cohort.c.closed_at.is_(None))
        )
        wanted &= attempt.c.chat_id.in_(theirs)
    return read_all(tx, select(attempt).where(wanted).order_by(attempt.c.id).limit(limit))


def move_on(tx: Tx, work: Remarking, position: int) -> bool:
    """Remember how far it has come; False where another worker has done this piece."""
    mine = (remarking.c.id == work.id) & (remarking.c.position == work.position)
    return tx.execute(update(remarking).where(mine).values(position=position)).rowcount == 1


def end(tx: Tx, work: Remarking) -> bool:
    """Forget about it: every answer has been looked at. False where another worker came first."""
    mine = (remarking.c.id == work.id) & (remarking.c.position == work.position)
    return tx.execute(delete(remarking).where(mine)).rowcount == 1


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Drop what was begun for a tutor's classes, which are closed when the tutor is erased."""
    tx.execute(delete(remarking).where(remarking.c.tutor_id == chat_id))
