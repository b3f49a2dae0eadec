"""How a role-play comes out: each choice moves the customer's patience, and where it stands at the last one decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from knowledge.schema import Choice, Ending, Letter, RolePlay

LETTERS: Final[tuple[Letter, ...]] = ("hear", "empathise", "apologise", "take-action", "close")
"""The turns of a role-play, in their order."""

LABELS: Final[dict[Letter, str]] = {
    "hear": "Hear",
    "empathise": "Empathise",
    "apologise": "Apologise",
    "take-action": "Take action",
    "close": "Close",
}
"""What each letter is called; the coach's line begins with it."""

PATIENT, GONE, MOST = 7, 1, 10
"""Patience from which a customer is won back, at which they are lost, and at which it ends."""


def chosen(play: RolePlay, choices: Sequence[int]) -> tuple[Choice, ...]:
    """What was said so far: ``choices`` are places in the file, one for each turn played."""
    return tuple(turn.choices[place] for turn, place in zip(play.turns, choices, strict=False))


def mood_after(play: RolePlay, choices: Sequence[int]) -> int:
    """The customer's patience, from 0 to 10. It never leaves these bounds on the way."""
    mood = play.mood
    for choice in chosen(play, choices):
        mood = min(MOST, max(0, mood + choice.mood))
    return mood


def earned(choice: Choice) -> int:
    """What a choice earns for its letter: 2 for the best, 1 for a fair one, 0 for a poor one."""
    return choice.mood // 2 + 1


def ending_after(play: RolePlay, choices: Sequence[int]) -> Ending:
    """How a role-play ends that was played to its last turn.

    A customer is only won back where something was done: a poor choice under "take action" leaves it open at best.
    """
    mood = mood_after(play, choices)
    if mood <= GONE:
        return "escalated"
    acted = earned(chosen(play, choices)[LETTERS.index("take-action")]) > 0
    return "recovered" if mood >= PATIENT and acted else "neutral"
