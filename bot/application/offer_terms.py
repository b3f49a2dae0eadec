"""Terms as somebody types: what begins like the text, best first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.live_course import LiveCourse
from bot.application.look_up_term import PAIR, SideBySide, side_by_side
from bot.storage import Tx, cohorts, overlay, roles
from knowledge.lookup import UNSURE
from knowledge.lookup.normalise import words_of
from knowledge.schema import Term

MOST = 150
"""Terms offered for one text, over all pages."""


def offer(live: LiveCourse, text: str) -> Sequence[Term | SideBySide]:
    """Return what a text could become: terms whose name it begins, then those that are near. Without words, all.

    "serv rec" begins Service recovery: every word begins one, in order. Two terms that are compared come first.
    """
    if not text.strip():
        return _useful_first(live)
    words = words_of(text)
    if not words:
        return ()
    offered: dict[str, Term] = {}
    begun = live.index.prefix(text, MOST)
    sure = [match.term_id for match in begun if match.score >= UNSURE]
    offered |= {each: live.terms[each] for each in sure}
    offered |= {term.id: term for term, spelling in live.spellings if _begins(words, spelling)}
    pair = live.index.find_pair(text)
    if pair is not None and min(pair.first.score, pair.second.score) >= PAIR:
        return (side_by_side(live, pair.first.term_id, pair.second.term_id), *list(offered.values())[: MOST - 1])
    return tuple(offered.values())[:MOST]


def _begins(words: Sequence[str], spelling: Sequence[str]) -> bool:
    """Tell whether each word begins a word of a spelling, in order."""
    at = 0
    for word in words:
        while at < len(spelling) and not spelling[at].startswith(word):
            at += 1
        if at == len(spelling):
            return False
        at += 1
    return True


def _useful_first(live: LiveCourse) -> Sequence[Term]:
    """Return the terms of the plan in its order, which is the order of learning, then the others from A to Z."""
    planned = dict.fromkeys(term for day in live.course.plan for term in day.terms if term in live.terms)
    others = sorted((term for term in live.course.terms if term.id not in planned), key=lambda term: term.name.lower())
    return (*(live.terms[each] for each in planned), *others)


def scope_of(tx: Tx, person: int, *, classes_only: bool) -> tuple[int, frozenset[int]] | None:
    """Return the overlay's revision and the tutors whose additions count for somebody; None where they may not come in.

    The classes are read only where something depends on them.
    """
    revision = overlay.revision(tx)
    if not (revision or classes_only):
        return revision, frozenset()
    tutors = frozenset(each.tutor_id for each in cohorts.of_learner(tx, person))
    if classes_only and not tutors and roles.role_of(tx, person) is None:
        return None
    return revision, tutors | {person}
