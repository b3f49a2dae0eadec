"""Learners' sentences that hold a misconception, and others that nearly do. The authors' own: no blind figure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.loader import load_course
from knowledge.marking import Marker
from knowledge.schema import Course

FILE = Path(__file__).parent / "misconceptions.jsonl"
SENTENCES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
STRANGERS = [
    json.loads(line) for line in FILE.with_name("misconceptions-strangers.jsonl").read_text("utf-8").splitlines()
]
"""By somebody who had seen the beliefs only. Those of three topics were worked with, those of improvement were not."""
PRECISION = 0.95
RECALL = 0.70
"""Fewer are found than could be: who is told of a misconception that is not theirs learns something false."""


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course()


def test_a_misconception_is_found_where_it_is_held_and_not_where_it_nearly_is(course: Course) -> None:
    marker = Marker.of(course)
    look = {each.id: marker.misconception_finder(each) for each in course.misconceptions}
    found = [each["holds"] for each in SENTENCES if look[each["id"]](each["text"]) is not None]
    assert sum(found) >= PRECISION * len(found)
    assert sum(found) >= RECALL * sum(each["holds"] for each in SENTENCES)


def test_every_misconception_has_sentences_of_both_kinds(course: Course) -> None:
    tried = {(each["id"], each["holds"]) for each in SENTENCES}
    assert tried >= {(each.id, holds) for each in course.misconceptions for holds in (True, False)}


def test_who_earns_half_the_marks_is_not_said_to_hold_one(course: Course) -> None:
    marker, questions = Marker.of(course), {each.id: each for each in course.questions}
    question = questions["q.mq.beyond-sales-and-seconds"]
    belief = "If sales are high then customers must be happy."
    assert marker.mark(question, belief).misconceptions
    told = marker.mark(question, f"{question.model_answer} {belief}")
    assert told.awarded == question.marks
    assert not told.misconceptions


def test_in_the_rounds_nobody_is_accused_who_earned_half_the_marks_by_hand(course: Course) -> None:
    marker, questions = Marker.of(course), {each.id: each for each in course.questions}
    accused = 0
    for path in (FILE.parent / "rounds").glob("[0-9]*.jsonl"):
        for ruled in map(json.loads, path.read_text("utf-8").splitlines()):
            question = questions[ruled["id"]]
            if question.scheme is None or not question.scheme.misconceptions:
                continue
            worth = {point.id: point.marks for point in question.scheme.points}
            earned = sum(worth[point] for point, due in ruled["points"].items() if due)
            accused += earned >= question.marks / 2 and bool(marker.mark(question, ruled["answer"]).misconceptions)
    assert accused <= 2


def test_of_a_strangers_sentences_no_fewer_are_found_than_before(course: Course) -> None:
    marker = Marker.of(course)
    look = {each.id: marker.misconception_finder(each) for each in course.misconceptions}
    found = [each["holds"] for each in STRANGERS if look[each["id"]](each["text"]) is not None]
    assert sum(found) >= 0.36 * sum(each["holds"] for each in STRANGERS)
    assert sum(found) >= 0.95 * len(found)
