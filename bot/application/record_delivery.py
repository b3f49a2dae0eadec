"""What follows from a delivery: the row's state, the slot it filled, the effect it was waiting for."""

from __future__ import annotations

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
from bot.storage import Tx, broadcasts, learners, outbox


def record(tx: Tx, letter: Letter, outcome: DeliveryOutcome, *, worker: str, now: datetime) -> None:
    """Record the outcome of one attempt and everything that hangs on it. A lost lease records nothing."""
    match outcome:
        case Sent():
            _sent(tx, letter, outcome, worker=worker, now=now)
        case Blocked(reason):
            if _end(tx, letter, State.FAILED, reason, worker=worker, now=now):
                mark_blocked(tx, letter.chat_id, now=now)
        case Refused(reason):
            _end(tx, letter, State.FAILED, reason, worker=worker, now=now)
        case RetryLater():
            _retry(tx, letter, outcome, worker=worker, now=now)
        case Ambiguous(reason):
            if letter.ambiguous >= RESEND_BUDGET:
                _end(tx, letter, State.UNKNOWN, reason, worker=worker, now=now)
            else:
                wait = now + backoff(letter.attempt)
                outbox.retry_attempt(tx, letter, worker=worker, not_before=wait, reason=reason, ambiguous=True)
        case MessageGone():
            _end(tx, letter, State.FAILED, "message gone", worker=worker, now=now)
        case _:
            assert_never(outcome)


def mark_blocked(tx: Tx, chat_id: int, *, now: datetime) -> None:
    """Stop everything that would go to somebody who blocked the bot. Their /start or unblocking resumes it."""
    outbox.cancel_chat(tx, chat_id, now=now, reason="blocked")
    learner = learners.get(tx, chat_id, lock=True)
    if learner is not None and learner.status is Status.ACTIVE:
        learners.save(tx, replace(learner, status=Status.BLOCKED, next_due=None))


def _sent(tx: Tx, letter: Letter, sent: Sent, *, worker: str, now: datetime) -> None:
    message_id = sent.message_id if sent.message_id is not None else letter.message_id
    if not outbox.end_attempt(tx, letter, worker=worker, state=State.SENT, reason=None, now=now, message_id=message_id):
        return
    if letter.slot is not None and message_id is not None:
        outbox.fill_slot(tx, letter.chat_id, letter.slot, message_id)
    if letter.broadcast_id is not None:
        broadcasts.count_delivery(tx, letter.broadcast_id, State.SENT, reason=None)
    if letter.on_sent is not None:
        effect, _, argument = letter.on_sent.partition(":")
        if effect == "open":
            practise.open_question(tx, int(argument), message_id=message_id, now=now)
        elif effect == "erase":
            erase_learner.erase_traces(tx, letter)


def _end(tx: Tx, letter: Letter, state: State, reason: str, *, worker: str, now: datetime) -> bool:
    ended = outbox.end_attempt(tx, letter, worker=worker, state=state, reason=reason, now=now, message_id=None)
    if ended and letter.broadcast_id is not None:
        broadcasts.count_delivery(tx, letter.broadcast_id, state, reason=reason)
    if ended and letter.on_sent == "erase":
        erase_learner.erase_traces(tx, letter)
    return ended


def _retry(tx: Tx, letter: Letter, outcome: RetryLater, *, worker: str, now: datetime) -> None:
    until = now + outcome.after
    if outcome.everyone:
        outbox.block_bucket(tx, until=until, now=now)
    if outcome.counts and letter.attempt >= MAX_ATTEMPTS:
        _end(tx, letter, State.DEAD, outcome.reason, worker=worker, now=now)
    else:
        outbox.retry_attempt(
            tx, letter, worker=worker, not_before=until, reason=outcome.reason, ambiguous=False, counts=outcome.counts
        )
