"""The course as it is right now: the files, and over them what tutors added. A value; nothing here is global."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from bot.storage import Store, Tx, overlay
from bot.storage.overlay import StoredEntry
from knowledge import overlay as knowledge_overlay
from knowledge.lookup import Index, entries_of
from knowledge.marking import Marker, SafetyNet
from knowledge.schema import Course, Misconception, PlanDay, Question, Term, Tip, Topic


@dataclass(frozen=True)
class LiveCourse:
    """One reading of the course with everything built on it. ``revision`` is the overlay's."""

    course: Course
    revision: int

    @cached_property
    def index(self) -> Index:
        return Index.build(entries_of(self.course))

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

    def at(self, revision: int) -> LiveCourse:
        """Return the same course under another revision, with whatever was built on it."""
        same = LiveCourse(self.course, revision)
        same.__dict__.update({name: value for name, value in self.__dict__.items() if name != "revision"})
        return same

    def warm_up(self) -> None:
        """Build what would otherwise be built when it is first needed."""
        for part in ("safety", "index", "marker"):
            getattr(self, part)

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        return {term.id: term for term in self.course.terms}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of the terms, for buttons."""
        return {term.id: term.name for term in self.course.terms}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.course.questions}

    @cached_property
    def misconceptions(self) -> Mapping[str, Misconception]:
        return {each.id: each for each in self.course.misconceptions}

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.course.topics}

    @cached_property
    def tips(self) -> Mapping[str, Tip]:
        return {tip.id: tip for tip in self.course.tips}

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


@dataclass
class CoursesFromStore:
    """Keeps the built courses, and builds them anew when the overlay's revision moves."""

    store: Store
    base: LiveCourse
    admins: frozenset[int]
    _built: dict[frozenset[int], LiveCourse] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def current(self, revision: int, tutors: Collection[int] = ()) -> LiveCourse:
        """Return the course of a learner whose classes are run by ``tutors``."""
        if revision == self.base.revision == 0:
            return self.base
        key = frozenset(tutors)
        found = self._built.get(key)
        if found is not None and found.revision >= revision:
            return found
        async with self._lock:
            found = self._built.get(key)
            if found is not None and found.revision >= revision:
                return found
            built = await self._build(key)
            self._built[key] = built
            return built

    async def _build(self, tutors: frozenset[int]) -> LiveCourse:
        def read(tx: Tx) -> tuple[int, list[StoredEntry]]:
            return overlay.revision(tx), overlay.live(tx)

        revision, entries = await self.store.read(read)
        for_these = [each for each in entries if self._counts(each, tutors)]
        if not for_these:
            return self.base.at(revision)
        parsed = [knowledge_overlay.entry_from_json(json.dumps(each.entry)) for each in for_these]
        course = knowledge_overlay.apply(self.base.course, parsed)
        return await asyncio.to_thread(LiveCourse.build, course, revision=revision)

    def _counts(self, entry: StoredEntry, tutors: frozenset[int]) -> bool:
        return entry.cohort_id is None or entry.author in self.admins or entry.author in tutors
