"""Messages that must reach somebody: what they are, and the states they go through.

pending --claim--> leased --posted--> sent | failed | pending again (retry later, or ambiguous within the resend budget)
An ambiguous outcome (a time-out after the request went out, an expired lease) is re-sent at most ``RESEND_BUDGET``
times, so nobody ever sees more than ``1 + RESEND_BUDGET`` copies; beyond it the state is ``unknown`` and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

RESEND_BUDGET = 1
MAX_ATTEMPTS = 8
TO_COMPOSE = "compose"
"""The method of a message that is composed when it is claimed; its payload is what it will be about."""
LEASE = timedelta(seconds=45)
"""Longer than the longest request (20 s) plus a commit, so that a living sender never loses its lease."""


class Lane(IntEnum):
    """Order of service: a reply never waits for a broadcast."""

    REPLY = 0
    PROMPT = 1
    BROADCAST = 2


class State(IntEnum):
    """Where an outbox row stands."""

    PENDING = 0
    LEASED = 1
    SENT = 2
    FAILED = 3
    UNKNOWN = 4
    EXPIRED = 5
    CANCELLED = 6
    DEAD = 7


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to write into the outbox.

    ``method`` and ``payload`` are the Bot API's, without ``chat_id``. ``slot`` names what this row posts ("menu",
    "question:9"); with ``edits`` the row edits the message in that slot instead, and sends anew when it is gone.
    ``on_sent`` names an effect that runs in the transaction that records the sending ("open:9").
    ``message_id`` is the message to edit where it is known without a slot, as it is after a button press.
    """

    chat_id: int
    method: str
    payload: Mapping[str, Any]
    lane: Lane = Lane.REPLY
    slot: str | None = None
    edits: bool = False
    message_id: int | None = None
    on_sent: str | None = None
    dedupe_key: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    broadcast_id: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """An outbox row on its way: leased to this process for one attempt."""

    id: int
    chat_id: int
    method: str
    payload: Mapping[str, Any]
    lane: Lane
    attempt: int
    ambiguous: int
    slot: str | None = None
    edits: bool = False
    message_id: int | None = None
    """The message to edit, resolved from the slot when the row was claimed."""
    on_sent: str | None = None
    broadcast_id: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram took it. ``file_id`` is set for pictures and documents.

    ``digest`` names the content of a file that may be sent again, to anybody, by its ``file_id``.
    """

    message_id: int | None
    file_id: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person blocked the bot or deleted the chat: no further message will arrive."""

    reason: str


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Provably not sent. ``everyone`` is set when Telegram asks the whole bot to wait."""

    after: timedelta
    reason: str
    everyone: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Nobody knows whether it arrived: a time-out or a cut connection after the request went out."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this message as it is."""

    reason: str


@dataclass(frozen=True, slots=True)
class MessageGone:
    """The message to edit no longer exists: send it anew."""


DeliveryOutcome = Sent | Blocked | RetryLater | Ambiguous | Refused | MessageGone


def backoff(attempt: int) -> timedelta:
    """Seconds to wait before attempt ``attempt + 1``: 1, 2, 4 ... 300."""
    return timedelta(seconds=min(300, 2 ** max(0, attempt - 1)))


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update as it arrived. ``chat_id`` is the chat whose lane it runs in."""

    update_id: int
    chat_id: int
    body: str


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored update, leased to this process. ``attempt`` counts the starts, this one included."""

    id: int
    update_id: int
    chat_id: int
    body: str = field(repr=False)
    attempt: int
