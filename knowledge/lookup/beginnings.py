"""Names that are still being typed: *benchm*, *consumer con*, *impact-e*."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.lookup.forms import Form, Forms, Kind
from knowledge.lookup.guard import Guard
from knowledge.lookup.wordlists import words_in
from knowledge.lookup.wrappers import EVERYDAY, is_small

_FEWEST, _ENOUGH, _MANY = 4, 5, 8
"""Letters from which a beginning finds names, from which it may be sure of one, and of one whose last
word is a word already."""
_LETTERS = 2
"""Letters at the end that may be a beginning even if they are a word: *loyalty s*."""
_MOST_GUESSES = 5
_MOST_FORMS = 200
_OWN_WORDS = words_in("common short")


class Beginnings:
    """The forms of a glossary by how they begin."""

    def __init__(self, forms: Forms, guard: Guard) -> None:
        self._forms = forms
        self._guard = guard

    def find(self, words: Sequence[str]) -> tuple[list[int], bool]:
        """The best form of each term that begins so, at most five, and whether the one is surely meant."""
        last = words[-1]
        compact = "".join(words)
        if len(compact) < _FEWEST or (len(words) == 1 and (last in self._forms.weights or not self._may_begin(last))):
            return [], False
        whole = last in self._forms.weights and len(last) > _LETTERS and last in self._guard
        begun = [(number, self._forms.forms[number]) for number in self._completing(compact)]
        begun = [one for one in begun if one[1].words[: len(words) - 1] == tuple(words[:-1])] or (
            begun if len(compact) > _ENOUGH else []
        )
        if any(form.kind is not Kind.SUGGEST for _, form in begun):
            begun = [one for one in begun if one[1].kind is not Kind.SUGGEST]
        best: dict[int, int] = {}
        for number, form in sorted(begun, key=_plainness):
            best.setdefault(form.term, number)
        is_word = whole or (len(words) == 1 and last in self._guard)
        if len(best) > _MOST_GUESSES and is_word:
            return [], False
        aligned = len(words) > 1 and len(compact) >= _MANY and last not in self._forms.weights
        surely = len(compact) >= _ENOUGH and (aligned or not is_word) and self._is_one(list(best.values()))
        return list(best.values())[:_MOST_GUESSES], surely and begun[0][1].kind is not Kind.SUGGEST

    def _is_one(self, numbers: Sequence[int]) -> bool:
        """Whether there is only one, or a name, and other terms' aliases that go on where it ends."""
        forms = [self._forms.forms[number] for number in numbers]
        if len(forms) == 1:
            return True
        name = forms[0] if forms else None
        if name is None or name.kind is not Kind.NAME:
            return False
        return all(one.kind is not Kind.NAME and one.compact.startswith(name.compact) for one in forms[1:])

    def _may_begin(self, word: str) -> bool:
        return word.isalpha() and word not in EVERYDAY and word not in _OWN_WORDS and not is_small(word)

    def _completing(self, compact: str) -> list[int]:
        found = self._forms.starting_with(compact, _MOST_FORMS)
        return [number for text in found if text != compact for number in self._forms.by_compact[text]]


def _plainness(one: tuple[int, Form]) -> tuple[int, int]:
    return one[1].kind, len(one[1].compact)
