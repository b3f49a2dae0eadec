"""The course that ships, looked at as its editors look at it."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from knowledge.lint import lint
from knowledge.lint.examples import example_problems
from knowledge.lint.lock import FILE, check_lock, read_lock
from knowledge.lint.prose import pieces
from knowledge.loader import DEFAULT_COURSE, Loaded, load
from knowledge.schema import Course


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load()


@pytest.fixture(scope="module")
def course(loaded: Loaded) -> Course:
    return loaded.course


def test_every_file_fits_its_shape(loaded: Loaded) -> None:
    assert [str(problem) for problem in loaded.problems] == []


def test_the_lint_has_nothing_to_say(loaded: Loaded) -> None:
    assert [str(problem) for problem in lint(loaded.course, loaded.files)] == []


def test_no_published_id_has_vanished_and_every_id_is_on_record(course: Course) -> None:
    assert [str(problem) for problem in check_lock(course, read_lock(DEFAULT_COURSE / FILE))] == []


@pytest.mark.slow
def test_every_example_and_model_answer_is_marked_as_its_author_says(loaded: Loaded) -> None:
    assert [str(problem) for problem in example_problems(loaded.course, loaded.files)] == []


def test_the_sources_are_listed_whole(course: Course) -> None:
    assert Counter(item.topic for item in course.source_items) == {"ci": 66, "fb": 19, "mi": 18, "mq": 16}
    assert Counter(item.kind for item in course.source_items) == {
        "concept": 20,
        "tip": 22, "mistake": 22, "mark": 22, "outcome": 10, "term": 11, "plan": 5, "qtype": 4, "prior": 3,
    }  # fmt: skip


@pytest.mark.parametrize("part", ["terms", "questions", "misconceptions", "tips"])
def test_every_topic_has_some_of_everything(course: Course, part: str) -> None:
    assert {item.topic for item in getattr(course, part)} == {topic.id for topic in course.topics}


def test_the_plan_has_fourteen_days_and_a_fast_track_of_seven(course: Course) -> None:
    assert len(course.plan) == 14
    assert len(course.fast_track) == 7


def test_only_one_topic_is_called_by_a_qualification(course: Course) -> None:
    assert {topic.id for topic in course.topics if topic.qualification} == {"ci"}


def test_nothing_else_speaks_of_an_awarding_body_or_an_examiner(course: Course) -> None:
    said = re.compile(r"(?i)\b(?:pearson|examiners?)\b")
    named = {piece.item for piece in pieces(course) if said.search(piece.text) and piece.kind != "references"}
    assert named <= {"ci"}
