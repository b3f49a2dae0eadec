"""The course as it is right now: the files, and over them what tutors added. A value; nothing here is global."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from bot.domain.missed import key_of
from bot.domain.practice import Bank
from bot.storage import Store, Tx, overlay
from bot.storage.overlay import StoredEntry
from knowledge import overlay as knowledge_overlay
from knowledge.lookup import Index
from knowledge.lookup.normalise import words_of
from knowledge.marking import Marker, SafetyNet
from knowledge.overlay import Entry, entry_from_json
from knowledge.schema import Case, Course, Figure, Misconception, PlanDay, Question, RolePlay, Term, Tip, Topic

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LiveCourse:
    """One reading of the course with everything built on it. ``revision`` is the overlay's."""

    course: Course
    revision: int

    @cached_property
    def index(self) -> Index:
        return Index.of(self.course)

    @cached_property
    def marker(self) -> Marker:
        return Marker.of(self.course)

    @cached_property
    def safety(self) -> SafetyNet | None:
        care = self.course.safeguarding
        return None if care is None else SafetyNet.of(care, self.course.lexicon)

    @classmethod
    def build(cls, course: Course, *, revision: int) -> LiveCourse:
        """Build look-up and marker now; takes a fraction of a second, so not on the event loop."""
        live = cls(course, revision)
        live.warm_up()
        return live

    def warm_up(self) -> None:
        """Build what would otherwise be built when it is first needed."""
        for part in ("safety", "index", "marker", "asked", "bank"):
            getattr(self, part)
        self.index.find("servic")  # an unknown word: the English words are sorted by length at the first of them

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        return {term.id: term for term in self.course.terms}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of the terms, for buttons."""
        return {term.id: term.name for term in self.course.terms}

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        return {figure.id: figure for figure in self.course.figures}

    @cached_property
    def pictures(self) -> Mapping[str, Figure]:
        """The figures that belong on cards, by the ids of their terms."""
        return {term: figure for figure in self.course.figures for term in figure.terms}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.course.questions}

    @cached_property
    def bank(self) -> Bank:
        """Every question, to choose the next one from."""
        return Bank.of(self.course.questions)

    @cached_property
    def cases(self) -> Mapping[str, Case]:
        return {case.id: case for case in self.course.cases}

    @cached_property
    def misconceptions(self) -> Mapping[str, Misconception]:
        return {each.id: each for each in self.course.misconceptions}

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.course.topics}

    @cached_property
    def tips(self) -> Mapping[str, Tip]:
        return {tip.id: tip for tip in self.course.tips}

    @cached_property
    def roleplays(self) -> Mapping[str, RolePlay]:
        return {play.id: play for play in self.course.roleplays}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of all names, aliases and abbreviations, as look-up reads words."""
        return frozenset(word for _, words in self.spellings for word in words)

    @cached_property
    def spellings(self) -> Sequence[tuple[Term, tuple[str, ...]]]:
        """Every way of writing each term, as the words that look-up reads, names first."""
        forms = [
            (term, form)
            for term in self.course.terms
            for form in (term.name, *term.abbreviations, *term.aliases, *term.suggest_only)
        ]
        return [(term, tuple(words_of(form))) for term, form in forms]

    @cached_property
    def asked(self) -> Mapping[str, Sequence[str]]:
        """What stands in "asked as" lines, by what two askers of the same share -> ids of the terms meant."""
        meant: dict[str, dict[str, None]] = {}
        for term in self.course.terms:
            for line in term.asked_as:
                key = key_of(line, self.vocabulary)
                if " " in key or [key] == words_of(line):  # one word of a sentence is not what was asked
                    meant.setdefault(key, {})[term.id] = None
        return {key: tuple(terms) for key, terms in meant.items()}

    def plan_days(self, day: int, *, fast: bool) -> Sequence[PlanDay]:
        """Return the plan day, or on the fast track the pair of days, that day number ``day`` stands for."""
        if not fast:
            return [each for each in self.course.plan if each.day == day]
        pairs = [each.covers for each in self.course.fast_track if each.day == day]
        return [each for each in self.course.plan if any(each.day in pair for pair in pairs)]


class Courses(Protocol):
    """Whoever knows the course as it is for a learner."""

    async def current(self, revision: int, tutors: Collection[int] = ()) -> LiveCourse:
        """Return the course at least as new as ``revision``, with what ``tutors`` added for their classes."""


BUILT = 24
"""Courses with additions that are kept built. Past that, the one that was needed longest ago is built anew."""


@dataclass(frozen=True)
class _Additions:
    """Every addition that counts, as it was read at ``revision``."""

    revision: int
    entries: tuple[StoredEntry, ...]

    @cached_property
    def authors(self) -> frozenset[int]:
        return frozenset(each.author for each in self.entries if each.author is not None)


@dataclass
class CoursesFromStore:
    """Keeps the built courses, and builds them anew when the overlay's revision moves.

    Classes for which the same additions count share one course.
    """

    store: Store
    base: LiveCourse
    admins: frozenset[int]
    _additions: _Additions = _Additions(0, ())
    _of_tutors: dict[frozenset[int], LiveCourse] = field(default_factory=dict)
    """For the revision that was read last: tutors who added something -> the course of their classes."""
    _built: dict[tuple[int, ...], LiveCourse] = field(default_factory=dict)
    """Ids of additions -> the course with them in, the one that was needed last at the end."""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def current(self, revision: int, tutors: Collection[int] = ()) -> LiveCourse:
        """Return the course of a learner whose classes are run by ``tutors``."""
        if revision == self.base.revision == 0:
            return self.base
        if (found := self._known(revision, tutors)) is not None:
            return found
        async with self._lock:
            if (found := self._known(revision, tutors)) is not None:
                return found
            if self._additions.revision < revision:
                self._additions = await self.store.read(_read)
                self._of_tutors.clear()
            authors = self._additions.authors.intersection(tutors)
            self._of_tutors[authors] = await self._course(authors)
            return self._of_tutors[authors]

    async def replace_base(self, base: LiveCourse) -> None:
        """Let the course be another reading of its files from now on; what tutors added is put over it anew."""
        async with self._lock:
            self.base = base
            self._of_tutors.clear()
            self._built.clear()

    def _known(self, revision: int, tutors: Collection[int]) -> LiveCourse | None:
        if self._additions.revision < revision:
            return None
        return self._of_tutors.get(self._additions.authors.intersection(tutors))

    async def _course(self, tutors: frozenset[int]) -> LiveCourse:
        counting = [each for each in self._additions.entries if self._counts(each, tutors)]
        if not counting:
            return self.base
        key = tuple(each.id for each in counting)
        found = self._built.pop(key, None)
        if found is None:
            found = await asyncio.to_thread(self._build, counting, self._additions.revision)
        self._built[key] = found
        if len(self._built) > BUILT:
            del self._built[next(iter(self._built))]
            self._of_tutors.clear()
        return found

    def _build(self, entries: Sequence[StoredEntry], revision: int) -> LiveCourse:
        parsed = readable(entries)
        course = self.base.course
        changed = knowledge_overlay.apply(course, knowledge_overlay.unreviewed(course, parsed))
        built = LiveCourse(changed, revision)
        if changed.questions is course.questions and changed.misconceptions is course.misconceptions:
            built.__dict__["marker"] = self.base.marker  # marking knows no terms and no tips
        built.__dict__["safety"] = self.base.safety
        built.warm_up()
        return built

    def _counts(self, entry: StoredEntry, tutors: Collection[int]) -> bool:
        return entry.cohort_id is None or entry.author in self.admins or entry.author in tutors


def readable(entries: Sequence[StoredEntry]) -> list[Entry]:
    """Read additions. One that this version cannot read is left out: it must not keep the course from everybody."""
    parsed = []
    for each in entries:
        try:
            parsed.append(entry_from_json(json.dumps(each.entry)))
        except ValueError:
            log.warning("addition %d cannot be read by this version and is left out", each.id)
    return parsed


def _read(tx: Tx) -> _Additions:
    return _Additions(overlay.revision(tx), tuple(overlay.live(tx)))
