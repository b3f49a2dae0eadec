"""Spelling tolerance: only for what is not an English word, and only towards words that the marking knows.

A word of the dictionary is never "corrected": *quantitative* is two letters from *qualitative* and means the opposite.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.marking.stems import stem
from knowledge.words import english_words

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4
"""Letters of the shortest word that a misspelling is read as."""
MOST_CORRECTIONS = 250
"""Distinct unknown words looked up in one answer: enough for any real answer, and a bound for a flood of letters."""


class Speller:
    """The words that a misspelling may stand for: those of ``shared``, and some more."""

    def __init__(self, known: Iterable[str], shared: Speller | None = None) -> None:
        self._shared = shared
        self._known = frozenset(word for word in known if word.isalpha() and not (shared and word in shared))
        by_letter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) >= SHORTEST:
                by_letter[word[0]].append(word)
        self._by_letter = dict(by_letter)

    def __contains__(self, word: str) -> bool:
        return word in self._known or (self._shared is not None and word in self._shared)

    def is_word(self, word: str) -> bool:
        """Whether it needs no correction: English, known to the marking, or a number."""
        return not word.isalpha() or word in self or word in english_words()

    def corrections(self, word: str) -> tuple[str, ...]:
        """The nearest known words, one for each stem; empty where none is near enough."""
        allowed = _edits_allowed(word)
        if not allowed:
            return ()
        choices = self.beginning(word[0])
        if word[1] != word[0]:
            swapped = word[1::-1]
            choices = [*choices, *(other for other in self.beginning(word[1]) if other.startswith(swapped))]
        near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=6)
        if not near:
            return ()
        least = near[0][1]
        if least > 1 and _is_one_edit_from_a_word(word):
            return ()
        by_stem = {stem(choice): choice for choice, distance, _ in reversed(near) if distance == least}
        return tuple(by_stem.values())

    def beginning(self, letter: str) -> list[str]:
        """The words with this first letter that are long enough to be misspelt."""
        own = self._by_letter.get(letter, [])
        return own if self._shared is None else [*self._shared.beginning(letter), *own]


def _edits_allowed(word: str) -> int:
    """None for up to three letters, one up to six, then two, three from eleven."""
    length = len(word)
    return 0 if length < SHORTEST else 1 if length < 7 else 2 if length < 11 else 3


def _is_one_edit_from_a_word(word: str) -> bool:
    words = english_words()
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return any(
        left + right[1:] in words
        or left + right[1:2] + right[:1] + right[2:] in words
        or any(left + letter + right in words or left + letter + right[1:] in words for letter in _LETTERS)
        for left, right in splits
        if right
    )


class Reading:
    """How the words of one answer are read: corrections are bounded in number, and what is unreadable is remembered."""

    def __init__(self, speller: Speller) -> None:
        self._speller = speller
        self._corrections_left = MOST_CORRECTIONS
        self.unread: set[str] = set()

    def readings_of(self, word: str) -> tuple[str, ...]:
        """The words that a word may be read as. Asked once for each distinct word of an answer."""
        if self._speller.is_word(word):
            return (word,)
        if self._corrections_left:
            self._corrections_left -= 1
            if found := self._speller.corrections(word):
                return found
        self.unread.add(word)
        return ()
