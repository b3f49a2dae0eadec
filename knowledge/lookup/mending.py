"""Misspelt words of a message, written as the glossary writes them."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from knowledge.lookup.alike import Speller
from knowledge.lookup.families import Families
from knowledge.lookup.forms import Forms
from knowledge.lookup.guard import NEAR, Guard
from knowledge.lookup.normalise import sound
from knowledge.lookup.spelling import swaps_of
from knowledge.lookup.wrappers import is_small

SURELY_MENDED = 0.8
"""From this quality on it can hardly be another word."""

_MOST_MENDED = 6
_FEWEST_LETTERS = 3
_LEAST_ALIKE = 0.7
_LONG_SOUND = 6


class Mender:
    """Mends the words that are neither English nor the glossary's."""

    def __init__(self, forms: Forms, guard: Guard, speller: Speller, families: Families) -> None:
        self._forms = forms
        self._guard = guard
        self._speller = speller
        self._families = families

    def mended(self, words: Sequence[str]) -> tuple[list[str], list[float]]:
        """The words with misspelt ones replaced by the glossary's, and how sure each is."""
        mended, qualities = list(words), [1.0] * len(words)
        left = _MOST_MENDED
        for at, word in enumerate(words):
            if left and not is_small(word) and self._is_unknown(word):
                left -= 1
                near = self._speller.misspelt(word)
                if near and near[0][1] > _LEAST_ALIKE:
                    mended[at], qualities[at] = near[0]
        return mended, qualities

    def corrected(self, words: Sequence[str]) -> tuple[list[str], float] | None:
        """As :meth:`mended`, by sound and by swapped letters too, with the least quality; None where nothing is mended.

        A lone word that is as near to an English word is left as it is, unless it sounds just like a long one.
        """
        mended, qualities = self.mended(words)
        just_so = False
        for at, word in enumerate(words):
            if mended[at] != word or not self._is_unknown(word):
                continue
            if heard := self._speller.heard(word):
                mended[at], qualities[at] = heard, SURELY_MENDED
                just_so = len(sound(word)) >= _LONG_SOUND
            elif swapped := self._swapped(word):
                mended[at] = swapped
        if mended == list(words):
            return None
        if len(words) == 1 and self._is_slip_of_another(words[0], mended[0]):
            return (mended, 0.0) if just_so else None
        return mended, min(qualities)

    def _is_unknown(self, word: str) -> bool:
        return len(word) > _FEWEST_LETTERS and word not in self._guard and word not in self._forms.weights

    def _swapped(self, word: str) -> str:
        """The English word of one of the glossary's families that comes of swapping two letters: *palying*."""
        return next((each for each in swaps_of(word) if each in self._guard and self._families.has(each)), "")

    def _is_slip_of_another(self, typed: str, meant: str) -> bool:
        """Whether a lone word is as near to an English word of no form as to the word of the glossary."""
        return self._guard.is_near_another(typed, self._forms.weights, min(NEAR, OSA.distance(typed, meant)))
