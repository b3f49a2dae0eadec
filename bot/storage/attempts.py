"""Questions that were put to learners, their answers, and how each question stands for review."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, bindparam, delete, func, insert, select, update

from bot.domain.practice import Met, Review
from bot.storage.prepared import Prepared
from bot.storage.tables import attempt, learner, review
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
_FIND = select(*_COLUMNS).where(attempt.c.id == bindparam("attempt"))
_ONE, _LOCKED = Prepared(_FIND), Prepared(_FIND.with_for_update())


def _read(row: Any) -> Attempt:
    return Attempt(*row)


def add(tx: Tx, *, chat_id: int, question_id: str, source: str, plan_day: int | None, now: datetime) -> int:
    """Write a question that is about to be sent and return its id."""
    return tx.insert_id(attempt, _new(chat_id, question_id, source=source, plan_day=plan_day, now=now))


_ADD_MANY = insert(attempt).returning(attempt.c.chat_id, attempt.c.id)


def add_many(tx: Tx, put: Mapping[int, tuple[str, int | None]], *, source: str, now: datetime) -> Mapping[int, int]:
    """Write one question for each of some chats, with the plan day, as :func:`add` does; return the ids by chat."""
    rows = [
        _new(chat_id, question_id, source=source, plan_day=day, now=now) for chat_id, (question_id, day) in put.items()
    ]
    return {row.chat_id: row.id for row in tx.execute(_ADD_MANY, rows)} if rows else {}


def _new(chat_id: int, question_id: str, *, source: str, plan_day: int | None, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "question_id": question_id,
        "source": source,
        "plan_day": plan_day,
        "state": WAITING,
        "hints": 0,
        "created_at": now,
    }


def get(tx: Tx, attempt_id: int, *, lock: bool = False) -> Attempt | None:
    """Return one attempt, or None. With ``lock`` nobody else changes what lies behind it before this turn ends."""
    row = tx.row(_LOCKED if lock else _ONE, {"attempt": attempt_id})
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
_THEIRS: BindParameter[Any] = bindparam("chats", expanding=True)
_ANSWERED_SINCE = (
    select(attempt.c.chat_id, attempt.c.question_id, attempt.c.answered_at)
    .where(attempt.c.chat_id.in_(_THEIRS), attempt.c.state == ANSWERED, attempt.c.answered_at >= bindparam("since"))
    .order_by(attempt.c.id)
)
_LAST_PUT = (
    select(attempt.c.question_id, attempt.c.source).where(_MINE).order_by(attempt.c.id.desc()).limit(bindparam("most"))
)
_newer = attempt.alias()
_first_of_the_last = (
    select(_newer.c.id)
    .where(_newer.c.chat_id == learner.c.chat_id)
    .order_by(_newer.c.id.desc())
    .limit(1)
    .offset(bindparam("most", type_=Integer) - 1)
    .scalar_subquery()
)
_last = (
    select(learner.c.chat_id, func.coalesce(_first_of_the_last, 0).label("first"))
    .where(learner.c.chat_id.in_(_THEIRS))
    .cte("last")
    .prefix_with("MATERIALIZED", dialect="postgresql")  # or it looks for the first once for every attempt
)
_LAST_PUT_OF = (
    select(attempt.c.chat_id, attempt.c.question_id)
    .join_from(_last, attempt, (attempt.c.chat_id == _last.c.chat_id) & (attempt.c.id >= _last.c.first))
    .order_by(attempt.c.id.desc())
)
"""From an index: nobody's older attempts are read."""
_STANDING = select(review).where(review.c.chat_id == bindparam("chat"))
_MET_BY = select(review.c.chat_id, review.c.question_id, review.c.due_on, review.c.seen_at).where(
    review.c.chat_id.in_(_THEIRS)
)
"""Built once: the morning's prompts ask them for thousands of learners."""


def answered_since(tx: Tx, since: Mapping[int, datetime]) -> Mapping[int, Sequence[str]]:
    """Return the questions that learners answered since a moment of each, one id for each answer, by chat."""
    found: dict[int, list[str]] = {chat_id: [] for chat_id in since}
    if since:
        for row in tx.execute(_ANSWERED_SINCE, {"chats": list(since), "since": min(since.values())}):
            chat_id, question_id, answered_at = tuple(row)
            if answered_at >= since[chat_id]:
                found[chat_id].append(question_id)
    return found


def last_put(tx: Tx, chat_id: int, count: int) -> list[tuple[str, str]]:
    """Return question id and source of the attempts that were put last, newest first."""
    rows = tx.execute(_LAST_PUT, {"chat": chat_id, "most": count})
    return [(row.question_id, row.source) for row in rows]


def last_put_of(tx: Tx, chat_ids: Collection[int], count: int) -> Mapping[int, Sequence[str]]:
    """Return the questions that were last put to each of some learners, so many at most, newest first."""
    found: dict[int, list[str]] = {chat_id: [] for chat_id in chat_ids}
    for row in tx.execute(_LAST_PUT_OF, {"chats": list(chat_ids), "most": count}):
        chat_id, question_id = tuple(row)
        found[chat_id].append(question_id)
    return found


def standing(tx: Tx, chat_id: int) -> dict[str, Review]:
    """Return how every question stands that the learner has met, by question id."""
    rows = tx.execute(_STANDING, {"chat": chat_id})
    return {
        row.question_id: Review(row.question_id, row.box, row.due_on, row.seen_at, row.awarded, row.available)
        for row in rows
    }


def met_by(tx: Tx, chat_ids: Collection[int]) -> Mapping[int, Mapping[str, Met]]:
    """Return the questions that each of some learners has met, by chat and question id."""
    found: dict[int, dict[str, Met]] = {chat_id: {} for chat_id in chat_ids}
    for row in tx.execute(_MET_BY, {"chats": list(chat_ids)}):
        chat_id, question_id, due_on, seen_at = tuple(row)
        found[chat_id][question_id] = Met(due_on, seen_at)
    return found


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
