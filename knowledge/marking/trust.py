"""How far a credit is to be believed: whether what a phrase found is enough, seen with the rest of the answer.

An authored phrase can stand in an answer that means something else: a fluent and wrong one uses the right words, a
vague one touches on everything. Of the credits that were given in rounds of answers which nobody had seen, what tells
those that people confirm from the others is how many phrases of the point say it, how much of the idea and of an
accepted example stands around them, what else the answer shows, and what it gets wrong; and, where people have marked
answers to the question before, how like it is to what earned the point then and to what did not.
:mod:`knowledge.marking.calibrate` fits the weights. A credit that is not believed becomes a point that the answer comes
near to: never called wrong. Nothing here gives a mark.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import cache
from importlib.resources import files
from math import log

from knowledge.marking.gate import EMPTY_WORDS
from knowledge.marking.marked import Ruled
from knowledge.marking.tokens import Text

MOST_PHRASES = 4
"""Phrases that are counted; more say nothing more."""
MOST_WORDS = 8
MOST_OPPOSED = 3
AROUND = 10
"""Words before and behind a find that are read as being about it, within its sentence."""
ROOM = 12
"""Words that a further point takes: a short answer is not doubted for what it had no room to say."""
HALF = 0.5

Positions = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against a credit. All numbers, so that they can be weighed."""

    phrases: float
    """Natural logarithm of how many different phrases of the point say it (at most :data:`MOST_PHRASES`)."""
    words: float
    """Natural logarithm of how many words they found (at most :data:`MOST_WORDS`)."""
    idea: float
    """Share of the idea's own words that stand around the first find: 0 to 1."""
    example: float
    """Likeness (Jaccard) of what stands around it to the accepted example that is most like it: 0 to 1."""
    others: float
    """How much was found of the other points that an answer of this length has room for: 0 to 1."""
    opposed: float
    """Points that the answer gets wrong, denies or merely lists (at most :data:`MOST_OPPOSED`)."""
    earned: float | None = None
    """Likeness to what earned the point in marked answers: 0 to 1; ``None`` where there are none."""
    unearned: float | None = None
    """Likeness to sentences of marked answers that did not earn it, likewise."""


SIGNS = tuple(each.name for each in fields(Signs))
OF_THE_ANSWER = SIGNS[:-2]
"""The signs that need no marked answers."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted scale: a credit is believed while its weighed signs do not exceed the limit."""

    constant: float
    weights: tuple[float, ...]
    limit: float

    def doubt(self, signs: Sequence[float]) -> float:
        """How doubtful a credit is, as log odds."""
        doubt = self.constant
        for weight, sign in zip(self.weights, signs, strict=True):
            doubt += weight * sign
        return doubt


@dataclass(frozen=True, slots=True)
class Trust:
    """Two scales: for points of which answers were marked before, and for others, such as those a tutor adds."""

    known: Weights
    new: Weights

    def doubt(self, signs: Signs) -> float:
        """How far a credit's doubt is beyond what is believed: up to 0 it stands."""
        numbers: tuple[float | None, ...] = astuple(signs)
        if None in numbers:
            return self.new.doubt(_numbers(numbers[: len(OF_THE_ANSWER)])) - self.new.limit
        return self.known.doubt(_numbers(numbers)) - self.known.limit

    def believes(self, signs: Signs) -> bool:
        """Whether a credit stands."""
        return self.doubt(signs) <= 0


def _numbers(signs: Iterable[float | None]) -> list[float]:
    return [sign for sign in signs if sign is not None]


@cache
def fitted_trust() -> Trust:
    """The weights that the project ships. Raises nothing: the file is part of the package."""
    table = json.loads((files("knowledge.marking") / "trust.json").read_text("utf-8"))
    known, new = (
        Weights(table[of]["constant"], tuple(table[of]["weights"][name] for name in names), table[of]["limit"])
        for of, names in (("known", SIGNS), ("new", OF_THE_ANSWER))
    )
    return Trust(known, new)


def telling_stems(text: Text, positions: Iterable[int]) -> frozenset[str]:
    """The stems of the words at these positions, without those that prove nothing."""
    return frozenset(text.stems[p] for p in positions if text.words[p] not in EMPTY_WORDS)


def with_further(signs: Signs, finds: Sequence[Positions]) -> Signs:
    """The signs once further phrases of the same point are known to say it: ``finds`` are all of them."""
    return replace(
        signs,
        phrases=log(min(len(finds), MOST_PHRASES)),
        words=log(min(len({p for find in finds for p in find}), MOST_WORDS)),
    )


def signs_of(
    text: Text,
    find: Positions,
    *,
    idea: Collection[str],
    examples: Sequence[frozenset[str]],
    others: int,
    of: int,
    opposed: int,
    ruled: Ruled | None = None,
) -> Signs:
    """The signs for one credit that one phrase gives. ``find``: the words that it found.

    ``idea`` and ``examples`` are stems; phrases find so many ``others`` ``of`` the question's other points, and
    ``opposed`` are wrong; ``ruled`` is what people ruled on the point before. Sentences that have to do with none of
    this can only raise the doubt.
    """
    stems = stems_around(text, find)
    return Signs(
        phrases=0.0,
        words=log(min(len(find), MOST_WORDS)),
        idea=len(stems.intersection(idea)) / max(1, len(idea)),
        example=max((len(stems & each) / max(1, len(stems | each)) for each in examples), default=0.0),
        others=min(1.0, (others + HALF) / (min(of, len(text) / ROOM) + HALF)) if of else HALF,
        opposed=float(min(opposed, MOST_OPPOSED)),
        earned=None if ruled is None else ruled.like_earned(stems),
        unearned=None if ruled is None else ruled.like_unearned(stems),
    )


def stems_around(text: Text, found: Positions) -> frozenset[str]:
    """The telling stems of what stands around a find."""
    return telling_stems(text, _around(text, found))


def _around(text: Text, found: Positions) -> range:
    """The words of the sentences in which something was found, not further from it than :data:`AROUND`."""
    first, last = min(found), max(found)
    low = text.sentence_bounds[text.sentence[first]][0]
    high = text.sentence_bounds[text.sentence[last]][1]
    return range(max(low, first - AROUND), min(high, last + AROUND + 1))
