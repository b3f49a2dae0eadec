"""Look-up by meaning: BM25 over what a term's entry says and how learners ask for it.

Words count by their stem. Two things count as extra weak words: pairs of neighbouring words, small words included (*you
said*), and synonym groups. Replacing words by synonyms, or leaving small words out, was measured to be worse.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from math import log, sqrt
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.lookup.match import Entry
from knowledge.lookup.normalise import stem, words_of
from knowledge.lookup.wordlists import words_in
from knowledge.lookup.wrappers import EVERYDAY, SUBJECT, TASK

MEANING = ("lead", "score", "words", "strange", "subject", "other named", "other asked about")
"""What is compared; the names stand beside the weights in ``calibrated.json``."""

MESSAGE = (
    "score", "low score", "share", "strange", "nothing strange", "subject", "task", "everyday", "common",
    "words",
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

_MUCH, _LITTLE = 6.0, 2.0
"""Scores between which, and up to which, a difference still tells something."""

_COMMON = 3.0
"""A word of this weight or less is in one entry of twenty or more: *customer*, *score*, *staff*."""

_NEARLY_A_LINE = 0.6
"""How much a question must have in common with a line to be nearly that line."""
_LEAST_WEIGHT = 1.0
"""What a small word counts where a question is compared with a line."""

_SHORT = 4
"""Words of so few letters are not mended."""

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


@cache
def groups_of_synonyms() -> dict[str, list[str]]:
    """The key of each synonym group -> its stems."""
    groups: dict[str, list[str]] = {}
    for key, keys in synonyms().items():
        for group in keys:
            groups.setdefault(group, []).append(key)
    return groups


class Meant(NamedTuple):
    """A term found by meaning; its score is measured in words that no other entry has."""

    term: int
    score: float


@dataclass(frozen=True, slots=True)
class Described:
    """What a description found, best first, and what its words are like.

    ``asked`` are the stems of its words. ``words`` counts its content words, ``strange`` is the share of them that no
    entry has, ``common`` the share that many entries have, and ``share`` the part of their weight that the best term's
    entry has; ``subject``, ``task`` and ``everyday`` say if words of the subject, of tasks about it, or of life outside
    work are there.
    """

    terms: tuple[Meant, ...]
    asked: frozenset[str]
    words: int
    strange: float
    common: float
    share: float
    subject: float
    task: float
    everyday: float

    def features(self, one: Meant) -> tuple[float, ...]:
        """What speaks for one of its terms: all of ``MEANING`` but how another term is named."""
        best = self.terms[0].score
        other = max([rival.score for rival in self.terms[:2] if rival is not one], default=0.0)
        return (
            (one.score - other) / best,
            min(one.score, _MUCH),
            min(self.words, 12) / 10.0,
            self.strange,
            self.subject,
        )

    def features_of_message(self) -> tuple[float, ...]:
        """What tells whether the message is about any term: all of ``MESSAGE`` but the terms named in it."""
        best = self.terms[0].score if self.terms else 0.0
        return (
            min(best, _MUCH),
            min(best, _LITTLE),
            self.share,
            self.strange,
            float(self.strange == 0),
            self.subject,
            self.task,
            self.everyday,
            self.common,
            min(self.words, 12) / 10.0,
        )


class Postings:
    """Which terms have a word, and how often."""

    __slots__ = ("counts", "terms")

    def __init__(self) -> None:
        self.terms: dict[str, array[int]] = {}
        self.counts: dict[str, array[float]] = {}

    def add(self, term: int, found: Mapping[str, float]) -> None:
        """Enters how often a term, which must come after those entered before, has each word."""
        terms, counts = self.terms, self.counts
        for key, count in found.items():
            if key in terms:
                terms[key].append(term)
                counts[key].append(count)
            else:
                terms[key], counts[key] = array("I", (term,)), array("d", (count,))

    def of(self, key: str) -> Iterator[tuple[int, float]]:
        """Each term that has it, and how often."""
        return zip(self.terms[key], self.counts[key], strict=True)


class _Stems(dict[str, str]):
    """Word -> its stem, worked out when it is first met."""

    def __missing__(self, word: str) -> str:
        self[word] = key = stem(word)
        return key


class _Telling(dict[str, str]):
    """Word -> its stem, or nothing for a small word."""

    def __init__(self, stems: _Stems) -> None:
        super().__init__(dict.fromkeys(_SMALL, ""))
        self._stems = stems

    def __missing__(self, word: str) -> str:
        self[word] = key = self._stems[word]
        return key


class Descriptions:
    """An inverted index over the entries' prose."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._size = len(entries)
        self._in_detail = len(entries) < _MANY_TERMS
        self._in_one: dict[str, int] = {}
        self._in_several: dict[str, list[int]] = {}
        self._words = Postings()
        self._lines: list[list[frozenset[str]]] = []
        stems = _Stems()
        telling = _Telling(stems)
        lengths = []
        for term, entry in enumerate(entries):
            counts, read = _read(entry, stems, telling)
            lengths.append(sum(counts.values()))
            self._words.add(term, counts)
            if self._in_detail:
                self._lines.append([frozenset(keys) for keys in read[2:-1]])
                self._add_pairs(term, read)
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._norms = [_K1 * (1 - _B + _B * length / mean) for length in lengths]
        self._weights = {key: self._weight(len(terms)) for key, terms in self._words.terms.items()}
        self._heaviest = self._weight(0)
        self._worths: dict[str, dict[int, float]] = {}
        self._together: dict[str, dict[int, float]] = {}
        self._known = stems.keys() - _SMALL
        self._spelt: dict[str, list[str]] = {}
        for word in stems:
            if len(word) > _SHORT and word not in _SMALL:
                self._spelt.setdefault(word[0], []).append(word)

    def _add_pairs(self, term: int, read: Iterable[Sequence[str]]) -> None:
        """Enters the pairs of words of a term, which must come after those entered before."""
        pairs = set[str]().union(*[map(" ".join, pairwise(keys)) for keys in read])
        again = pairs & self._in_one.keys()
        for pair in again:
            if pair not in self._in_several:
                self._in_several[pair] = [self._in_one[pair]]
            self._in_several[pair].append(term)
        self._in_one |= dict.fromkeys(pairs - again, term)

    def __contains__(self, word: object) -> bool:
        """Whether an entry has the word."""
        return word in self._known

    def _weight(self, terms: int) -> float:
        """The weight of a word that so many terms have."""
        return log(1 + (self._size - terms + 0.5) / (terms + 0.5))

    def find(self, words: Sequence[str], guard: Container[str], limit: int) -> Described:
        """The best terms for a description."""
        mended = [self._mended(word, guard) for word in words[: 3 * _MOST_WORDS]]
        stems = [stem(word) for word in mended]
        content = list(dict.fromkeys([key for key, word in zip(stems, mended, strict=True) if word not in _SMALL]))
        content = content[:_MOST_WORDS]
        best = self._best(content, [f"{one} {other}" for one, other in pairwise(stems[: 2 * _MOST_WORDS])], limit)
        weights = [self._weights.get(key, self._heaviest) for key in content]
        terms = tuple([Meant(term, score / self._heaviest) for term, score in best])
        there = [weight for key, weight in zip(content, weights, strict=True) if best and self._has(best[0][0], key)]
        count = max(1, len(content))
        strange = sum([key not in self._weights for key in content]) / count
        common = sum([weight < _COMMON for weight in weights]) / count
        subject, task, everyday = [min(2, len(some.intersection(mended))) / 2 for some in (SUBJECT, TASK, EVERYDAY)]
        share = sum(there) / (sum(weights) or 1.0)
        return Described(terms, frozenset(stems), len(content), strange, common, share, subject, task, everyday)

    def _mended(self, word: str, guard: Container[str]) -> str:
        """The word itself, or the word of the entries that it misspells."""
        if len(word) <= _SHORT or word in self._known or word in guard or not word.isascii():
            return word
        choices = self._spelt.get(word[0], [])
        best = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=1 if len(word) < 7 else 2)
        return best[0] if best else word

    def _best(self, content: Sequence[str], pairs: Sequence[str], limit: int) -> list[tuple[int, float]]:
        """The terms that have a word of the question, with the highest scores, best first."""
        scores = [0.0] * self._size
        found: dict[int, None] = {}
        for key in self._read(content):
            worth = self._worth(key)
            found |= dict.fromkeys(worth)
            for term, value in worth.items():
                scores[term] += value
        for pair in dict.fromkeys(pairs) if found else ():
            if having := self._in_several.get(pair) or self._in_one_term(pair):
                found |= dict.fromkeys(having)
                counts = _PAIR * self._weight(len(having)) * (_K1 + 1)
                for term in having:
                    scores[term] += counts / (1 + self._norms[term])
        return [(term, scores[term]) for term in sorted(found, key=scores.__getitem__, reverse=True)[:limit]]

    def _in_one_term(self, pair: str) -> Sequence[int]:
        return (self._in_one[pair],) if pair in self._in_one else ()

    def _read(self, content: Sequence[str]) -> Sequence[str]:
        """The words that are read: of a very large glossary only the rarest where there is much to read."""
        if self._in_detail:
            return content
        read: list[str] = []
        work = 0
        for _, key in sorted([(self._weights[key], key) for key in content if key in self._weights], reverse=True):
            having = len(self._words.terms[key])
            work += having
            if work > _WORK > having:
                break
            read.append(key)
        return read

    def _worth(self, key: str) -> Mapping[int, float]:
        """The terms that a word speaks for, by itself and by its synonym groups, and how much.

        It is worked out only once, but for very large glossaries, where it would take much memory.
        """
        if (known := self._worths.get(key)) is not None:
            return known
        norms = self._norms
        groups = [self._with_group(group) for group in synonyms().get(key, ())] if self._in_detail else []
        groups = [group for group in groups if group]
        parts: list[tuple[Iterable[tuple[int, float]], int, float]] = [
            (group.items(), len(group), _SYNONYM / sqrt(len(groups))) for group in groups
        ]
        if key in self._weights:
            parts.append((self._words.of(key), len(self._words.terms[key]), 1.0))
        worth: dict[int, float] = {}
        for postings, terms, factor in parts:
            factor *= (_K1 + 1) * self._weight(terms)
            for term, count in postings:
                worth[term] = worth.get(term, 0.0) + factor * (count / (count + norms[term]))
        if worth and self._in_detail:
            self._worths[key] = worth
        return worth

    def _with_group(self, group: str) -> Mapping[int, float]:
        """The terms that have a word of a synonym group and how often, worked out only once."""
        if (known := self._together.get(group)) is not None:
            return known
        together: dict[int, float] = {}
        for key in groups_of_synonyms()[group]:
            if key in self._weights:
                for term, count in self._words.of(key):
                    together[term] = together.get(term, 0.0) + count
        self._together[group] = together
        return together

    def sharing(self, words: Iterable[str]) -> list[int]:
        """The terms whose entries have every one of the words that count, the likeliest first."""
        keys = dict.fromkeys([stem(word) for word in words if word not in _SMALL])
        if not self._in_detail or not keys or not all(key in self._weights for key in keys):
            return []
        fewest, *others = sorted([self._words.terms[key] for key in keys], key=len)
        shared = set(fewest).intersection(*others)
        return sorted(shared, key=lambda term: (-sum([self._worth(key)[term] for key in keys]), term))

    def told(self, described: Described) -> int | None:
        """The term that the message asks for in nearly the words of one of its "asked as" lines."""
        whole = self._weight_in_line(described.asked)
        lines = {one.term: self._line(one.term, described.asked, whole) for one in described.terms}
        best = max(lines, key=lines.__getitem__, default=None)
        return best if best is not None and lines[best] >= _NEARLY_A_LINE else None

    def _line(self, term: int, asked: frozenset[str], whole: float) -> float:
        """How much the question, of the weight ``whole``, and one of the term's lines have in common, 0 to 1.

        It is 0 where that cannot be enough.
        """
        common = 0.0
        for line in self._lines[term] if self._in_detail else ():
            both = asked & line
            if len(both) > 1 and (shared := self._weight_in_line(both)) >= _NEARLY_A_LINE * whole:
                common = max(common, shared / self._weight_in_line(asked | line))
        return common

    def _weight_in_line(self, keys: Iterable[str]) -> float:
        """The weight of these words where a question is compared with a line."""
        weights, heaviest = self._weights, self._heaviest
        return sum([max(_LEAST_WEIGHT, weights.get(key, 0.0 if key in _SMALL else heaviest)) for key in keys])

    def _has(self, term: int, key: str) -> bool:
        terms = self._words.terms.get(key)
        if terms is None:
            return False
        at = bisect_left(terms, term)
        return at < len(terms) and terms[at] == term


def _read(entry: Entry, stems: _Stems, telling: _Telling) -> tuple[dict[str, float], list[list[str]]]:
    """How often an entry has each stem that counts, weighed by where; and its stems, text by text."""
    counts: dict[str, float] = {}
    read: list[list[str]] = []
    for texts, factor in _texts(entry):
        said = [words_of(text) for text in texts]
        read += [list(map(stems.__getitem__, words)) for words in said]
        for key, count in Counter(map(telling.__getitem__, chain.from_iterable(said))).items():
            counts[key] = counts.get(key, 0.0) + count * factor
    counts.pop("", None)
    return counts, read


def _texts(entry: Entry) -> Iterable[tuple[Sequence[str], float]]:
    """The texts of an entry and how much a word of each counts; the "asked as" lines are all but two and the last."""
    yield (" ".join((entry.name, *entry.aliases, *entry.abbreviations)),), _NAMED
    yield (entry.definition,), _DEFINED
    yield entry.asked_as, _ASKED
    yield (entry.explanation,), _EXPLAINED
