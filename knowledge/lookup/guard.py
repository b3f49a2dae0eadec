"""What is a word or a name in its own right, and therefore not a misspelling of a term."""

from __future__ import annotations

import lzma
from collections.abc import Container
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.lookup.forms import ByLength
from knowledge.lookup.wordlists import words_in
from knowledge.words import english_words

_TOO_YOUNG = words_in("too young")
"""Words and names that are younger than the list."""


@cache
def names() -> frozenset[str]:
    """Proper names, lower case, from the same collection as the English words (see ``knowledge/WORDS-LICENCE.txt``)."""
    packed = (files("knowledge.lookup") / "names.txt.xz").read_bytes()
    return frozenset(lzma.decompress(packed).decode("utf-8").split()) | _TOO_YOUNG


@cache
def _english_by_length() -> ByLength:
    return ByLength(english_words())


class Guard:
    """Knows whether a word stands for itself."""

    __slots__ = ("_by_length", "_english", "_names")

    def __init__(self) -> None:
        self._english = english_words()
        self._names = names()
        self._by_length = _english_by_length()

    def __contains__(self, word: object) -> bool:
        return word in self._english or word in self._names

    def misspells_another(self, word: str, distance: int, known: Container[str]) -> bool:
        """Whether an English word that is not among the known is less than so many edits (at most 3) away."""
        cutoff = min(2, distance - 1)
        near = process.extract(
            word, self._by_length.near(word, cutoff), scorer=OSA.distance, score_cutoff=cutoff, limit=6
        )
        return any(other not in known for other, _, _ in near)

    def is_english(self, word: str) -> bool:
        """Whether it is an English word other than a name."""
        return word in self._english
