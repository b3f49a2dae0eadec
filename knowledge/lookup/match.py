"""What a look-up takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.schema import Course

CONFIDENT = 0.80
"""From here the one term is meant: it may be shown at once."""

UNSURE = 0.45
"""From here it is worth asking "did you mean"; below it nothing is given."""

CAP = 0.79
"""The highest score of a form that only opens a list, and of a match by meaning."""

MOST_WORDS_OF_A_NAME = 10
TELLING = 8
"""Letters of a plain word that is seldom anything but a term's name: *when do you do an escalation*."""
BY_NAME = CONFIDENT + 0.01
"""The score of a term that a longer message names by its very name."""


class Reason(StrEnum):
    """How a term was found."""

    exact = "exact"
    abbreviation = "abbreviation"
    spelling = "spelling"
    words = "words"
    meaning = "meaning"


@dataclass(frozen=True, slots=True)
class Match:
    """A term that was found. ``form`` is the name, alias or abbreviation that matched, as the glossary writes it."""

    term_id: str
    score: float
    form: str
    reason: Reason


def capped(match: Match) -> Match:
    """The match, at most good enough for a list."""
    return match if match.score <= CAP else replace(match, score=CAP)


def is_card(matches: Sequence[Match]) -> bool:
    """Whether the first of the matches may be shown at once."""
    return bool(matches) and matches[0].score >= CONFIDENT


def below(first: Sequence[Match], others: Sequence[Match]) -> list[Match]:
    """The first with the others below them, each term once."""
    if not first:
        return list(others)
    listed = {match.term_id: match for match in first}
    for one in others:
        listed.setdefault(one.term_id, replace(one, score=min(one.score, first[-1].score)))
    return list(listed.values())


def in_turns(some: Sequence[Match], others: Sequence[Match]) -> list[Match]:
    """One of each in turn, beginning with the first of ``some``, each term once."""
    both = [match for pair in zip_longest(some, others) for match in pair if match is not None]
    return below(both[:1], both[1:])


def best_first(matches: Sequence[Match]) -> list[Match]:
    """The best of each term, best first."""
    best: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: -match.score):
        best.setdefault(match.term_id, match)
    return list(best.values())


@dataclass(frozen=True, slots=True)
class PairFound:
    """Two different terms that a text compares, in the text's order."""

    first: Match
    second: Match


@dataclass(frozen=True, slots=True)
class Entry:
    """One term as look-up sees it. ``suggest_only`` forms never open a card by themselves."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    suggest_only: tuple[str, ...] = ()
    definition: str = ""
    asked_as: tuple[str, ...] = ()
    explanation: str = ""


def entries_of(course: Course) -> list[Entry]:
    """The course's terms as entries. What the course lists as ambiguous is suggest-only for each of its terms."""
    shared: dict[str, list[str]] = {}
    for form, terms in course.ambiguous.items():
        for term in terms:
            shared.setdefault(term, []).append(form)
    return [
        Entry(
            id=term.id,
            name=term.name,
            aliases=term.aliases,
            abbreviations=term.abbreviations,
            suggest_only=term.suggest_only + tuple(shared.get(term.id, ())),
            definition=term.definition,
            asked_as=term.asked_as,
            explanation=term.explanation,
        )
        for term in course.terms
    ]
