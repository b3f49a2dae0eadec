"""What a check-up finds: whether something is as it should be, and what to do where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a finding stands. Only ``WRONG`` makes a check-up fail."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``remedy`` says what to do where it is not fine."""

    health: Health
    what: str
    remedy: str = ""


def fine(what: str) -> Finding:
    """Find something to be as it should be."""
    return Finding(Health.FINE, what)


def look(what: str, remedy: str) -> Finding:
    """Find something worth a look that stops nothing."""
    return Finding(Health.LOOK, what, remedy)


def wrong(what: str, remedy: str) -> Finding:
    """Find something that stops the bot, or will."""
    return Finding(Health.WRONG, what, remedy)
