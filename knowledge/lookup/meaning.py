"""Look-up by meaning: BM25 over what a term's entry says and how learners ask for it.

Words count by their stem. Two things count as extra weak words: pairs of neighbouring words, small words included (*you
said*), and synonym groups. Replacing words by synonyms, or leaving small words out, was measured to be worse.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
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
from knowledge.lookup.wordlists import words_in
from knowledge.lookup.wrappers import SUBJECT, TASK

MEANING = ("lead", "score", "words", "strange", "subject", "other named")
"""What is compared; the names stand beside the weights in ``calibrated.json``."""

MESSAGE = (
    "score", "low score", "share", "strange", "nothing strange", "subject", "task", "common", "words",
    "named", "named not plain", "named after a cue", "named quiet acronym", "named crowded", "named weight",
)  # fmt: skip
"""What a message as a whole is compared by."""

_NAMED, _DEFINED, _ASKED, _EXPLAINED = 1.0, 1.3, 1.0, 0.5
"""How much a word counts by where it stands in the entry."""

_SYNONYM, _PAIR = 0.55, 0.3
"""How much a word's synonym groups together, and a pair of words, count beside a shared word."""

_K1, _B = 1.2, 0.5
_MOST_WORDS = 24
_MANY_TERMS = 5_000
"""A glossary of so many terms does without pairs of words and synonym groups: they would take most of its memory."""

_WORK = 12_000
"""Postings read per query at most: a very large glossary leaves out a question's commonest words."""

_LINE_END = "zzz"
"""A small word that keeps the last word of a line and the first of the next from being a pair."""

_COMMON = 3.0
"""A word of this weight or less is in one entry of twenty or more: *customer*, *score*, *staff*."""

_SMALL = words_in("small in descriptions")


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


@dataclass(frozen=True, slots=True)
class Described:
    """What a description found, best first, and what its words are like.

    ``words`` counts its content words, ``strange`` is the share of them that no entry has, ``common`` the share that
    many entries have; ``subject`` and ``task`` say if words of the subject, or of tasks about it, are there.
    """

    terms: tuple[Meant, ...]
    words: int
    strange: float
    common: float
    subject: float
    task: float

    def features(self, one: Meant) -> tuple[float, ...]:
        """What speaks for one of its terms: all of ``MEANING`` but whether another term is named."""
        best = self.terms[0].score
        other = max([rival.score for rival in self.terms[:2] if rival is not one], default=0.0)
        return (
            (one.score - other) / best,
            min(one.score, 40.0) / 10.0,
            min(self.words, 12) / 10.0,
            self.strange,
            self.subject,
        )

    def features_of_message(self) -> tuple[float, ...]:
        """What tells whether the message is about any term: all of ``MESSAGE`` but the terms named in it."""
        best = self.terms[0] if self.terms else Meant(0, 0.0, 0.0)
        return (
            min(best.score, 40.0) / 10.0,
            min(best.score, 12.0) / 10.0,
            best.share,
            self.strange,
            float(self.strange == 0),
            self.subject,
            self.task,
            self.common,
            min(self.words, 12) / 10.0,
        )


class Descriptions:
    """An inverted index over the entries' prose."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._size = len(entries)
        in_detail = len(entries) < _MANY_TERMS
        self._pairs: dict[str, list[int]] = {}
        self._spelt: dict[str, list[str]] = {}
        surfaces: dict[str, None] = {}
        counted = []
        for term, entry in enumerate(entries):
            words, pairs = _counted(entry, surfaces, with_pairs=in_detail)
            counted.append(words)
            for pair in pairs:
                self._pairs.setdefault(pair, []).append(term)
        lengths = [sum(words.values()) for words in counted]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._norms = [_K1 * (1 - _B + _B * length / mean) for length in lengths]
        postings = _postings(counted, self._norms, synonyms() if in_detail else {})
        self._postings: Mapping[str, tuple[Sequence[int], Sequence[float]]] = postings
        if in_detail:
            self._postings = {key: (tuple(terms), tuple(values)) for key, (terms, values) in postings.items()}
        self._weights = {key: self._weight(len(terms)) for key, (terms, _) in self._postings.items()}
        self._heaviest = self._weight(0)
        self._known = frozenset(surfaces)
        for word in surfaces:
            if len(word) > 4:
                self._spelt.setdefault(word[0], []).append(word)

    def _weight(self, terms: int) -> float:
        """The weight of a word that so many terms have."""
        return log(1 + (self._size - terms + 0.5) / (terms + 0.5))

    def find(self, words: Sequence[str], guard: Container[str], limit: int) -> Described:
        """The best terms for a description."""
        mended = [self._mended(word, guard) for word in words[: 3 * _MOST_WORDS]]
        stems = [stem(word) for word in mended]
        content = list(dict.fromkeys([key for key, word in zip(stems, mended, strict=True) if word not in _SMALL]))
        content = content[:_MOST_WORDS]
        scores = self._scores(content, [f"{one} {other}" for one, other in pairwise(stems[: 2 * _MOST_WORDS])])
        best = nlargest(limit, scores, key=scores.__getitem__)
        weights = [self._weights.get(key, self._heaviest) for key in content]
        total = sum(weights)
        terms = [self._meant(term, scores[term], content, total) for term in best]
        count = max(1, len(content))
        strange = sum([key not in self._weights for key in content]) / count
        common = sum([weight < _COMMON for weight in weights]) / count
        subject, task = (min(2, len(words.intersection(mended))) / 2 for words in (SUBJECT, TASK))
        return Described(tuple(terms), len(content), strange, common, subject, task)

    def _mended(self, word: str, guard: Container[str]) -> str:
        """The word itself, or the word of the entries that it misspells."""
        if len(word) < 5 or word in self._known or word in guard or not word.isascii():
            return word
        choices = self._spelt.get(word[0], [])
        best = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=1 if len(word) < 7 else 2)
        return best[0] if best else word

    def _scores(self, content: Sequence[str], pairs: Sequence[str]) -> dict[int, float]:
        """The score of every term that has a word of the question."""
        groups = synonyms()
        scores: defaultdict[int, float] = defaultdict(float)
        wanted = [(self._weights[key], 1.0, key) for key in content if key in self._weights]
        for key in content:
            shared = [group for group in groups.get(key, ()) if group in self._weights]
            wanted += [(self._weights[group], _SYNONYM / sqrt(len(shared)), group) for group in shared]
        wanted.sort(reverse=True)
        work = 0
        for weight, factor, key in wanted:
            terms, values = self._postings[key]
            work += len(terms)
            if work > _WORK > len(terms):
                break
            counts = weight * factor
            for term, value in zip(terms, values, strict=True):
                scores[term] += counts * value
        for pair in dict.fromkeys(pairs):
            having = self._pairs.get(pair)
            if having is not None and scores:
                counts = _PAIR * self._weight(len(having)) * (_K1 + 1)
                for term in having:
                    scores[term] += counts / (1 + self._norms[term])
        return scores

    def _meant(self, term: int, score: float, content: Sequence[str], total: float) -> Meant:
        there = [self._weights[key] for key in content if self._has(term, key)]
        return Meant(term, score, sum(there) / total)

    def _has(self, term: int, key: str) -> bool:
        if key not in self._postings:
            return False
        terms = self._postings[key][0]
        at = bisect_left(terms, term)
        return at < len(terms) and terms[at] == term


def _counted(entry: Entry, surfaces: dict[str, None], *, with_pairs: bool) -> tuple[dict[str, float], dict[str, None]]:
    """How often an entry has each stem, weighed by where, and its pairs of words. Its words go to ``surfaces``."""
    counts: dict[str, float] = {}
    pairs: dict[str, None] = {}
    for text, factor in _texts(entry):
        words = words_of(text)
        stems = [stem(word) for word in words]
        for word, key in zip(words, stems, strict=True):
            if word not in _SMALL:
                surfaces[word] = None
                counts[key] = counts.get(key, 0.0) + factor
        if with_pairs:
            pairs.update(dict.fromkeys([f"{one} {other}" for one, other in pairwise(stems)]))
    return counts, pairs


def _postings(
    counted: Sequence[dict[str, float]], norms: Sequence[float], groups: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[array[int], array[float]]]:
    """Stem or synonym group -> the terms that have it, and what it is worth in each before the stem's weight."""
    postings: dict[str, tuple[array[int], array[float]]] = {}
    for term, (counts, norm) in enumerate(zip(counted, norms, strict=True)):
        together: dict[str, float] = {}
        if groups:
            for key, count in counts.items():
                for group in groups.get(key, ()):
                    together[group] = together.get(group, 0.0) + count
        for counter in (counts, together):
            for key, count in counter.items():
                posting = postings.get(key)
                if posting is None:
                    posting = postings[key] = (array("I"), array("f"))
                posting[0].append(term)
                posting[1].append(count * (_K1 + 1) / (count + norm))
    return postings


def _texts(entry: Entry) -> Iterable[tuple[str, float]]:
    yield " ".join((entry.name, *entry.aliases, *entry.abbreviations)), _NAMED
    yield entry.definition, _DEFINED
    yield f" {_LINE_END} ".join(entry.asked_as), _ASKED
    yield entry.explanation, _EXPLAINED
