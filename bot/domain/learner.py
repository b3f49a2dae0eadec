"""A learner: their own time, their plan, and whether they want to be prompted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

QUIET_FROM = 21 * 60
QUIET_UNTIL = 7 * 60
"""Quiet hours that apply until somebody changes them: no message of the bot's own accord from 21:00 to 07:00."""


class Status(StrEnum):
    """Whether prompts and tips may reach a learner."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    """They sent /stop: neither prompts nor tips until /start."""
    BLOCKED = "blocked"
    """Telegram says that they blocked the bot."""


Track = Literal["fortnight", "fast"]


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who revises. Times of day are minutes after local midnight; ``days_off`` are weekdays, Monday 0."""

    chat_id: int
    zone: str
    status: Status = Status.ACTIVE
    prompt_at: int | None = None
    quiet_from: int = QUIET_FROM
    quiet_until: int = QUIET_UNTIL
    days_off: frozenset[int] = frozenset()
    assessment_on: date | None = None
    track: Track = "fortnight"
    plan_start: date | None = None
    plan_run: int = 0
    last_plan_day: int = 0
    paused_on: date | None = None
    paused_days: int = 0
    last_prompt_on: date | None = None
    next_due: datetime | None = None
    seen_on: date | None = None
    second_reader: bool | None = None
    """Whether a second reader may see their answers; None where they were not asked."""
    second_reader_at: str | None = None
    """Where the second reader was about which they were asked."""

    def consents_to(self, place: str) -> bool | None:
        """Tell whether they agreed to a second reader at this place; None where they have not been asked.

        Who agreed to one elsewhere is asked again; who refused is not.
        """
        return None if self.second_reader and self.second_reader_at != place else self.second_reader

    @property
    def has_plan(self) -> bool:
        """Tell whether a plan was started."""
        return self.plan_start is not None
