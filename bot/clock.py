"""The only reader of the clock. Everything else is handed the time."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_OFFSET = re.compile(r"^([+-]?)(\d{1,6})([smhd])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_offset(text: str) -> timedelta:
    """Read an offset such as ``+26h``, ``-90m`` or ``2d``; an empty text is none. ValueError for anything else."""
    if not text:
        return timedelta()
    if (found := _OFFSET.match(text.strip())) is None:
        raise ValueError("must look like +26h, -90m or 2d")
    sign, amount, unit = found.groups()
    offset = timedelta(**{_UNITS[unit]: int(amount)})
    return -offset if sign == "-" else offset


@dataclass(frozen=True)
class Clock:
    """Wall time in UTC, shifted by ``offset`` in the sandbox, and monotonic seconds for durations."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the time as an aware UTC datetime with millisecond precision (what the database keeps)."""
        now = datetime.now(UTC) + self.offset  # noqa: TID251 -- this is the clock
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def monotonic(self) -> float:
        """Return seconds that never step back; only differences mean anything."""
        return time.monotonic()
