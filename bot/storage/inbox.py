"""Updates as they arrived: admitted once, run in order within a chat, finished in the transaction of their effects."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, bindparam, delete, exists, func, literal_column, select, update

from bot.domain.delivery import InboxRow, Incoming
from bot.storage.prepared import Prepared
from bot.storage.tables import inbox
from bot.storage.tx import Tx

MAX_STARTS = 3
"""A fourth start of the same update means that it was there when the process died, and then twice alone: it is dead.

One death alone is not enough. After a crash some update is nearly always the one that runs, so a process that somebody
else kills twice in a row would take an innocent one along.
"""
MAX_POSTPONED = 7
"""An update that was postponed has started before without doing harm: it may start more often."""


class Standing(enum.IntEnum):
    """Where an update stands; everything below ``DONE`` is still to be run."""

    WAITING = 0
    RUNNING = 1
    DONE = 2
    FAILED = 3
    DEAD = 4


_DONE: ColumnElement[int] = literal_column(str(int(Standing.DONE)))
OPEN = inbox.c.state < _DONE
GIVEN_UP = inbox.c.state > _DONE
"""Not carried out yet, and never to be. Written out: a planner then uses the index of only such rows."""

_FINISH = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("row_id"), inbox.c.state == Standing.RUNNING)
    .values(state=Standing.DONE, body=None, chat_id=None, lease_until=None, worker=None)
)


def admit(
    tx: Tx, updates: Sequence[Incoming], *, worker: str, now: datetime, lease: timedelta, recovering: bool = False
) -> tuple[list[InboxRow], list[int]]:
    """Store updates that are new. Returns the rows leased to ``worker``, and the chats whose rows wait for another's.

    Updates that were stored before are left alone: a re-delivered update has no second effect. A single worker keeps
    the order of a chat by itself, but while it is ``recovering`` earlier updates may wait that it has not taken yet.
    """
    rows: list[InboxRow] = []
    waiting: list[int] = []
    for each in updates:
        free = (tx.exclusive and not recovering) or _chat_is_free(tx, each.chat_id)
        row_id = tx.insert_new_id(
            inbox,
            {
                "update_id": each.update_id,
                "chat_id": each.chat_id,
                "body": each.body,
                "state": Standing.RUNNING if free else Standing.WAITING,
                "attempts": 1 if free else 0,
                "lease_until": now + lease if free else None,
                "worker": worker if free else None,
                "received_at": now,
            },
            key=["update_id"],
        )
        if row_id is None:
            continue  # it was stored before, or another worker was handed it in this very moment
        if free:
            rows.append(InboxRow(row_id, each.update_id, each.chat_id, each.body, 1))
        else:
            waiting.append(each.chat_id)
    return rows, waiting


_HOLD_CHAT = Prepared(select(func.pg_advisory_xact_lock(bindparam("chat", type_=BigInteger)).label("held")))
_HAS_OPEN = Prepared(select(exists().where(inbox.c.chat_id == bindparam("chat"), OPEN).label("open")))


def _chat_is_free(tx: Tx, chat_id: int) -> bool:
    """Tell whether no earlier update of the chat is unfinished, holding off other workers until this commits."""
    if not tx.exclusive:
        tx.row(_HOLD_CHAT, {"chat": chat_id})
    return not tx.row(_HAS_OPEN, {"chat": chat_id}).open


def finish(tx: Tx, row: InboxRow) -> bool:
    """Mark a row done and empty it; False when somebody else finished or took it over."""
    return tx.changes(_FINISH, {"row_id": row.id}) == 1


def postpone(tx: Tx, row: InboxRow, *, until: datetime, reason: str) -> None:
    """Give a row back to be run again."""
    tx.execute(
        update(inbox)
        .where(inbox.c.id == row.id, inbox.c.state == Standing.RUNNING)
        .values(state=Standing.WAITING, not_before=until, lease_until=None, worker=None, reason=reason[:200])
    )


def give_up(tx: Tx, row: InboxRow, *, reason: str) -> None:
    """Mark a row failed: running it again would fail again."""
    tx.execute(
        update(inbox)
        .where(inbox.c.id == row.id, inbox.c.state == Standing.RUNNING)
        .values(state=Standing.FAILED, body=None, chat_id=None, lease_until=None, worker=None, reason=reason[:200])
    )


def claim_waiting(tx: Tx, *, worker: str, now: datetime, lease: timedelta, limit: int = 50) -> list[InboxRow]:
    """Lease the oldest runnable row of each chat that has none running, and count the start before it happens.

    Of the rows whose worker died only one is run at a time: one of them may have killed it, and must not take the
    others along again. What was there at fewer deaths goes first. A row at its fourth start is dead and stays behind.
    """
    _bury(tx, now=now)
    earlier = inbox.alias("earlier")
    first_of_chat = ~exists().where(
        earlier.c.chat_id == inbox.c.chat_id,
        earlier.c.id < inbox.c.id,
        earlier.c.state < _DONE,
    )
    found = tx.execute(
        select(inbox.c.id, inbox.c.update_id, inbox.c.chat_id, inbox.c.body, inbox.c.attempts, inbox.c.state)
        .where(OPEN, _RUNNABLE, first_of_chat)
        .order_by(inbox.c.attempts, inbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True),
        {"now": now},
    ).all()
    suspects = [row for row in found if row.state == Standing.RUNNING]
    watched = 1 if suspects and not tx.execute(_WATCHES_ONE, {"by": worker, "now": now}).scalar_one() else 0
    found = [*suspects[:watched], *(row for row in found if row.state != Standing.RUNNING)]
    if found:
        tx.execute(
            update(inbox)
            .where(inbox.c.id.in_([row.id for row in found]))
            .values(state=Standing.RUNNING, attempts=inbox.c.attempts + 1, lease_until=now + lease, worker=worker)
        )
    return [InboxRow(row.id, row.update_id, row.chat_id, row.body, row.attempts + 1) for row in found]


_NOW = bindparam("now", type_=inbox.c.lease_until.type)
_WATCHES_ONE = select(
    exists().where(
        OPEN,
        inbox.c.state == Standing.RUNNING,
        inbox.c.worker == bindparam("by"),
        inbox.c.attempts > 1,
        inbox.c.lease_until > _NOW,
    )
)
"""Whether a worker is running a row that another start did not survive."""
_RUNNABLE = ((inbox.c.state == Standing.WAITING) & (inbox.c.not_before.is_(None) | (inbox.c.not_before <= _NOW))) | (
    (inbox.c.state == Standing.RUNNING) & (inbox.c.lease_until <= _NOW)
)
"""Waits no longer than it was to, or has lost its worker."""
_HAS_WAITING = Prepared(select(exists().where(OPEN, _RUNNABLE).label("waiting")))


def has_waiting(tx: Tx, *, now: datetime) -> bool:
    """Tell whether an update waits or has lost its worker: a look that writes nothing."""
    return bool(tx.row(_HAS_WAITING, {"now": now}).waiting)


def _bury(tx: Tx, *, now: datetime) -> None:
    killed = inbox.c.reason.is_(None) & (inbox.c.attempts >= MAX_STARTS)
    tx.execute(
        update(inbox)
        .where(
            OPEN,
            inbox.c.state == Standing.RUNNING,
            inbox.c.lease_until <= now,
            killed | (inbox.c.attempts > MAX_POSTPONED),
        )
        .values(state=Standing.DEAD, lease_until=None, worker=None, reason="fourth start")
    )


def release(tx: Tx, *, worker: str, now: datetime) -> int:
    """End the leases of ``worker`` at once: it is starting, so whatever it held died with its predecessor."""
    mine = OPEN & (inbox.c.state == Standing.RUNNING) & (inbox.c.worker == worker)
    return tx.execute(update(inbox).where(mine).values(lease_until=now)).rowcount


def hand_back(tx: Tx, rows: Sequence[InboxRow]) -> None:
    """Return rows that were leased but not started, as a stopping process does."""
    tx.execute(
        update(inbox)
        .where(inbox.c.id.in_([row.id for row in rows]), inbox.c.state == Standing.RUNNING)
        .values(state=Standing.WAITING, attempts=inbox.c.attempts - 1, lease_until=None, worker=None)
    )


def count_dead(tx: Tx) -> int:
    """Count the updates that will not be run any more."""
    return int(tx.execute(select(func.count()).where(inbox.c.state == Standing.DEAD)).scalar_one())


def sweep(tx: Tx, *, now: datetime, keep: timedelta, limit: int = 1000) -> int:
    """Delete finished rows older than ``keep``; at least 48 hours, because Telegram re-delivers for a day."""
    old = (
        select(inbox.c.id).where(inbox.c.state >= Standing.DONE, inbox.c.received_at < now - keep).order_by(inbox.c.id)
    ).limit(limit)
    return tx.execute(delete(inbox).where(inbox.c.id.in_(old))).rowcount


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Empty and unlink every update of a chat; the bare update ids stay, so that nothing runs twice."""
    tx.execute(
        update(inbox)
        .where(inbox.c.chat_id == chat_id)
        .values(chat_id=None, body=None, state=Standing.DONE, lease_until=None, worker=None)
    )
