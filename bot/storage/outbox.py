"""Messages to be sent: written with their cause, leased for one attempt at a time, marked with their outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, delete, exists, func, literal_column, select, update

from bot.domain.delivery import LEASE, Lane, Letter, Outgoing, State
from bot.storage.prepared import Prepared
from bot.storage.tables import outbox, slot
from bot.storage.tx import Tx

PENDING = outbox.c.state == literal_column(str(int(State.PENDING)))
LEASED = outbox.c.state == literal_column(str(int(State.LEASED)))
UNDELIVERED = (outbox.c.state > literal_column(str(int(State.SENT)))) & (
    outbox.c.state != literal_column(str(int(State.CANCELLED)))
)
"""Written out: a planner that does not know the value cannot use an index of only such rows.

Failed, unknown, expired or dead, but not as a list: for every row that is written SQLite would build the list anew.
"""

_HAS_KEY = outbox.c.dedupe_key.is_not(None)
"""The condition of the keys' index."""
_SLOT = select(slot.c.message_id).where(slot.c.chat_id == bindparam("chat"), slot.c.name == bindparam("slot_name"))


def there_is(
    *which: ColumnElement[bool], first: Sequence[ColumnElement[Any]], beside: FromClause | None = None
) -> ColumnElement[bool]:
    """Return the condition that there is such a row; ``first`` is the order of the index that finds it.

    PostgreSQL makes a join of EXISTS, and reads all of a million rows once it has counted that nearly every one fits.
    ``beside`` is the table of the row around it, where ``which`` compares with that.
    """
    found = select(outbox.c.id).where(*which).order_by(*first).limit(literal_column("1"))
    return (found if beside is None else found.correlate(beside)).scalar_subquery().is_not(None)


def enqueue(tx: Tx, message: Outgoing, *, now: datetime, worker: str | None = None) -> Letter | None:
    """Write one message. With ``worker`` it is leased to that process at once, to be sent after the commit.

    Returns None where a message with the same dedupe key exists already. An edit replaces older edits of its slot
    that are still waiting.
    """
    assert (message.lane is Lane.BROADCAST) == (message.broadcast_id is not None)
    if message.edits and message.slot:
        tx.execute(
            update(outbox)
            .where(
                outbox.c.chat_id == message.chat_id,
                outbox.c.slot == message.slot,
                outbox.c.edits.is_(True),
                outbox.c.state == State.PENDING,
            )
            .values(state=State.CANCELLED, reason="newer edit", payload=None, ended_at=now)
        )
    values = _values(message, now=now, worker=worker)
    if message.dedupe_key is not None:
        row_id = tx.insert_new_id(outbox, values, key=["dedupe_key"], where=_HAS_KEY)
        if row_id is None:
            return None
    else:
        row_id = tx.insert_id(outbox, values)
    return Letter(
        row_id,
        message.chat_id,
        message.method,
        message.payload,
        message.lane,
        attempt=1,
        ambiguous=0,
        slot=message.slot,
        edits=message.edits,
        message_id=edited_message(tx, message.chat_id, message.slot, message.message_id) if message.edits else None,
        on_sent=message.on_sent,
        broadcast_id=message.broadcast_id,
        expires_at=message.expires_at,
    )


def enqueue_many(tx: Tx, messages: Sequence[Outgoing], *, now: datetime) -> int:
    """Write new messages, each with a dedupe key; return how many there were whose key did not exist already."""
    assert not any(message.edits or message.dedupe_key is None for message in messages)
    rows = [_values(message, now=now, worker=None) for message in messages]
    return tx.insert_each_new(outbox, rows, key=["dedupe_key"], where=_HAS_KEY)


def _values(message: Outgoing, *, now: datetime, worker: str | None) -> dict[str, Any]:
    return {
        "lane": message.lane,
        "chat_id": message.chat_id,
        "method": message.method,
        "payload": dict(message.payload),
        "slot": message.slot,
        "edits": message.edits,
        "on_sent": message.on_sent,
        "dedupe_key": message.dedupe_key,
        "broadcast_id": message.broadcast_id,
        "state": State.LEASED if worker else State.PENDING,
        "attempts": 1 if worker else 0,
        "ambiguous": 0,
        "message_id": message.message_id,
        "not_before": message.not_before or now,
        "expires_at": message.expires_at,
        "lease_until": now + LEASE if worker else None,
        "worker": worker,
        "created_at": now,
    }


_COMPOSE = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(
        method=bindparam("new_method"),
        payload=bindparam("words"),
        slot=bindparam("new_slot"),
        on_sent=bindparam("effect"),
    )
)


def compose(tx: Tx, composed: Sequence[tuple[Letter, Outgoing]]) -> list[Letter]:
    """Give rows that are leased the message that each brings, and return their letters with it."""
    rows = [
        {
            "row_id": letter.id,
            "new_method": message.method,
            "words": dict(message.payload),
            "new_slot": message.slot,
            "effect": message.on_sent,
        }
        for letter, message in composed
    ]
    if rows:
        tx.change_each(_COMPOSE, rows)
    return [
        replace(letter, method=message.method, payload=message.payload, slot=message.slot, on_sent=message.on_sent)
        for letter, message in composed
    ]


def planned(tx: Tx, chat_id: int, *, since: datetime) -> list[tuple[datetime, str | None]]:
    """Return when messages to a chat went out or are to go out since a moment, in order, with their dedupe keys."""
    rows = tx.execute(
        select(outbox.c.not_before, outbox.c.dedupe_key)
        .where(outbox.c.chat_id == chat_id, outbox.c.not_before > since, outbox.c.state != State.CANCELLED)
        .order_by(outbox.c.not_before, outbox.c.id)
    )
    return [(row.not_before, row.dedupe_key) for row in rows]


def slot_message(tx: Tx, chat_id: int, name: str | None) -> int | None:
    """Return the id of the message that a slot of the chat holds, if any."""
    if name is None:
        return None
    found: int | None = tx.execute(_SLOT, {"chat": chat_id, "slot_name": name}).scalar()
    return found


def edited_message(tx: Tx, chat_id: int, name: str | None, known: int | None) -> int | None:
    """Return the message that an edit changes: the one it names, or the one that its slot holds."""
    return known if known is not None else slot_message(tx, chat_id, name)


def last_words(tx: Tx, chat_id: int, name: str) -> Mapping[str, Any] | None:
    """Return what a slot's message says, or will say once everything that waits is sent; None where nobody knows."""
    return tx.execute(
        select(outbox.c.payload)
        .where(outbox.c.chat_id == chat_id, outbox.c.slot == name)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).scalar()


def fill_slot(tx: Tx, chat_id: int, name: str, message_id: int) -> None:
    """Remember which message a slot holds."""
    tx.upsert(slot, {"chat_id": chat_id, "name": name, "message_id": message_id}, key=["chat_id", "name"])


def first_is_under_way(tx: Tx, chat_id: int, name: str | None) -> bool:
    """Tell whether the message that fills a slot is still to be sent: an edit waits for it."""
    if name is None:
        return False
    first = exists().where(
        outbox.c.chat_id == chat_id,
        outbox.c.slot == name,
        outbox.c.edits.is_(False),
        outbox.c.state.in_([State.PENDING, State.LEASED]),
    )
    return bool(tx.execute(select(first)).scalar_one())


def end(tx: Tx, row_id: int, *, state: State, reason: str | None, now: datetime, message_id: int | None = None) -> bool:
    """Write the final state of a row; False when it has left the states that can still end."""
    return (
        tx.execute(
            update(outbox)
            .where(outbox.c.id == row_id, outbox.c.state.in_([State.PENDING, State.LEASED]))
            .values(state=state, reason=reason, message_id=message_id, lease_until=None, worker=None, ended_at=now)
        ).rowcount
        == 1
    )


def end_attempt(
    tx: Tx, letter: Letter, *, worker: str, state: State, reason: str | None, now: datetime, message_id: int | None
) -> bool:
    """Write the final state of a leased row, fenced by worker and attempt: a late worker overwrites no re-lease."""
    return (
        tx.changes(
            _END,
            {
                "row_id": letter.id,
                "by": worker,
                "nth": letter.attempt,
                "new_state": state,
                "why": reason,
                "message": message_id,
                "at": now,
            },
        )
        == 1
    )


_END = Prepared(
    update(outbox)
    .where(
        outbox.c.id == bindparam("row_id"),
        outbox.c.state == State.LEASED,
        outbox.c.worker == bindparam("by"),
        outbox.c.attempts == bindparam("nth"),
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        message_id=bindparam("message"),
        lease_until=None,
        worker=None,
        ended_at=bindparam("at"),
    )
)


_HELD = (
    select(outbox.c.id, outbox.c.attempts)
    .where(outbox.c.id.in_(bindparam("rows", expanding=True)), LEASED, outbox.c.worker == bindparam("by"))
    .with_for_update()
)
_END_SENT = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(
        state=State.SENT,
        reason=None,
        message_id=bindparam("message"),
        lease_until=None,
        worker=None,
        ended_at=bindparam("at"),
    )
)


def end_sent(tx: Tx, sent: Sequence[tuple[Letter, int | None]], *, worker: str, now: datetime) -> Sequence[Letter]:
    """Mark letters as sent, each with its message id, and return those whose lease still held: :meth:`end_attempt`."""
    if not sent:
        return []
    if len(sent) == 1:  # a quiet bot marks one reply at a time, and then every statement counts
        letter, number = sent[0]
        held_still = end_attempt(tx, letter, worker=worker, state=State.SENT, reason=None, now=now, message_id=number)
        return [letter] if held_still else []
    held = {(row.id, row.attempts) for row in tx.execute(_HELD, {"rows": [each.id for each, _ in sent], "by": worker})}
    mine = [(letter, message_id) for letter, message_id in sent if (letter.id, letter.attempt) in held]
    if mine:
        tx.change_each(_END_SENT, [{"row_id": letter.id, "message": number, "at": now} for letter, number in mine])
    return [letter for letter, _ in mine]


def _overtaken(tx: Tx, letter: Letter) -> bool:
    newer = exists().where(
        outbox.c.chat_id == letter.chat_id,
        outbox.c.slot == letter.slot,
        outbox.c.edits.is_(True),
        outbox.c.id > letter.id,
    )
    return bool(tx.execute(select(newer)).scalar_one())


def retry_attempt(
    tx: Tx, letter: Letter, *, worker: str, not_before: datetime, reason: str, ambiguous: bool, counts: bool = True
) -> bool:
    """Put a leased row back to be tried again at ``not_before``; an edit that a newer one has overtaken is dropped."""
    if letter.edits and letter.slot is not None and _overtaken(tx, letter):
        return end_attempt(
            tx, letter, worker=worker, state=State.CANCELLED, reason="newer edit", now=not_before, message_id=None
        )
    return (
        tx.execute(
            update(outbox)
            .where(
                outbox.c.id == letter.id,
                outbox.c.state == State.LEASED,
                outbox.c.worker == worker,
                outbox.c.attempts == letter.attempt,
            )
            .values(
                state=State.PENDING,
                reason=reason,
                not_before=not_before,
                attempts=letter.attempt if counts else letter.attempt - 1,
                ambiguous=outbox.c.ambiguous + int(ambiguous),
                lease_until=None,
                worker=None,
            )
        ).rowcount
        == 1
    )


def release(tx: Tx, *, worker: str, now: datetime) -> int:
    """End the leases of ``worker`` at once: it is starting, so whatever it held died with its predecessor."""
    mine = LEASED & (outbox.c.worker == worker)
    return tx.execute(update(outbox).where(mine).values(lease_until=now)).rowcount


def cancel_chat(tx: Tx, chat_id: int, *, now: datetime, reason: str, lane: Lane | None = None) -> int:
    """Cancel what waits for a chat, of one lane or of all."""
    mine = (outbox.c.chat_id == chat_id) & (outbox.c.state == State.PENDING)
    if lane is not None:
        mine &= outbox.c.lane == lane
    return tx.execute(
        update(outbox).where(mine).values(state=State.CANCELLED, reason=reason, payload=None, ended_at=now)
    ).rowcount


def pending(tx: Tx, *, lane: Lane | None = None) -> int:
    """Count the rows that wait."""
    waiting = outbox.c.state == State.PENDING
    if lane is not None:
        waiting &= outbox.c.lane == lane
    return int(tx.execute(select(func.count()).select_from(outbox).where(waiting)).scalar_one())


def sweep(tx: Tx, *, now: datetime, keep: timedelta, limit: int = 1000) -> int:
    """Delete rows that ended longer ago than ``keep``."""
    old = (
        select(outbox.c.id)
        .where(outbox.c.state > State.LEASED, outbox.c.ended_at < now - keep)
        .order_by(outbox.c.ended_at)
    ).limit(limit)
    return tx.execute(delete(outbox).where(outbox.c.id.in_(old))).rowcount


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete every row and slot of a chat."""
    tx.execute(delete(outbox).where(outbox.c.chat_id == chat_id))
    erase_slots(tx, chat_id)


def forget_slots(tx: Tx, chat_id: int, prefix: str, *, keep: Sequence[str]) -> None:
    """Forget the messages of a chat's slots whose names begin in a way, but for some."""
    named = slot.c.name.startswith(prefix, autoescape=True) & slot.c.name.not_in(keep)
    tx.execute(delete(slot).where(slot.c.chat_id == chat_id, named))


def erase_slots(tx: Tx, chat_id: int) -> None:
    """Forget which messages the slots of a chat hold."""
    tx.execute(delete(slot).where(slot.c.chat_id == chat_id))


def erase_row(tx: Tx, row_id: int) -> None:
    """Delete one row without a trace."""
    tx.execute(delete(outbox).where(outbox.c.id == row_id))
