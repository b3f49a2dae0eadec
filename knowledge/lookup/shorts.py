"""Abbreviations and names as short with a slip of the finger: *npss*, *kip*, *sal agreement*, *leann*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from knowledge.lookup.families import Families, root
from knowledge.lookup.forms import Form, Forms, Kind
from knowledge.lookup.guard import Guard
from knowledge.lookup.spelling import are_neighbours
from knowledge.lookup.wordlists import words_in
from knowledge.lookup.wrappers import GENERAL, is_small

_COMMON = words_in("common short")
_FEWEST, _MOST = 3, 6
"""Letters of a word that may be a slip of an abbreviation."""
_MOST_WORDS = 4
_MOST_GUESSES = 5


class Abbreviations:
    """The abbreviations of a glossary, to be found in spite of one slip."""

    def __init__(self, forms: Forms, families: Families, guard: Guard) -> None:
        self._forms = forms
        self._families = families
        self._guard = guard
        self._by_length: dict[int, list[int]] = {}
        for number, form in enumerate(forms.forms):
            short = form.acronym or (form.kind is Kind.NAME and len(form.compact) < _MOST)
            if short and len(form.words) == 1 and not form.compact.isdigit():
                self._by_length.setdefault(len(form.compact), []).append(number)

    def find(self, words: Sequence[str]) -> tuple[list[int], bool]:
        """The forms that may be meant, at most five, and whether the one is surely meant."""
        if len(words) == 1:
            return self._alone(words[0])
        if 1 < len(words) <= _MOST_WORDS:
            return self._beside(words)
        return [], False

    def _alone(self, word: str) -> tuple[list[int], bool]:
        if word in self._forms.weights or word in _COMMON or not word.isalpha():
            return [], False
        slips = list(self._slips(word))
        if word in self._guard:
            kinds = {"swap"} if self._guard.is_english(word) else {"swap", "double"}
            return self._listed([number for number, slip in slips if slip in kinds]), False
        likely = self._listed([number for number, slip in slips if slip in {"swap", "double"}])
        found = likely or self._listed([number for number, _ in slips])
        surely = len(likely) == 1 or (len(found) == 1 and len(word) > _FEWEST and slips[0][1] != "other")
        return found, surely

    def _beside(self, words: Sequence[str]) -> tuple[list[int], bool]:
        """Where the words around it belong to the term: *cess score*, *sal agreement*, *heta model*."""
        found: dict[int, bool] = {}
        whole: list[int] = []
        for at, word in enumerate(words):
            if word in self._forms.weights or is_small(word) or not word.isalpha():
                continue
            around = [*words[:at], *words[at + 1 :]]
            if not all(is_small(other) or self._families.is_known(other) or other in GENERAL for other in around):
                continue
            for number, slip in self._slips(word):
                term = self._forms.forms[number].term
                mended = [*words[:at], self._forms.forms[number].compact, *words[at + 1 :]]
                whole += self._forms.by_text.get(" ".join(mended), ())
                own = self._families.of_term(term)
                belonging = [root(other) in own for other in around if not is_small(other)]
                named = bool(belonging) and all(belonging)
                general = all(other in GENERAL or is_small(other) for other in around)
                if named or (general and slip in {"swap", "double"} and word not in _COMMON):
                    found[number] = named or (found.get(number, False))
        if whole:
            return (listed := self._listed(whole)), len(listed) == 1
        surest = [number for number, named in found.items() if named] or list(found)
        listed = self._listed(surest)
        return listed, len(listed) == 1

    def _listed(self, numbers: Sequence[int]) -> list[int]:
        best: dict[int, int] = {}
        for number in numbers:
            best.setdefault(self._forms.forms[number].term, number)
        return list(best.values()) if len(best) <= _MOST_GUESSES else []

    def _slips(self, word: str) -> Iterator[tuple[int, str]]:
        if not _FEWEST <= len(word) <= _MOST:
            return
        for length in range(max(_FEWEST, len(word) - 1), len(word) + 2):
            for number in self._by_length.get(length, ()):
                if slip := _slip(word, self._forms.forms[number]):
                    yield number, slip


def _slip(typed: str, form: Form) -> str:
    """The kind of slip that makes one of the other: nothing where it takes more than one, or another first letter."""
    meant = form.compact
    if OSA.distance(typed, meant, score_cutoff=1) != 1:
        return _far_swap(typed, meant)
    if len(typed) == len(meant):
        if sorted(typed) == sorted(meant):
            return "swap"
        at = next(at for at, letter in enumerate(typed) if letter != meant[at])
        near = are_neighbours(typed[at], meant[at])
        return ("neighbour" if near else "other") if at or near else ""
    if typed[0] != meant[0]:
        return ""
    if len(typed) > len(meant):
        return "double" if _undoubled(typed, meant) else "other"
    return "drop" if len(typed) > _FEWEST - 1 else ""


def _far_swap(typed: str, meant: str) -> str:
    """*grpd*, *ikp*: the right letters, the first of them early, in another order."""
    same = len(typed) == len(meant) > _FEWEST and sorted(typed) == sorted(meant) and typed[0] == meant[0]
    return "order" if same else ""


def _undoubled(typed: str, meant: str) -> bool:
    return any(typed[at] == typed[at + 1] and typed[:at] + typed[at + 1 :] == meant for at in range(len(typed) - 1))
