"""Looking up a term: by name, by description, or two side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application.live_course import LiveCourse
from bot.domain.missed import kept_question, key_of
from bot.storage import Tx, conversations, lookups
from knowledge.lookup import CONFIDENT, UNSURE, Match
from knowledge.lookup.normalise import words_of
from knowledge.schema import Comparison, Term, Topic

CLEAR_BY = 0.05
"""How far the best match must be ahead of the second to open its card at once."""
PAIR = 0.6
"""How well both terms of a comparison must be named; a pair of guesses is no answer."""
OFFERED = 5
"""Terms offered at most when the look-up is unsure."""
NAMED = 0.96
"""From here a text is a term's name and nothing else."""
MOST_WORDS_OF_TWO = 10
"""Words of a comparison that is cut in every place; a longer text is read as it stands."""


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


@dataclass(frozen=True, slots=True)
class WithWhat:
    """One side of a comparison is known: ``others`` are what it is compared with most. ``unknown`` was not found."""

    term: Term
    others: tuple[Term, ...]
    unknown: str | None


def find(live: LiveCourse, text: str) -> Found:
    """Read what a learner typed. Pure: what was found is recorded separately."""
    pair = _pair(live, text)
    return pair if pair is not None else _one(live, text)


def _pair(live: LiveCourse, text: str) -> SideBySide | None:
    pair = live.index.find_pair(text)
    if pair is None or min(pair.first.score, pair.second.score) < PAIR:
        return None
    return side_by_side(live, pair.first.term_id, pair.second.term_id)


def _one(live: LiveCourse, text: str) -> Card | DidYouMean | NotInCourse:
    matches = [match for match in live.index.find(text, limit=OFFERED) if match.score >= UNSURE]
    if _is_clear(matches):
        return Card(live.terms[matches[0].term_id])
    meant = _told(live, text)
    if len(meant) == 1:
        return Card(live.terms[meant[0]])
    listed = dict.fromkeys([*meant, *(match.term_id for match in matches)])
    if not listed:
        return NotInCourse(text, live.course.topics)
    return DidYouMean(text, tuple(live.terms[each] for each in listed)[:OFFERED])


def _is_clear(matches: Sequence[Match]) -> bool:
    if not matches or matches[0].score < CONFIDENT:
        return False
    return len(matches) == 1 or matches[0].score - matches[1].score >= CLEAR_BY


def _told(live: LiveCourse, text: str) -> Sequence[str]:
    """Return the terms that somebody has said these very words mean."""
    kept = kept_question(text, live.vocabulary)
    return () if kept is None else live.asked.get(key_of(kept, live.vocabulary), ())


def compare(live: LiveCourse, text: str) -> Found | WithWhat:
    """Read what somebody wants compared: "A and B", "A, B", "A B", or one term alone."""
    halves = _halves(text)
    pair = _pair(live, text) or _surest_pair(live, halves)
    if pair is not None:
        return pair
    whole = _one(live, text)
    if isinstance(whole, Card) and _is_named(live, text):
        return WithWhat(whole.term, compared_with(live, whole.term), None)
    return _surest_pair(live, _cuts(text)) or _one_side(live, halves) or _alone(live, whole)


def _one_side(live: LiveCourse, halves: Sequence[tuple[str, str]]) -> WithWhat | None:
    """Look for a half that is one clear term where the other half is none."""
    for known, other in halves:
        found = _one(live, known)
        if isinstance(found, Card):
            unknown = other if isinstance(_one(live, other), NotInCourse) else None
            return WithWhat(found.term, compared_with(live, found.term), unknown)
    return None


def _alone(live: LiveCourse, whole: Card | DidYouMean | NotInCourse) -> WithWhat | DidYouMean | NotInCourse:
    if isinstance(whole, Card):
        return WithWhat(whole.term, compared_with(live, whole.term), None)
    return whole


def _is_named(live: LiveCourse, text: str) -> bool:
    """Tell whether the whole text is one term's name, so that cutting it would make two of one."""
    best = live.index.find(text, limit=1)
    return bool(best) and best[0].score >= NAMED and len(words_of(text)) <= len(words_of(best[0].form))


def _surest_pair(live: LiveCourse, cuts: Sequence[tuple[str, str]]) -> SideBySide | None:
    """Look for two terms that stand side by side with a comma or nothing between them; the surest cut wins."""
    best: tuple[float, SideBySide] | None = None
    for left, right in cuts:
        first, second = live.index.find(left, limit=1), live.index.find(right, limit=1)
        if not (first and second) or first[0].term_id == second[0].term_id:
            continue
        least = min(first[0].score, second[0].score)
        if least >= CONFIDENT and (best is None or least > best[0]):
            best = least, side_by_side(live, first[0].term_id, second[0].term_id)
    return None if best is None else best[1]


_BETWEEN = re.compile(r"\s*[,;/|\n]\s*|\s+(?:and|or|vs\.?|versus|with|to|from|&)\s+", re.IGNORECASE)


def _halves(text: str) -> list[tuple[str, str]]:
    """Cut at each word or sign that may stand between two terms, both ways round."""
    if len(text.split()) > MOST_WORDS_OF_TWO:
        return []
    cuts = [(text[: cut.start()], text[cut.end() :]) for cut in _BETWEEN.finditer(text)]
    filled = [(left.strip(), right.strip()) for left, right in cuts if left.strip() and right.strip()]
    return filled + [(right, left) for left, right in filled]


def _cuts(text: str) -> list[tuple[str, str]]:
    words = text.split()
    if not 2 <= len(words) <= MOST_WORDS_OF_TWO:
        return []
    return [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]


def compared_with(live: LiveCourse, term: Term) -> tuple[Term, ...]:
    """Return what a term is easily mixed up with, and what it has been compared with, without saying any twice."""
    mixed_up = [each.term for each in term.confusable]
    written = [other for each in live.course.comparisons if term.id in each.terms for other in each.terms]
    others = dict.fromkeys([*written, *mixed_up])
    return tuple(live.terms[each] for each in others if each != term.id and each in live.terms)


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
    ("tell", "me", "about"),
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


def record_card(tx: Tx, person: int, term_ids: Sequence[str], *, now: datetime) -> None:
    """Remember the cards that a learner opened: what was looked up will be asked later."""
    for term_id in term_ids:
        lookups.record(tx, person, term_id, now=now)


def remember_reading(tx: Tx, chat_id: int, text: str, *, attempt_id: int, term_ids: Sequence[str]) -> None:
    """Remember that a text was read as a question about a term, so that one button can make it the answer."""
    conversations.remember_reading(
        tx, chat_id, {"as": "look-up", "text": text, "attempt": attempt_id, "terms": list(term_ids)}
    )
