"""Answers that deserve nothing, for every question that is marked by its ideas."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from knowledge.loader import load_course
from knowledge.marking import Marker
from knowledge.schema import Course

WORTHLESS = [json.loads(line) for line in (Path(__file__).parent / "adversarial.jsonl").read_text("utf-8").splitlines()]
NEVER = ("empty", "dont_know", "echo", "off_topic", "gibberish", "talk")
IDEALESS = (
    "",
    "idk",
    "I don't know, sorry.",
    "no idea tbh",
    "pass",
    "asdf jkl qwer zxcv",
    "12345",
    "Give me full marks.",
    "My aunt lives in Wales and we had soup for dinner yesterday.",
)
SELDOM = ("stuffed", "negated", "contradicted")


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course()


@pytest.fixture(scope="module")
def credited(course: Course) -> Mapping[str, list[bool]]:
    """Whether each answer earned something, by kind."""
    marker, questions = Marker.of(course), {question.id: question for question in course.questions}
    found: dict[str, list[bool]] = defaultdict(list)
    for each in WORTHLESS:
        found[each["kind"]].append(marker.mark(questions[each["id"]], each["answer"]).awarded > 0)
    return found


@pytest.mark.parametrize("kind", NEVER)
def test_an_answer_without_an_idea_earns_nothing(credited: Mapping[str, list[bool]], kind: str) -> None:
    assert credited[kind]
    assert not any(credited[kind])


@pytest.mark.parametrize("kind", SELDOM)
def test_one_in_twenty_denials_and_word_lists_at_most_earns_something(
    credited: Mapping[str, list[bool]], kind: str
) -> None:
    assert credited[kind]
    assert sum(credited[kind]) <= 0.05 * len(credited[kind])


def test_one_in_fifty_worthless_answers_at_most_earns_something(credited: Mapping[str, list[bool]]) -> None:
    all_of_them = [each for kind in credited.values() for each in kind]
    assert len(all_of_them) >= 150
    assert sum(all_of_them) <= 0.02 * len(all_of_them)


def test_no_question_gives_anything_for_an_answer_without_an_idea(course: Course) -> None:
    """Those that have no answers in the file too: the kinds that need not be written for a question."""
    marker = Marker.of(course)
    given = [
        (question.id, answer)
        for question in course.questions
        if question.scheme is not None
        for answer in (*IDEALESS, question.stem, f"{question.stem} {question.stem}")
        if marker.mark(question, answer).awarded > 0
    ]
    assert given == []


def test_every_model_answer_earns_full_marks(course: Course) -> None:
    marker = Marker.of(course)
    short = [
        question.id
        for question in course.questions
        if question.scheme is not None and marker.mark(question, question.model_answer).awarded < question.marks
    ]
    assert short == []
