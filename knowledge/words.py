"""The English words: what counts as a word, so that only what is not one is read as a spelling mistake.

The list is British and American together, lower case, without proper names. ``WORDS-LICENCE.txt`` says where it is
from.
"""

from __future__ import annotations

import lzma
from bisect import bisect_left
from functools import cache
from importlib.resources import files

_LAST = "\uffff"
"""A letter that comes after all others."""


@cache
def english_words() -> frozenset[str]:
    """Every word of the packaged list. Read once (about 0.1 s, 20 MB); safe to call from any thread."""
    return frozenset(_in_order())


@cache
def _in_order() -> tuple[str, ...]:
    """The list as it is packaged: sorted, each word once."""
    packed = (files("knowledge") / "words.txt.xz").read_bytes()
    return tuple(lzma.decompress(packed).decode("utf-8").split())


def english_words_beginning(prefix: str, most: int = 40) -> tuple[str, ...]:
    """The words that begin so, in alphabetical order, at most so many."""
    words = _in_order()
    start, end = bisect_left(words, prefix), bisect_left(words, prefix + _LAST)
    return words[start : min(end, start + most)]
