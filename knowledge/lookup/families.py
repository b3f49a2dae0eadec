"""Terms by the families of their words, in any order: *analysing trends*, *retaining customers*, *negotiator*."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from knowledge.lookup.forms import Forms, Kind
from knowledge.lookup.normalise import fold, stem
from knowledge.lookup.wordlists import words_in
from knowledge.lookup.wrappers import FILLING, GENERAL, LIGHT, STOP, SUBJECT, is_small

_SHORT_STEM = 4
"""A stem of fewer letters joins too much: *car* and *care*."""
_LONG = 8
"""Letters from which a lone word of a longer name says enough: *blueprint*, but not *trade*."""
_MOST_WORDS = 8
_LEAST, _LEAST_OF_LISTED = 0.5, 0.85
"""How much of a form and of the question must be one another's, at least; and of one that only opens a list."""
_LEAST_OF_QUESTION = 0.7
"""How much of the question the form must account for: *trial balance* is not about a trial."""
_MISSING, _BESIDE, _ASKING = 0.25, 0.2, 0.02
"""What a light word counts that only the form has, that only the question has, and that only asks."""
_MOST_HAVING = 300
_ENDINGS = tuple(words_in("endings"))
_FEW = 3
_LAST_FOUND = 16
"""Texts that are remembered: a text and its parts are looked at more than once."""


class Related(NamedTuple):
    """A form whose words are of the same families as the question's.

    ``share`` is 1 where nothing is left over on either side, ``of_question`` where nothing of the question is.
    ``several`` says whether two families or more agree. ``alone``: one lone word stands for the whole form and is
    surely of its family (*professional*, *professionalism*), and ``inflected``: it is seldom anything but a form of it
    (*negotiating*). ``only_light``: nothing but words that say little stands beside what agrees. ``listed``: the form
    only opens a list.
    """

    form: int
    term: int
    share: float
    of_question: float = 0.0
    several: bool = False
    alone: bool = False
    inflected: bool = False
    only_light: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question's words, and its families with what each counts against a form that lacks it.

    ``counting`` are those that do not only ask, ``telling`` those of them that say more than a little.
    """

    words: Sequence[str]
    weights: dict[str, float]
    counting: list[str]
    telling: list[str]

    @property
    def is_lone(self) -> bool:
        return len(self.counting) == 1


class Families:
    """The forms of a glossary by the families of their words."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._strange = forms.heaviest
        self._roots: list[dict[str, float]] = []
        self._by_root: dict[str, list[int]] = defaultdict(list)
        self._of_term: dict[int, set[str]] = defaultdict(set)
        self._heads: dict[str, list[int]] = {}
        roots_of = {word: root(word) for word in forms.weights}
        small = frozenset(word for word in forms.weights if is_small(word))
        for number, form in enumerate(forms.forms):
            roots: dict[str, float] = {}
            if form.kind is not Kind.ABBREVIATION:
                telling = [word for word in form.words if word not in small] or form.words
                roots = {roots_of[word]: forms.weights[word] for word in telling}
                if form.kind is not Kind.SUGGEST:
                    self._of_term[form.term].update(roots)
            self._roots.append(roots)
            for each in roots:
                self._by_root[each].append(number)
        self._found = lru_cache(maxsize=_LAST_FOUND)(self._find)
        self._weights = {each: max(self._roots[n][each] for n in found) for each, found in self._by_root.items()}

    def find(self, words: Sequence[str]) -> Sequence[Related]:
        """The best form of each term that shares enough families with these words, best first."""
        return self._found(tuple(words)) if len(words) <= _MOST_WORDS else ()

    def _find(self, words: tuple[str, ...]) -> Sequence[Related]:
        weights = self._asked(words)
        counting = [each for each, weight in weights.items() if weight > _ASKING]
        asked = _Asked(words, weights, counting, [each for each in counting if each not in _LIGHT_ROOTS])
        if not asked.counting:
            return ()
        best: dict[int, Related] = {}
        for number in self._candidates(asked):
            one = self._compared(number, asked)
            if one and (one.term not in best or _worth(best[one.term]) < _worth(one)):
                best[one.term] = one
        if not best and not asked.is_lone:
            best = {term: Related(number, term, _LEAST) for term, number in self._together(asked.counting)}
        text = " ".join([fold(word) for word in words])
        return sorted(best.values(), key=lambda each: (-round(each.share, 2), *self._plainness(each.form, text)))

    def _candidates(self, asked: _Asked) -> set[int]:
        """The forms that have one of the question's families, and not only one that says little."""
        telling = [each for each in asked.telling if each in self._by_root]
        found = set[int]()
        for each in telling or [each for each in asked.weights if each in self._by_root]:
            found.update(self._by_root[each][:_MOST_HAVING])
        return found

    def _compared(self, number: int, asked: _Asked) -> Related | None:
        """What the form and the question have of one another, or None where it is too little."""
        form, roots = self._forms.forms[number], self._roots[number]
        shared = [each for each in roots if each in asked.weights]
        if len(shared) == 1 < min(len(asked.telling), len(form.words)):
            return None
        unshared = [each for each in asked.weights if each not in roots]
        alone = False
        if len(shared) == 1:
            alone = len(form.words) == 1 and self._is_surely(asked.words, number)
            if not alone and not self._says_enough(number, shared[0], unshared, asked):
                return None
        got = lacking = of_form = missing = 0.0
        for each, weight in roots.items():
            if each in asked.weights:
                got += self._weights[each]
                of_form += weight
            else:
                missing += weight * _MISSING if each in _LIGHT_ROOTS else weight
        for each in unshared:
            lacking += asked.weights[each]
        of_question, share = got / (got + lacking), got / (got + lacking) * of_form / (of_form + missing)
        if alone and of_question < _LEAST_OF_QUESTION and self._has_object(asked, shared[0]):
            share = max(share, _LEAST)
        elif of_question < _LEAST_OF_QUESTION or share < (_LEAST_OF_LISTED if form.kind is Kind.SUGGEST else _LEAST):
            return None
        return Related(
            form=number,
            term=form.term,
            share=share,
            of_question=of_question,
            several=len(shared) > 1,
            alone=alone,
            inflected=alone and self._is_inflected(asked.words, number),
            only_light=all(each in _LIGHT_ROOTS or asked.weights[each] <= _ASKING for each in unshared),
            listed=form.kind is Kind.SUGGEST,
        )

    def _says_enough(self, number: int, shared: str, unshared: Sequence[str], asked: _Asked) -> bool:
        """Whether one word of a longer form is enough: a long lone one, or with nothing telling on either side."""
        if asked.is_lone:
            return self._is_long(asked.words, number)
        roots = self._roots[number]
        if shared in _LIGHT_ROOTS or len(roots) == 1 or self._forms.forms[number].kind is not Kind.NAME:
            return False
        beside = [each for each in unshared if asked.weights[each] > _ASKING]
        return _LIGHT_ROOTS.issuperset(beside) and _LIGHT_ROOTS.issuperset(roots.keys() - asked.weights.keys())

    def _plainness(self, number: int, text: str) -> tuple[int, bool, int]:
        """A name before an alias, what stands so in the text before what does not, a short form before a long one."""
        form = self._forms.forms[number]
        return form.kind, " ".join([fold(word) for word in form.words]) not in text, len(form.words)

    def _together(self, asked: Sequence[str]) -> list[tuple[int, int]]:
        """The terms that have all these families, if in different forms, with a form each: *petal structure*."""
        telling = [each for each in asked if each not in _LIGHT_ROOTS]
        if not telling or not all(each in self._by_root for each in asked):
            return []
        numbers = self._by_root[telling[0]][:_MOST_HAVING]
        found = {self._forms.forms[number].term: number for number in reversed(numbers)}
        there = [(term, number) for term, number in found.items() if self._of_term[term].issuperset(asked)]
        return there if len(there) <= _FEW else []

    def _has_object(self, asked: _Asked, verb: str) -> bool:
        """Whether a verb comes first, and then only things that the glossary knows as well: *piloting a change*."""
        first = next((word for word in asked.words if not _only_asks(word)), "")
        if not first.endswith("ing") or root(first) != verb:
            return False
        return all(each in self._by_root or weight <= _ASKING for each, weight in asked.weights.items())

    def having(self, word: str) -> list[int]:
        """The best form of each term that has a word of this one's family, the plainest names first."""
        if (known := self._heads.get(word)) is not None:
            return known
        key = root(word)
        found = self._by_root.get(key, ())[:_MOST_HAVING]
        best: dict[int, int] = {}
        for number in sorted(found, key=lambda number: self._rank(number, key, word)):
            best.setdefault(self._forms.forms[number].term, number)
        listed = list(best.values())
        if word in self._forms.weights:
            self._heads[word] = listed
        return listed

    def having_all(self, words: Sequence[str]) -> list[int]:
        """As :meth:`having` for several words: *data protection*."""
        keys = [root(word) for word in words if not _only_asks(word)]
        if not keys:
            return []
        if len(keys) == 1:
            numbers = self.having(max(words, key=len))
        else:
            numbers = min([self._by_root.get(key, []) for key in keys], key=len)[:_MOST_HAVING]
        best: dict[int, int] = {}
        for number in numbers:
            if all(key in self._roots[number] for key in keys):
                best.setdefault(self._forms.forms[number].term, number)
        return list(best.values())

    def has(self, word: str) -> bool:
        """Whether a form has a word of this one's family."""
        return root(word) in self._by_root

    def of_term(self, term: int) -> set[str]:
        """The families of all the words of a term's forms."""
        return self._of_term[term]

    def is_known(self, word: str) -> bool:
        """Whether a form has a word that is this one, in another number or spelling."""
        return word in self._forms.weights or self._has(word)

    def _has(self, word: str) -> bool:
        folded = fold(word)
        return any(fold(other) == folded for other in self._forms.families.get(stem(word), ()))

    def _rank(self, number: int, key: str, word: str) -> tuple[bool, bool, bool, float, int]:
        form = self._forms.forms[number]
        share = self._roots[number][key] / sum(self._roots[number].values())
        folded = fold(word)
        other = all(fold(each) != folded for each in form.words)
        return other, form.kind is not Kind.NAME, form.words[0] != word, -share, len(form.words)

    def shared_weight(self, one: int, other: int) -> float:
        """The weight of the families that the forms of two terms have in common."""
        return sum(self._weights[each] for each in self._of_term[one] & self._of_term[other])

    def _asked(self, words: Sequence[str]) -> dict[str, float]:
        """The families of the question with what each counts if the form lacks it."""
        asked: dict[str, float] = {}
        telling = [word for word in words if word not in STOP]
        lone = len(telling) == 1 and telling[0] not in self._forms.weights and all(_only_asks(word) for word in words)
        for word in self._divided([word for word in words if word not in STOP] if lone else words):
            each = root(word)
            if _only_asks(word) and not lone:
                if each in self._by_root:
                    asked.setdefault(each, _ASKING)
            elif each in _LIGHT_ROOTS:
                asked[each] = _BESIDE * self._strange
            else:
                asked[each] = self._weights.get(each, self._strange)
        return asked

    def _divided(self, words: Sequence[str]) -> list[str]:
        """The words as the glossary has them: two written as one taken apart, one written as two put together."""
        divided: list[str] = []
        for word in words:
            if divided and divided[-1] + word in self._forms.weights and not is_small(divided[-1]):
                divided[-1] += word
            elif word not in self._forms.weights and (parts := self._parts(word)):
                divided += parts
            else:
                divided.append(word)
        return divided

    def _parts(self, word: str) -> tuple[str, str] | None:
        """The two words, side by side in a form, that were written as one: *nonverbal*, *deescalating*."""
        for at in range(2, len(word) - 2):
            one, other = word[:at], word[at:]
            if one in self._forms.weights and not is_small(one) and not is_small(other):
                key = root(other)
                if any(key in self._roots[number] for number in self._by_root.get(root(one), ())[:_MOST_HAVING]):
                    return one, other
        return None

    def _is_surely(self, words: Sequence[str], number: int) -> bool:
        """Whether a word is another form of the one-word name, and does not only begin like it."""
        named = self._forms.forms[number].words
        for word in words:
            for other in named:
                if root(word) == root(other) and (
                    fold(word) == fold(other) or _is_of_family(word, other) or _bare(word) == _bare(other)
                ):
                    return True
        return False

    def _is_inflected(self, words: Sequence[str], number: int) -> bool:
        """Whether the word has the form's own ending changed, or one that verbs and people have: *negotiator*."""
        other, term = self._forms.forms[number].words[0], self._forms.forms[number].term
        telling = [word for word in words if not _only_asks(word)]
        long = len(telling) == 1 and len(telling[0]) >= _LONG
        for word in words:
            if any(self._forms.forms[n].term == term for n in self._forms.by_text.get(word, ())):
                return True
            if root(word) == root(other) and (
                _bare(word) == _bare(other) or word.endswith(_ENDINGS) or other.endswith("ise") or long
            ):
                return True
        return False

    def _is_long(self, words: Sequence[str], number: int) -> bool:
        folded = [fold(each) for each in self._forms.forms[number].words]
        return any(len(word) >= _LONG and fold(word) in folded for word in words)


def _worth(one: Related) -> tuple[float, bool]:
    return one.share, not one.listed


def _only_asks(word: str) -> bool:
    return is_small(word) or word in FILLING or is_small(fold(word))


def _bare(word: str) -> str:
    folded = fold(word)
    for ending in ("ing", "ed", "e"):
        if folded.endswith(ending) and len(folded) - len(ending) > 2:
            return folded[: -len(ending)]
    return folded


@cache
def _lines() -> tuple[tuple[str, ...], ...]:
    """The families of the packaged ``families.txt``, one a line."""
    lines = (files("knowledge.lookup") / "families.txt").read_text("utf-8").splitlines()
    return tuple([tuple(line.split()) for line in lines if not line.startswith("#")])


@cache
def _listed() -> dict[str, str]:
    """Stem -> the family that it is listed in."""
    found: dict[str, str] = {}
    for line in _lines():
        stems = [stem(word) for word in line]
        for each in stems:
            found.setdefault(each, stems[0])
    return found


@cache
def _families_of() -> dict[str, frozenset[int]]:
    """Word -> the lines that it stands in itself, not only something with its stem: *policy*, not *police*."""
    found: dict[str, frozenset[int]] = {}
    for number, line in enumerate(_lines()):
        for each in {form for word in line for form in (word, fold(word))}:
            found[each] = found.get(each, frozenset()) | {number}
    return found


def listed_family(word: str) -> str | None:
    """The first word of the one line of the list that a word itself stands in, if there is one."""
    numbers = _families_of().get(word, frozenset())
    return _lines()[min(numbers)][0] if numbers else None


def _is_of_family(word: str, other: str) -> bool:
    """Whether two words stand in one family of the list."""
    none: frozenset[int] = frozenset()
    lines = _families_of()
    of_word = lines.get(word, none) | lines.get(fold(word), none)
    return not of_word.isdisjoint(lines.get(other, none) | lines.get(fold(other), none))


def root(word: str) -> str:
    """The family of a word: the same for *analyse*, *analysing* and *analysis*."""
    stemmed = stem(word)
    if (family := _listed().get(stemmed)) is not None:
        return family
    return fold(word) if len(stemmed) < _SHORT_STEM else stemmed


def roots_of(words: Iterable[str]) -> frozenset[str]:
    """The families of several words."""
    return frozenset(root(word) for word in words)


_LIGHT_ROOTS = roots_of(GENERAL | LIGHT | SUBJECT)
