"""Everything that can go wrong on purpose. Errors carry facts; the chat layer chooses the words."""

from __future__ import annotations

from datetime import datetime


class BotError(Exception):
    """Base of every error that the tutor raises itself."""


class StorageUnavailable(BotError):
    """The database did not answer, was locked or the disk is full: worth another try later."""


class Stale(BotError):
    """What was read before a decision has changed since: read and decide again."""


class NotAllowed(BotError):
    """The person may not do this. ``needs`` is ``tutor`` or ``admin``."""

    def __init__(self, needs: str) -> None:
        super().__init__(needs)
        self.needs = needs


class Gone(BotError):
    """The thing a button or a command refers to is closed, deleted or belongs to somebody else. ``what`` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class JoinCodeDead(BotError):
    """A join link that was replaced or whose class is closed. Carries the class's name and the moment."""

    def __init__(self, cohort: str, ended_at: datetime | None) -> None:
        super().__init__(cohort)
        self.cohort = cohort
        self.ended_at = ended_at


class Unreadable(BotError):
    """Typed text that a step asked for cannot be read. ``wanted`` names the step: time, place, date, name ..."""

    def __init__(self, wanted: str, text: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.text = text
