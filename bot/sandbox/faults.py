"""Things that go wrong between a bot and Telegram, on purpose."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from typing import Literal

Kind = Literal["flood", "forbidden", "bad_gateway", "hang", "drop", "slow"]


@dataclass(eq=False, slots=True)
class Fault:
    """What happens to the calls it fits.

    flood: 429 with `retry_after`; forbidden: 403 with `description`; bad_gateway: 502; hang: no answer at all,
    nothing done;
    drop: the call is done, then the connection is closed; slow: done after `delay` seconds.
    `method` holds patterns joined by "|" ("send*|edit*"), `count` how often it still happens (None: until it is
    removed), `chance` how likely.
    """

    kind: Kind
    method: str = "*"
    chat_id: int | None = None
    count: int | None = None
    chance: float = 1.0
    retry_after: int = 1
    delay: float = 1.0
    description: str = "Forbidden: bot was blocked by the user"
    used: int = 0

    def fits(self, method: str, chat_id: int | None) -> bool:
        if self.count == 0 or (self.chat_id is not None and self.chat_id != chat_id):
            return False
        return self.method == "*" or any(fnmatchcase(method, pattern) for pattern in self.method.split("|"))

    def use(self) -> None:
        self.used += 1
        if self.count is not None:
            self.count -= 1


@dataclass(slots=True)
class Faults:
    """Every fault in force, oldest first; the first that fits a call and is not `slow` decides its end."""

    latency: float = 0.0
    """Seconds every call takes, as a network would."""
    random: Random = field(default_factory=lambda: Random(0))  # noqa: S311 -- repeatable chance, no secret
    _faults: list[Fault] = field(default_factory=list)

    def add(
        self,
        kind: Kind,
        *,
        method: str = "*",
        chat_id: int | None = None,
        count: int | None = None,
        chance: float = 1.0,
        retry_after: int = 1,
        delay: float = 1.0,
        description: str = "Forbidden: bot was blocked by the user",
    ) -> Fault:
        fault = Fault(kind, method, chat_id, count, chance, retry_after, delay, description)
        self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        if fault in self._faults:
            self._faults.remove(fault)

    def clear(self) -> None:
        self._faults.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def strike(self, method: str, chat_id: int | None) -> tuple[float, Fault | None]:
        """The seconds to wait before this call, and the fault that decides its end, if any. Counts are used up here."""
        delay = self.latency
        if not self._faults:
            return delay, None
        for fault in self._faults:
            if not fault.fits(method, chat_id) or (fault.chance < 1 and self.random.random() >= fault.chance):
                continue
            fault.use()
            if fault.kind != "slow":
                return delay, fault
            delay += fault.delay
        return delay, None
