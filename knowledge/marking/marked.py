"""Answers that people marked, as far as a marker learns from them: what earned a point looked like, and what did not.

``calibration/marked.gz`` holds them as stems, which is enough to compare with and too little to read. It belongs to one
course and is written by :mod:`knowledge.marking.calibrate`. Likeness gives no mark and takes none away by itself: it is
two of the signs by which a credit is weighed (:mod:`knowledge.marking.trust`).
"""

from __future__ import annotations

import gzip
import json
from collections import OrderedDict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from heapq import nlargest
from importlib.resources import files
from itertools import chain
from math import log
from pathlib import Path
from typing import Any, Self

TABLE = "marked.gz"
NEAREST = 3
"""Sentences that earned nothing and are compared with; one alone may have been marked down for something else."""
UNPACKED = 64
"""Questions of which the answers are kept unpacked, the last that were asked for."""


class Likeness:
    """Sets of stems to compare with, each by the rarity of what is in it."""

    __slots__ = ("_having", "_rarity", "_unknown", "_weights")

    def __init__(self, sets: Iterable[Collection[str]], rarity: Mapping[str, float]) -> None:
        """``rarity`` says what a stem counts; one that it does not know counts as much as the rarest."""
        self._rarity = rarity
        self._unknown = max(rarity.values(), default=1.0)
        self._weights: list[float] = []
        self._having: dict[str, list[int]] = {}
        for place, stems in enumerate(sets):
            self._weights.append(self._weight(stems))
            for each in stems:
                self._having.setdefault(each, []).append(place)

    def _weight(self, stems: Iterable[str]) -> float:
        return sum([self._rarity.get(each, self._unknown) for each in stems])

    def nearest(self, stems: Collection[str], count: int = 1, among: Container[int] | None = None) -> float:
        """The mean likeness (weighed Jaccard, 0 to 1) of the ``count`` sets that are most like these stems.

        ``among`` are the places of those that are compared; without it all are.
        """
        own = self._weight(stems)
        shared: dict[int, float] = {}
        for each in stems:
            weight = self._rarity.get(each, self._unknown)
            for place in self._having.get(each, ()):
                shared[place] = shared.get(place, 0.0) + weight
        like = [
            both / (own + self._weights[place] - both)
            for place, both in shared.items()
            if among is None or place in among
        ]
        return sum(nlargest(count, like)) / count


@dataclass(frozen=True, slots=True)
class Ruled:
    """What people ruled on one point: what stood around it where it was earned, and which sentences did not earn it."""

    earned: Likeness
    sentences: Likeness
    unearned: frozenset[int]

    def like_earned(self, stems: Collection[str]) -> float:
        """How like these stems are to what earned the point: 0 to 1."""
        return self.earned.nearest(stems)

    def like_unearned(self, stems: Collection[str]) -> float:
        """How like they are to what did not: 0 to 1."""
        return self.sentences.nearest(stems, NEAREST, self.unearned)


@dataclass
class MarkedAnswers:
    """The marked answers of a course. What is on a question is unpacked when it is first asked for."""

    course: str = ""
    stems: Sequence[str] = ()
    rarity: Mapping[str, float] = field(default_factory=dict)
    packed: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Question -> what is kept of its answers, as JSON."""
    _unpacked: OrderedDict[str, dict[str, Ruled]] = field(default_factory=OrderedDict, repr=False)

    @classmethod
    def read(cls, table: bytes) -> Self:
        """From the packed table. Raises :class:`ValueError` or :class:`OSError` for anything else."""
        first, *lines = gzip.decompress(table).decode().splitlines()
        head = json.loads(first)
        rarity = {
            stem: log((head["sentences"] + 1) / (having + 1))
            for stem, having in zip(head["stems"], head["having"], strict=True)
        }
        packed = {question: kept for question, _, kept in (line.partition("\t") for line in lines)}
        return cls(head["course"], head["stems"], rarity, packed)

    def on(self, question: str, point: str) -> Ruled | None:
        """What was ruled on a point; ``None`` where no answer to it was marked."""
        if question not in self.packed:
            return None
        if question not in self._unpacked:
            self._unpacked[question] = self._unpack(json.loads(self.packed[question]))
            while len(self._unpacked) > UNPACKED:
                self._unpacked.popitem(last=False)
        self._unpacked.move_to_end(question)
        return self._unpacked[question].get(point)

    def _unpack(self, kept: Any) -> dict[str, Ruled]:
        sentences = Likeness(map(self._stems_of, kept["sentences"]), self.rarity)
        return {
            point: Ruled(
                Likeness(map(self._stems_of, ruled["earned"]), self.rarity), sentences, frozenset(ruled["unearned"])
            )
            for point, ruled in kept["points"].items()
        }

    def _stems_of(self, numbers: Sequence[int]) -> list[str]:
        return [self.stems[number] for number in numbers]


@dataclass
class Collector:
    """Gathers marked answers and packs them."""

    course: str
    _numbers: dict[str, int] = field(default_factory=dict)
    _having: list[int] = field(default_factory=list)
    _sentences: int = 0
    _questions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(
        self,
        question: str,
        sentences: Sequence[Collection[str]],
        due: Mapping[str, bool],
        around: Mapping[str, Collection[str]],
    ) -> None:
        """One answer: the stems of its sentences, which points were due, and what stood around each one's find."""
        of_question = self._questions.setdefault(question, {"sentences": [], "points": {}})
        first = len(of_question["sentences"])
        packed = [self._packed(stems) for stems in sentences if stems]
        of_question["sentences"] += packed
        self._sentences += len(packed)
        for number in chain.from_iterable(packed):
            self._having[number] += 1
        for point, earned in due.items():
            ruled = of_question["points"].setdefault(point, {"earned": [], "unearned": []})
            if not earned:
                ruled["unearned"] += range(first, first + len(packed))
            elif point in around:
                ruled["earned"].append(self._packed(around[point]))

    def _packed(self, stems: Collection[str]) -> list[int]:
        for each in sorted(stems):
            if each not in self._numbers:
                self._numbers[each] = len(self._numbers)
                self._having.append(0)
        return sorted(self._numbers[each] for each in stems)

    def table(self) -> bytes:
        """Everything that was added, packed; the same for the same answers in the same order."""
        head = {"course": self.course, "sentences": self._sentences}
        lines = [_json(head | {"stems": list(self._numbers), "having": self._having})]
        lines += [f"{question}\t{_json(kept)}" for question, kept in sorted(self._questions.items())]
        return gzip.compress("\n".join(lines).encode(), mtime=0)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


@cache
def shipped_answers() -> MarkedAnswers:
    """The marked answers that the project ships. Raises nothing: the file is part of the package."""
    return MarkedAnswers.read((files("knowledge.marking") / "calibration" / TABLE).read_bytes())


def write_table(table: bytes) -> Path:
    """Put a table where :func:`shipped_answers` finds it; it reads it anew."""
    path = Path(__file__).parent / "calibration" / TABLE
    path.write_bytes(table)
    shipped_answers.cache_clear()
    return path
