"""Classes, their join links and who is in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, select, union, update

from bot.domain.learner import Status
from bot.storage.prepared import Prepared
from bot.storage.tables import attempt, cohort, enrolment, join_code, learner
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Cohort:
    """One class of one tutor. ``code`` is the join link's code that works now."""

    id: int
    tutor_id: int
    name: str
    closed_at: datetime | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a join code leads to. ``ended_at`` is set where the code was replaced or the class closed."""

    cohort: Cohort
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A learner in a class, under the name that they joined with."""

    cohort_id: int
    chat_id: int
    name: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A class in numbers."""

    joined: int
    answered_this_week: int
    paused: int
    not_started: int


_COLUMNS = (cohort.c.id, cohort.c.tutor_id, cohort.c.name, cohort.c.closed_at, join_code.c.code)
_WITH_CODE = cohort.outerjoin(join_code, (join_code.c.cohort_id == cohort.c.id) & join_code.c.ended_at.is_(None))


def add(tx: Tx, *, tutor_id: int, name: str, code: str, now: datetime) -> int:
    """Create a class with its first join code and return its id."""
    key = tx.execute(cohort.insert(), {"tutor_id": tutor_id, "name": name, "created_at": now}).inserted_primary_key
    assert key is not None
    tx.execute(join_code.insert(), {"code": code, "cohort_id": key[0], "created_at": now})
    return int(key[0])


def get(tx: Tx, cohort_id: int) -> Cohort | None:
    """Return one class, open or closed."""
    row = tx.execute(select(*_COLUMNS).select_from(_WITH_CODE).where(cohort.c.id == cohort_id)).one_or_none()
    return None if row is None else Cohort(*tuple(row))


def of_tutor(tx: Tx, tutor_id: int) -> list[Cohort]:
    """Return a tutor's open classes, oldest first."""
    rows = tx.execute(
        select(*_COLUMNS)
        .select_from(_WITH_CODE)
        .where(cohort.c.tutor_id == tutor_id, cohort.c.closed_at.is_(None))
        .order_by(cohort.c.id)
    )
    return [Cohort(*tuple(row)) for row in rows]


def rename(tx: Tx, cohort_id: int, name: str) -> None:
    """Give a class another name."""
    tx.execute(update(cohort).where(cohort.c.id == cohort_id).values(name=name))


def close(tx: Tx, cohort_id: int, *, now: datetime) -> None:
    """Close a class: its links die and its people leave it."""
    tx.execute(update(cohort).where(cohort.c.id == cohort_id).values(closed_at=now))
    tx.execute(
        update(join_code).where(join_code.c.cohort_id == cohort_id, join_code.c.ended_at.is_(None)).values(ended_at=now)
    )
    tx.execute(delete(enrolment).where(enrolment.c.cohort_id == cohort_id))


def replace_code(tx: Tx, cohort_id: int, code: str, *, now: datetime) -> None:
    """Make a new join link; the old one dies and says so."""
    tx.execute(
        update(join_code).where(join_code.c.cohort_id == cohort_id, join_code.c.ended_at.is_(None)).values(ended_at=now)
    )
    tx.execute(join_code.insert(), {"code": code, "cohort_id": cohort_id, "created_at": now})


def invitation(tx: Tx, code: str) -> Invitation | None:
    """Return what a join code leads to; None for a code that never was."""
    row = tx.execute(
        select(
            cohort.c.id, cohort.c.tutor_id, cohort.c.name, cohort.c.closed_at, join_code.c.code, join_code.c.ended_at
        )
        .select_from(join_code.join(cohort, cohort.c.id == join_code.c.cohort_id))
        .where(join_code.c.code == code)
    ).one_or_none()
    if row is None:
        return None
    return Invitation(Cohort(row.id, row.tutor_id, row.name, row.closed_at, row.code), row.ended_at or row.closed_at)


def enrol(tx: Tx, *, cohort_id: int, chat_id: int, name: str, now: datetime) -> bool:
    """Put a learner into a class; False where they are in it already."""
    values = {"cohort_id": cohort_id, "chat_id": chat_id, "name": name, "joined_at": now}
    return tx.insert_new(enrolment, values, key=["cohort_id", "chat_id"])


def leave(tx: Tx, *, cohort_id: int, chat_id: int) -> bool:
    """Take a learner out of a class; False where they were not in it."""
    mine = (enrolment.c.cohort_id == cohort_id) & (enrolment.c.chat_id == chat_id)
    return tx.execute(delete(enrolment).where(mine)).rowcount == 1


def of_learner(tx: Tx, chat_id: int) -> list[Cohort]:
    """Return the open classes a learner is in."""
    return [Cohort(*row) for row in tx.rows(_OF_LEARNER, {"chat": chat_id})]


_OF_LEARNER = Prepared(
    select(*_COLUMNS)
    .select_from(_WITH_CODE.join(enrolment, enrolment.c.cohort_id == cohort.c.id))
    .where(enrolment.c.chat_id == bindparam("chat"), cohort.c.closed_at.is_(None))
    .order_by(cohort.c.id)
)


def people(tx: Tx, cohort_id: int) -> list[Enrolment]:
    """Return who is in a class, by name."""
    rows = tx.execute(
        select(enrolment).where(enrolment.c.cohort_id == cohort_id).order_by(enrolment.c.name, enrolment.c.chat_id)
    )
    return [Enrolment(row.cohort_id, row.chat_id, row.name, row.joined_at) for row in rows]


def size(tx: Tx, cohort_ids: Collection[int]) -> int:
    """Count the different people in some classes."""
    return int(
        tx.execute(
            select(func.count(enrolment.c.chat_id.distinct())).where(enrolment.c.cohort_id.in_(cohort_ids))
        ).scalar_one()
    )


def reachable(cohort_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a learner is in one of the classes and may be sent something."""
    inside = select(enrolment.c.chat_id).where(enrolment.c.cohort_id.in_(cohort_ids))
    return learner.c.chat_id.in_(inside) & (learner.c.status == Status.ACTIVE.value)


def next_people(tx: Tx, cohort_ids: Collection[int], *, after: int, limit: int) -> tuple[int, int]:
    """Look at the next ``limit`` different people of some classes behind a chat id, in order: quick for any size.

    Returns the last one's chat id, which is ``after`` where there is nobody, and how many there are.
    """
    of_each = [
        select(enrolment.c.chat_id)
        .where(enrolment.c.cohort_id == cohort_id, enrolment.c.chat_id > after)
        .order_by(enrolment.c.chat_id)
        .limit(limit)
        for cohort_id in cohort_ids
    ]
    found = of_each[0]
    if len(of_each) > 1:
        together = union(*(select(each.subquery().c.chat_id) for each in of_each)).subquery()
        found = select(together.c.chat_id).order_by(together.c.chat_id).limit(limit)
    last = tx.execute(found.limit(1).offset(limit - 1)).scalar()
    if last is not None:  # stepping over them takes less than counting them
        return last, limit
    few = found.subquery()
    row = tx.execute(
        select(func.coalesce(func.max(few.c.chat_id), after).label("last"), func.count().label("seen"))
    ).one()
    return row.last, row.seen


_BETWEEN = select(enrolment.c.chat_id).where(
    enrolment.c.chat_id > bindparam("after"), enrolment.c.chat_id <= bindparam("until")
)
OF_ONE = _BETWEEN.where(enrolment.c.cohort_id == bindparam("cohorts")).subquery()
"""The people of a class behind a chat id and up to another. Nobody is in a class twice: there is nothing to sort."""
OF_SEVERAL = _BETWEEN.where(enrolment.c.cohort_id.in_(bindparam("cohorts", expanding=True))).distinct().subquery()
"""The different people of some classes."""


def by_status(tx: Tx, cohort_ids: Collection[int]) -> Mapping[Status, int]:
    """Count the different people in some classes by whether messages may reach them."""
    inside = select(enrolment.c.chat_id).where(enrolment.c.cohort_id.in_(cohort_ids))
    number = func.count().label("number")
    rows = tx.execute(select(learner.c.status, number).where(learner.c.chat_id.in_(inside)).group_by(learner.c.status))
    return {Status(row.status): row.number for row in rows}


def quiet_hours(tx: Tx, cohort_ids: Collection[int]) -> Sequence[tuple[str, int, int, int]]:
    """Return the quiet hours of those whom a tip would reach: zone, from, until, and how many people share them."""
    hours = (learner.c.zone, learner.c.quiet_from, learner.c.quiet_until)
    number = func.count().label("number")
    rows = tx.execute(select(*hours, number).where(reachable(cohort_ids)).group_by(*hours))
    return [(row.zone, row.quiet_from, row.quiet_until, row.number) for row in rows]


def answered_since(tx: Tx, cohort_id: int, since: datetime) -> frozenset[int]:
    """Return who of a class answered a question since a moment."""
    inside = select(enrolment.c.chat_id).where(enrolment.c.cohort_id == cohort_id)
    rows = tx.execute(
        select(attempt.c.chat_id).where(attempt.c.chat_id.in_(inside), attempt.c.answered_at >= since).distinct()
    )
    return frozenset(rows.scalars())


def standing(tx: Tx, cohort_id: int, *, week_ago: datetime) -> Standing:
    """Return a class in numbers: nobody's name, nobody's answers."""
    inside = select(enrolment.c.chat_id).where(enrolment.c.cohort_id == cohort_id)

    def count(*conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(learner).where(learner.c.chat_id.in_(inside), *conditions)
        return int(tx.execute(query).scalar_one())

    answered_ever = select(attempt.c.chat_id).where(attempt.c.answered_at.is_not(None))
    answered = int(
        tx.execute(
            select(func.count(attempt.c.chat_id.distinct())).where(
                attempt.c.chat_id.in_(inside), attempt.c.answered_at >= week_ago
            )
        ).scalar_one()
    )
    return Standing(
        joined=size(tx, [cohort_id]),
        answered_this_week=answered,
        paused=count(learner.c.status != Status.ACTIVE.value),
        not_started=count(learner.c.chat_id.not_in(answered_ever)),
    )


def erase_chat(tx: Tx, chat_id: int, *, now: datetime) -> None:
    """Take a person out of every class, and close the classes they ran."""
    tx.execute(delete(enrolment).where(enrolment.c.chat_id == chat_id))
    for each in of_tutor(tx, chat_id):
        close(tx, each.id, now=now)
    tx.execute(update(cohort).where(cohort.c.tutor_id == chat_id).values(tutor_id=0))
