"""What joins a match in a list: other terms of the same words, or of the same subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from knowledge.lookup.compare import LINKS
from knowledge.lookup.exact import Reader, match_of
from knowledge.lookup.families import Families, root
from knowledge.lookup.forms import Form, Forms, Kind
from knowledge.lookup.guard import Guard
from knowledge.lookup.hints import Hints
from knowledge.lookup.match import CAP, UNSURE, Match, Reason, below, best_first, capped, in_turns, is_card
from knowledge.lookup.meaning import Descriptions
from knowledge.lookup.normalise import fold, words_of
from knowledge.lookup.subjects import Subjects, is_chat
from knowledge.lookup.wrappers import is_small

_FEW_WORDS = 6
_SHORT_WORD = 4
_MOST_OF_A_SIDE = 3
"""Terms that each side of a link brings into a list."""
_FEW_LISTED = 5
"""Fewer terms than that are joined by others that a lone word may be about."""
_MEANT = 0.46
_ENDING = 3
"""Letters that an ending may have."""
_MOST_LISTED = 8
_SHARED = frozenset([Reason.exact, Reason.words, Reason.meaning])
"""The reasons for which a lone match may not be all that is meant."""
_BELOW = 0.55
"""The score of the first term that stands below such a match."""

CardOf = Callable[[list[str], int], list[Match]]
"""Gives the card that a part of a text opens, with at most so many terms; empty where it opens none."""


class Shared:
    """Lists the terms whose entries share the words of a match. ``names``: the form that each term is shown by."""

    __slots__ = ("_descriptions", "_families", "_forms", "_guard", "_names", "_read")

    def __init__(
        self,
        forms: Forms,
        guard: Guard,
        families: Families,
        descriptions: Descriptions,
        names: Mapping[int, int],
        read: Reader,
    ) -> None:
        self._forms = forms
        self._guard = guard
        self._families = families
        self._descriptions = descriptions
        self._names = names
        self._read = read

    def with_meant(self, words: Sequence[str], matches: list[Match]) -> list[Match]:
        """What a lone word names, with terms below whose entries have much of it, where few have it in their names."""
        if len(words) != 1 or len(matches) >= _FEW_LISTED or len(words[0]) < _SHORT_WORD or is_small(words[0]):
            return matches
        if not self._families.is_known(words[0]):
            return matches
        meant = self._descriptions.find(words, self._guard, _FEW_LISTED).terms
        numbers = [self._names[one.term] for one in meant if one.term in self._names]
        others = [match_of(self._forms, number, _MEANT, Reason.meaning) for number in numbers]
        return below(matches, others)[:_FEW_LISTED]

    def with_shared(self, words: Sequence[str], matches: list[Match]) -> list[Match]:
        """A lone match for several words that other entries have as well, with their terms below: *survey questions*.

        A name that is written as it is speaks of nothing else.
        """
        if len(matches) != 1 or matches[0].reason not in _SHARED or not 1 < len(words) <= _FEW_WORDS:
            return matches
        question, exact = self._read(tuple(words))
        telling = [word for word in question.core if not is_small(word)]
        if len(telling) < 2 or _is_cut_short(telling[-1], matches[0]):
            return matches
        if exact and _is_as_named(telling, self._forms.forms[exact.forms[0]]):
            return matches
        numbers = [one.form for one in self._families.find(question.words)]
        numbers += [self._names[term] for term in self._descriptions.sharing(telling) if term in self._names]
        others = [match_of(self._forms, n, _BELOW - 0.01 * place, Reason.meaning) for place, n in enumerate(numbers)]
        return below(matches, best_first(others))[:_FEW_LISTED]


class UnderSubjects:
    """Lists the terms that fall under a subject. ``names``: the form that each term is shown by."""

    __slots__ = ("_forms", "_hints", "_names", "_read", "_subjects")

    def __init__(self, forms: Forms, hints: Hints, subjects: Subjects, names: Mapping[int, int], read: Reader) -> None:
        self._forms = forms
        self._hints = hints
        self._subjects = subjects
        self._names = names
        self._read = read

    def added_to(self, matches: list[Match], words: list[str], card_of: CardOf) -> list[Match]:
        """The matches, with the terms that fall under the words: below a card, in turns with what else is named."""
        question, exact = self._read(tuple(words))
        if is_chat(question.around) or (exact and exact.sure):
            return matches
        under = self._subjects.under(question.core)
        if not under and len(question.core) < len(question.words):
            under = self._subjects.under(question.words)
        if under:
            return _in_one_list(self._listed(under), matches, exact=bool(exact))
        if is_card(matches) or exact:
            return matches
        if linked := self._linked(question.core, card_of):
            return in_turns(linked, matches)
        if any(match.reason is not Reason.meaning for match in matches):
            return matches
        return in_turns(matches, self._listed(self._subjects.beside_little(question.words)))

    def _linked(self, core: Sequence[str], card_of: CardOf) -> list[Match]:
        """What both sides of a link name or are the subject of: *ombudsmen and watchdogs*, *charter and promises*."""
        at = next((at for at, word in enumerate(core) if word in LINKS), 0)
        if not 0 < at < len(core) - 1 or len(core) > _FEW_WORDS:
            return []
        sides = [self._side(list(core[:at]), card_of), self._side(list(core[at + 1 :]), card_of)]
        return [capped(match) for match in in_turns(*sides)] if all(sides) else []

    def _side(self, words: list[str], card_of: CardOf) -> list[Match]:
        if named := card_of(words, 1):
            return named
        return self._listed(self._subjects.under(words))[:_MOST_OF_A_SIDE] or self._hints.heads(words)[:_MOST_OF_A_SIDE]

    def _listed(self, terms: Sequence[int]) -> list[Match]:
        """Terms as a list, in this order."""
        named = [self._names[term] for term in terms if term in self._names][:_MOST_LISTED]
        return [match_of(self._forms, n, CAP - 0.01 * place, Reason.words) for place, n in enumerate(named)]


def _in_one_list(listed: list[Match], matches: list[Match], *, exact: bool) -> list[Match]:
    """What falls under a subject and what else was found; ``exact`` where a form is written in the text."""
    if is_card(matches):
        return below(matches[:1], [*listed, *matches[1:]])
    if exact:
        return below(matches, listed)
    named = [match for match in matches if match.score >= UNSURE and match.reason is not Reason.meaning]
    return in_turns(named, listed) if named else below(listed, matches)


def _is_cut_short(word: str, match: Match) -> bool:
    """Whether a word is but the beginning of one of the form's: *effective com*."""
    return any(
        other.startswith(word) and (root(other) != root(word) or len(other) - len(word) > _ENDING)
        for other in words_of(match.form)
    )


def _is_as_named(telling: Sequence[str], form: Form) -> bool:
    """Whether a name is meant and written, if not as a name in another order: *levels of service*."""
    said, named = ([fold(word) for word in words if not is_small(word)] for words in (telling, form.words))
    return form.kind is not Kind.ALIAS and (said == named or sorted(said) != sorted(named))
