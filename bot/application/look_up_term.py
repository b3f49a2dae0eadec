"""Looking up a term: by name, by description, or two side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application.live_course import LiveCourse
from bot.storage import Tx, conversations, lookups
from knowledge.lookup import CONFIDENT, UNSURE
from knowledge.schema import Comparison, Term, Topic

CLEAR_BY = 0.05
"""How far the best match must be ahead of the second to open its card at once."""
PAIR = 0.6
"""How well both terms of a comparison must be named; a pair of guesses is no answer."""
OFFERED = 5
"""Terms offered at most when the look-up is unsure."""


@dataclass(frozen=True, slots=True)
class Card:
    """One term, found with confidence."""

    term: Term


@dataclass(frozen=True, slots=True)
class DidYouMean:
    """Several terms that may be meant, the likeliest first."""

    asked: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two terms to compare; ``comparison`` is None where nobody has written one yet."""

    first: Term
    second: Term
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class NotInCourse:
    """Nothing fits; the topics show what is there."""

    asked: str
    topics: tuple[Topic, ...]


Found = Card | DidYouMean | SideBySide | NotInCourse


def find(live: LiveCourse, text: str) -> Found:
    """Read what a learner typed. Pure: what was found is recorded separately."""
    pair = live.index.find_pair(text)
    if pair is not None and min(pair.first.score, pair.second.score) >= PAIR:
        return side_by_side(live, pair.first.term_id, pair.second.term_id)
    matches = live.index.find(text, limit=OFFERED)
    if not matches or matches[0].score < UNSURE:
        return NotInCourse(text, live.course.topics)
    best = matches[0]
    second = matches[1].score if len(matches) > 1 else 0.0
    if best.score >= CONFIDENT and best.score - second >= CLEAR_BY:
        return Card(live.terms[best.term_id])
    return DidYouMean(text, tuple(live.terms[match.term_id] for match in matches if match.score >= UNSURE))


def side_by_side(live: LiveCourse, first: str, second: str) -> SideBySide:
    """Put two terms side by side, in the order they were asked for."""
    comparison = next((each for each in live.course.comparisons if set(each.terms) == {first, second}), None)
    return SideBySide(live.terms[first], live.terms[second], comparison)


def about_a_term(live: LiveCourse, text: str) -> Found | None:
    """Return what is found where a text clearly asks about a term while a question is open, else None.

    It asks where it uses words of asking ("what is", "difference between") or ends in a question mark, and resolves
    with confidence.
    """
    words = text.lower().replace("’", "'").split()
    asks = text.rstrip().endswith("?") or _starts_by_asking(words)
    if not asks or len(words) > 16:
        return None
    found = find(live, text)
    return found if isinstance(found, Card | SideBySide) else None


_ASKING: Sequence[tuple[str, ...]] = (
    ("what", "is"),
    ("what's",),
    ("whats",),
    ("what", "are"),
    ("what", "does"),
    ("what", "do"),
    ("wat", "is"),
    ("wots",),
    ("define",),
    ("meaning", "of"),
    ("definition", "of"),
    ("difference", "between"),
    ("diff", "between"),
    ("what's", "the", "difference"),
    ("whats", "the", "difference"),
    ("compare",),
)


def _starts_by_asking(words: Sequence[str]) -> bool:
    return any(tuple(words[: len(phrase)]) == phrase for phrase in _ASKING)


def record_card(tx: Tx, chat_id: int, term_ids: Sequence[str], *, now: datetime) -> None:
    """Remember opened cards: what was looked up will be asked later."""
    for term_id in term_ids:
        lookups.record(tx, chat_id, term_id, now=now)


def remember_reading(tx: Tx, chat_id: int, text: str, *, attempt_id: int, term_ids: Sequence[str]) -> None:
    """Remember that a text was read as a question about a term, so that one button can make it the answer."""
    conversations.remember_reading(
        tx, chat_id, {"as": "look-up", "text": text, "attempt": attempt_id, "terms": list(term_ids)}
    )
