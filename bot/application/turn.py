"""What an update leads to: effects and replies that are recorded in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.delivery import Outgoing
from bot.storage import Tx


@dataclass(frozen=True, slots=True)
class Turn:
    """The work of one update. It raises ``Stale`` where what was read before has changed: the update is read again."""

    work: Callable[[Tx], Sequence[Outgoing]]


def silent(_tx: Tx) -> Sequence[Outgoing]:
    """Work that changes and says nothing, for updates that are ignored on purpose."""
    return ()


IGNORED = Turn(silent)
