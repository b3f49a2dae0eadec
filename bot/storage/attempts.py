"""Questions that were put to learners, their answers, and how each question stands for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, select, update

from bot.domain.practice import Review
from bot.storage.tables import attempt, review
from bot.storage.tx import Tx

WAITING, OPEN, ANSWERED, SKIPPED, LEFT = "waiting", "open", "answered", "skipped", "left"
"""Written but not yet sent; the learner sees it; answered; put off by the learner; closed by a later question."""
TAKES_ANSWERS = (OPEN, ANSWERED)
"""States in which the chat's open question takes typed words; an answered one is being improved."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One question put to one learner."""

    id: int
    chat_id: int
    question_id: str
    source: str
    plan_day: int | None
    state: str
    message_id: int | None
    hints: int
    answer: str | None
    result: Mapping[str, Any] | None
    awarded: int | None
    available: int | None
    created_at: datetime
    opened_at: datetime | None
    answered_at: datetime | None


_COLUMNS = tuple(attempt.c[name] for name in Attempt.__dataclass_fields__)
_ONE = select(*_COLUMNS).where(attempt.c.id == bindparam("attempt"))
_LOCKED = _ONE.with_for_update()


def _read(row: Row[Any]) -> Attempt:
    return Attempt(**row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row as a mapping


def add(tx: Tx, *, chat_id: int, question_id: str, source: str, plan_day: int | None, now: datetime) -> int:
    """Write a question that is about to be sent and return its id."""
    key = tx.execute(
        attempt.insert(),
        {
            "chat_id": chat_id,
            "question_id": question_id,
            "source": source,
            "plan_day": plan_day,
            "state": WAITING,
            "hints": 0,
            "created_at": now,
        },
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def get(tx: Tx, attempt_id: int, *, lock: bool = False) -> Attempt | None:
    """Return one attempt, or None. With ``lock`` nobody else changes what lies behind it before this turn ends."""
    query = _LOCKED if lock and not tx.exclusive else _ONE
    row = tx.execute(query, {"attempt": attempt_id}).one_or_none()
    return None if row is None else _read(row)


def by_message(tx: Tx, chat_id: int, message_id: int) -> Attempt | None:
    """Return the attempt whose question stands in a message of the chat."""
    row = tx.execute(
        select(*_COLUMNS).where(attempt.c.chat_id == chat_id, attempt.c.message_id == message_id)
    ).one_or_none()
    return None if row is None else _read(row)


def change(tx: Tx, attempt_id: int, *, only_from: Sequence[str], **values: Any) -> bool:
    """Change an attempt that is in one of the given states; False where it is not."""
    return (
        tx.execute(
            update(attempt).where(attempt.c.id == attempt_id, attempt.c.state.in_(only_from)).values(values)
        ).rowcount
        == 1
    )


_MINE = attempt.c.chat_id == bindparam("chat")
_ANSWERED_SINCE = (
    select(attempt.c.question_id)
    .where(_MINE, attempt.c.state == ANSWERED, attempt.c.answered_at >= bindparam("since"))
    .order_by(attempt.c.id)
)
_LAST_PUT = (
    select(attempt.c.question_id, attempt.c.source).where(_MINE).order_by(attempt.c.id.desc()).limit(bindparam("most"))
)
_STANDING = select(review).where(review.c.chat_id == bindparam("chat"))
"""Built once: the morning's prompts ask them for thousands of learners."""


def answered_since(tx: Tx, chat_id: int, since: datetime) -> list[str]:
    """Return the ids of the questions that a learner answered since a moment, one for each answer."""
    return list(tx.execute(_ANSWERED_SINCE, {"chat": chat_id, "since": since}).scalars())


def last_put(tx: Tx, chat_id: int, count: int) -> list[tuple[str, str]]:
    """Return question id and source of the attempts that were put last, newest first."""
    rows = tx.execute(_LAST_PUT, {"chat": chat_id, "most": count})
    return [(row.question_id, row.source) for row in rows]


def standing(tx: Tx, chat_id: int) -> dict[str, Review]:
    """Return how every question stands that the learner has met, by question id."""
    rows = tx.execute(_STANDING, {"chat": chat_id})
    return {
        row.question_id: Review(row.question_id, row.box, row.due_on, row.seen_at, row.awarded, row.available)
        for row in rows
    }


def save_review(tx: Tx, chat_id: int, value: Review) -> None:
    """Write how one question stands."""
    tx.upsert(
        review,
        {
            "chat_id": chat_id,
            "question_id": value.question_id,
            "box": value.box,
            "due_on": value.due_on,
            "seen_at": value.seen_at,
            "awarded": value.awarded,
            "available": value.available,
        },
        key=["chat_id", "question_id"],
    )


def of_learner(tx: Tx, chat_id: int) -> list[Attempt]:
    """Return everything a learner was asked, oldest first."""
    return read_all(tx, select(*_COLUMNS).where(attempt.c.chat_id == chat_id).order_by(attempt.c.id))


def read_all(tx: Tx, query: Select[Any]) -> list[Attempt]:
    """Return the attempts that a query over this table finds."""
    return [_read(row) for row in tx.execute(query)]


def last_answered(tx: Tx, chat_id: int, *, limit: int, since: datetime | None = None) -> list[Attempt]:
    """Return the answers of a learner, newest first."""
    answered = (attempt.c.chat_id == chat_id) & (attempt.c.state == ANSWERED)
    if since is not None:
        answered &= attempt.c.answered_at >= since
    return read_all(tx, select(*_COLUMNS).where(answered).order_by(attempt.c.id.desc()).limit(limit))


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete every attempt and review of a chat."""
    tx.execute(delete(attempt).where(attempt.c.chat_id == chat_id))
    tx.execute(delete(review).where(review.c.chat_id == chat_id))


def forget_review(tx: Tx, chat_id: int, question_id: str) -> None:
    """Forget how a question stands, as if it had never been answered."""
    tx.execute(delete(review).where(review.c.chat_id == chat_id, review.c.question_id == question_id))
