"""How far a credit is to be believed: whether what a phrase found is enough, seen with the rest of the answer.

An authored phrase can stand in an answer that means something else: a fluent and wrong one uses the right words, a
vague one touches on everything. Of the credits that were given in rounds of answers which nobody had seen, what tells
those that people confirm from the others is how many phrases of the point say it, how much of the idea and of an
accepted example stands around them, what else the answer shows, and what it gets wrong.
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


SIGNS = tuple(each.name for each in fields(Signs))


@dataclass(frozen=True, slots=True)
class Trust:
    """The fitted weights: a credit is believed while its weighed signs do not exceed the limit."""

    constant: float
    weights: tuple[float, ...]
    limit: float

    def doubt(self, signs: Signs) -> float:
        """How doubtful a credit is, as log odds."""
        doubt = self.constant
        for weight, sign in zip(self.weights, astuple(signs), strict=True):
            doubt += weight * sign
        return doubt

    def believes(self, signs: Signs) -> bool:
        """Whether a credit stands."""
        return self.doubt(signs) <= self.limit


@cache
def fitted_trust() -> Trust:
    """The weights that the project ships. Raises nothing: the file is part of the package."""
    table = json.loads((files("knowledge.marking") / "trust.json").read_text("utf-8"))
    return Trust(table["constant"], tuple(table["weights"][name] for name in SIGNS), table["limit"])


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
) -> Signs:
    """The signs for one credit that one phrase gives. ``find``: the words that it found.

    ``idea`` and ``examples`` are stems; phrases find so many ``others`` ``of`` the question's other points, and
    ``opposed`` are wrong. Words that have to do with none of this can only raise the doubt.
    """
    around = _around(text, find)
    stems = telling_stems(text, around)
    return Signs(
        phrases=0.0,
        words=log(min(len(find), MOST_WORDS)),
        idea=len(stems.intersection(idea)) / max(1, len(idea)),
        example=max((len(stems & each) / max(1, len(stems | each)) for each in examples), default=0.0),
        others=min(1.0, (others + HALF) / (min(of, len(text) / ROOM) + HALF)) if of else HALF,
        opposed=float(min(opposed, MOST_OPPOSED)),
    )


def _around(text: Text, found: Positions) -> range:
    """The words of the sentences in which something was found, not further from it than :data:`AROUND`."""
    first, last = min(found), max(found)
    low = text.sentence_bounds[text.sentence[first]][0]
    high = text.sentence_bounds[text.sentence[last]][1]
    return range(max(low, first - AROUND), min(high, last + AROUND + 1))
