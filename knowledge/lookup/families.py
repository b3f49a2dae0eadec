"""Terms by the families of their words: *analysing trends*, *retention rates*, *negotiating*."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.lookup.forms import Forms, Kind
from knowledge.lookup.normalise import fold, stem
from knowledge.lookup.wrappers import FILLING, GENERAL, is_small

_ROOTS = {
    "analysi": "analyz",
    "analysis": "analyz",
    "recover": "recov",
    "theme": "themat",
    "them": "themat",
    "retain": "retent",
    "priorit": "prior",
}
"""Families that the stemmer leaves apart."""

_SHORT_STEM = 4
"""A stem of fewer letters joins too much: *car* and *care*."""
_LONG = 8
"""Letters from which a lone word of a longer name says enough: *blueprint*, but not *trade*."""
_ALIKE = 5
"""Letters that a lone verb and the name that it stands for begin with: *negotiating*, *negotiation*."""
_MOST_WORDS = 6
_LEAST = 0.5
"""How much of a form and of the question must be one another's, at least."""
_LEAST_OF_QUESTION = 0.75
"""How much of the question the form must account for: *trial balance* is not about a trial."""


@dataclass(frozen=True, slots=True)
class Related:
    """A form whose words are of the same families as the question's. ``share`` is 1 where nothing is left over."""

    form: int
    term: int
    share: float
    several: bool
    """Whether two families or more agree."""


class Families:
    """The forms of a glossary by the families of their words."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._strange = forms.heaviest
        self._roots: list[dict[str, float]] = []
        self._by_root: dict[str, list[int]] = defaultdict(list)
        for number, form in enumerate(forms.forms):
            roots: dict[str, float] = {}
            if form.kind is not Kind.ABBREVIATION:
                for word in form.words:
                    if not is_small(word):
                        roots[root(word)] = forms.weights[word]
            self._roots.append(roots)
            for each in roots:
                self._by_root[each].append(number)
        self._weights = {each: max(self._roots[n][each] for n in found) for each, found in self._by_root.items()}

    def find(self, words: Sequence[str]) -> list[Related]:
        """The best form of each term that shares enough families with these words, best first."""
        asked = dict.fromkeys(root(word) for word in words if not (is_small(word) or word in FILLING))
        if len(asked) > 1:
            asked = dict.fromkeys(each for each in asked if each in self._by_root or each not in _GENERAL_ROOTS)
        if not asked or len(words) > _MOST_WORDS:
            return []
        whole = sum(self._weight(each) for each in asked)
        best: dict[int, Related] = {}
        for number in self._candidates(asked, whole):
            roots = self._roots[number]
            shared = [each for each in roots if each in asked]
            if len(shared) == 1 and not self._is_named_by(words, number):
                continue
            of_form = sum(roots[each] for each in shared) / sum(roots.values())
            of_question = sum(self._weights[each] for each in shared) / whole
            term = self._forms.forms[number].term
            if of_question < _LEAST_OF_QUESTION or of_form * of_question < _LEAST:
                continue
            if term not in best or best[term].share < of_form * of_question:
                best[term] = Related(number, term, of_form * of_question, several=len(shared) > 1)
        return sorted(best.values(), key=lambda each: -each.share)

    def _is_named_by(self, words: Sequence[str], number: int) -> bool:
        """Whether one word is enough: a long word of the name, or the verb that a one-word name stands for."""
        if len(words) != 1:
            return False
        word, named = words[0], self._forms.forms[number].words
        if len(word) >= _LONG and fold(word) in [fold(each) for each in named]:
            return True
        return len(named) == 1 and word.endswith(("ing", "ed")) and word[:_ALIKE] == named[0][:_ALIKE]

    def _weight(self, each: str) -> float:
        return self._weights.get(each, self._strange)

    def _candidates(self, asked: Iterable[str], whole: float) -> set[int]:
        """The forms with one of the rarest families: without these too little of the question would be explained."""
        needed, candidates = (1 - _LEAST_OF_QUESTION) * whole, set[int]()
        for each in sorted(asked, key=self._weight, reverse=True):
            candidates.update(self._by_root.get(each, ()))
            needed -= self._weight(each)
            if needed < 0:
                break
        return candidates


def root(word: str) -> str:
    """The family of a word: the same for *analyse*, *analysing* and *analysis*."""
    stemmed = stem(word)
    if len(stemmed) < _SHORT_STEM:
        return fold(word)
    return _ROOTS.get(stemmed, stemmed)


_GENERAL_ROOTS = frozenset(root(word) for word in GENERAL)
