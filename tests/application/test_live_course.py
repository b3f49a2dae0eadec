"""What tutors add is live at once, for whom it is meant, and can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.application.live_course import CoursesFromStore, LiveCourse
from bot.storage import Store, overlay
from knowledge.loader import load_course

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SMALL = Path(__file__).resolve().parents[1] / "delivery" / "small_course"
ADMIN, TUTOR, OTHER = 1, 2, 3
LINE = {"kind": "asked_as", "term": "term.baseline", "line": "how tall was the hedge before we trimmed it"}


@pytest.fixture
def courses(store: Store) -> CoursesFromStore:
    """The courses of a store that holds no additions yet."""
    return CoursesFromStore(store, LiveCourse.build(load_course(SMALL), revision=0), admins=frozenset({ADMIN}))


async def lines(courses: CoursesFromStore, store: Store, *tutors: int) -> list[str]:
    """Return the ways of asking for a baseline that a learner of some tutors has."""
    revision = await store.read(overlay.revision)
    live = await courses.current(revision, tutors)
    return list(live.terms["term.baseline"].asked_as)


async def add(store: Store, *, author: int, cohort_id: int | None) -> int:
    """Add the line."""
    return await store.write(lambda tx: overlay.add(tx, entry=LINE, author=author, cohort_id=cohort_id, now=NOW))


async def test_without_additions_the_course_is_the_files(courses: CoursesFromStore, store: Store) -> None:
    assert await lines(courses, store) == []


async def test_an_admins_addition_is_live_for_everybody(courses: CoursesFromStore, store: Store) -> None:
    await add(store, author=ADMIN, cohort_id=7)
    assert await lines(courses, store, OTHER) == [LINE["line"]]


async def test_a_tutors_addition_is_live_for_their_own_classes(courses: CoursesFromStore, store: Store) -> None:
    await add(store, author=TUTOR, cohort_id=7)
    assert await lines(courses, store, TUTOR) == [LINE["line"]]
    assert await lines(courses, store, OTHER) == []


async def test_undo_brings_back_what_was_there(courses: CoursesFromStore, store: Store) -> None:
    number = await add(store, author=ADMIN, cohort_id=None)
    assert await lines(courses, store) == [LINE["line"]]
    assert await store.write(lambda tx: overlay.undo(tx, number, now=NOW))
    assert not await store.write(lambda tx: overlay.undo(tx, number, now=NOW))
    assert await lines(courses, store) == []
