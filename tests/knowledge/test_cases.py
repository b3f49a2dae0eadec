"""Case studies: their shape, the lint on them, and what other programs get of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.export import course_to_export
from knowledge.lint import lint
from knowledge.lint.lock import lock_of
from knowledge.lint.report import report
from knowledge.loader import load
from knowledge.schema import Case, Course

CAFE = """\
- id: case.cafe
  title: Slow plates
  firm: A small cafe, Whitby
  sector: hospitality
  brief: Guests wait. Nobody has counted how long.
  tables:
    - title: Waiting times
      columns: [Table, Minutes]
      rows:
        - ["2", 9]
        - ["5", 11.5]
  terms: [term.nps]
  seeds: [ci.concept.loop]
  origin: added
"""

Said = Callable[[str, str], list[str]]


@pytest.fixture
def with_case(small_folder: Path) -> Path:
    """The small course with a case, on which one question draws."""
    (small_folder / "cases").mkdir()
    (small_folder / "cases" / "cafe.yaml").write_text(CAFE, encoding="utf-8")
    questions = small_folder / "questions" / "ci.yaml"
    questions.write_text(
        questions.read_text(encoding="utf-8").replace(
            "  kind: calculation\n", "  kind: calculation\n  case: case.cafe\n"
        ),
        encoding="utf-8",
    )
    return small_folder


@pytest.fixture
def said(with_case: Path) -> Said:
    """What loader and lint say after one change to the case's file."""

    def change(old: str, new: str) -> list[str]:
        file = with_case / "cases" / "cafe.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        loaded = load(with_case)
        return [str(problem) for problem in (*loaded.problems, *lint(loaded.course, loaded.files))]

    return change


def test_a_case_is_read_from_its_folder(with_case: Path) -> None:
    loaded = load(with_case)
    [case] = loaded.course.cases
    assert loaded.problems == ()
    assert lint(loaded.course, loaded.files) == []
    assert case.tables[0].rows == (("2", 9), ("5", 11.5))
    assert [question.case for question in loaded.course.questions if question.case] == ["case.cafe"]


def test_whole_numbers_stay_whole(with_case: Path) -> None:
    cell = load(with_case).course.cases[0].tables[0].rows[0][1]
    assert isinstance(cell, int)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("term.nps", "term.x", "cases/cafe.yaml:12: case.cafe: terms.0: there is no term.x in terms"),
        ("ci.concept.loop", "ci.x", "cases/cafe.yaml:13: case.cafe: seeds.0: there is no ci.x in source_items"),
        (
            "id: case.cafe",
            "id: case.diner",
            ": q.ci.work-out: case: there is no case.cafe in cases",
        ),
        ("Guests wait.", "Guests wait. " * 75, "brief: at most 900 characters"),
        ('["2", 9]', '["2", 9, 3]', "tables.0: row 1 has 3 cells for 2 columns"),
        ("[Table, Minutes]", "[a, b, c, d, e, f, g]", "tables.0.columns"),
        ("Guests wait.", "Guests analyze.", "case.cafe: brief: American spelling: analyze"),
        ("title: Waiting times", "title: ''", "tables.0.title"),
        ("id: case.cafe", "id: term.nps", "this id is used 2 times: terms, cases"),
    ],
)
def test_one_slip_gives_a_problem_that_says_where_and_what(said: Said, old: str, new: str, problem: str) -> None:
    assert any(problem in line for line in said(old, new)), said


@pytest.mark.parametrize("cell", [None, True, [1], {"a": 1}, ""])
def test_a_cell_is_a_number_or_a_text(cell: Any) -> None:
    table = {"title": "t", "columns": ["a"], "rows": [[cell]]}
    shape = {
        "id": "case.x",
        "title": "x",
        "firm": "x",
        "sector": "x",
        "brief": "x",
        "tables": [table],
        "origin": "added",
    }
    if cell is True:
        assert Case.model_validate(shape).tables[0].rows == ((1,),)
        return
    with pytest.raises(ValidationError):
        Case.model_validate(shape)


def test_cases_go_out_with_the_course_and_come_back(with_case: Path) -> None:
    course = load(with_case).course
    exported = json.loads(json.dumps(course_to_export(course)))
    assert [Case.model_validate(case) for case in exported["cases"]] == list(course.cases)
    assert [question["case"] for question in exported["questions"]] == [None, None, "case.cafe"]


def test_the_id_of_a_case_is_put_on_record(with_case: Path) -> None:
    assert lock_of(load(with_case).course)["case.cafe"].name == "Slow plates"


def test_the_report_counts_cases(with_case: Path) -> None:
    assert "1 cases" in next(report(load(with_case).course))


def test_a_course_may_do_without_cases(small: Course) -> None:
    assert small.cases == ()
