from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge.export import course_to_export, question_from_export, question_to_export
from knowledge.schema import Course


def test_a_course_goes_out_as_json_with_all_its_parts(small: Course) -> None:
    exported = json.loads(json.dumps(course_to_export(small)))
    assert {
        "id", "name", "marking_language", "topics", "bank", "terms", "comparisons", "questions", "cases", "figures", "misconceptions", "lexicon", "tips", "plan",
        "fast_track", "roleplays", "sources", "references", "safeguarding", "ambiguous", "subjects",
    } == set(exported)  # fmt: skip
    assert [term["id"] for term in exported["terms"]] == ["term.pdca", "term.nps"]
    assert len(exported["sources"]) == len(small.source_items)


def test_a_question_shows_its_points_at_the_top(small: Course) -> None:
    exported = {question["id"]: question for question in course_to_export(small)["questions"]}
    [point] = exported["q.ci.why-loop"]["points"]
    assert (point["id"], point["idea"]) == ("ongoing", "You say that improving does not stop.")
    assert exported["q.ci.why-loop"]["misconceptions"] == ["mc.ci.once"]
    assert exported["q.ci.which-score"]["points"] == []


def test_every_question_comes_back_as_it_was(small: Course) -> None:
    for question in small.questions:
        assert question_from_export(json.loads(json.dumps(question_to_export(question)))) == question


def test_a_question_in_the_form_of_the_files_is_read_too(small: Course) -> None:
    for question in small.questions:
        assert question_from_export(question.model_dump(mode="json")) == question


def test_what_is_no_question_is_refused() -> None:
    with pytest.raises(ValidationError):
        question_from_export({"id": "q.x", "points": []})


def test_reading_back_leaves_the_exported_object_alone(small: Course, tmp_path: Path) -> None:
    exported = question_to_export(small.questions[0])
    before = json.dumps(exported)
    question_from_export(exported)
    assert json.dumps(exported) == before
