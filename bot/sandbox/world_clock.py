"""Telegram's clock. It is not the bot's: the sandbox stands for another company's servers, and may be moved ahead of
today.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


def wall_seconds() -> float:
    """Seconds since 1970, read from this machine."""
    return time.time()  # noqa: TID251 -- the sandbox plays Telegram, which has a clock of its own


@dataclass(slots=True)
class WorldClock:
    """What time the world believes it is; `ahead` is how many seconds it runs before the machine's clock."""

    ahead: float = 0.0
    wall: Callable[[], float] = wall_seconds

    def now(self) -> float:
        return self.wall() + self.ahead

    def date(self) -> int:
        """The whole second, as the Bot API writes dates."""
        return int(self.wall() + self.ahead)
