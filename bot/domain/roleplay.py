"""A difficult customer, turn by turn: what is offered, what a choice earned, how it ended, whom to meet next.

The rules of patience and endings stand beside the content that they belong to, in ``knowledge.roleplays``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import permutations

from knowledge.roleplays import LETTERS, chosen, earned, ending_after, mood_after
from knowledge.schema import Choice, Ending, Letter, RolePlay, RolePlayTurn

PLACES = "ABC"
"""How the three options of a turn are called."""
MOST_EARNED = 2
"""What one letter can earn."""

_ORDERS = tuple(permutations(range(len(PLACES))))


@dataclass(frozen=True, slots=True)
class Scene:
    """A role-play as far as it was played. ``choices`` are places in the file; ``seed`` decides what is shown as A."""

    roleplay: RolePlay
    seed: int
    choices: tuple[int, ...] = ()

    @property
    def turn(self) -> int:
        """Return the turn that waits for a choice, from 0; the number of turns where all were played."""
        return len(self.choices)

    @property
    def over(self) -> bool:
        """Tell whether every turn was played."""
        return self.turn == len(self.roleplay.turns)

    @property
    def now(self) -> RolePlayTurn:
        """Return the turn that waits for a choice. IndexError where none does."""
        return self.roleplay.turns[self.turn]

    @property
    def line(self) -> str:
        """Return what the customer has just said, to which the options are answers."""
        return self.now.line or self.roleplay.opening

    @property
    def options(self) -> tuple[Choice, ...]:
        """Return the options of the turn that waits, as A, B and C."""
        return tuple(self.now.choices[place] for place in order(self.seed, self.turn))

    @property
    def said(self) -> tuple[Choice, ...]:
        """Return what was said so far."""
        return chosen(self.roleplay, self.choices)

    @property
    def mood(self) -> int:
        """Return the customer's patience, from 0 to 10."""
        return mood_after(self.roleplay, self.choices)

    @property
    def letters(self) -> Mapping[Letter, int]:
        """Return what each letter earned so far, from 0 to 2."""
        return {letter: earned(choice) for letter, choice in zip(LETTERS, self.said, strict=False)}

    @property
    def ending(self) -> Ending | None:
        """Return how it ended; None before the last turn."""
        return ending_after(self.roleplay, self.choices) if self.over else None

    def say(self, shown: int) -> Scene:
        """Choose an option as it is shown: 0 for A."""
        return replace(self, choices=(*self.choices, order(self.seed, self.turn)[shown]))


def order(seed: int, turn: int) -> tuple[int, ...]:
    """Return which option of the file stands as A, B and C; the same for the same seed, in every version."""
    digest = sha256(f"{seed}:{turn}".encode()).digest()
    return _ORDERS[int.from_bytes(digest[:8], "big") % len(_ORDERS)]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The line that is most worth trying again, and a stronger one for the same moment."""

    letter: Letter
    said: Choice
    stronger: Choice


def best_line(scene: Scene) -> tuple[Letter, Choice] | None:
    """Return the line that did most, of several the last; None where each of them made it worse."""
    found = [(earned(choice), place) for place, choice in enumerate(scene.said)]
    most, place = max(found, default=(0, 0))
    return (LETTERS[place], scene.said[place]) if most else None


def rewrite(scene: Scene) -> Rewrite | None:
    """Return the weakest line; None where all were the best. Of several the first: early mistakes are felt longest."""
    found = [(earned(choice), place) for place, choice in enumerate(scene.said)]
    least, place = min(found, default=(MOST_EARNED, 0))
    if least == MOST_EARNED:
        return None
    stronger = max(scene.roleplay.turns[place].choices, key=earned)
    return Rewrite(LETTERS[place], scene.said[place], stronger)


def next_customer(
    roleplays: Sequence[RolePlay], best: Mapping[str, int], *, days: Collection[int] = (), not_again: str | None = None
) -> RolePlay | None:
    """Choose whom to meet next; ``best`` is what each finished role-play earned at most, by id.

    In order: somebody new who belongs to today's plan days; somebody new, the easiest first; the one that earned
    least. ``not_again`` is the one who was only just met.
    """
    others = [play for play in roleplays if play.id != not_again] or [*roleplays]
    if not others:
        return None
    new = [play for play in others if play.id not in best]
    if new:
        return min(new, key=lambda play: (play.day not in days, play.day, play.depth))
    return min(others, key=lambda play: best[play.id])
