"""What is a word or a name in its own right, and therefore not a misspelling of a term."""

from __future__ import annotations

import lzma
from functools import cache
from importlib.resources import files

from knowledge.lookup.wordlists import words_in
from knowledge.words import english_words

_TOO_YOUNG = words_in("too young")
"""Words and names that are younger than the list."""


@cache
def names() -> frozenset[str]:
    """Proper names, lower case, from the same collection as the English words (see ``knowledge/WORDS-LICENCE.txt``)."""
    packed = (files("knowledge.lookup") / "names.txt.xz").read_bytes()
    return frozenset(lzma.decompress(packed).decode("utf-8").split()) | _TOO_YOUNG


class Guard:
    """Knows whether a word stands for itself."""

    __slots__ = ("_english", "_names")

    def __init__(self) -> None:
        self._english = english_words()
        self._names = names()

    def __contains__(self, word: object) -> bool:
        return word in self._english or word in self._names

    def is_english(self, word: str) -> bool:
        """Whether it is an English word other than a name."""
        return word in self._english
