"""Names that are still being typed: *benchm*, *consumer con*, *impact-e*."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from knowledge.lookup.forms import Form, Forms, Kind
from knowledge.lookup.guard import Guard
from knowledge.lookup.normalise import fold
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
        named = {(form.term, fold(word)) for form in forms.forms if form.kind is Kind.NAME for word in form.words}
        self._in_names = Counter([word for _, word in named])
        self._words_of_names = sorted(
            {(word, form.term) for form in forms.forms if form.kind is Kind.NAME for word in form.words}
        )

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
        named = self._named_so(last) if len(words) == 1 else frozenset()
        for number, form in sorted(begun, key=lambda one: (one[1].term not in named, *_plainness(one))):
            best.setdefault(form.term, number)
        is_word = whole or (len(words) == 1 and last in self._guard)
        if len(best) > _MOST_GUESSES and is_word:
            best = {term: number for term, number in best.items() if self._forms.forms[number].kind is Kind.NAME}
            if len(best) > _MOST_GUESSES:
                return [], False
        aligned = len(words) > 1 and len(compact) >= _MANY and last not in self._forms.weights
        alone = len(named) == 1 and len(last) >= _MANY and next(iter(best), None) in named
        surely = (aligned or not is_word) and (alone or self._is_one(list(best.values()), words))
        return list(best.values())[:_MOST_GUESSES], surely and begun[0][1].kind is not Kind.SUGGEST

    def names(self, words: Sequence[str]) -> list[int]:
        """The names that begin with just these words, of which the last may be unfinished, though they only ask."""
        compact = "".join(words)
        found = [number for number in self._completing(compact) if self._forms.forms[number].kind is Kind.NAME]
        begun = [number for number in found if self._forms.forms[number].words[: len(words) - 1] == tuple(words[:-1])]
        return sorted(begun, key=lambda number: len(self._forms.forms[number].compact))

    def _is_one(self, numbers: Sequence[int], words: Sequence[str]) -> bool:
        """Whether there is only one; or a name, and other terms' aliases that go on where it ends, or that it outranks.

        A name outranks them if its word that is being typed stands in no other name.
        """
        forms = [self._forms.forms[number] for number in numbers]
        if len(forms) == 1:
            return len("".join(words)) >= _ENOUGH or (len(words) == 1 and words[0] not in self._guard)
        name = forms[0] if forms and len("".join(words)) >= _ENOUGH else None
        if name is None or name.kind is not Kind.NAME or any(one.kind is Kind.NAME for one in forms[1:]):
            return False
        if all(one.compact.startswith(name.compact) for one in forms[1:]):
            return True
        last = words[-1]
        if len("".join(words)) < _MANY or len(last) <= _LETTERS or last in self._guard or len(name.words) < len(words):
            return False
        word = name.words[len(words) - 1]
        return word.startswith(last) and self._in_names[fold(word)] == 1

    def _named_so(self, start: str) -> frozenset[int]:
        """The terms with a word that begins so in their very names."""
        at = bisect_left(self._words_of_names, (start, -1))
        found = []
        for word, term in self._words_of_names[at:]:
            if not word.startswith(start):
                break
            found.append(term)
        return frozenset(found)

    def only_name(self, word: str) -> int | None:
        """The one name that begins with a word or a form of it, where no other term has such a word in its name."""
        if len(word) < _ENOUGH or word in EVERYDAY or is_small(word) or len(self._named_so(word)) != 1:
            return None
        numbers = self.names([word])
        return numbers[0] if len(numbers) == 1 else None

    def _may_begin(self, word: str) -> bool:
        return word.isalpha() and word not in EVERYDAY and word not in _OWN_WORDS and not is_small(word)

    def _completing(self, compact: str) -> list[int]:
        found = self._forms.starting_with(compact, _MOST_FORMS)
        return [number for text in found if text != compact for number in self._forms.by_compact[text]]


def _plainness(one: tuple[int, Form]) -> tuple[int, int]:
    return one[1].kind, len(one[1].compact)
