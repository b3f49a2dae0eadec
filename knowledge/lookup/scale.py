"""The calibrated scale: what was compared becomes the probability that the term found is the one meant.

Three logistic steps, fitted by :mod:`knowledge.lookup.calibrate` and kept in ``calibrated.json``. What was compared
gives the odds that one term is meant; the same says whether the text is about any term at all; and the odds beside the
next best term's give the probability of being right. Anchors fix where something is found and where it is confident.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from operator import mul
from typing import Any

from knowledge.lookup.match import CAP, CONFIDENT, UNSURE


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights for each way of finding a term; the first weight of each is the constant."""

    odds_weights: Mapping[str, tuple[float, ...]]
    topic_weights: Mapping[str, tuple[float, ...]]
    answer_weights: Mapping[str, tuple[float, ...]]
    topic_from: Mapping[str, float]
    """For each of these, the probability of being about a term from which something is found."""
    confident_from: Mapping[str, float]
    """For each way, the probability of being right that becomes a score of ``CONFIDENT``."""

    def odds(self, way: str, features: Sequence[float]) -> float:
        """The logarithm of the odds that this term is meant, before any other is looked at."""
        return _sum(self.odds_weights[way], features)

    def on_topic(self, way: str, features: Sequence[float]) -> float:
        """How likely the text is about any term, 0 to 1, judged by one way's best candidate or by the whole message."""
        return _logistic(_sum(self.topic_weights[way], features))

    def is_on_topic(self, telling: Mapping[str, Sequence[float]]) -> bool:
        """Whether something should be found: a form is near enough, or the message reads like the subject."""
        return any(self.on_topic(way, features) >= self.topic_from[way] for way, features in telling.items())

    def probability(self, way: str, odds: float, lead: float) -> float:
        """How likely the term is meant, 0 to 1; ``lead`` is how far its odds are above the next best term's."""
        weights = self.answer_weights[way]
        return _logistic(_sum(weights, (max(-8.0, min(8.0, odds)), max(-6.0, min(6.0, lead)))))

    def score(self, way: str, probability: float, *, best: bool) -> float:
        """The probability on the scale of answers; the best term of a text about some term has ``UNSURE`` or more."""
        confident = self.confident_from[way]
        if probability >= confident:
            return CONFIDENT + (0.99 - CONFIDENT) * (probability - confident) / (1.0 - confident)
        floor = UNSURE if best else 0.0
        return floor + (CAP - floor) * probability / confident


def _sum(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(map(mul, weights[1:], features), weights[0])


def _logistic(total: float) -> float:
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))


def scale_of(table: Mapping[str, Any]) -> Scale:
    """The scale of a table as it stands in ``calibrated.json``."""
    ways = table["ways"].items()
    return Scale(
        odds_weights={way: tuple(row["odds"].values()) for way, row in ways},
        topic_weights={way: tuple(row.values()) for way, row in table["topics"].items()},
        answer_weights={way: tuple(row["answer"].values()) for way, row in ways},
        topic_from=table["anchors"]["topic"],
        confident_from=table["anchors"]["confident"],
    )


@cache
def packaged_scale() -> Scale:
    """The scale that this package was calibrated to."""
    return scale_of(json.loads((files("knowledge.lookup") / "calibrated.json").read_text("utf-8")))
