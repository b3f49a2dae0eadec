"""Terms whose form is spelt, sounds, begins or is worded like a text."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.lookup.alike import Likeness, Speller
from knowledge.lookup.doubts import Doubts
from knowledge.lookup.forms import Forms, Kind
from knowledge.lookup.found import Found
from knowledge.lookup.match import MOST_WORDS_OF_A_NAME
from knowledge.lookup.question import Question
from knowledge.lookup.scale import Scale

_FEW_WORDS = 6
_HARDLY = 0.1
"""The weight of the words that do not count in a name."""


class ByForm:
    """Weighs how much forms are like a text."""

    __slots__ = ("_doubts", "_forms", "_scale", "_speller")

    def __init__(self, forms: Forms, speller: Speller, doubts: Doubts, scale: Scale) -> None:
        self._forms = forms
        self._speller = speller
        self._doubts = doubts
        self._scale = scale

    def find(self, question: Question) -> list[Found]:
        """Terms whose form is like the text, with or without its question words."""
        if question.is_all_asking:
            return []
        core, words = question.core, question.words
        likenesses: list[Likeness] = []
        if len(core) < len(words) <= _FEW_WORDS and self._may_belong(question):
            likenesses = self._speller.alike(words)
        if not likenesses or not (_is_one_close(likenesses) or self._is_begun(words)):
            likenesses += self._speller.alike(core) if len(core) <= MOST_WORDS_OF_A_NAME else []
        found = []
        for one in likenesses:
            form = self._forms.forms[one.form]
            odds = self._scale.odds(one.way, one.features)
            listed = form.kind is Kind.SUGGEST or one.only_lists or self._doubts.could_be_another(words, core, form)
            found.append(Found(form.term, one.form, one.way, one.features, odds, listed))
        return found

    def _may_belong(self, question: Question) -> bool:
        """Whether the words around the core could belong to the term: *word* of mouth, swot *an*."""
        weights, before = self._forms.weights, question.words[: question.before]
        telling = any(weights.get(word, 0.0) > _HARDLY for word in before)
        after = question.around[question.before :]
        return telling or any(word in weights for word in after) or self._is_begun(question.words)

    def _is_begun(self, words: list[str]) -> bool:
        """Whether a form begins with these words, the last of them perhaps unfinished."""
        return bool(self._forms.starting_with("".join(words), 1))


def _is_one_close(likenesses: Sequence[Likeness]) -> bool:
    return len(likenesses) == 1 and likenesses[0].way == "close"
