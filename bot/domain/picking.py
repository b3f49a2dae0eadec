"""Answering by taps: steps are put in order one after the other, pairs are matched one number and letter at a time.

What was tapped is a row of places, as they are shown and from 0. For an order each place is a step. For a match they
alternate between left and right; a row that ends with a left one waits for its letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase

from knowledge.schema import Question

Picked = tuple[int, ...]


def is_tapped(question: Question) -> bool:
    """Tell whether an answer to a question takes several taps."""
    return bool(question.order or question.pairs)


def letter(place: int) -> str:
    """Return what a place is called: A for the first."""
    return ascii_uppercase[place]


def add_step(picked: Picked, place: int, *, count: int) -> Picked:
    """Return the order with one more of ``count`` steps. A step that is in it already, or is none, changes nothing."""
    return picked if place in picked or not 0 <= place < count else (*picked, place)


def drop_step(picked: Picked) -> Picked:
    """Return the order without its last step."""
    return picked[:-1]


def pairs(picked: Picked) -> Mapping[int, int]:
    """Return the pairs made so far: left place -> right place."""
    return dict(zip(picked[::2], picked[1::2], strict=False))


def waiting_left(picked: Picked, *, count: int) -> int | None:
    """Return the left place to which the next letter belongs: the one tapped, or else the first without a pair."""
    if len(picked) % 2:
        return picked[-1]
    made = pairs(picked)
    return next((place for place in range(count) if place not in made), None)


def choose_left(picked: Picked, place: int, *, count: int) -> Picked:
    """Return the row with a left place waiting for its letter. One that has a pair, or is none, changes nothing."""
    if place in pairs(picked) or not 0 <= place < count:
        return picked
    return (*_whole(picked), place)


def choose_right(picked: Picked, place: int, *, count: int) -> Picked:
    """Return the row with a letter for the left place that waits. One that is taken, or is none, changes nothing."""
    left = waiting_left(picked, count=count)
    if left is None or place in pairs(picked).values() or not 0 <= place < count:
        return picked
    return (*_whole(picked), left, place)


def drop_pair(picked: Picked) -> Picked:
    """Return the row without a left place that waits, or else without the last pair."""
    return picked[:-1] if len(picked) % 2 else picked[:-2]


def _whole(picked: Picked) -> Picked:
    return picked[: len(picked) - len(picked) % 2]


def order_in_letters(picked: Picked) -> str:
    """Return an order as it would be typed: "B A C"."""
    return " ".join(letter(place) for place in picked)


def pairs_in_letters(picked: Picked) -> str:
    """Return pairs as they would be typed: "1b 2a"."""
    return " ".join(f"{left + 1}{letter(right).lower()}" for left, right in sorted(pairs(picked).items()))
