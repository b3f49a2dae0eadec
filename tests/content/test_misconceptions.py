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
PRECISION = 0.95
RECALL = 0.80


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
