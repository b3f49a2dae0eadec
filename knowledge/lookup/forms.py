"""The glossary's forms (names, aliases, abbreviations) and the keys under which they are found."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from math import log

from knowledge.lookup.bylength import ByFirstLetters, ByLength
from knowledge.lookup.match import Entry
from knowledge.lookup.normalise import fold, stem, words_of
from knowledge.lookup.spelling import nearest, sound_of
from knowledge.lookup.wordlists import words_in

_MOST_SOUNDS = 12
_LAST_HEARD = 16
"""Sounds that are remembered: a text is listened to in several ways."""
_SMALL_WORDS = words_in("small in names")
_GENERAL = words_in("general")
_JOINTS = re.compile(r"\s*(?:,|/|\band\b)\s*")
_HAS_PARTS = re.compile(r"[(,/\d]|\band\b|\bin\b|^Types of ")
_NUMBERS = re.compile(r"\b\d[\d-]*\b")
_LAW = re.compile(r"\b(?:Act|Regulations?|Directive|Code|Law)\b")
"""A law's name is no list: nobody means *Health and Safety at Work Act* by *health*."""

_IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*")


class Kind(IntEnum):
    """What a form is to its term."""

    NAME = 0
    ALIAS = 1
    ABBREVIATION = 2
    DERIVED = 3
    SUGGEST = 4


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a term. ``weight`` is the sum of its words' weights."""

    term: int
    text: str
    kind: Kind
    words: tuple[str, ...]
    compact: str
    weight: float
    acronym: bool
    """Written in capitals by the glossary: HEAT, NPS."""


class Forms:
    """Every form of every term, with one dictionary per way of writing it and lists for approximate search."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.ids = [entry.id for entry in entries]
        raw = list(_explicit_forms(entries))
        raw += _derived_forms(entries, raw)
        self.weights = _word_weights(raw, len(self.ids))
        self.heaviest = log(1 + max(1, len(self.ids)))
        self.forms = [self._form(*parts) for parts in raw]
        self.by_text: dict[str, tuple[int, ...]] = {}
        self.by_compact: dict[str, tuple[int, ...]] = {}
        self.by_fold: dict[str, tuple[int, ...]] = {}
        self.by_bag: dict[str, tuple[int, ...]] = {}
        self.postings: dict[str, array[int]] = {}
        self.families: dict[str, list[str]] = {}
        for number, form in enumerate(self.forms):
            self._enter(number, form)
        for word in self.weights:
            self.families.setdefault(stem(word), []).append(word)
        self.in_capitals = {form.words[0]: number for number, form in enumerate(self.forms) if _is_capitals(form)}
        """First word -> the form, an abbreviation with a word such as *model* behind it: *LEARN model*."""
        self.last_words = _last_words(self.forms)
        self.longest = max((len(form.words) for form in self.forms), default=0)
        self.compacts = ByFirstLetters(self.by_compact)
        self.vocabulary = ByFirstLetters(self.weights)
        self.sound_of = [sound_of(form.words) for form in self.forms]
        self.by_sound: dict[str, tuple[int, ...]] = {}
        for number, key in enumerate(self.sound_of):
            _add(self.by_sound, key, number)
        self.sounding_like = _sounding(ByFirstLetters(self.by_sound, ByLength))  # most have the same few letters
        """A function that gives the sounds that are at most so many edits from one, the nearest first, and how many."""
        self.in_order = sorted(self.by_compact)
        self.folded_in_order = sorted(self.by_fold)
        self.words_in_order = sorted(self.weights)
        self.openings = frozenset([fold(form.words[0]) for form in self.forms])
        self.lonely = frozenset([word for word, weight in self.weights.items() if weight == log(1 + len(self.ids))])

    def _form(self, term: int, text: str, kind: Kind, words: tuple[str, ...], compact: str) -> Form:
        weight = sum([self.weights[word] for word in dict.fromkeys(words)])
        acronym = kind is Kind.ABBREVIATION or (text.isupper() and len(words) == 1)
        return Form(term, text, kind, words, compact, weight, acronym)

    def _enter(self, number: int, form: Form) -> None:
        _add(self.by_text, " ".join(form.words), number)
        _add(self.by_compact, form.compact, number)
        folded = [fold(word) for word in form.words]
        _add(self.by_fold, "".join(folded), number)
        if len(folded) > 1:
            _add(self.by_bag, bag(folded), number)
        for word in dict.fromkeys(form.words):
            if word not in self.postings:
                self.postings[word] = array("I")
            self.postings[word].append(number)

    def starting_with(self, compact: str, limit: int) -> list[str]:
        """Up to ``limit`` compact forms that start with the text, in alphabetical order."""
        return _starting_with(self.in_order, compact, limit)

    def any_folded_starts_with(self, folded: str) -> bool:
        """Whether a form starts with the text, both folded and without spaces."""
        at = bisect_left(self.folded_in_order, folded)
        return at < len(self.folded_in_order) and self.folded_in_order[at].startswith(folded)

    def words_starting_with(self, start: str, limit: int) -> list[str]:
        """Up to ``limit`` words of the glossary that start so."""
        return _starting_with(self.words_in_order, start, limit)


def shown_by(forms: Forms) -> dict[int, int]:
    """For each term the form that it is shown by where none was typed: its name, or the first form that it has."""
    shown = {form.term: number for number, form in reversed(list(enumerate(forms.forms)))}
    return shown | {form.term: number for number, form in enumerate(forms.forms) if form.kind is Kind.NAME}


def _is_capitals(form: Form) -> bool:
    first, _, rest = form.text.partition(" ")
    return first.isupper() and len(first) > 1 and bool(rest) and _GENERAL.issuperset(form.words[1:])


def _sounding(sounds: ByFirstLetters) -> Callable[[str, int], list[tuple[str, int]]]:
    @lru_cache(maxsize=_LAST_HEARD)
    def sounding_like(key: str, most: int) -> list[tuple[str, int]]:
        return nearest(key, sounds.near(key, most), most, _MOST_SOUNDS)

    return sounding_like


def _last_words(forms: Sequence[Form]) -> dict[str, set[str]]:
    """Abbreviation -> the last words, folded, of what it stands for: *agreement* for *SLA*."""
    shorts: dict[int, list[str]] = {}
    for form in forms:
        if form.kind is Kind.ABBREVIATION:
            shorts.setdefault(form.term, []).append(form.compact)
    found: dict[str, set[str]] = {}
    for form in forms:
        if len(form.words) > 1 and form.kind is not Kind.SUGGEST:
            ends = form.words[0][0], form.words[-1][0]
            for short in shorts.get(form.term, ()):
                if (short[0], short[-1]) == ends:
                    found.setdefault(short, set()).add(fold(form.words[-1]))
    return found


def _starting_with(texts: list[str], start: str, limit: int) -> list[str]:
    first = end = bisect_left(texts, start)
    last = min(len(texts), first + limit)
    while end < last and texts[end].startswith(start):
        end += 1
    return texts[first:end]


def bag(folded: Iterable[str]) -> str:
    """A key for the same words in any order, small words left out. Empty when only small words are there."""
    return " ".join(sorted([word for word in folded if word not in _SMALL_WORDS]))


def _explicit_forms(entries: Sequence[Entry]) -> Iterable[tuple[int, str, Kind, tuple[str, ...], str]]:
    for term, entry in enumerate(entries):
        seen: set[str] = set()
        suggested = {" ".join(words_of(text)) for text in entry.suggest_only}
        groups = (
            (Kind.SUGGEST, entry.suggest_only),
            (Kind.NAME, (entry.name,)),
            (Kind.ABBREVIATION, entry.abbreviations),
            (Kind.ALIAS, entry.aliases),
        )
        for kind, texts in groups:
            for text in texts:
                words = tuple(words_of(text))
                key = " ".join(words)
                if not words or key in seen or (kind is not Kind.SUGGEST and key in suggested):
                    continue
                seen.add(key)
                yield term, text, kind, words, "".join(words)


def _derived_forms(
    entries: Sequence[Entry], explicit: Sequence[tuple[int, str, Kind, tuple[str, ...], str]]
) -> list[tuple[int, str, Kind, tuple[str, ...], str]]:
    """What learners make of names (*Bias* of *Bias in feedback*), where no other term has anything of the sort."""
    owned = {compact for _, _, _, _, compact in explicit}
    shared: dict[str, int] = {}
    for term, _, _, words, _ in explicit:
        for word in words:
            shared[word] = term if shared.get(word, term) == term else -1
    derived: dict[str, list[tuple[int, str, Kind, tuple[str, ...], str]]] = {}
    for term, entry in enumerate(entries):
        if not _HAS_PARTS.search(entry.name):
            continue
        own = {word for word in words_of(entry.name) if shared[word] == term}
        for text in dict.fromkeys(_parts_of(entry.name, own)):
            words = tuple(words_of(text))
            compact = "".join(words)
            if len(compact) > 3 and compact not in owned:
                derived.setdefault(compact, []).append((term, text, Kind.DERIVED, words, compact))
    return [group[0] for group in derived.values() if len(group) == 1]


def _parts_of(name: str, own: set[str]) -> Iterable[str]:
    bare = _IN_BRACKETS.sub(" ", name).strip()
    yield bare
    yield bare.partition(" in ")[0]
    yield bare.removeprefix("Types of ")
    yield _NUMBERS.sub(" ", bare).strip()
    is_law = _LAW.search(bare) is not None
    for part in _JOINTS.split(bare):
        words = words_of(part)
        if len(words) > 1 or not (is_law or own.isdisjoint(words)):
            yield part.strip()


def _word_weights(raw: Sequence[tuple[int, str, Kind, tuple[str, ...], str]], terms: int) -> dict[str, float]:
    """Rare words weigh most: log(1 + terms / terms with the word); words such as *of* a tenth of a light word."""
    used: dict[str, int] = {}
    last: dict[str, int] = {}
    for term, _, _, words, _ in raw:
        for word in words:
            if last.get(word) != term:
                last[word] = term
                used[word] = used.get(word, 0) + 1
    return {word: 0.1 if word in _SMALL_WORDS else log(1 + terms / count) for word, count in used.items()}


def _add(table: dict[str, tuple[int, ...]], key: str, number: int) -> None:
    if key:
        table[key] = (*table.get(key, ()), number)
