"""Broad words that several terms fall under, as in the index of a book: *waste*, *motivating staff*, *money back*."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, combinations

from knowledge.lookup.families import listed_family
from knowledge.lookup.match import Entry
from knowledge.lookup.normalise import fold, words_of
from knowledge.lookup.wordlists import words_in
from knowledge.lookup.wrappers import ASKING, LIGHT, STOP, TASK

_MOST_WORDS = 6
_WORDS_KEPT = 8_192
"""Words of which the family is remembered."""
_STEM = 5
"""Letters that are left at least where an ending goes: *rate* is no *rat*."""
_LITTLE = frozenset(
    ["a", "an", "the", "of", "to", "for", "our", "your", "my", "their", "its", "and", "some", "with", "at", "in", "on"]
)
"""Words without which a subject is the same."""
_KINDS = frozenset(
    ["work", "stuff", "things", "method", "model", "tool", "technique", "skill", "theory", "term", "topic"]
)
"""What may stand behind a subject: *complaints stuff*, *scheduling tools*."""
_CHATTING = words_in("chatting")
_EXPLAIN = ASKING - words_in("question words")

Key = tuple[str, ...]


class Subjects:
    """Which terms fall under what words say. The order and the forms of the words make no difference."""

    __slots__ = ("_families", "_terms")

    def __init__(self, subjects: Mapping[str, Iterable[str]], entries: Iterable[Entry]) -> None:
        """``subjects``: what is said, and the ids of the terms that fall under it, the plainest first.

        Ids that no entry has are left out.
        """
        places = {entry.id: place for place, entry in enumerate(entries)} if subjects else {}
        self._terms: dict[Key, tuple[int, ...]] = {}
        for said, ids in subjects.items():
            if key := _key_of_subject(words_of(said)):
                there = (places[one] for one in ids if one in places)
                self._terms[key] = tuple(dict.fromkeys((*self._terms.get(key, ()), *there)))

        self._families = frozenset(chain.from_iterable(self._terms))

    def under(self, words: Sequence[str]) -> tuple[int, ...]:
        """The places of the entries under these words, with or without a kind behind them; empty if there are none."""
        if len(words) > _MOST_WORDS or not self._has_a_word_of(words):
            return ()
        for said in (words, words[:-1]) if fold(words[-1]) in _KINDS else (words,):
            for key in (_key(said, all_words=True), _key(said)):
                if key in self._terms:
                    return self._terms[key]
        return ()

    def beside_little(self, words: Sequence[str]) -> list[int]:
        """As :meth:`under`, for a subject of several words beside some that say little: *helping staff learn*."""
        if not 1 < len(words) <= _MOST_WORDS or not self._has_a_word_of(words):
            return []
        little = [at for at, word in enumerate(words) if _says_little(word)]
        for fewer in range(1, len(little) + 1):
            for left_out in combinations(little, fewer):
                key = _key([word for at, word in enumerate(words) if at not in left_out])
                if len(key) > 1 and key in self._terms:
                    return list(self._terms[key])
        return []

    def _has_a_word_of(self, words: Sequence[str]) -> bool:
        """Whether a subject has one of these words: most messages speak of none, which is seen at once."""
        return any(_family(word) in self._families for word in words)


def is_chat(around: Sequence[str]) -> bool:
    """Whether words around a subject speak of people and ask about no word: *whats your name*, *what time is it*."""
    return not _CHATTING.isdisjoint(around) and _EXPLAIN.isdisjoint(around)


def _key(words: Iterable[str], *, all_words: bool = False) -> Key:
    return tuple(sorted({_family(word) for word in words if all_words or word not in _LITTLE}))


def _key_of_subject(words: Sequence[str]) -> Key:
    """Its key; of a single word beside small ones with these, since *in person* is not *person*."""
    key = _key(words)
    return key if len(key) > 1 or len(words) == 1 else _key(words, all_words=True)


@lru_cache(maxsize=_WORDS_KEPT)
def _family(word: str) -> str:
    """The same for *schedule*, *schedules*, *scheduled* and *scheduling*, and for what is listed as one family."""
    word = fold(word)
    if (family := listed_family(word)) is not None:
        return family
    for ending in ("ing", "ed", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word.removesuffix(ending)
    return word


def _says_little(word: str) -> bool:
    return word in STOP or word in _SAYS_LITTLE or word.removesuffix("ing") in _SAYS_LITTLE


_SAYS_LITTLE = LIGHT | TASK
