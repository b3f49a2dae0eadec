"""Look-ups that found nothing: noting them without the person, and a tutor saying what was meant."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from bot.application.live_course import LiveCourse
from bot.application.look_up_term import OFFERED, Found, NotInCourse, SideBySide
from bot.domain.errors import Gone
from bot.domain.missed import kept_question, key_of, without_masks
from bot.storage import Tx, cohorts, missed, overlay
from bot.storage.missed import ANSWERED, DISMISSED, Missed
from bot.storage.roles import Tutor
from knowledge.overlay import AskedAs
from knowledge.schema import Term

PAGE = 8
"""Missed look-ups shown at a time."""
_PAIR = "="
"""Begins the key of a comparison: no key of words does."""


@dataclass(frozen=True, slots=True)
class Miss:
    """What may be noted of a look-up that found nothing: masked words, or two terms that nobody has compared."""

    key: str
    text: str | None = None
    terms: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of what two people or more looked for and did not find."""

    shown: Sequence[Missed]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A tutor has said what was meant. ``classes`` is the number of classes it counts in, None for everybody."""

    missed: Missed
    line: str
    term: Term
    classes: int | None


def miss_of(live: LiveCourse, outcome: Found) -> Miss | None:
    """Return what to note of an outcome; None where something was found, or nothing of the words may be kept."""
    match outcome:
        case NotInCourse(asked=asked):
            return miss_of_words(live, asked)
        case SideBySide(first=first, second=second, comparison=None):
            terms = (first.id, second.id)
            return Miss(f"{_PAIR} {' '.join(sorted(terms))}", terms=terms)
    return None


def miss_of_words(live: LiveCourse, text: str) -> Miss | None:
    """Return what to note of words that found nothing, or nothing that was meant. Words of harm are never noted."""
    kept = kept_question(text, live.vocabulary)
    if kept is None or (live.safety is not None and live.safety.concerns(text)):
        return None
    return Miss(key_of(kept, live.vocabulary), text=kept)


def note(tx: Tx, miss: Miss | None, *, person: int, asker_key: bytes, now: datetime) -> None:
    """Note a look-up that found nothing."""
    if miss is not None:
        mark = partial(_mark, asker_key, person)
        missed.note(tx, miss.key, text=miss.text, terms=miss.terms, mark=mark, now=now)


def _mark(asker_key: bytes, person: int, key: str) -> str:
    """Return what tells two askers of the same words apart, and tells nothing to anyone without ``asker_key``."""
    return hmac.new(asker_key, f"{person} {key}".encode(), sha256).hexdigest()[:32]


def forget_asker(tx: Tx, person: int, *, asker_key: bytes) -> None:
    """Delete the missed look-ups that this person alone asked for."""
    missed.forget_asker(tx, partial(_mark, asker_key, person))


def waiting(tx: Tx, *, page: int) -> Waiting:
    """Return a page of what waits for a tutor, the nearest page where there is no such."""
    total = missed.count_shown(tx)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 0), pages - 1)
    return Waiting(missed.shown(tx, offset=page * PAGE, limit=PAGE), total, page, pages)


def find(tx: Tx, missed_id: int) -> Missed:
    """Return one that waits for a tutor. Gone where somebody has dealt with it, or its time was over."""
    return _there(missed.get(tx, missed_id))


def _there(found: Missed | None) -> Missed:
    if found is None:
        raise Gone("missed")
    return found


def suggestions(live: LiveCourse, text: str) -> tuple[Term, ...]:
    """Return the terms that come nearest in name or in meaning, even where none is near enough for a learner."""
    words = without_masks(text)
    by_id = {match.term_id: None for match in live.index.find(words, OFFERED)}
    guessed = sorted(live.index.compared(words).found, key=lambda found: -found.odds)
    by_id |= {live.course.terms[found.term].id: None for found in guessed}
    return tuple(live.terms[each] for each in by_id)[:OFFERED]


def answer(tx: Tx, live: LiveCourse, missed_id: int, term_id: str, *, by: Tutor, now: datetime) -> Answered:
    """Add an "asked as" line: for the tutor's classes, an admin's for everybody."""
    found = _there(missed.get(tx, missed_id, lock=True))
    term = live.terms.get(term_id)
    if term is None or found.text is None:
        raise Gone("term")
    key = key_of(found.text, live.vocabulary)
    line = without_masks(found.text) if " " in key else key
    entry_id = overlay.add(
        tx,
        entry=AskedAs(term=term_id, line=line).model_dump(mode="json"),
        author=by.chat_id,
        cohort_id=None if by.admin else overlay.OWN_CLASSES,
        now=now,
    )
    missed.settle(tx, missed_id, ANSWERED, entry_id=entry_id, now=now)
    return Answered(found, line, term, None if by.admin else len(cohorts.of_tutor(tx, by.chat_id)))


def take_back(tx: Tx, missed_id: int, *, by: Tutor, now: datetime) -> Missed:
    """Undo an answer: the line goes, and the question waits again. Gone where it is not this tutor's to undo."""
    entry_id = missed.entry_of(tx, missed_id)
    entry = next((each for each in overlay.live(tx) if each.id == entry_id), None)
    if entry is None or not (by.admin or entry.author == by.chat_id):
        raise Gone("missed")
    overlay.undo(tx, entry.id, now=now)
    missed.reopen(tx, missed_id)
    return find(tx, missed_id)


def dismiss(tx: Tx, missed_id: int, *, now: datetime) -> Missed:
    """Take one off the list for good: it does not belong to this unit."""
    found = _there(missed.get(tx, missed_id, lock=True))
    missed.settle(tx, missed_id, DISMISSED, entry_id=None, now=now)
    return found
