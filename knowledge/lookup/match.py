"""What a look-up takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.schema import Course

CONFIDENT = 0.80
"""From here the one term is meant: it may be shown at once."""

UNSURE = 0.45
"""From here it is worth asking "did you mean"; below it nothing is given."""

CAP = 0.79
"""The highest score of a form that only opens a list, and of a match by meaning."""


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
