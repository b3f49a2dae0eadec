"""Broadcasts: their audience is written into the outbox in chunks, and their counters move with every delivery."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Insert,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from bot.domain.delivery import Lane, State
from bot.domain.learner import Learner, Status
from bot.domain.plan import quiet_end
from bot.storage import cohorts
from bot.storage.outbox import LEASED, PENDING, UNDELIVERED, there_is
from bot.storage.tables import broadcast, enrolment, learner, outbox
from bot.storage.tx import Tx

DRAFT, DROPPED, MATERIALISING, RUNNING, PAUSED, STOPPED, DONE = (
    "draft", "dropped", "materialising", "running", "paused", "stopped", "done",
)  # fmt: skip
LIVE = (MATERIALISING, RUNNING, PAUSED, STOPPED)
GOING = broadcast.c.ended_at.is_(None) & broadcast.c.status.in_((MATERIALISING, RUNNING))
"""Only of such a broadcast is anything sent."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One tip on its way to some classes. ``body`` is the message as it is sent: the JSON of its payload."""

    id: int
    tutor_id: int
    cohorts: tuple[int, ...]
    body: str | None
    status: str
    position: int
    total: int
    sent: int
    blocked: int
    failed: int
    unknown: int
    cancelled: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def settled(self) -> int:
        """Count the recipients about whom everything is known."""
        return self.sent + self.blocked + self.failed + self.unknown + self.cancelled


_COLUMNS = tuple(broadcast.c[name] for name in Broadcast.__dataclass_fields__)


def _read(row: tuple[object, ...]) -> Broadcast:
    values = dict(zip(Broadcast.__dataclass_fields__, row, strict=True))
    values["cohorts"] = tuple(values["cohorts"])  # type: ignore[arg-type]  # a JSON list of ids
    return Broadcast(**values)  # type: ignore[arg-type]  # columns and fields are the same


def add_draft(tx: Tx, *, tutor_id: int, cohort_ids: Sequence[int], body: str | None, now: datetime) -> int:
    """Write a broadcast that waits for its tutor's word, and return its id."""
    key = tx.execute(
        broadcast.insert(),
        {
            "tutor_id": tutor_id,
            "cohorts": list(cohort_ids),
            "body": body,
            "status": DRAFT,
            "position": 0,
            "total": 0,
            "sent": 0,
            "blocked": 0,
            "failed": 0,
            "unknown": 0,
            "cancelled": 0,
            "created_at": now,
        },
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def set_body(tx: Tx, broadcast_id: int, body: str) -> None:
    """Give a draft its message."""
    tx.execute(update(broadcast).where(broadcast.c.id == broadcast_id, broadcast.c.status == DRAFT).values(body=body))


def drop_draft(tx: Tx, broadcast_id: int, *, now: datetime) -> bool:
    """Forget a draft's words; False where it is no draft. The row stays, so that its number is never given again."""
    return _drop(tx, broadcast.c.id == broadcast_id, now=now) == 1


def drop_old_drafts(tx: Tx, *, before: datetime, now: datetime) -> int:
    """Forget the drafts that nobody came back to."""
    return _drop(tx, broadcast.c.ended_at.is_(None) & (broadcast.c.created_at < before), now=now)


def _drop(tx: Tx, which: ColumnElement[bool], *, now: datetime) -> int:
    return tx.execute(
        update(broadcast).where(which, broadcast.c.status == DRAFT).values(status=DROPPED, body=None, ended_at=now)
    ).rowcount


def start(tx: Tx, broadcast_id: int, *, total: int, now: datetime) -> bool:
    """Set a draft going to ``total`` people; False where it is no draft any more, so that it never starts twice."""
    return (
        tx.execute(
            update(broadcast)
            .where(broadcast.c.id == broadcast_id, broadcast.c.status == DRAFT, broadcast.c.body.is_not(None))
            .values(status=MATERIALISING, total=total, started_at=now)
        ).rowcount
        == 1
    )


def get(tx: Tx, broadcast_id: int) -> Broadcast | None:
    """Return one broadcast."""
    row = tx.execute(select(*_COLUMNS).where(broadcast.c.id == broadcast_id)).one_or_none()
    return None if row is None else _read(tuple(row))


_HAS_LIVE = select(exists().where(broadcast.c.ended_at.is_(None), broadcast.c.status.in_(LIVE)))


def of_tutor(tx: Tx, tutor_id: int) -> list[Broadcast]:
    """Return the tips of a tutor whose words are kept, oldest first."""
    mine = (broadcast.c.tutor_id == tutor_id) & broadcast.c.body.is_not(None)
    rows = tx.execute(select(*_COLUMNS).where(mine).order_by(broadcast.c.id))
    return [_read(tuple(row)) for row in rows]


def has_live(tx: Tx) -> bool:
    """Tell whether a broadcast is under way; cheap enough to ask every second."""
    return bool(tx.execute(_HAS_LIVE).scalar())


def live(tx: Tx) -> list[Broadcast]:
    """Return the broadcasts that were started and have not ended, oldest first, locked against other workers."""
    rows = tx.execute(
        select(*_COLUMNS)
        .where(broadcast.c.ended_at.is_(None), broadcast.c.status.in_(LIVE))
        .order_by(broadcast.c.id)
        .with_for_update(skip_locked=True)
    )
    return [_read(tuple(row)) for row in rows]


def _quiet_end(zone: str, quiet_from: int, quiet_until: int, *, now: datetime) -> datetime:
    return quiet_end(Learner(chat_id=0, zone=zone, quiet_from=quiet_from, quiet_until=quiet_until), now)


def materialise(tx: Tx, value: Broadcast, *, now: datetime, chunk: int) -> int:
    """Write the next ``chunk`` people's messages into the outbox and move the position, in one transaction.

    Those who are in their quiet hours get it when these are over, those whom nothing may reach not at all. The position
    is the last chat id looked at, so a crash between chunks neither skips nor repeats anybody. The rows hold no words:
    these are the broadcast's. Returns how many were written; the status says whether the audience is complete.
    """
    last, seen = cohorts.next_people(tx, value.cohorts, after=value.position, limit=chunk)
    changes: dict[str, Any] = {"status": RUNNING} if seen < chunk else {}
    written = 0
    if seen:
        changes["position"] = last
        written = _write(tx, value, number=seen, until=last, now=now)
    if changes:
        still = (broadcast.c.id == value.id) & (broadcast.c.status == MATERIALISING)
        tx.execute(update(broadcast).where(still).values(**changes))
    return written


@dataclass(frozen=True, slots=True)
class _Audience:
    """The statements that write a part of an audience, built once: a tip to a million has two hundred parts.

    Nearly everybody shares the hours of whoever comes first: they are written in one go, and the others are looked for
    only where somebody is missing then.
    """

    first: Select[Any]
    alike: Insert
    others: Select[Any]
    rows: Select[Any]

    @classmethod
    def of(cls, people: Subquery) -> _Audience:
        """Build the statements for some classes' people."""
        behind = and_(
            learner.c.chat_id == people.c.chat_id,
            learner.c.chat_id > bindparam("after"),  # PostgreSQL does not see that it follows
            learner.c.chat_id <= bindparam("until"),
            learner.c.status == literal_column(f"'{Status.ACTIVE.value}'"),
        )
        same = and_(*(column == bindparam(f"first_{column.name}") for column in _OWN_HOURS))
        rows = select(learner.c.chat_id, *_FIXED.values()).join(people, behind)
        due = bindparam("due", type_=outbox.c.not_before.type).label("not_before")
        return cls(
            first=select(*_OWN_HOURS).join(people, behind).limit(1),
            alike=_insert(rows.add_columns(due).where(same)),
            others=select(*_OWN_HOURS).join(people, behind).where(not_(same)).distinct(),
            rows=rows.where(not_(same)),
        )


_OWN_HOURS = (learner.c.zone, learner.c.quiet_from, learner.c.quiet_until)
_FIXED: dict[str, ColumnElement[Any]] = {
    "lane": literal(int(Lane.BROADCAST)),
    "method": literal("sendMessage"),
    "edits": literal(False),
    "broadcast_id": bindparam("broadcast", type_=outbox.c.broadcast_id.type),
    "state": literal(int(State.PENDING)),
    "attempts": literal(0),
    "ambiguous": literal(0),
    "created_at": bindparam("now", type_=outbox.c.created_at.type),
}


def _insert(rows: Select[Any]) -> Insert:
    """Return the statement that writes rows into the outbox and says how many, which is else forgotten."""
    return (
        insert(outbox).from_select(["chat_id", *_FIXED, "not_before"], rows).execution_options(preserve_rowcount=True)
    )


_OF_ONE_CLASS, _OF_CLASSES = _Audience.of(cohorts.OF_ONE), _Audience.of(cohorts.OF_SEVERAL)


def _write(tx: Tx, value: Broadcast, *, number: int, until: int, now: datetime) -> int:
    audience = _OF_ONE_CLASS if len(value.cohorts) == 1 else _OF_CLASSES
    given = {
        "cohorts": value.cohorts[0] if len(value.cohorts) == 1 else value.cohorts,
        "after": value.position,
        "until": until,
        "broadcast": value.id,
        "now": now,
    }
    first = tx.execute(audience.first, given).one_or_none()
    if first is None:
        return 0
    given |= {f"first_{column.name}": hour for column, hour in zip(_OWN_HOURS, first, strict=True)}
    due = _quiet_end(first.zone, first.quiet_from, first.quiet_until, now=now)
    written = tx.execute(audience.alike, given | {"due": due}).rowcount
    if written < number and (others := tx.execute(audience.others, given).all()):
        later = audience.rows.add_columns(_not_before(others, now=now))
        written += tx.execute(_insert(later), given).rowcount
    return written


def _not_before(hours: Sequence[Row[Any]], *, now: datetime) -> ColumnElement[Any]:
    """Return when each row of an audience may go out: few zones and hours are shared by many people."""
    moment = outbox.c.not_before.type
    waits = []
    for row in hours:
        if (until := _quiet_end(row.zone, row.quiet_from, row.quiet_until, now=now)) > now:
            same = and_(*(column == hour for column, hour in zip(_OWN_HOURS, row, strict=True)))
            waits.append((same, literal(until, moment)))
    return case(*waits, else_=literal(now, moment)) if waits else literal(now, moment)


@dataclass(frozen=True, slots=True)
class Stream:
    """A broadcast whose rows are being sent: to which classes, and the message that its rows bring, as it is sent."""

    id: int
    cohorts: Sequence[int]
    words: Mapping[str, Any]

    @classmethod
    def read(cls, broadcast_id: int, cohort_ids: Sequence[int], body: str | None) -> Stream:
        """Read it from its row. Without words it has nobody to go to."""
        return cls(broadcast_id, (), {}) if body is None else cls(broadcast_id, cohort_ids, json.loads(body))


def still_due(tx: Tx, stream: Stream, rows: Sequence[Row[Any]], *, now: datetime) -> list[Row[Any]]:
    """Of outbox rows of a broadcast about to be leased return those that may still go out now.

    A row is cancelled whose learner paused, stopped or left the classes since it was written, and put off where quiet
    hours have begun, as they may have behind a pause, a flood wait or a long queue.
    """
    if not rows:
        return []
    values = {"chats": [row.chat_id for row in rows], "cohorts": tuple(stream.cohorts)}
    reachable = tx.execute(_HOURS, values).all()
    hours = {chat_id: (zone, start, end) for chat_id, zone, start, end in map(tuple, reachable)}
    quiet_until = {same: _quiet_end(*same, now=now) for same in set(hours.values())}
    due = []
    for row in rows:
        found = hours.get(row.chat_id)
        if found is None:
            _cancel(tx, row, now=now)
        elif (until := quiet_until[found]) > now:
            tx.execute(update(outbox).where(outbox.c.id == row.id).values(not_before=until))
        else:
            due.append(row)
    return due


_HOURS = (
    select(learner.c.chat_id, *_OWN_HOURS)
    .join(enrolment, enrolment.c.chat_id == learner.c.chat_id)
    .where(
        learner.c.chat_id.in_(bindparam("chats", expanding=True)),
        learner.c.status == Status.ACTIVE.value,
        enrolment.c.cohort_id.in_(bindparam("cohorts", expanding=True)),
    )
)


def _cancel(tx: Tx, row: Row[Any], *, now: datetime) -> None:
    tx.execute(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(state=State.CANCELLED, reason="not reachable", payload=None, ended_at=now)
    )
    count_delivery(tx, row.broadcast_id, State.CANCELLED, reason=None)


def set_status(tx: Tx, broadcast_id: int, status: str, *, only_from: tuple[str, ...]) -> bool:
    """Change the status where it is one of ``only_from``; False where it is not."""
    return (
        tx.execute(
            update(broadcast)
            .where(broadcast.c.id == broadcast_id, broadcast.c.status.in_(only_from))
            .values(status=status)
        ).rowcount
        == 1
    )


def cancel_rest(tx: Tx, broadcast_id: int, *, now: datetime, chunk: int) -> int:
    """Cancel up to ``chunk`` rows that were not sent yet and count them."""
    rows = select(outbox.c.id).where(_waiting(broadcast_id)).order_by(outbox.c.not_before, outbox.c.id).limit(chunk)
    count = tx.execute(
        update(outbox)
        .where(outbox.c.id.in_(rows), outbox.c.state == State.PENDING)
        .values(state=State.CANCELLED, reason="stopped", payload=None, ended_at=now)
    ).rowcount
    if count:
        tx.execute(
            update(broadcast).where(broadcast.c.id == broadcast_id).values(cancelled=broadcast.c.cancelled + count)
        )
    return count


def _waiting(broadcast_id: int) -> ColumnElement[bool]:
    lane = outbox.c.lane == literal_column(str(int(Lane.BROADCAST)))
    return and_(PENDING, lane, outbox.c.broadcast_id == broadcast_id)


def has_room(tx: Tx, broadcast_id: int, *, now: datetime, up_to: int) -> bool:
    """Tell whether fewer than ``up_to`` rows of a broadcast are due: more need not be written before these are sent."""
    waiting = select(outbox.c.id).where(_waiting(broadcast_id), outbox.c.not_before <= now)
    due = waiting.order_by(outbox.c.not_before, outbox.c.id).limit(up_to).subquery()  # in the order of their index
    return int(tx.execute(select(func.count()).select_from(due)).scalar_one()) < up_to


def count_put_off(tx: Tx, broadcast_id: int, *, now: datetime) -> int:
    """Count the recipients who get it later, when their quiet hours are over."""
    query = select(func.count()).select_from(outbox).where(_waiting(broadcast_id), outbox.c.not_before > now)
    return int(tx.execute(query).scalar_one())


def is_under_way(tx: Tx, broadcast_id: int) -> bool:
    """Tell whether a row of a broadcast waits or is being sent."""
    leased = (LEASED, outbox.c.broadcast_id == broadcast_id)
    waits = there_is(_waiting(broadcast_id), first=(outbox.c.not_before, outbox.c.id))
    return bool(tx.execute(select(or_(waits, there_is(*leased, first=(outbox.c.lease_until,))))).scalar_one())


_COUNTERS = {
    name: update(broadcast)
    .where(broadcast.c.id == bindparam("broadcast"))
    .values({name: broadcast.c[name] + bindparam("more")})
    for name in ("sent", "blocked", "failed", "unknown", "cancelled")
}


def count_delivery(tx: Tx, broadcast_id: int, state: State, *, reason: str | None, more: int = 1) -> None:
    """Move the counter that a delivery's final state belongs to."""
    if state is State.SENT:
        name = "sent"
    elif reason in ("blocked", "unreachable"):
        name = "blocked"
    elif state is State.UNKNOWN:
        name = "unknown"
    elif state in (State.CANCELLED, State.EXPIRED):
        name = "cancelled"
    else:
        name = "failed"
    tx.execute(_COUNTERS[name], {"broadcast": broadcast_id, "more": more})


def end(tx: Tx, value: Broadcast, *, now: datetime) -> bool:
    """Mark a broadcast ended, make its counters add up and drop its text; False where it has ended before.

    Whoever belonged to the audience and was not written to, or whose row ended outside a delivery (the tutor stopped
    it, they left, said stop or were erased), counts as cancelled; a lease that ran out as unknown.
    """
    unknown = value.unknown
    if value.total > value.settled:
        unknown += _count_lost_leases(tx, value)
    known = value.sent + value.blocked + value.failed + unknown
    total = max(value.total, known)
    return (
        tx.execute(
            update(broadcast)
            .where(broadcast.c.id == value.id, broadcast.c.ended_at.is_(None))
            .values(
                status=STOPPED if value.status == STOPPED else DONE,
                total=total,
                unknown=unknown,
                cancelled=total - known,
                ended_at=now,
                body=None,
            )
        ).rowcount
        == 1
    )


def _count_lost_leases(tx: Tx, value: Broadcast) -> int:
    """Count the rows whose last lease ran out: nobody recorded an outcome, so no counter moved."""
    query = (
        select(func.count())
        .select_from(outbox)
        .where(
            UNDELIVERED,
            outbox.c.state == State.UNKNOWN,
            outbox.c.broadcast_id == value.id,
            outbox.c.reason == "lease ran out",
            outbox.c.ended_at >= value.started_at,
        )
    )
    return int(tx.execute(query).scalar_one())


def due_to_show(tx: Tx, broadcast_id: int, *, now: datetime, not_since: datetime) -> bool:
    """Tell, and remember, that the tutor's progress message is to be brought up to date now."""
    return (
        tx.execute(
            update(broadcast)
            .where(
                broadcast.c.id == broadcast_id,
                broadcast.c.shown_at.is_(None) | (broadcast.c.shown_at < not_since),
            )
            .values(shown_at=now)
        ).rowcount
        == 1
    )


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Unlink a tutor from their broadcasts; drafts lose their words, and with their tutor the only one to send them."""
    mine = broadcast.c.tutor_id == chat_id
    tx.execute(update(broadcast).where(mine, broadcast.c.status == DRAFT).values(status=DROPPED, body=None))
    tx.execute(update(broadcast).where(mine).values(tutor_id=0))
    last = broadcast.c.position == chat_id  # the next chunk begins behind it: one less is as good
    tx.execute(update(broadcast).where(last).values(position=broadcast.c.position - 1))
