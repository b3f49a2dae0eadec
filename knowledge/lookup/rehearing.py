"""What a message names once words are replaced by those that sound alike: *like it scale*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.lookup.exact import Reader, exact_matches
from knowledge.lookup.families import Families
from knowledge.lookup.forms import Forms
from knowledge.lookup.guard import Guard
from knowledge.lookup.hints import Hints
from knowledge.lookup.match import Match, Reason, below, capped
from knowledge.lookup.misheard import Misheard
from knowledge.lookup.normalise import fold
from knowledge.lookup.question import tail_in
from knowledge.lookup.tails import is_elsewhere, telling_of

_MISHEARD = 0.83
"""The score of a name that other words were heard for."""
_LONE = 0.6
"""The score of a name that a lone word was heard for."""
_NAMED = 0.46
"""The score above which a term is named already, so that another is not surely meant."""
_LONG_WORD = 6


class Rehearing:
    """Finds terms in the readings of a message. ``read`` reads a text."""

    __slots__ = ("_families", "_forms", "_guard", "_hints", "_misheard", "_read")

    def __init__(
        self, forms: Forms, guard: Guard, families: Families, hints: Hints, misheard: Misheard, read: Reader
    ) -> None:
        self._forms = forms
        self._guard = guard
        self._families = families
        self._hints = hints
        self._misheard = misheard
        self._read = read

    def find(self, words: list[str], matches: list[Match], limit: int) -> list[Match]:
        """What is heard, with the matches that were found without it below; empty where nothing is misheard."""
        for reading in self._misheard.readings(words):
            found = self._written_in(reading.words) or (self._written_in([*reading.meant]) if reading.spelt else None)
            if found is None:
                continue
            form = telling_of(found)
            meant = {fold(word) for word in reading.meant}
            if form.isdisjoint(meant):
                continue
            beside = not (form - meant).isdisjoint([fold(word) for word in reading.words])
            if reading.surely or beside:
                first = replace(found, score=min(found.score, _MISHEARD))
                unsure = _is_named(matches) or reading.nearly
                return below([capped(first) if unsure else first], [capped(match) for match in matches])[:limit]
            if reading.coined:
                return below([capped(found)], [capped(match) for match in matches])[:limit]
            if not matches and len(words) == 1 and self._may_be_misheard(words[0]):
                return [replace(found, score=_LONE)]
        return []

    def _written_in(self, words: list[str]) -> Match | None:
        """The card of what is written in a message, or before its tail, without anything that takes longer."""
        at = tail_in(words)
        heads = at and not is_elsewhere(words[at:], self._forms.weights)
        for said in (words, words[:at]) if heads else (words,):
            question, exact = self._read(tuple(said))
            if exact:
                if exact.sure:
                    return exact_matches(exact, self._forms)[0]
            elif surest := self._hints.surest(self._families.find(question.words)):
                return surest
        return None

    def _may_be_misheard(self, word: str) -> bool:
        """Whether a lone word is long enough, and neither English nor a slip away from it."""
        if len(word) < _LONG_WORD or word in self._guard:
            return False
        return not self._guard.is_near_another(word, self._forms.weights, 1)


def _is_named(matches: Sequence[Match]) -> bool:
    return bool(matches) and matches[0].reason is not Reason.meaning and matches[0].score > _NAMED
