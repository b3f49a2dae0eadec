"""Look-up by meaning: BM25 over what a term's entry says and how learners ask for it.

Words count by their stem. Two things count as extra weak words: pairs of neighbouring words, small words included (*you
said*), and synonym groups. Replacing words by synonyms, or leaving small words out, was measured to be worse.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from importlib.resources import files
from itertools import pairwise
from math import log, sqrt

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.lookup.match import Entry
from knowledge.lookup.normalise import stem, words_of
from knowledge.lookup.wrappers import STUDY

MEANING = ("share", "lead", "score", "words", "strange", "matched", "one", "two", "common", "study", "other named")
"""What is compared; the names stand beside the weights in ``calibrated.json``."""

MESSAGE = (
    "score", "low score", "share", "strange", "nothing strange", "study", "common", "words",
    "named", "named not plain", "named after a cue", "named quiet acronym", "named crowded", "named weight",
)  # fmt: skip
"""What a message as a whole is compared by."""

_NAMED, _DEFINED, _ASKED, _EXPLAINED = 1.0, 1.3, 1.0, 0.5
"""How much a word counts by where it stands in the entry."""

_SYNONYM, _PAIR = 0.55, 0.3
"""How much a word's synonym groups together, and a pair of words, count beside a shared word."""

_K1, _B = 1.2, 0.5
_MOST_WORDS = 24
_WORK = 20_000
"""Postings read per query at most: a very large glossary leaves out a question's commonest words."""

_SMALL = frozenset(
    "a an the of to and is are in on at for it its i u you they them he she be was were that this with as by or do does "
    "did so".split()
)


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Stem -> the keys of the synonym groups it is in, from the packaged ``synonyms.txt`` (one group a line)."""
    groups: dict[str, tuple[str, ...]] = {}
    lines = (files("knowledge.lookup") / "synonyms.txt").read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.startswith("#"):
            continue
        for word in dict.fromkeys([stem(word) for word in words_of(line)]):
            groups[word] = (*groups.get(word, ()), f"#{number}")
    return groups


@dataclass(frozen=True, slots=True)
class Meant:
    """A term found by meaning. ``share`` is the part of the question's weight whose words the entry has, 0 to 1."""

    term: int
    score: float
    share: float
    matched: int


@dataclass(frozen=True, slots=True)
class Described:
    """What a description found, best first, and what its words are like.

    ``words`` counts its content words, ``strange`` is the share of them that no entry has, ``common`` the share that
    many entries have; ``study`` says if words of the subject or of tasks about it are there.
    """

    terms: tuple[Meant, ...]
    words: int
    strange: float
    common: float
    study: float

    def features(self, one: Meant) -> tuple[float, ...]:
        """What speaks for one of its terms: all of ``MEANING`` but whether another term is named."""
        best = self.terms[0].score
        other = max([rival.score for rival in self.terms[:2] if rival is not one], default=0.0)
        return (
            one.share,
            (one.score - other) / best,
            min(one.score, 40.0) / 10.0,
            min(self.words, 12) / 10.0,
            self.strange,
            min(one.matched, 6) / 6.0,
            float(one.matched < 2),
            float(one.matched == 2),
            self.common,
            self.study,
        )


    def features_of_message(self) -> tuple[float, ...]:
        """What tells whether the message is about any term: all of ``MESSAGE`` but the terms named in it."""
        best = self.terms[0] if self.terms else Meant(0, 0.0, 0.0, 0)
        return (
            min(best.score, 40.0) / 10.0,
            min(best.score, 12.0) / 10.0,
            best.share,
            self.strange,
            float(self.strange == 0),
            self.study,
            self.common,
            min(self.words, 12) / 10.0,
        )


class Descriptions:
    """An inverted index over the entries' prose."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._size = len(entries)
        counts: dict[str, dict[int, float]] = {}
        surfaces: dict[str, None] = {}
        lengths = [_count(term, entry, counts, surfaces) for term, entry in enumerate(entries)]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        norms = [_K1 * (1 - _B + _B * length / mean) for length in lengths]
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        self._weights: dict[str, float] = {}
        for key, by_term in counts.items():
            weight = log(1 + (self._size - len(by_term) + 0.5) / (len(by_term) + 0.5))
            values = [weight * count * (_K1 + 1) / (count + norms[term]) for term, count in by_term.items()]
            self._weights[key] = weight
            self._postings[key] = array("I", by_term), array("f", values)
        self._heaviest = log(1 + (self._size + 0.5) / 0.5)
        self._spelt: dict[str, list[str]] = {}
        for word in surfaces:
            if len(word) > 4:
                self._spelt.setdefault(word[0], []).append(word)
        self._known = frozenset(surfaces)

    def find(self, words: Sequence[str], guard: Container[str], limit: int) -> Described:
        """The best terms for a description."""
        mended = [self._mended(word, guard) for word in words[: 3 * _MOST_WORDS]]
        stems = [stem(word) for word in mended]
        content = list(dict.fromkeys([key for key, word in zip(stems, mended, strict=True) if word not in _SMALL]))
        content = content[:_MOST_WORDS]
        scores = self._scores(content, [f"{one} {other}" for one, other in pairwise(stems[: 2 * _MOST_WORDS])])
        best = nlargest(limit, range(self._size), key=scores.__getitem__) if scores else []
        weights = [self._weights.get(key, self._heaviest) for key in content]
        total = sum(weights)
        terms = [self._meant(term, scores[term], content, total) for term in best if scores[term] > 0]
        count = max(1, len(content))
        strange = sum([key not in self._weights for key in content]) / count
        common = sum([weight < _COMMON for weight in weights]) / count
        study = min(2, len(STUDY.intersection(mended))) / 2
        return Described(tuple(terms), len(content), strange, common, study)

    def _mended(self, word: str, guard: Container[str]) -> str:
        """The word itself, or the word of the entries that it misspells."""
        if len(word) < 5 or word in self._known or word in guard or not word.isascii():
            return word
        choices = self._spelt.get(word[0], [])
        best = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=1 if len(word) < 7 else 2)
        return best[0] if best else word

    def _scores(self, content: Sequence[str], pairs: Sequence[str]) -> list[float]:
        """Every term's score, or an empty list where no word of the question is known."""
        groups = synonyms()
        wanted = [(self._weights[key], 1.0, key) for key in content if key in self._weights]
        for key in content:
            shared = [group for group in groups.get(key, ()) if group in self._weights]
            wanted += [(self._weights[group], _SYNONYM / sqrt(len(shared)), group) for group in shared]
        wanted += [(self._weights[pair], _PAIR, pair) for pair in dict.fromkeys(pairs) if pair in self._weights]
        if not wanted:
            return []
        wanted.sort(reverse=True)
        scores = [0.0] * self._size
        work = 0
        for _, factor, key in wanted:
            terms, values = self._postings[key]
            work += len(terms)
            if work > _WORK > len(terms):
                break
            for term, value in zip(terms, values, strict=True):
                scores[term] += factor * value
        return scores

    def _meant(self, term: int, score: float, content: Sequence[str], total: float) -> Meant:
        there = [self._weights[key] for key in content if self._has(term, key)]
        return Meant(term, score, sum(there) / total, len(there))

    def _has(self, term: int, key: str) -> bool:
        if key not in self._postings:
            return False
        terms = self._postings[key][0]
        at = bisect_left(terms, term)
        return at < len(terms) and terms[at] == term


_COMMON = 3.0
"""A word of this weight or less is in one entry of twenty: *customer*, *score*, *staff*."""


def _count(term: int, entry: Entry, counts: dict[str, dict[int, float]], surfaces: dict[str, None]) -> float:
    """Adds one entry's words, pairs and synonym groups to ``counts`` and gives the entry's length."""
    groups = synonyms()
    length = 0.0
    for text, factor in _texts(entry):
        words = words_of(text)
        stems = [stem(word) for word in words]
        keys = [f"{one} {other}" for one, other in pairwise(stems)]
        for word, key in zip(words, stems, strict=True):
            if word in _SMALL:
                continue
            surfaces[word] = None
            length += factor
            keys.append(key)
            keys += groups.get(key, ())
        for key in keys:
            by_term = counts.get(key)
            if by_term is None:
                counts[key] = {term: factor}
            else:
                by_term[term] = by_term.get(term, 0.0) + factor
    return length


def _texts(entry: Entry) -> Iterable[tuple[str, float]]:
    for name in (entry.name, *entry.aliases, *entry.abbreviations):
        yield name, _NAMED
    yield entry.definition, _DEFINED
    for line in entry.asked_as:
        yield line, _ASKED
    yield entry.explanation, _EXPLAINED
