"""Messages to be sent: written with their cause, leased for one attempt at a time, marked with their outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, func, insert, literal, select, update

from bot.domain.delivery import LEASE, RESEND_BUDGET, Lane, Letter, Outgoing, State
from bot.storage import broadcasts
from bot.storage.tables import bucket, outbox, slot
from bot.storage.tx import Tx

BUCKET = "messages"

_INSERT = insert(outbox)
_SLOT = select(slot.c.message_id).where(slot.c.chat_id == bindparam("chat"), slot.c.name == bindparam("slot_name"))


def enqueue(tx: Tx, message: Outgoing, *, now: datetime, worker: str | None = None) -> Letter | None:
    """Write one message. With ``worker`` it is leased to that process at once, to be sent after the commit.

    Returns None where a message with the same dedupe key exists already. An edit replaces older edits of its slot
    that are still waiting.
    """
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
    values = {
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
    if message.dedupe_key is not None:
        if not tx.insert_new(outbox, values, key=["dedupe_key"]):
            return None
        row_id = tx.execute(select(outbox.c.id).where(outbox.c.dedupe_key == message.dedupe_key)).scalar_one()
    else:
        key = tx.execute(_INSERT, values).inserted_primary_key
        assert key is not None
        row_id = key[0]
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
        message_id=_edited(tx, message.chat_id, message.slot, message.message_id) if message.edits else None,
        on_sent=message.on_sent,
        broadcast_id=message.broadcast_id,
        expires_at=message.expires_at,
    )


def slot_message(tx: Tx, chat_id: int, name: str | None) -> int | None:
    """Return the id of the message that a slot of the chat holds, if any."""
    if name is None:
        return None
    found: int | None = tx.execute(_SLOT, {"chat": chat_id, "slot_name": name}).scalar()
    return found


def _edited(tx: Tx, chat_id: int, name: str | None, known: int | None) -> int | None:
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


def claim(
    tx: Tx, *, worker: str, now: datetime, limit: int, rate: float, burst: float, reserve: float, owed: int
) -> list[Letter]:
    """Lease the next rows of the background lanes, as many as there are tokens.

    ``owed`` replies were sent since the last call and are paid first; the bucket may go down to ``-burst``.
    Broadcasts only see tokens above ``reserve``. One transaction: refill, expire leases, lease.
    """
    tokens = _refill(tx, now=now, rate=rate, burst=burst) - owed
    _expire(tx, now=now)
    letters: list[Letter] = []
    if tokens >= 1:
        letters = _lease(tx, worker=worker, now=now, limit=min(limit, int(tokens)), lane=Lane.PROMPT)
        spare = min(limit - len(letters), int(tokens - len(letters) - reserve))
        if spare > 0:
            letters += _lease(tx, worker=worker, now=now, limit=spare, lane=Lane.BROADCAST)
    tokens = max(-burst, tokens - len(letters))
    tx.execute(update(bucket).where(bucket.c.name == BUCKET).values(tokens=tokens, refilled_at=now))
    return letters


def _refill(tx: Tx, *, now: datetime, rate: float, burst: float) -> float:
    row = tx.execute(select(bucket).where(bucket.c.name == BUCKET).with_for_update()).one_or_none()
    if row is None:
        tx.insert_new(bucket, {"name": BUCKET, "tokens": burst, "refilled_at": now}, key=["name"])
        return burst
    if row.blocked_until is not None and row.blocked_until > now:
        return 0.0
    elapsed = max(0.0, (now - row.refilled_at).total_seconds())
    return float(min(burst, row.tokens + elapsed * rate))


def has_work(tx: Tx, *, now: datetime) -> bool:
    """Tell whether a row is due or a lease has run out: a look that writes nothing."""
    due = exists().where(outbox.c.state == State.PENDING, outbox.c.not_before <= now)
    if halted := broadcasts.halted(tx):
        due = due.where(broadcasts.not_of(halted))
    overdue = exists().where(outbox.c.state == State.LEASED, outbox.c.lease_until <= now)
    return bool(tx.execute(select(due | overdue)).scalar_one())


def block_bucket(tx: Tx, *, until: datetime, now: datetime) -> None:
    """Stop the background lanes of every worker until ``until``, because Telegram asked for it."""
    tx.insert_new(bucket, {"name": BUCKET, "tokens": 0.0, "refilled_at": now}, key=["name"])
    tx.execute(update(bucket).where(bucket.c.name == BUCKET).values(tokens=0.0, blocked_until=until))


def _expire(tx: Tx, *, now: datetime) -> None:
    """End overdue leases (their outcome is ambiguous) and drop rows whose time has passed."""
    tx.execute(
        update(outbox)
        .where(outbox.c.state == State.LEASED, outbox.c.lease_until <= now)
        .values(
            state=case((outbox.c.ambiguous >= RESEND_BUDGET, State.UNKNOWN), else_=State.PENDING),
            ambiguous=outbox.c.ambiguous + 1,
            reason="lease ran out",
            lease_until=None,
            worker=None,
            ended_at=case((outbox.c.ambiguous >= RESEND_BUDGET, literal(now, outbox.c.ended_at.type)), else_=None),
        )
    )


def _lease(tx: Tx, *, worker: str, now: datetime, limit: int, lane: Lane) -> list[Letter]:
    """Lease up to ``limit`` due rows: of lanes up to ``PROMPT`` together, or of the broadcast lane."""
    lanes = [Lane.REPLY, Lane.PROMPT] if lane is Lane.PROMPT else [Lane.BROADCAST]
    letters: list[Letter] = []
    for each in lanes:
        waiting = (outbox.c.state == State.PENDING) & (outbox.c.lane == each) & (outbox.c.not_before <= now)
        if each is Lane.BROADCAST and (halted := broadcasts.halted(tx)):
            waiting &= broadcasts.not_of(halted)
        rows = tx.execute(
            select(outbox)
            .where(waiting)
            .order_by(outbox.c.not_before, outbox.c.id)
            .limit(limit - len(letters))
            .with_for_update(skip_locked=True)
        ).all()
        for row in broadcasts.still_due(tx, rows, now=now) if each is Lane.BROADCAST else rows:
            if row.expires_at is not None and row.expires_at <= now:
                end(tx, row.id, state=State.EXPIRED, reason="too late", now=now)
                continue
            if row.edits and _first_is_under_way(tx, row.chat_id, row.slot):
                tx.execute(update(outbox).where(outbox.c.id == row.id).values(not_before=now + timedelta(seconds=1)))
                continue
            tx.execute(
                update(outbox)
                .where(outbox.c.id == row.id)
                .values(state=State.LEASED, attempts=row.attempts + 1, lease_until=now + LEASE, worker=worker)
            )
            letters.append(
                Letter(
                    row.id,
                    row.chat_id,
                    row.method,
                    row.payload,
                    Lane(row.lane),
                    attempt=row.attempts + 1,
                    ambiguous=row.ambiguous,
                    slot=row.slot,
                    edits=row.edits,
                    message_id=_edited(tx, row.chat_id, row.slot, row.message_id) if row.edits else None,
                    on_sent=row.on_sent,
                    broadcast_id=row.broadcast_id,
                    expires_at=row.expires_at,
                )
            )
    return letters


def _first_is_under_way(tx: Tx, chat_id: int, name: str | None) -> bool:
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
        tx.execute(
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
        ).rowcount
        == 1
    )


_END = (
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
    mine = (outbox.c.state == State.LEASED) & (outbox.c.worker == worker)
    return tx.execute(update(outbox).where(mine).values(lease_until=now)).rowcount


def hand_back(tx: Tx, letters: Sequence[Letter], *, worker: str) -> None:
    """Return leased rows that were never posted, as a stopping process does."""
    tx.execute(
        update(outbox)
        .where(
            outbox.c.id.in_([letter.id for letter in letters]),
            outbox.c.state == State.LEASED,
            outbox.c.worker == worker,
        )
        .values(state=State.PENDING, attempts=outbox.c.attempts - 1, lease_until=None, worker=None)
    )


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


def erase_slots(tx: Tx, chat_id: int) -> None:
    """Forget which messages the slots of a chat hold."""
    tx.execute(delete(slot).where(slot.c.chat_id == chat_id))


def erase_row(tx: Tx, row_id: int) -> None:
    """Delete one row without a trace."""
    tx.execute(delete(outbox).where(outbox.c.id == row_id))
