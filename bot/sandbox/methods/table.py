"""The table of methods. Each takes the world and its checked parameters and returns the result, or raises ApiError."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import Json

if TYPE_CHECKING:
    from bot.sandbox.world import World

Played = Callable[["World", Json], Any | Awaitable[Any]]
TABLE: dict[str, Played] = {}


def plays(name: str) -> Callable[[Played], Played]:
    """Enters a function into the table."""

    def enter(function: Played) -> Played:
        TABLE[name] = function
        return function

    return enter
