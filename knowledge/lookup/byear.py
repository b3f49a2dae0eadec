"""Names written as they sound: *negosheashun*, *kweschuning tekneeks*, *poker yolk*."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from knowledge.lookup.forms import Forms, Kind
from knowledge.lookup.guard import Guard
from knowledge.lookup.normalise import fold, sound, with_numbers
from knowledge.lookup.spelling import likeness, sound_of
from knowledge.lookup.wrappers import STOP, is_small

_FEWEST = 5
_LONG, _VERY_LONG = 7, 10
_SHORTEST, _FEW_WORDS = 4, 3
_AGAIN = re.compile(r"([a-z])\1+")
_MOST_WORDS = 10
_LEAST, _SURE = 0.74, 0.8
"""How alike two sounds must be for a list, and for a card."""
_PLAINLY = 0.85
_ENGLISH, _FOREIGN, _SURE_OF_ENGLISH = 0.86, 0.76, 0.93
"""How alike plain English words must be, those that no form has, and for a card."""
_SPELT, _SPELT_PLAINLY = 0.5, 0.62
"""How alike the letters must be, and those of plain English words."""
_JUST_SO = 0.88
"""From here a long text sounds just so, however it is spelt."""
_LETTERS = 0.4
"""How much the letters count beside the sound."""
_REST = 0.72
"""How alike the words must sound that are not the same."""
_CLEAR = 0.05
"""How far ahead of the next term the nearest must be."""
_VOWEL = "a"
_VOICELESS = str.maketrans("gdbj", "ktpx")
"""Consonants that differ by the voice alone, which is half a slip: *sick ma*."""


class ByEar:
    """The forms of a glossary by their sound."""

    def __init__(self, forms: Forms, guard: Guard) -> None:
        self._forms = forms
        self._guard = guard
        self._bones: dict[str, list[int]] = {}
        for key, numbers in forms.by_sound.items():
            if len(bare := _bones(key)) > 2:
                self._bones.setdefault(bare, []).extend(numbers)

    def find(self, words: list[str]) -> tuple[list[tuple[int, float]], bool]:
        """The best form of each term that sounds so with how alike they are, and whether the first is surely meant."""
        if not words or len(words) > _MOST_WORDS:
            return [], False
        compact = "".join(words)
        plain = all(word in self._guard or is_small(word) or word in self._forms.weights for word in words)
        if plain and len(words) == 1:
            return [], False
        best: dict[int, tuple[int, float]] = {}
        just_so: set[int] = set()
        for key, together in self._keys(words).items():
            for number, alike in self._near(key, plain=plain):
                if not set(filter(str.isdigit, together)) <= set(self._forms.forms[number].compact):
                    continue
                spelt = likeness(together, self._forms.forms[number].compact)
                if spelt < _spelling_needed(alike, len(key), plain=plain):
                    continue
                like = (1 - _LETTERS) * alike + _LETTERS * spelt
                term = self._forms.forms[number].term
                if alike > _JUST_SO and len(key) >= _VERY_LONG:
                    just_so.add(number)
                if term not in best or like > best[term][1]:
                    best[term] = (number, like)
        foreign = not any(word in self._forms.weights for word in words)
        least = 0.0 if not plain else _FOREIGN if foreign else _ENGLISH
        listed = [one for one in sorted(best.values(), key=lambda one: -one[1])[:3] if one[1] >= least]
        if not listed:
            return [], False
        clear = len(listed) == 1 or listed[0][1] - listed[1][1] >= _CLEAR
        first = self._forms.forms[listed[0][0]].compact[0]
        clear = clear and (first == compact[0] or sound(first) == sound(compact[:2])[:1])
        least = _SURE if not plain else _PLAINLY if listed[0][0] in just_so else _SURE_OF_ENGLISH
        surely = clear and listed[0][1] >= least and len(compact) >= _LONG
        return listed, surely and self._is_rest_alike(words, self._forms.forms[listed[0][0]].words)

    def _is_rest_alike(self, words: Sequence[str], named: Sequence[str]) -> bool:
        """Whether what is left sounds alike too once the words are taken away that both have.

        Not *raw customers*, and not *goodwill impairment*, which begins otherwise and has more than *goodwill payment*.
        """
        own, theirs = {fold(word) for word in words}, {fold(word) for word in named}
        others = [word for word in words if fold(word) not in theirs]
        left, meant = _joined(others), _joined([word for word in named if fold(word) not in own])
        english = all(word in self._guard or is_small(word) for word in others)
        if not (english and left.isalpha() and meant.isalpha()) or len(others) == len(words):
            return True
        if left[0] != meant[0] and len(left) > len(meant) + 1:
            return False
        return 1.0 - heard_apart(left, meant, OSA.distance(left, meant)) / max(len(left), len(meant)) >= _REST

    def _keys(self, words: list[str]) -> dict[str, str]:
        """The sound of the words one by one and run together, with what is run together.

        Spoken numbers are in digits, and where one may be no number at all (*six sick ma*), words as well.
        """
        counted = with_numbers(words)
        said = [words] if counted is None else [counted, words]
        keys: dict[str, str] = {}
        for each in said:
            compact = "".join(each)
            for key in (sound_of([fold(word) for word in each]), sound_of(each), _joined(each), sound(compact)):
                keys.setdefault(key, compact)
        return keys

    def just_so(self, words: Sequence[str]) -> int | None:
        """The one form, a single short word, that several words sound just like, run together: *b tech*, *ra pour*."""
        compact = "".join(words)
        small = any(len(word) > 2 and word in STOP for word in words)
        if small or not 1 < len(words) <= _FEW_WORDS or not compact.isalpha() or compact in self._guard:
            return None
        found = self._forms.by_sound.get(_joined(words), ()) if len(compact) >= _FEWEST else ()
        numbers = [number for number in found if self._is_short(number, compact)]
        return numbers[0] if len({self._forms.forms[number].term for number in numbers}) == 1 else None

    def _is_short(self, number: int, compact: str) -> bool:
        form = self._forms.forms[number]
        if form.kind >= Kind.DERIVED or len(form.words) > 1 or len(form.compact) < _SHORTEST:
            return False
        return form.compact[0] == compact[0] and likeness(compact, form.compact) >= _SPELT

    def _near(self, key: str, *, plain: bool) -> list[tuple[int, float]]:
        if len(key) < _FEWEST:
            return []
        allowed = (1 if len(key) < _VERY_LONG else 2) if plain else max(1, len(key) // 3)
        found = []
        for other, distance in self._forms.sounding_like(key, allowed):
            like = 1.0 - heard_apart(key, other, distance) / max(len(key), len(other))
            if like >= (_PLAINLY if plain else _LEAST):
                found += [(number, like) for number in self._forms.by_sound[other] if self._may_be(number)]
        bare = _bones(key)
        found += [(number, 0.9) for number in self._bones.get(bare, ()) if len(bare) > 2 and self._may_be(number)]
        return found

    def _may_be(self, number: int) -> bool:
        form = self._forms.forms[number]
        return form.kind is not Kind.SUGGEST and not form.acronym


def _spelling_needed(alike: float, length: int, *, plain: bool) -> float:
    """How alike the letters must be: less where a long text sounds just so."""
    if plain:
        return _SPELT_PLAINLY
    return _SPELT / 2 if alike > _JUST_SO and length >= _LONG else _SPELT


def heard_apart(key: str, other: str, edits: int) -> float:
    """Vowels are heard badly: where only they differ, it is half a slip each."""
    bare, bare_other = _bones(key), _bones(other)
    among_consonants: float = OSA.distance(bare, bare_other)
    if among_consonants:
        voiceless = OSA.distance(bare.translate(_VOICELESS), bare_other.translate(_VOICELESS))
        among_consonants = (among_consonants + voiceless) / 2
    return among_consonants + max(0, edits - among_consonants) * 0.4


def _joined(words: Sequence[str]) -> str:
    """The sound of words run together, each said as it is said by itself."""
    return _AGAIN.sub(r"\1", "".join([sound(word) for word in words]))


def _bones(key: str) -> str:
    """The sound without its vowels but for a first one."""
    return key[:1] + key[1:].replace(_VOWEL, "")
