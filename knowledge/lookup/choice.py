"""Which of the terms that a longer message names or describes comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from knowledge.lookup.exact import match_of
from knowledge.lookup.forms import Form, Forms
from knowledge.lookup.found import Compared
from knowledge.lookup.inside import is_by_name, is_outright, is_written
from knowledge.lookup.match import BY_NAME, CAP, CONFIDENT, TELLING, UNSURE, Match, Reason, below, capped
from knowledge.lookup.meaning import Descriptions
from knowledge.lookup.question import Question
from knowledge.lookup.wrappers import SUBJECT

_TOLD = 0.6
"""The score of a term that is asked for in the words of its entry."""
_TELLING_WORDS, _WHOLE, _WELL, _NEARLY_AS_LIKELY = 3, 0.999, 1.75, 0.76
"""Words that a description must have at least to be about what several entries share, how much of them must be in the
first entry, how well this must fit, and how well another beside it."""
_LIKENING = frozenset(["like", "unlike"])
_MEANT_FAINTLY = 0.7
"""The score up to which a term that is only described comes behind one that is named."""


class Choice:
    """Chooses between names and descriptions. ``names``: the form that each term is shown by."""

    __slots__ = ("_descriptions", "_forms", "_names")

    def __init__(self, forms: Forms, descriptions: Descriptions, names: Mapping[int, int]) -> None:
        self._forms = forms
        self._descriptions = descriptions
        self._names = names

    def among(self, matches: list[Match], question: Question, context: Compared) -> list[Match]:
        """The matches in the order in which they are meant; where there are none, what the message as a whole tells."""
        matches = self._name_before_meaning(context, self._first_named(context, matches))
        named_or_told = self._named_by_name(question, context, matches) or self._told(context)
        return named_or_told or self._all_alike(question, context)

    def _first_named(self, context: Compared, matches: list[Match]) -> list[Match]:
        """The matches; where several terms are named outright, a list with the one that is named first on top."""
        named = [one for one in context.found if one.way == "inside" and is_outright(one.features)]
        ids = [self._forms.ids[one.term] for one in named]
        if len(set(ids)) < 2 or not matches or matches[0].score < UNSURE:
            return matches
        top = next((match for match in matches[:3] if match.term_id == ids[0]), None)
        if top is None or matches[0].term_id not in ids:
            return matches
        rest = [capped(match) for match in matches if match is not top]
        return [replace(top, score=max(min(top.score, CAP), rest[0].score)), *rest]

    def _name_before_meaning(self, context: Compared, matches: list[Match]) -> list[Match]:
        """The matches; first the one term that is named in so many words, where another is only described."""
        if not matches or matches[0].reason is not Reason.meaning or matches[0].score > _MEANT_FAINTLY:
            return matches
        named = {
            one.form: self._forms.ids[one.term]
            for one in context.found
            if one.way == "inside"
            and not one.capped
            and is_written(one.features, telling=_is_telling(self._forms.forms[one.form]))
        }
        if len(named) != 1 or matches[0].term_id in named.values():
            return matches
        (number,) = named
        first = match_of(self._forms, number, min(CAP, matches[0].score + 0.01), Reason.words)
        return below([first], matches)

    def _named_by_name(self, question: Question, context: Compared, matches: list[Match]) -> list[Match]:
        """The matches; a card where the first is named by its very name, and nothing speaks against it."""
        if not matches or not UNSURE <= matches[0].score < CONFIDENT or question.words[0] in _LIKENING:
            return matches
        card = matches
        for one in context.found:
            if one.way != "inside" or one.capped:
                continue
            if self._forms.ids[one.term] != matches[0].term_id:
                if is_outright(one.features):
                    return matches
                continue
            form = self._forms.forms[one.form]
            if is_by_name(one.features, telling=_is_telling(form)):
                card = [replace(matches[0], score=BY_NAME), *matches[1:]]
        return card

    def _told(self, context: Compared) -> list[Match]:
        """The term whose "asked as" line the message nearly is, though it reads like small talk."""
        told = None if context.described is None else self._descriptions.told(context.described)
        if told is None or told not in self._names:
            return []
        return [match_of(self._forms, self._names[told], _TOLD, Reason.meaning)]

    def _all_alike(self, question: Question, context: Compared) -> list[Match]:
        """The terms that a few words describe about equally well: *finding the cause of a problem*.

        All of the words must be in the first one's entry, which small talk seldom manages.
        """
        described = context.described
        if described is None or described.words < _TELLING_WORDS or described.share < _WHOLE or described.everyday:
            return []
        if described.terms[0].score < _WELL or any(word.isdigit() for word in question.words):
            return []
        best = described.terms[0].score
        return [
            match_of(self._forms, self._names[one.term], _TOLD * one.score / best, Reason.meaning)
            for one in described.terms
            if one.term in self._names and one.score >= _NEARLY_AS_LIKELY * best
        ]


def _is_telling(form: Form) -> bool:
    return len(form.compact) >= TELLING and form.words[0] not in SUBJECT
