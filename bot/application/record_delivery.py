"""What follows from a delivery: the row's state, the slot it filled, the effect it was waiting for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.application import erase_learner, practise
from bot.domain.delivery import (
    MAX_ATTEMPTS,
    RESEND_BUDGET,
    Ambiguous,
    Blocked,
    DeliveryOutcome,
    Letter,
    MessageGone,
    Refused,
    RetryLater,
    Sent,
    State,
    backoff,
)
from bot.domain.learner import Status
from bot.storage import Tx, broadcasts, claims, learners, outbox, uploads

Settled = Counter[tuple[int, State, str | None]]
"""How many deliveries of a broadcast ended in which state, for which reason."""


def record_all(tx: Tx, marks: Sequence[tuple[Letter, DeliveryOutcome]], *, worker: str, now: datetime) -> None:
    """Record the outcomes of several attempts: what needs nothing but its mark in few statements.

    The order keeps two workers from locking each other out.
    """
    settled: Settled = Counter()
    plain = []
    for letter, outcome in sorted(marks, key=lambda each: (each[0].broadcast_id or 0, each[0].chat_id, each[0].id)):
        if isinstance(outcome, Sent) and (letter.slot, letter.on_sent, outcome.digest) == (None, None, None):
            plain.append((letter, outcome.message_id if outcome.message_id is not None else letter.message_id))
        else:
            _record(tx, letter, outcome, settled, worker=worker, now=now)
    for letter in outbox.end_sent(tx, plain, worker=worker, now=now):
        if letter.broadcast_id is not None:
            settled[letter.broadcast_id, State.SENT, None] += 1
    for (broadcast_id, state, reason), number in settled.items():
        broadcasts.count_delivery(tx, broadcast_id, state, reason=reason, more=number)


def record(tx: Tx, letter: Letter, outcome: DeliveryOutcome, *, worker: str, now: datetime) -> None:
    """Record the outcome of one attempt and everything that hangs on it. A lost lease records nothing."""
    record_all(tx, [(letter, outcome)], worker=worker, now=now)


def _record(tx: Tx, letter: Letter, outcome: DeliveryOutcome, settled: Settled, *, worker: str, now: datetime) -> None:
    def end(state: State, reason: str) -> bool:
        ended = outbox.end_attempt(tx, letter, worker=worker, state=state, reason=reason, now=now, message_id=None)
        if ended and letter.broadcast_id is not None:
            settled[letter.broadcast_id, state, reason] += 1
        if ended and letter.on_sent == "erase":
            erase_learner.erase_traces(tx, letter)
        return ended

    match outcome:
        case Sent():
            if _sent(tx, letter, outcome, worker=worker, now=now) and letter.broadcast_id is not None:
                settled[letter.broadcast_id, State.SENT, None] += 1
        case Blocked(reason):
            if end(State.FAILED, reason):
                mark_blocked(tx, letter.chat_id, now=now)
        case Refused(reason):
            end(State.FAILED, reason)
        case RetryLater():
            if not _retry(tx, letter, outcome, worker=worker, now=now):
                end(State.DEAD, outcome.reason)
        case Ambiguous(reason):
            if letter.ambiguous >= RESEND_BUDGET:
                end(State.UNKNOWN, reason)
            else:
                wait = now + backoff(letter.attempt)
                outbox.retry_attempt(tx, letter, worker=worker, not_before=wait, reason=reason, ambiguous=True)
        case MessageGone():
            end(State.FAILED, "message gone")
        case _:
            assert_never(outcome)


def mark_blocked(tx: Tx, chat_id: int, *, now: datetime) -> None:
    """Stop everything that would go to somebody who blocked the bot. Their /start or unblocking resumes it."""
    outbox.cancel_chat(tx, chat_id, now=now, reason="blocked")
    learner = learners.get(tx, chat_id, lock=True)
    if learner is not None and learner.status is Status.ACTIVE:
        learners.save(tx, replace(learner, status=Status.BLOCKED, next_due=None))


def _sent(tx: Tx, letter: Letter, sent: Sent, *, worker: str, now: datetime) -> bool:
    message_id = sent.message_id if sent.message_id is not None else letter.message_id
    if not outbox.end_attempt(tx, letter, worker=worker, state=State.SENT, reason=None, now=now, message_id=message_id):
        return False
    if sent.digest is not None and sent.file_id is not None:
        uploads.keep(tx, sent.digest, sent.file_id, now=now)
    if letter.slot is not None and message_id is not None:
        outbox.fill_slot(tx, letter.chat_id, letter.slot, message_id)
    if letter.on_sent is not None:
        effect, _, argument = letter.on_sent.partition(":")
        if effect == "open":
            practise.open_question(tx, int(argument), message_id=message_id, now=now)
        elif effect == "erase":
            erase_learner.erase_traces(tx, letter)
    return True


def _retry(tx: Tx, letter: Letter, outcome: RetryLater, *, worker: str, now: datetime) -> bool:
    """Put a row back; False where it has been tried often enough."""
    until = now + outcome.after
    if outcome.everyone:
        claims.block(tx, until=until, now=now)
    if outcome.counts and letter.attempt >= MAX_ATTEMPTS:
        return False
    outbox.retry_attempt(
        tx, letter, worker=worker, not_before=until, reason=outcome.reason, ambiguous=False, counts=outcome.counts
    )
    return True
