"""What is a word or a name in its own right, and therefore not a misspelling of a term."""

from __future__ import annotations

import lzma
from collections.abc import Container
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.lookup.bylength import ByLength
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
def _english_by_length() -> dict[str, ByLength]:
    """The English words by their first letter, which is seldom wrong."""
    parts: dict[str, list[str]] = {}
    for word in english_words():
        parts.setdefault(word[0], []).append(word)
    return {initial: ByLength(part) for initial, part in parts.items()}


NEAR = 2
"""Edits at which another word may still have been meant."""


class Guard:
    """Knows whether a word stands for itself."""

    __slots__ = ("_english", "_names")

    def __init__(self) -> None:
        self._english = english_words()
        self._names = names()

    def __contains__(self, word: object) -> bool:
        return word in self._english or word in self._names

    def is_near_another(self, word: str, known: Container[str], edits: int) -> bool:
        """Whether an English word that is not among the known is at most so many edits away."""
        if edits < 1:
            return edits == 0 and self.is_english(word) and word not in known
        words = _english_by_length().get(word[0])
        if words is None:
            return False
        near = process.extract(word, words.near(word, edits), scorer=OSA.distance, score_cutoff=edits, limit=8)
        return any(other not in known for other, _, _ in near)

    def is_of_somebody(self, word: str) -> bool:
        """Whether it is somebody's, who is no part of the English language: *hookes* law, *youngs* modulus."""
        owner = word.removesuffix("s")
        return owner != word and owner in self._names and owner not in self._english and word not in self._english

    def is_english(self, word: str) -> bool:
        """Whether it is an English word other than a name."""
        return word in self._english
