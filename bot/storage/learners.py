"""Learners as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, update

from bot.domain.learner import Learner, Status
from bot.storage.prepared import Prepared
from bot.storage.tables import cohort, enrolment, learner
from bot.storage.tx import Tx

_DAYS_OFF = [frozenset(day for day in range(7) if days >> day & 1) for days in range(1 << 7)]
"""The days of the week for each set of bits."""
_FIND = select(learner).where(learner.c.chat_id == bindparam("chat"))
_ONE, _LOCKED = Prepared(_FIND), Prepared(_FIND.with_for_update())


def from_row(row: Any) -> Learner:
    """Read a learner from a row that has the table's columns."""
    return Learner(
        chat_id=row.chat_id,
        zone=row.zone,
        status=Status(row.status),
        prompt_at=row.prompt_at,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        days_off=_DAYS_OFF[row.days_off],
        assessment_on=row.assessment_on,
        track=row.track,
        plan_start=row.plan_start,
        plan_run=row.plan_run,
        last_plan_day=row.last_plan_day,
        paused_on=row.paused_on,
        paused_days=row.paused_days,
        last_prompt_on=row.last_prompt_on,
        next_due=row.next_due,
        seen_on=row.seen_on,
        second_reader=row.second_reader,
        second_reader_at=row.second_reader_at,
    )


def _values(value: Learner) -> dict[str, Any]:
    return {
        "status": value.status.value,
        "zone": value.zone,
        "prompt_at": value.prompt_at,
        "quiet_from": value.quiet_from,
        "quiet_until": value.quiet_until,
        "days_off": sum(1 << day for day in value.days_off),
        "assessment_on": value.assessment_on,
        "track": value.track,
        "plan_start": value.plan_start,
        "plan_run": value.plan_run,
        "last_plan_day": value.last_plan_day,
        "paused_on": value.paused_on,
        "paused_days": value.paused_days,
        "last_prompt_on": value.last_prompt_on,
        "next_due": value.next_due,
        "seen_on": value.seen_on,
        "second_reader": value.second_reader,
        "second_reader_at": value.second_reader_at,
    }


def get(tx: Tx, chat_id: int, *, lock: bool = False) -> Learner | None:
    """Return one learner, or None; with ``lock`` nobody else changes them until this transaction ends."""
    row = tx.row(_LOCKED if lock else _ONE, {"chat": chat_id})
    return None if row is None else from_row(row)


_SOME = select(learner).where(learner.c.chat_id.in_(bindparam("chats", expanding=True)))


def some(tx: Tx, chat_ids: Collection[int]) -> Mapping[int, Learner]:
    """Return those of some chats who are learners."""
    return {row.chat_id: from_row(row) for row in tx.execute(_SOME, {"chats": list(chat_ids)})}


def add(tx: Tx, value: Learner, *, now: datetime) -> None:
    """Write a new learner; nothing happens where the chat is known already."""
    tx.insert_new(learner, {"chat_id": value.chat_id, **_values(value), "created_at": now}, key=["chat_id"])


_SAVE = Prepared(
    update(learner)
    .where(learner.c.chat_id == bindparam("chat"))
    .values({name: bindparam(f"new_{name}") for name in _values(Learner(chat_id=0, zone="UTC"))})
)
"""Built once: the morning's prompts save thousands of learners."""


def save(tx: Tx, value: Learner) -> None:
    """Overwrite a learner."""
    changes = {f"new_{name}": new for name, new in _values(value).items()}
    tx.changes(_SAVE, {"chat": value.chat_id, **changes})


_MOVE_ON = Prepared(
    update(learner)
    .where(learner.c.chat_id == bindparam("chat"))
    .values(next_due=bindparam("due"), last_prompt_on=bindparam("prompted"), last_plan_day=bindparam("day"))
)


def move_on(tx: Tx, values: Sequence[Learner]) -> None:
    """Write what a prompt that was due changes of each learner: when the next one is, the last one's date and day."""
    moved = [
        {"chat": each.chat_id, "due": each.next_due, "prompted": each.last_prompt_on, "day": each.last_plan_day}
        for each in values
    ]
    if moved:
        tx.change_each(_MOVE_ON, moved)


def mark_seen(tx: Tx, chat_id: int, *, on: date) -> None:
    """Remember the last date on which a learner wrote."""
    tx.execute(update(learner).where(learner.c.chat_id == chat_id).values(seen_on=on))


_IS_DUE = learner.c.next_due.is_not(None) & (learner.c.next_due <= bindparam("now"))
_DUE = Prepared(select(func.count().label("number")).select_from(learner).where(_IS_DUE))
_NEXT_DUE = Prepared(
    select(learner)
    .where(_IS_DUE)
    .order_by(learner.c.next_due)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)


def count_due(tx: Tx, *, now: datetime) -> int:
    """Count the learners whose prompt is due; cheap enough to ask every second."""
    return int(tx.row(_DUE, {"now": now}).number)


def due(tx: Tx, *, now: datetime, limit: int) -> Sequence[Learner]:
    """Return learners whose prompt is due, the longest waiting first, locked against other workers."""
    return [from_row(row) for row in tx.rows(_NEXT_DUE, {"now": now, "most": limit})]


_IN_A_CLASS = select(enrolment.c.chat_id).join_from(
    enrolment, cohort, (cohort.c.id == enrolment.c.cohort_id) & cohort.c.closed_at.is_(None)
)


def in_a_class(tx: Tx, chat_ids: Collection[int]) -> set[int]:
    """Return who of some learners is in an open class."""
    return set(tx.execute(_IN_A_CLASS.where(enrolment.c.chat_id.in_(chat_ids))).scalars())


def not_seen_since(tx: Tx, before: date, *, among: Sequence[int] | None = None) -> list[int]:
    """Return who was last seen before a date, in order; whoever never wrote counts from the day they came."""
    midnight = datetime.combine(before, time(), UTC)
    never = learner.c.seen_on.is_(None) & (learner.c.created_at < midnight)
    query = select(learner.c.chat_id).where((learner.c.seen_on < before) | never).order_by(learner.c.chat_id)
    return list(tx.execute(query if among is None else query.where(learner.c.chat_id.in_(among))).scalars())


def count(tx: Tx) -> int:
    """Count the learners."""
    return int(tx.execute(select(func.count()).select_from(learner)).scalar_one())
