"""From terms that could be meant to matches with a score."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.lookup.forms import Forms
from knowledge.lookup.found import Compared, Found, best_of_each, topic_features
from knowledge.lookup.match import Match, Reason, capped
from knowledge.lookup.scale import Scale


class Ranking:
    """Ranks what was found on the calibrated scale."""

    __slots__ = ("_forms", "_scale")

    def __init__(self, forms: Forms, scale: Scale) -> None:
        self._forms = forms
        self._scale = scale

    def answered(self, compared: Compared) -> list[Match]:
        """The matches, or none when the text is probably not about any term."""
        return self.scored(compared.found) if self._scale.is_on_topic(topic_features(compared)) else []

    def scored(self, found: Sequence[Found]) -> list[Match]:
        """One match for each term, best first."""
        best = best_of_each(found)
        matches: list[Match] = []
        for place, one in enumerate(best):
            lead = one.odds - (best[1].odds if place == 0 and len(best) > 1 else best[0].odds if place else -6.0)
            score = self._scale.score(one.way, self._scale.probability(one.way, one.odds, lead), best=place == 0)
            form = self._forms.forms[one.form]
            match = Match(self._forms.ids[one.term], round(score, 4), form.text, _reason(one))
            matches.append(capped(match) if one.capped else match)
        matches.sort(key=lambda match: -match.score)
        return matches


def _reason(one: Found) -> Reason:
    if one.way == "meaning":
        return Reason.meaning
    if one.way == "close":
        return Reason.spelling
    if one.way == "alike":
        _, whole, sound, worded = one.features[:4]
        return Reason.words if worded >= max(whole, sound) else Reason.spelling
    return Reason.words
