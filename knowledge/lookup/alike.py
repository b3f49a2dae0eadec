"""Terms whose form is spelt like what was typed, sounds like it, begins like it, or has its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from math import sqrt
from typing import NamedTuple

from rapidfuzz.distance import OSA

from knowledge.lookup.forms import Form, Forms, Kind
from knowledge.lookup.guard import NEAR, Guard
from knowledge.lookup.normalise import fold, stem
from knowledge.lookup.normalise import sound as aloud_of
from knowledge.lookup.spelling import cost, edits_allowed, likeness, nearest, sound_of, sounds_like
from knowledge.lookup.wrappers import LEADING, STOP, TRAILING

CLOSE = ("slips", "per letter", "first letter", "strange", "derived", "short", "rival")
ALIKE = (
    "best", "whole", "sound", "worded", "of form", "of typed", "begun", "only", "short", "strange", "derived", "lone",
    "plain", "acronym", "begun by words", "nearly", "nearly whole", "nearly sound", "another word",
)  # fmt: skip
GUARDED = ("of form", "begun", "whole", "only", "terms", "derived", "short", "glossary", "asking", "foreign")
"""What is compared, by way; the names stand beside the weights in ``calibrated.json``."""

_CLOSELY_WEIGHED = 10
_MOST_HEARD = 6
_LEAST_LIKE = 0.55
_LEAST_ALOUD, _LEAST_OF_WORD = 5, 3
_MANY_FORMS = 3000
_MOST_RUN, _LONG_WORD = 3, 7
_MISSPELT = 256
"""Words whose misspellings are remembered: those of a few texts, as one text asks for each several times."""


class Likeness(NamedTuple):
    """One form that could be meant, the way it was compared and what came of it."""

    form: int
    way: str
    features: tuple[float, ...]
    only_lists: bool = False
    """Whether there is too little of the form in the text, or too much beside it, to be sure however well they fit."""


@dataclass(frozen=True, slots=True)
class _Covered:
    """The weight of the words that a text has in common with each form, the text's own, and forms with a word of it
    that no other term has."""

    matched: dict[int, float]
    total: float
    unique: set[int]

    def shares(self, number: int, form: Form) -> tuple[float, float]:
        """The shares of the form's weight and of the text's that agree."""
        value = self.matched.get(number, 0.0)
        return min(1.0, value / form.weight), value / self.total

    def products(self, forms: Forms) -> dict[int, float]:
        """The product of both shares, for each form."""
        all_forms, total = forms.forms, self.total
        return {
            number: (value / weight if value < (weight := all_forms[number].weight) else 1.0) * (value / total)
            for number, value in self.matched.items()
        }


class Speller:
    """Compares what was typed with every form, coarsely first, then closely."""

    __slots__ = ("_aloud_words", "_forms", "_guard", "misspelt")

    def __init__(self, forms: Forms, guard: Guard) -> None:
        self._forms = forms
        self._guard = guard
        self._aloud_words: dict[str, list[str]] | None = None
        self.misspelt = _misspelling(forms, guard)

    def alike(self, typed: list[str]) -> list[Likeness]:
        """The likeliest forms, the best of each term, in no order. ``typed`` has no question words any more."""
        if len(typed) == 1 and typed[0].isdigit():
            return []
        if len(typed) == 1 and (typed[0] in self._forms.weights or typed[0] in self._guard):
            return self._guarded(typed[0])
        compact = "".join(typed)
        return self._close(typed, compact) or self._aloud(typed, compact) or self._compared(typed, compact)

    def run_together(self, typed: Sequence[str]) -> int | None:
        """The form, a single word, that several words are nearly when run together: *serve qual*, *steak holder*."""
        compact = "".join(typed)
        if (
            not 1 < len(typed) <= _MOST_RUN
            or len(compact) < _LONG_WORD
            or not compact.isalpha()
            or self._forms.starting_with(compact, 1)
        ):
            return None
        forms = self._forms
        near = nearest(compact, forms.compacts.near(compact, 1), 1, 4)
        numbers = [n for candidate, _ in near for n in forms.by_compact[candidate]]
        if not numbers and len(key := aloud_of(compact)) >= _LEAST_ALOUD:
            numbers = list(forms.by_sound.get(key, ()))
        single = [n for n in numbers if len(forms.forms[n].words) == 1 and forms.forms[n].kind is not Kind.SUGGEST]
        return single[0] if single and len({forms.forms[n].term for n in numbers}) == 1 else None

    # ----------------------------------------------------------------------------------------------- one or two slips

    def _close(self, typed: list[str], compact: str) -> list[Likeness]:
        """The one term that is within a slip or two of the text, if there is just one and the text is long enough."""
        if len(compact) < 6 or self._forms.starting_with(compact, 1):
            return []
        if any(len(word) < 5 and self._is_strange(word) for word in typed):
            return []
        allowed = 1 if len(compact) < 9 else 2
        near = nearest(compact, self._forms.compacts.near(compact, allowed + 1), allowed + 1, 8)
        forms = self._forms.forms
        numbers = [
            n
            for candidate, distance in near
            if distance <= allowed and not _adds_a_number(compact, candidate)
            for n in self._forms.by_compact[candidate]
        ]
        if not numbers or len({forms[number].term for number in numbers}) > 1:
            return []
        has_rival = any(
            forms[n].term != forms[numbers[0]].term for candidate, _ in near for n in self._forms.by_compact[candidate]
        )
        number = min(numbers, key=lambda number: cost(compact, forms[number].compact))
        form = forms[number]
        if self._is_nearer_another(typed, form):
            return []
        features = self._close_features(typed, compact, form, cost(compact, form.compact), has_rival=has_rival)
        return [Likeness(number, "close", features)]

    def _aloud(self, typed: list[str], compact: str) -> list[Likeness]:
        """The one term whose name, a single word, sounds like these words run together: *pa ray toe*."""
        key = aloud_of(compact) if len(typed) > 1 and not self._forms.starting_with(compact, 1) else ""
        found = self._forms.by_sound.get(key, ()) if len(key) >= _LEAST_ALOUD else ()
        numbers = [number for number in found if len(self._forms.forms[number].words) == 1]
        if len({self._forms.forms[number].term for number in numbers}) != 1:
            return []
        form = self._forms.forms[numbers[0]]
        if likeness(compact, form.compact) < _LEAST_LIKE:
            return []
        return [Likeness(numbers[0], "close", self._close_features(typed, compact, form, 1.0, has_rival=False))]

    def _close_features(
        self, typed: list[str], compact: str, form: Form, slips: float, *, has_rival: bool
    ) -> tuple[float, ...]:
        return (
            slips,
            slips / len(compact),
            float(compact[0] != form.compact[0]),
            float(any(self._is_strange(word) for word in typed)),
            float(form.kind >= Kind.DERIVED),
            1.0 / len(compact),
            float(has_rival),
        )

    def _is_strange(self, word: str) -> bool:
        """Whether a word is one in its own right that no form has."""
        return word in self._guard and word not in self._forms.weights and word not in STOP

    def _is_nearer_another(self, typed: list[str], form: Form) -> bool:
        """Whether a lone word, if it is not very short, is nearer to an English word of no form than to this form."""
        return len(typed) == 1 and len(typed[0]) > 3 and is_nearer_another(typed[0], form, self._forms, self._guard)

    # ----------------------------------------------------------------------------------------------- a lone real word

    def _guarded(self, word: str) -> list[Likeness]:
        """A lone English word is not a misspelling of a term: it finds forms that have it, inflected or not."""
        forms = self._forms
        related = [word] if word in forms.weights else self._inflections(word)
        numbers = {number for other in related for number in forms.postings[other][:_MANY_FORMS]}
        begun = (
            {n for text in forms.starting_with(word, 40) for n in forms.by_compact[text]} if len(word) > 3 else set()
        )
        terms = len({forms.forms[number].term for number in numbers})
        best: dict[int, Likeness] = {}
        for number in sorted(numbers | begun):
            form = forms.forms[number]
            share = max([forms.weights[other] for other in related if other in form.words], default=0.0) / form.weight
            features = (
                share,
                len(word) / len(form.compact) if number in begun else 0.0,
                likeness(word, related[0]) if related and number in numbers else 0.0,
                float(terms == 1 and number in numbers),
                min(terms, 20) / 20,
                float(form.kind is Kind.DERIVED),
                1.0 / len(word),
                float(word in forms.weights),
                float(word in LEADING or word in TRAILING or word in STOP),
                float(word in forms.weights and not self._guard.is_english(word)),
            )
            rival = best.get(form.term)
            if rival is None or features[:2] > rival.features[:2]:
                best[form.term] = Likeness(
                    number, "guarded", features, only_lists=word in self._forms.weights and self._guard.is_english(word)
                )
        return sorted(best.values(), key=lambda one: one.features[:2], reverse=True)[:_CLOSELY_WEIGHED]

    def _inflections(self, word: str) -> list[str]:
        """Words of the glossary that are the same word with another ending: *escalating*, not *escalator*."""
        root = _root(word)
        return [other for other in self._forms.families.get(stem(word), ()) if _root(other) == root]

    # ------------------------------------------------------------------------------------------------ anything further

    def _compared(self, typed: list[str], compact: str) -> list[Likeness]:
        covered = self._covered(typed)
        rough = covered.products(self._forms)
        if len(compact) > 2:
            self._add_whole(compact, rough)
            self._add_begun(compact, rough)
        if max(rough.values(), default=0.0) < 0.8:
            self._add_sounds(typed, rough)
        best = nsmallest(_CLOSELY_WEIGHED, [(-value, number) for number, value in rough.items()])
        return self._weighed(typed, compact, [number for _, number in best], covered)

    def _covered(self, typed: list[str]) -> _Covered:
        """What agrees word by word."""
        forms = self._forms
        matched: dict[int, float] = {}
        unique: set[int] = set()
        total = 0.0
        for word in dict.fromkeys(typed):
            near = self._near(word, last=word == typed[-1])
            total += max([forms.weights[other] for other, _ in near], default=0.3 if word in STOP else forms.heaviest)
            worths = sorted([(quality * forms.weights[other], other) for other, quality in near])
            credited: dict[int, float] = {}
            for worth, other in worths:  # the best comes last, and counts
                posting = forms.postings[other][:_MANY_FORMS]
                credited |= dict.fromkeys(posting, worth)
                if other in forms.lonely:
                    unique.update(posting)
            for number, worth in credited.items():
                matched[number] = matched.get(number, 0.0) + worth
        return _Covered(matched, total, unique)

    def _near(self, word: str, *, last: bool) -> Sequence[tuple[str, float]]:
        """Words of the glossary that this word is, is a form of, misspells or begins, with how good each is."""
        forms = self._forms
        if word in forms.weights:
            return [(word, 1.0)]
        if family := forms.families.get(stem(word)):
            folded = fold(word)
            return [(other, 0.98 if fold(other) == folded else 0.88) for other in family]
        if len(word) < 3 or word in STOP or word.isdigit():
            return []
        near = self.misspelt(word)
        if near or not last:
            return near
        return [(other, 0.6 + 0.3 * len(word) / len(other)) for other in forms.words_starting_with(word, 8)]

    def heard(self, word: str) -> str | None:
        """The one word of the glossary that sounds just like this one: *ritenshun*."""
        key = aloud_of(word)
        if len(key) < _LEAST_OF_WORD:
            return None
        if self._aloud_words is None:
            self._aloud_words = {}
            for other in self._forms.weights:
                self._aloud_words.setdefault(aloud_of(other), []).append(other)
        found = self._aloud_words.get(key, [])
        return found[0] if len({fold(other) for other in found}) == 1 else None

    def _add_whole(self, compact: str, rough: dict[int, float]) -> None:
        allowed = edits_allowed(len(compact))
        for candidate, distance in nearest(compact, self._forms.compacts.near(compact, allowed), allowed, 8):
            if _may_be(compact, candidate):
                value = 1.0 - 0.7 * distance / max(len(compact), len(candidate))
                for number in self._forms.by_compact[candidate]:
                    rough[number] = max(rough.get(number, 0.0), value)

    def _add_begun(self, compact: str, rough: dict[int, float]) -> None:
        for candidate in self._forms.starting_with(compact, 40):
            value = 0.9 + 0.1 * len(compact) / len(candidate)
            for number in self._forms.by_compact[candidate]:
                rough[number] = max(rough.get(number, 0.0), value)

    def _add_sounds(self, typed: list[str], rough: dict[int, float]) -> None:
        key = sound_of(typed)
        if len(key) < 4:
            return
        for candidate, distance in self._forms.sounding_like(key, max(1, len(key) // 3))[:_MOST_HEARD]:
            value = 0.9 - 0.8 * distance / max(len(key), len(candidate))
            for number in self._forms.by_sound[candidate]:
                rough[number] = max(rough.get(number, 0.0), value)

    def _weighed(self, typed: list[str], compact: str, numbers: list[int], covered: _Covered) -> list[Likeness]:
        key = sound_of(typed)
        strange = sum([self._is_strange(word) for word in typed])
        best: dict[int, Likeness] = {}
        for number in numbers:
            form = self._forms.forms[number]
            whole = likeness(compact, form.compact) if _may_be(compact, form.compact) else 0.0
            sound = sounds_like(key, self._forms.sound_of[number]) if len(key) > 3 and not form.acronym else 0.0
            of_form, of_typed = covered.shares(number, form)
            worded = sqrt(of_form * of_typed)
            begun = _begun(compact, form)
            like = max(whole, 0.95 * sound, worded, 0.7 + 0.3 * begun if begun else 0.0)
            if like < _LEAST_LIKE:
                continue
            plain = len(typed) > 1 and len(form.words) == 1 and form.compact in typed and form.compact in self._guard
            features = (
                like,
                whole,
                sound,
                worded,
                of_form,
                of_typed,
                begun,
                of_typed if number in covered.unique else 0.0,
                1.0 / len(compact),
                0.0 if begun else strange / len(typed),
                float(form.kind is Kind.DERIVED),
                float(len(typed) == 1),
                float(plain),
                float(plain and form.acronym),
                begun if len(typed) > 1 else 0.0,
                max(0.0, max(whole, worded) - 0.85) / 0.15,
                max(0.0, whole - 0.8) / 0.2,
                max(0.0, sound - 0.8) / 0.2,
                float(self._is_nearer_another(typed, form)),
            )
            rival = best.get(form.term)
            if rival is None or (like, sum(features[1:4])) > (rival.features[0], sum(rival.features[1:4])):
                outweighed = plain or len(typed) > len(form.words) + 1 or self._is_nearer_another(typed, form)
                best[form.term] = Likeness(number, "alike", features, only_lists=outweighed)
        return list(best.values())


def _misspelling(forms: Forms, guard: Guard) -> Callable[[str], tuple[tuple[str, float], ...]]:
    """A function that gives the words of the glossary that a word may misspell, the likeliest first, and how like."""

    @lru_cache(maxsize=_MISSPELT)
    def misspelt(word: str) -> tuple[tuple[str, float], ...]:
        guarded = word in guard
        allowed = 1 if guarded else edits_allowed(len(word))
        near = nearest(word, forms.vocabulary.near(word, allowed), allowed, 6)
        factor = 0.7 if guarded else 1.0
        scored = [(other, likeness(word, other) * factor) for other, _ in near if _may_be(word, other)]
        return tuple(sorted([pair for pair in scored if pair[1] > 0.4], key=lambda pair: -pair[1]))

    return misspelt


def _root(word: str) -> str:
    folded = fold(word)
    for ending in ("ing", "ed", "e"):
        if folded.endswith(ending) and len(folded) - len(ending) > 2:
            return folded[: -len(ending)]
    return folded


def is_nearer_another(word: str, form: Form, forms: Forms, guard: Guard) -> bool:
    """Whether a word is fewer edits from an English word of no form than from the form and from each of its words."""
    if form.compact.startswith(word):
        return False
    edits = min([OSA.distance(word, other) for other in (form.compact, f"{form.compact}s", *form.words)])
    return guard.is_near_another(word, forms.weights, min(edits - 1, NEAR))


def _begun(compact: str, form: Form) -> float:
    return len(compact) / len(form.compact) if form.compact.startswith(compact) else 0.0


def _adds_a_number(typed: str, meant: str) -> bool:
    """Whether a figure was typed for a form that has none: *channel 4* is no slip for *channel*."""
    return not typed.isalpha() and meant.isalpha()


def _may_be(typed: str, meant: str) -> bool:
    """Whether one could misspell the other: three letters only ever have two of them swapped."""
    if _adds_a_number(typed, meant):
        return False
    if len(meant) > 3 and len(typed) > 2:
        return len(meant) > 4 or len(typed) > 4 or OSA.distance(typed, meant) < 2
    return len(meant) == len(typed) and sorted(meant) == sorted(typed)
