"""What a process counts since it started: numbers only, never who or what."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from bot.domain.delivery import Ambiguous, Blocked, DeliveryOutcome, Letter, MessageGone, Refused, RetryLater, Sent

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends of the ranges into which durations are sorted."""
REASONS = frozenset(("blocked", "unreachable", "flood", "no connection", "too late", "lease ran out", "message gone"))
"""Reasons that are counted by name; others come from Telegram and may say anything."""


@dataclass(slots=True)
class Durations:
    """How often something took how long. ``counts`` has one number per range, the last for what is beyond all."""

    limits: Sequence[float] = SECONDS
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.limits) + 1)

    def note(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect_left(self.limits, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class Tally:
    """Attempts by lane, result and reason; how long the requests and their marks took."""

    attempts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    requests: Durations = field(default_factory=Durations)
    marks: Durations = field(default_factory=Durations)

    def note_attempt(self, letter: Letter, outcome: DeliveryOutcome, *, seconds: float) -> None:
        """Count one attempt."""
        result, reason = _named(outcome)
        self.attempts[letter.lane.name.lower(), result, reason] += 1
        self.requests.note(seconds)

    def note_mark(self, seconds: float) -> None:
        """Count the time from an answer until it was recorded."""
        self.marks.note(seconds)


@dataclass(slots=True)
class Turns:
    """How turns ended, and how long they took until their effects were recorded."""

    ended: Counter[str] = field(default_factory=Counter)
    seconds: Durations = field(default_factory=Durations)


def _named(outcome: DeliveryOutcome) -> tuple[str, str]:
    match outcome:
        case Sent():
            return "sent", ""
        case Blocked(reason) | RetryLater(reason=reason):
            return "failed" if isinstance(outcome, Blocked) else "put back", reason if reason in REASONS else "other"
        case Refused():
            return "failed", "refused"
        case Ambiguous():
            return "unknown", "no answer"
        case MessageGone():
            return "failed", "message gone"
        case _:
            assert_never(outcome)
