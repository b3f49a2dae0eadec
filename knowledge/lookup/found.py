"""Terms on their way to becoming an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.lookup.meaning import Described

NAMED = ("close", "alike", "guarded")
"""The ways of finding a term by its form alone."""

_DOUBT = 3.0


class Found(NamedTuple):
    """A term that could be meant: the way it was found, what was compared, and the odds that came of it."""

    term: int
    form: int
    way: str
    features: tuple[float, ...]
    odds: float
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything that could be meant, and what the message as a whole is like, if that was looked at."""

    found: list[Found]
    message: tuple[float, ...] | None = None
    described: Described | None = None
    """What the message describes, if that was looked at."""


def best_of_each(found: Iterable[Found]) -> list[Found]:
    """The best of each term, best first, earlier terms first where the odds are equal.

    A term that is named as well as described counts as named, unless its name is hardly there.
    """
    best: dict[int, Found] = {}
    for one in found:
        rival = best.get(one.term)
        if rival is None or one.odds - _DOUBT * (one.way == "meaning") > rival.odds - _DOUBT * (rival.way == "meaning"):
            best[one.term] = one
    return sorted(best.values(), key=lambda one: (-one.odds, one.term))


def topic_features(compared: Compared) -> dict[str, tuple[float, ...]]:
    """What tells whether the text is about any term: the best candidate of each way by form, and the message."""
    best: dict[str, Found] = {}
    for one in compared.found:
        if one.way in NAMED and (one.way not in best or one.odds > best[one.way].odds):
            best[one.way] = one
    features = {way: one.features for way, one in best.items()}
    if compared.message is not None:
        features["message"] = compared.message
    return features
