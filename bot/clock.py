"""The only reader of the clock. Everything else is handed the time."""

from __future__ import annotations

import re
import time
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


class Clock:
    """Wall time in UTC, shifted by ``offset`` in the sandbox, and monotonic seconds for durations.

    It reads the machine's clock until it is told to :meth:`follow` another.
    """

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset
        self._known: tuple[datetime, float] | None = None

    def follow(self, moment: datetime, at: float) -> None:
        """Count from ``moment``, which it was at ``at`` of :meth:`monotonic`, whatever the machine's clock shows.

        Workers on several machines take the time of the database that they share: a machine whose clock is ahead would
        think that the others' leases have run out.
        """
        self._known = (moment, at)

    def now(self) -> datetime:
        """Return the time as an aware UTC datetime with millisecond precision (what the database keeps)."""
        if self._known is None:
            now = datetime.now(UTC)  # noqa: TID251 -- this is the clock
        else:
            moment, at = self._known
            now = moment + timedelta(seconds=time.monotonic() - at)
        now += self._offset
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def monotonic(self) -> float:
        """Return seconds that never step back; only differences mean anything."""
        return time.monotonic()
