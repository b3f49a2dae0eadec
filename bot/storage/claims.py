"""Leasing what waits: as many rows as there are tokens, no chat too often, broadcasts in turn.

One claim is a handful of statements whatever it leases, each built once: it runs many times a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, exists, literal_column, or_, select, update

from bot.domain.delivery import LEASE, RESEND_BUDGET, Lane, Letter, State
from bot.storage import broadcasts, outbox
from bot.storage.broadcasts import Stream
from bot.storage.tables import broadcast, bucket
from bot.storage.tables import outbox as rows
from bot.storage.tx import Tx

BUCKET = "messages"
CHAT_EVERY = timedelta(seconds=1)
"""Telegram asks for no more than about one message a second in a chat; what nobody waits for keeps to it."""
GROUP_MINUTE = 20
"""Messages that Telegram lets a bot send to one group in a minute."""
MINUTE = timedelta(minutes=1)
REPEATED = timedelta(minutes=5)
"""A second flood warning within this time of the first one's end halves the rate."""
SLOWEST = 0.1
RECOVERY = 0.05
"""What a minute without flood warnings gives back of the full rate."""
OVERTAKEN = timedelta(seconds=2)
"""By so much a worker may have looked at the clock before another that got to the bucket first. The time between them
is given out once. Behind by more, and the clock was set back."""
ROUNDS = 3
"""How often one claim looks again where rows that it saw may not go out yet."""

_LANES = tuple(Lane)
_DUE = outbox.PENDING & (rows.c.not_before <= bindparam("now"))


def _lane(lane: Lane) -> Any:
    return rows.c.lane == literal_column(str(int(lane)))


_OWN = rows.c.broadcast_id.is_(None)
_COLUMNS = tuple(
    rows.c[name]
    for name in (
        "id", "chat_id", "method", "payload", "lane", "attempts", "ambiguous", "slot", "edits", "message_id", "on_sent",
        "broadcast_id", "expires_at",
    )
)  # fmt: skip
_ORDER = (rows.c.broadcast_id, rows.c.not_before, rows.c.id)
_NEXT = {
    lane: select(*_COLUMNS)
    .where(_DUE, _lane(lane), _OWN)
    .order_by(*_ORDER)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    for lane in (Lane.REPLY, Lane.PROMPT)
}
_NEXT_OF_BROADCAST = (
    select(*_COLUMNS)
    .where(_DUE, _lane(Lane.BROADCAST), rows.c.broadcast_id == bindparam("stream"))
    .order_by(*_ORDER)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_STREAM_IS_DUE = outbox.there_is(
    _DUE, _lane(Lane.BROADCAST), rows.c.broadcast_id == broadcast.c.id, first=_ORDER, beside=broadcast
)
_STREAMS = (
    select(broadcast.c.id, broadcast.c.cohorts, broadcast.c.body)
    .where(broadcasts.GOING, _STREAM_IS_DUE)
    .order_by(broadcast.c.id)
)
_OVERDUE = outbox.LEASED & (rows.c.lease_until <= bindparam("now"))
_IS_OVERDUE = outbox.there_is(_OVERDUE, first=(rows.c.lease_until,))
_HAS_REPLY, _HAS_PROMPT = (outbox.there_is(_DUE, _lane(lane), _OWN, first=_ORDER) for lane in (Lane.REPLY, Lane.PROMPT))
_HAS_STREAM = exists().where(broadcasts.GOING, _STREAM_IS_DUE)
_HAS_WORK = select(or_(_HAS_REPLY, _HAS_PROMPT, _HAS_STREAM, _IS_OVERDUE))
_EXPIRE = (
    update(rows)
    .where(_OVERDUE)
    .values(
        state=case((rows.c.ambiguous >= RESEND_BUDGET, State.UNKNOWN), else_=State.PENDING),
        ambiguous=rows.c.ambiguous + 1,
        reason="lease ran out",
        lease_until=None,
        worker=None,
        ended_at=case((rows.c.ambiguous >= RESEND_BUDGET, bindparam("now", type_=rows.c.ended_at.type)), else_=None),
    )
)
_LEASE = (
    update(rows)
    .where(rows.c.id.in_(bindparam("leased", expanding=True)))
    .values(
        state=State.LEASED,
        attempts=rows.c.attempts + 1,
        lease_until=bindparam("until"),
        worker=bindparam("by"),
    )
)
_PUT_OFF = update(rows).where(rows.c.id == bindparam("row_id")).values(not_before=bindparam("due"))
_RECENT = select(rows.c.chat_id, rows.c.state, rows.c.ended_at).where(
    rows.c.chat_id.in_(bindparam("chats", expanding=True)),
    or_(
        outbox.LEASED,
        and_(
            rows.c.state == literal_column(str(int(State.SENT))),
            rows.c.ended_at > bindparam("since"),
            rows.c.ended_at <= bindparam("now"),
        ),
    ),
)
_OPEN_BUCKET = select(bucket).where(bucket.c.name == BUCKET).with_for_update()
_OPEN_TO_CLAIM = _OPEN_BUCKET.add_columns(
    _IS_OVERDUE.label("is_overdue"), _HAS_REPLY.label("has_reply"), _HAS_PROMPT.label("has_prompt")
)
_CLOSE_BUCKET = (
    update(bucket)
    .where(bucket.c.name == BUCKET)
    .values(
        tokens=bindparam("left"),
        refilled_at=bindparam("now"),
        blocked_until=bindparam("until"),
        share=bindparam("part"),
        last_broadcast=bindparam("stream"),
    )
)


@dataclass(slots=True)
class _Bucket:
    """The tokens that all workers share, as they are ``at`` now. ``share`` is the part of the rate that is used."""

    at: datetime
    tokens: float
    share: float
    blocked_until: datetime | None
    last_broadcast: int
    is_overdue: bool = True
    lanes: Sequence[Lane] = tuple(_NEXT)
    """Which of the background lanes may have something that is due."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one claim leased, and the seconds after which another can bring more."""

    letters: list[Letter]
    again_in: float


def has_work(tx: Tx, *, now: datetime) -> bool:
    """Tell whether a row is due or a lease has run out: a look that writes nothing."""
    return bool(tx.execute(_HAS_WORK, {"now": now}).scalar_one())


def claim(
    tx: Tx, *, worker: str, now: datetime, limit: int, rate: float, burst: float, reserve: float, owed: int
) -> Claimed:
    """Lease the next rows of the background lanes, as many as there are tokens.

    ``owed`` replies were sent since the last call and are paid first; the bucket may go down to ``-burst``. Broadcasts
    only see tokens above ``reserve`` and take turns. Rows of a chat that was written to a moment ago are put off.
    """
    held = _open(tx, now=now, rate=rate, burst=burst)
    held.tokens -= owed
    if held.is_overdue:
        tx.execute(_EXPIRE, {"now": now})
    letters: list[Letter] = []
    if held.tokens >= 1:
        room = min(limit, int(held.tokens))
        for lane in held.lanes:
            letters += _take(tx, _NEXT[lane], None, room=room - len(letters), worker=worker, now=now)
        spare = min(limit - len(letters), int(held.tokens - len(letters) - reserve))
        letters += _take_broadcasts(tx, held, room=spare, worker=worker, now=now)
    held.tokens = max(-burst, held.tokens - len(letters))
    _close(tx, held)
    return Claimed(letters, 0.0 if letters else _until_more(held, now=now, rate=rate, enough=1 + reserve))


def _until_more(held: _Bucket, *, now: datetime, rate: float, enough: float) -> float:
    if held.blocked_until is not None and held.blocked_until > now:
        return (held.blocked_until - now).total_seconds()
    return max(0.0, enough - held.tokens) / (rate * held.share)


def _take_broadcasts(tx: Tx, held: _Bucket, *, room: int, worker: str, now: datetime) -> list[Letter]:
    """Go round the broadcasts that have something to send, beginning behind the one that was served last."""
    if room <= 0:
        return []
    waiting = [Stream.read(row.id, row.cohorts, row.body) for row in tx.execute(_STREAMS, {"now": now})]
    behind = [each for each in waiting if each.id > held.last_broadcast]
    letters: list[Letter] = []
    for position, stream in enumerate([*behind, *waiting[: len(waiting) - len(behind)]]):
        if len(letters) >= room:
            break
        share = -(-(room - len(letters)) // (len(waiting) - position))
        taken = _take(tx, _NEXT_OF_BROADCAST, stream, room=share, worker=worker, now=now)
        if taken:
            letters += taken
            held.last_broadcast = stream.id
    return letters


def _open(tx: Tx, *, now: datetime, rate: float, burst: float) -> _Bucket:
    row = tx.execute(_OPEN_TO_CLAIM, {"now": now}).one_or_none()
    if row is None:
        _fill_new(tx, tokens=burst, now=now)
        row = tx.execute(_OPEN_TO_CLAIM, {"now": now}).one()  # perhaps another worker's, who came first
    if row.refilled_at - OVERTAKEN <= now:
        now = max(now, row.refilled_at)
    blocked = row.blocked_until
    if blocked is not None and row.refilled_at > now:
        blocked -= row.refilled_at - now  # the clock stepped back, and the end of the warning with it
    minutes = max(0.0, (now - row.refilled_at) / MINUTE)
    share = min(1.0, row.share + RECOVERY * minutes)
    if blocked is not None and blocked > now:
        return _Bucket(now, 0.0, row.share, blocked, row.last_broadcast, row.is_overdue)
    since = row.refilled_at if blocked is None else max(row.refilled_at, blocked)
    elapsed = max(0.0, (now - since).total_seconds())
    tokens = float(min(burst, row.tokens + elapsed * rate * share))
    due = {Lane.REPLY: row.has_reply, Lane.PROMPT: row.has_prompt}
    lanes = [lane for lane, has in due.items() if has or row.is_overdue]  # a lease that ends may be of either
    return _Bucket(now, tokens, share, blocked, row.last_broadcast, row.is_overdue, lanes)


def _close(tx: Tx, held: _Bucket) -> None:
    values = {"left": held.tokens, "part": held.share, "stream": held.last_broadcast}
    tx.execute(_CLOSE_BUCKET, {**values, "now": held.at, "until": held.blocked_until})


def _fill_new(tx: Tx, *, tokens: float, now: datetime) -> None:
    values = {"name": BUCKET, "tokens": tokens, "refilled_at": now, "share": 1.0, "last_broadcast": 0}
    tx.insert_new(bucket, values, key=["name"])


def block(tx: Tx, *, until: datetime, now: datetime) -> None:
    """Stop the background lanes of every worker until ``until``, because Telegram asked for it.

    Another warning soon after the last one ended halves the rate. Those of requests that were under way together count
    as one.
    """
    _fill_new(tx, tokens=0.0, now=now)
    row = tx.execute(_OPEN_BUCKET).one()
    blocked, share = row.blocked_until, row.share
    if blocked is not None and blocked <= now < blocked + REPEATED:
        share = max(SLOWEST, share / 2)
    if blocked is not None and blocked > until:
        until = blocked
    _close(tx, _Bucket(now, 0.0, share, until, row.last_broadcast))


def _take(tx: Tx, query: Any, stream: Stream | None, *, room: int, worker: str, now: datetime) -> list[Letter]:
    """Lease up to ``room`` rows of a query. Rows that it finds and that may not go out now are dealt with first."""
    values = {} if stream is None else {"stream": stream.id}
    words = {} if stream is None else stream.words
    letters: list[Letter] = []
    for _ in range(ROUNDS):
        most = room - len(letters)
        if most <= 0:
            break
        found = tx.execute(query, {**values, "now": now, "most": most}).all()
        letters += _lease(tx, _may_go(tx, found, stream, now=now), words, worker=worker, now=now)
        if len(found) < most:
            break
    return letters


def _may_go(tx: Tx, found: Sequence[Row[Any]], stream: Stream | None, *, now: datetime) -> list[Row[Any]]:
    """Of rows that are due return those that may go out; the others end or are put off, so that none is found again."""
    fresh = []
    for row in found:
        if row.expires_at is not None and row.expires_at <= now:
            outbox.end(tx, row.id, state=State.EXPIRED, reason="too late", now=now)
        else:
            fresh.append(row)
    due = fresh if stream is None else broadcasts.still_due(tx, stream, fresh, now=now)
    later: list[dict[str, Any]] = []
    ready = []
    chats = _Chats(tx, due, now=now)
    for row in due:
        if row.edits and outbox.first_is_under_way(tx, row.chat_id, row.slot):
            later.append({"row_id": row.id, "due": now + timedelta(seconds=1)})
        elif (free := chats.free_at(row)) > now:
            later.append({"row_id": row.id, "due": free})
        else:
            chats.note(row.chat_id)
            ready.append(row)
    if later:
        tx.execute(_PUT_OFF, later)
    return ready


class _Chats:
    """When each chat was written to in the last second, a group in the last minute."""

    def __init__(self, tx: Tx, due: Sequence[Row[Any]], *, now: datetime) -> None:
        self._now = now
        self._moments: defaultdict[int, list[datetime]] = defaultdict(list)
        chats = {row.chat_id for row in due}
        if not chats:
            return
        since = now - (MINUTE if min(chats) < 0 else CHAT_EVERY)
        for row in tx.execute(_RECENT, {"chats": list(chats), "since": since, "now": now}).all():
            self._moments[row.chat_id].append(now if row.state == State.LEASED else row.ended_at)

    def free_at(self, row: Row[Any]) -> datetime:
        """Return when a row may go out. A reply in a private chat never waits."""
        free = self._now
        moments = self._moments.get(row.chat_id, ())
        if moments and row.lane != Lane.REPLY:
            free = max(free, max(moments) + CHAT_EVERY)
        if row.chat_id < 0 and len(moments) >= GROUP_MINUTE:
            free = max(free, sorted(moments)[-GROUP_MINUTE] + MINUTE)
        return free

    def note(self, chat_id: int) -> None:
        """Remember that a chat is written to now."""
        self._moments[chat_id].append(self._now)


def _lease(tx: Tx, ready: Sequence[Row[Any]], words: Mapping[str, Any], *, worker: str, now: datetime) -> list[Letter]:
    if not ready:
        return []
    tx.execute(_LEASE, {"leased": [row.id for row in ready], "until": now + LEASE, "by": worker})
    return [
        Letter(
            row_id,
            chat_id,
            method,
            payload if payload is not None else words,
            _LANES[lane],
            attempts + 1,
            ambiguous,
            slot,
            edits,
            outbox.edited_message(tx, chat_id, slot, message_id) if edits else None,
            on_sent,
            broadcast_id,
            expires_at,
        )
        for (
            row_id, chat_id, method, payload, lane, attempts, ambiguous, slot, edits, message_id, on_sent,
            broadcast_id, expires_at,
        ) in map(tuple, ready)
    ]  # fmt: skip
