"""The terms that are named among the other words of a message, or that it describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.lookup.forms import Forms, Kind
from knowledge.lookup.found import Compared, Found
from knowledge.lookup.guard import Guard
from knowledge.lookup.inside import (
    Spot,
    capitals_in,
    features_of,
    features_of_best,
    features_of_place,
    is_a_word_as_well,
    is_asked_about,
    spots_in,
)
from knowledge.lookup.meaning import Described, Descriptions
from knowledge.lookup.mending import Mender
from knowledge.lookup.question import Question
from knowledge.lookup.scale import Scale

_MOST_DESCRIBED = 10


class Context:
    """Weighs what stands inside a message and what it means. ``names``: the form that each term is shown by."""

    __slots__ = ("_descriptions", "_forms", "_guard", "_mender", "_names", "_scale")

    def __init__(
        self,
        forms: Forms,
        guard: Guard,
        mender: Mender,
        descriptions: Descriptions,
        names: Mapping[int, int],
        scale: Scale,
    ) -> None:
        self._forms = forms
        self._guard = guard
        self._mender = mender
        self._descriptions = descriptions
        self._names = names
        self._scale = scale

    def added_to(self, named: Compared, text: str, question: Question) -> Compared:
        """What was found so far, with the terms that are named inside the text, or that it describes."""
        words = question.words
        if len(words) < 2:
            return named
        described = self._descriptions.find(words, self._guard, _MOST_DESCRIBED)
        mended, qualities = self._mender.mended(words)
        spots = spots_in(mended, qualities, self._forms)
        inside = [] if question.is_all_asking else self._inside(text, mended, spots, described)
        best = max(inside, key=lambda one: one.odds, default=None)
        message = (*described.features_of_message(), *features_of_best(best.features if best else None))
        return Compared(named.found + inside + self._by_meaning(described, inside), message, described)

    def _inside(self, text: str, words: list[str], spots: Sequence[Spot], described: Described) -> list[Found]:
        capitals = capitals_in(text)
        told = {one.term: one.score / described.terms[0].score for one in described.terms}
        found = []
        for spot in spots:
            form = self._forms.forms[spot.form]
            heavier = sum(
                [other.start != spot.start and self._forms.forms[other.form].weight >= form.weight for other in spots]
            )
            features = (
                *features_of(spot, words, self._forms, self._guard, capitals),
                described.strange,
                min(heavier, 3) / 3,
                told.get(form.term, 0.0),
                min(len(words), 20) / 20,
                max(described.subject, described.task),
                *features_of_place(spot, spots, words, self._forms),
            )
            odds = self._scale.odds("inside", features)
            listed = form.kind is Kind.SUGGEST or is_a_word_as_well(features)
            found.append(Found(form.term, spot.form, "inside", features, odds, listed))
        return found

    def _by_meaning(self, described: Described, inside: Sequence[Found]) -> list[Found]:
        if described.words < 2:
            return []
        named = {one.term for one in inside}
        asked_about = {one.term for one in inside if is_asked_about(one.features)}
        found = []
        for one in described.terms:
            if one.term not in self._names:
                continue
            others = (float(bool(named - {one.term})), float(bool(asked_about - {one.term})))
            features = (*described.features(one), *others)
            odds = self._scale.odds("meaning", features)
            found.append(Found(one.term, self._names[one.term], "meaning", features, odds, capped=True))
        return found
