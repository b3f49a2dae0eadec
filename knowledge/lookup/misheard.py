"""What a transcript of somebody's voice makes of a name beside other words: *like it scale*, *five wise technique*."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.lookup.forms import Forms, Kind
from knowledge.lookup.guard import Guard
from knowledge.lookup.normalise import fold, sound
from knowledge.lookup.spelling import likeness
from knowledge.lookup.wrappers import is_small

_MOST_WORDS, _LONGEST_RUN = 16, 4
_FEWEST_LETTERS, _FEWEST_SOUNDS = 4, 3
_LONG_SOUND = 7
"""Sounds of which one may be heard wrong."""
_SPELT, _SPELT_APART = 0.5, 0.6
"""How alike the letters of one word must be, and of a word that was heard as several."""
_AGAIN = re.compile(r"([a-z])\1+")
_TH = re.compile(r"[fv]+")
"""*Empafee*: the sound of *th*, as many say it."""


class Misheard:
    """The words of a glossary's names by their sound, to be put where others were heard."""

    def __init__(self, forms: Forms, guard: Guard) -> None:
        self._weights = forms.weights
        self._guard = guard
        words = {
            word
            for form in forms.forms
            if form.kind is not Kind.SUGGEST
            for word in form.words
            if len(word) >= _FEWEST_LETTERS and word.isalpha() and not is_small(word)
        }
        self._by_sound: dict[str, list[str]] = {}
        for word in sorted(words):
            key = sound(word)
            if len(key) >= _FEWEST_SOUNDS:
                self._by_sound.setdefault(key, []).append(word)
        self._long = [key for key in self._by_sound if len(key) >= _LONG_SOUND]

    def readings(self, words: Sequence[str]) -> Iterator[tuple[list[str], str]]:
        """The words with what was heard wrong replaced, and the last word put in, the longest replacement first."""
        if len(words) > _MOST_WORDS:
            return
        found: list[tuple[int, int, str]] = []
        for length in range(min(_LONGEST_RUN, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                run = words[start : start + length]
                found += [(start, start + length, meant) for meant in self._meant(run)]
        apart: list[tuple[int, int, str]] = []
        for start, end, meant in found:
            if all(end <= other or start >= last for other, last, _ in apart):
                apart.append((start, end, meant))
        if len(apart) > 1:
            put = list(words)
            for start, end, meant in sorted(apart, reverse=True):
                put[start:end] = [meant]
            yield put, apart[0][2]
        for start, end, meant in found:
            yield [*words[:start], meant, *words[end:]], meant

    def _meant(self, run: Sequence[str]) -> list[str]:
        """The words of the glossary that sound like this one, or like these run together."""
        if len(run) == 1:
            word = run[0]
            if word in self._weights or is_small(word) or len(word) < _FEWEST_LETTERS or not word.isalpha():
                return []
            return self._alike([sound(word), *self._fronted(word)], word, _SPELT)
        compact = "".join(run)
        if not compact.isalpha() or all(word in self._weights and len(word) > 1 for word in run):
            return []
        joined = _AGAIN.sub(r"\1", "".join([sound(word) for word in run]))
        return self._alike([joined, sound(compact)], compact, _SPELT_APART)

    def _fronted(self, word: str) -> list[str]:
        return [sound(_TH.sub("th", word))] if word not in self._guard and _TH.search(word) else []

    def _alike(self, keys: Sequence[str], typed: str, least: float) -> list[str]:
        near = {word for key in keys for word in self._by_sound.get(key, ())}
        alike = [(likeness(typed, word), word) for word in near if sound(word[0]) == sound(typed[0]) and word != typed]
        best = sorted([one for one in alike if one[0] >= least], reverse=True)
        return [word for _, word in best if fold(word) != fold(typed)][:1]
