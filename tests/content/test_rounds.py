"""Agreement with people's marks on answers that were written without sight of the phrases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.loader import load_course
from knowledge.marking import Marker, Status

ROUNDS = sorted((Path(__file__).parent / "rounds").glob("*.jsonl"))


@pytest.mark.parametrize("path", ROUNDS, ids=lambda path: path.stem)
def test_marking_agrees_with_people_no_less_than_it_did(path: Path) -> None:
    course = load_course()
    marker, questions = Marker.of(course), {question.id: question for question in course.questions}
    right = given = due = 0
    for line in path.read_text("utf-8").splitlines():
        labelled = json.loads(line)
        result = marker.mark(questions[labelled["id"]], labelled["answer"])
        for point in result.points:
            met, earned = point.status is Status.MET, labelled["points"][point.id]
            right += met and earned
            given += met
            due += earned
    assert right / given >= 0.80, "point precision"
    assert right / due >= 0.83, "point recall"
