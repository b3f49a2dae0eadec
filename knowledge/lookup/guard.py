"""What is a word or a name in its own right, and therefore not a misspelling of a term."""

from __future__ import annotations

import lzma
from collections.abc import Container
from functools import cache, lru_cache
from importlib.resources import files

from knowledge.lookup.bylength import ByLength
from knowledge.lookup.spelling import nearest
from knowledge.lookup.wordlists import words_in
from knowledge.words import english_words, english_words_beginning

_INITIALS = frozenset("abcdefghijklmnopqrstuvwxyz")
_ASKED = 256
"""Words whose nearest are remembered: one text asks for those of a word again and again."""
_TOO_YOUNG = words_in("too young")
"""Words and names that are younger than the list."""


@cache
def names() -> frozenset[str]:
    """Proper names, lower case, from the same collection as the English words (see ``knowledge/WORDS-LICENCE.txt``)."""
    packed = (files("knowledge.lookup") / "names.txt.xz").read_bytes()
    return frozenset(lzma.decompress(packed).decode("utf-8").split()) | _TOO_YOUNG


@cache
def _english_with(initial: str) -> ByLength:
    """The English words with this first letter, which is seldom wrong."""
    return ByLength(english_words_beginning(initial, most=len(english_words())))


@lru_cache(maxsize=_ASKED)
def _english_near(word: str, edits: int) -> tuple[str, ...]:
    """The nearest English words with the same first letter, at most so many edits away."""
    words = _english_with(word[0]).near(word, edits) if word[0] in _INITIALS else ()
    return tuple([other for other, _ in nearest(word, words, edits, 8)])


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
        return any(other not in known for other in _english_near(word, edits))

    def is_of_somebody(self, word: str) -> bool:
        """Whether it is somebody's, who is no part of the English language: *hookes* law, *youngs* modulus."""
        owner = word.removesuffix("s")
        return owner != word and owner in self._names and owner not in self._english and word not in self._english

    def is_english(self, word: str) -> bool:
        """Whether it is an English word other than a name."""
        return word in self._english
