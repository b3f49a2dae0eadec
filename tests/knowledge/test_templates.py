"""Calculations with fresh numbers: laws over the templates that ship, and what a broken template says."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import knowledge
from knowledge.arithmetic import ArithmeticProblem, evaluate, holds
from knowledge.export import question_from_export, question_to_export
from knowledge.lint import lint
from knowledge.lint.examples import example_problems
from knowledge.loader import Files, load, load_course
from knowledge.marking import Marker
from knowledge.overlay import Correction, apply, check
from knowledge.schema import Course, Question
from knowledge.templates import OPENING, fill, instantiate

COURSE = load_course()
MARKER = Marker.of(COURSE)
TEMPLATES = [question for question in COURSE.questions if question.template]

templates = st.sampled_from(TEMPLATES)
seeds = st.one_of(st.integers(), st.text(max_size=20))

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


@given(templates, seeds)
def test_every_seed_gives_a_plain_calculation_whose_model_answer_earns_full_marks(
    question: Question, seed: Any
) -> None:
    fresh = instantiate(question, seed)
    assert fresh.template is None
    assert "{" not in fresh.stem + fresh.model_answer
    assert MARKER.mark(fresh, fresh.model_answer).awarded == fresh.marks


@given(templates, seeds)
def test_the_bare_result_is_right_and_each_trap_is_wrong_and_recognised(question: Question, seed: Any) -> None:
    fresh = instantiate(question, seed)
    assert fresh.number is not None
    assert MARKER.mark(fresh, f"{fresh.number.value:g}").awarded == fresh.marks
    for trap, why in fresh.number.traps.items():
        assert abs(float(trap) - fresh.number.value) > fresh.number.tolerance
        result = MARKER.mark(fresh, trap)
        assert result.awarded == 0
        assert result.trap == why


@given(templates, seeds)
def test_no_figure_of_the_stem_is_the_answer_already(question: Question, seed: Any) -> None:
    fresh = instantiate(question, seed)
    assert fresh.number is not None
    for figure in FIGURE.findall(fresh.stem):
        assert MARKER.mark(fresh, figure.rstrip(",")).awarded < fresh.marks


@given(templates, seeds)
def test_no_number_is_silly(question: Question, seed: Any) -> None:
    """What a stem shows has two decimals at most, the result no more than its template says, and nothing is huge."""
    fresh = instantiate(question, seed)
    assert fresh.number is not None
    assert question.template is not None
    for figure in FIGURE.findall(fresh.stem):
        assert len(figure.partition(".")[2]) <= 2
    assert round(fresh.number.value, question.template.decimals) == fresh.number.value
    assert abs(fresh.number.value) < 100_000
    if fresh.number.unit == "%":
        assert 0 < fresh.number.value <= 100


PEOPLE_AND_THINGS = re.compile(
    r"(\d+\.\d+) (?:people|replies|members|customers|callers|calls|emails|orders|complaints|subscribers|families|visitors|points|messages)\b"
)


@given(templates, seeds)
def test_people_and_things_come_in_whole_numbers(question: Question, seed: Any) -> None:
    assert PEOPLE_AND_THINGS.search(instantiate(question, seed).stem) is None


SUM = re.compile(r"(?<![\w.])([\d(£](?:[\d\s(),+\-x/£]|\.(?=\d))*?)\s=\s£?(-?\d[\d,]*(?:\.\d+)?)")


@given(templates, seeds)
def test_every_sum_that_is_written_down_comes_out(question: Question, seed: Any) -> None:
    """To half of the last digit that is shown, so that nobody finds 26.3 - 14.2 = 12.2 in a correction."""
    fresh = instantiate(question, seed)
    assert fresh.number is not None
    for text in (fresh.model_answer, *fresh.number.working):
        for left, right in SUM.findall(text):
            shown = right.rstrip(",").replace(",", "")
            half = 0.5 * 10.0 ** -len(shown.partition(".")[2])
            value = evaluate(re.sub("[£,]", "", left).replace("x", "*"), {})
            assert value == pytest.approx(float(shown), abs=half + 1e-6), text


@given(templates, seeds)
def test_the_same_seed_gives_the_same_numbers(question: Question, seed: Any) -> None:
    assert instantiate(question, seed) == instantiate(question, seed)


@pytest.mark.parametrize("question", TEMPLATES, ids=lambda question: question.id)
def test_numbers_are_fresh(question: Question) -> None:
    assert len({instantiate(question, seed).stem for seed in range(40)}) >= 20


@pytest.mark.parametrize("question", TEMPLATES, ids=lambda question: question.id)
def test_every_named_number_has_a_use(question: Question) -> None:
    template = question.template
    assert template is not None
    texts = [template.stem, template.value, template.model_answer, *template.derive.values(), *template.where]
    for name in (*template.vary, *template.derive):
        assert any(re.search(rf"\b{name}\b", text) for text in texts), name


@pytest.mark.parametrize("question", TEMPLATES, ids=lambda question: question.id)
def test_in_the_course_a_template_stands_with_its_opening_numbers(question: Question) -> None:
    assert instantiate(question, OPENING) == question.model_copy(update={"template": None})


def test_a_question_without_a_template_is_left_as_it_is() -> None:
    plain = next(question for question in COURSE.questions if not question.template)
    assert instantiate(plain, 7) is plain


def test_the_numbers_of_a_seed_are_the_same_on_every_machine_and_for_ever() -> None:
    question = Question.model_validate(NPS)
    assert [instantiate(question, seed).stem for seed in (0, 1, "attempt-7")] == [
        "50 fans, 20 critics, 100 replies.",
        "55 fans, 20 critics, 100 replies.",
        "60 fans, 15 critics, 100 replies.",
    ]


@pytest.mark.parametrize("question", TEMPLATES[:3], ids=lambda question: question.id)
def test_a_template_goes_out_and_comes_back(question: Question) -> None:
    exported = question_to_export(question)
    assert exported["stem"] == question.stem
    assert exported["template"]["stem"] != question.stem
    assert question_from_export(exported) == question


# ------------------------------------------------------------------------------------------------- a template's faults

NPS: dict[str, Any] = {
    "id": "q.ci.nps-small",
    "topic": "ci",
    "kind": "calculation",
    "verb": "calculate",
    "depth": 2,
    "marks": 2,
    "terms": ["term.nps"],
    "origin": "added",
    "hints": {"nudge": "Take one from the other.", "structure": "Show each step."},
    "template": {
        "vary": {"fans": {"low": 50, "high": 60, "step": 5}, "critics": [15, 20]},
        "derive": {"asked": "100"},
        "where": ["critics < fans <= asked"],
        "stem": "{fans} fans, {critics} critics, {asked} replies.",
        "model_answer": "({fans} - {critics}) / {asked} x 100 = {result}",
        "value": "(fans - critics) / asked * 100",
        "working": ["{fans} - {critics}"],
        "traps": [{"value": "fans + critics", "why": "The two were added."}],
    },
}


def changed(**template: Any) -> dict[str, Any]:
    return {**NPS, "template": {**NPS["template"], **template}}


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (changed(value="fans / nobody"), "template: nobody is not given"),
        (changed(value="fans /"), "template: is not arithmetic"),
        (changed(value="fans / (critics - critics)"), "template: divides by zero"),
        (changed(value="__import__('os')"), "only numbers, given names"),
        (changed(where=["fans < 0"]), "template: no choice of numbers meets the conditions"),
        (changed(where=["fans + 1"]), "is no comparison"),
        (changed(traps=[{"value": "fans - critics", "why": "x"}]), "no choice of numbers"),
        (changed(value="fans"), "no choice of numbers"),
        (changed(stem="{fans} and {friends}"), "there is no number of this name"),
        (changed(stem="{fans} and {critics:,}"), "a hole is written"),
        (changed(derive={"asked": "100 / 3"}, where=[]), "more than 2 decimals"),
        (changed(stem="{result} is the answer"), "there is no number of this name"),
        (changed(vary={}), "template.vary"),
        (changed(vary={"fans": {"low": 9, "high": 1}}), "low must not be above high"),
        (changed(vary={"fans": []}), "template.vary.fans"),
        (changed(vary={"Fans": [1]}), "template.vary.Fans"),
        (changed(decimals=5), "template.decimals"),
        ({**NPS, "kind": "order", "order": ["a", "b"]}, "has no numbers for a template"),
        ({**NPS, "stem": "Something else"}, "stem: the template writes it"),
        (changed(stem="{fans} {critics} {asked} " + "so many words " * 60), "stem"),
    ],
)
def test_a_template_that_cannot_work_is_refused_and_says_why(question: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Question.model_validate(question)
    errors = refused.value.errors()
    assert any(problem in f"{'.'.join(map(str, error['loc']))} {error['msg']}" for error in errors), errors


def test_a_fault_inside_a_template_is_reported_alone_and_with_its_line(small_folder: Path) -> None:
    file = small_folder / "questions" / "more.yaml"
    file.write_text(
        "- id: q.ci.broken\n  topic: ci\n  kind: calculation\n  verb: calculate\n  depth: 1\n  marks: 2\n"
        "  origin: added\n  hints: {nudge: a, structure: b}\n"
        "  template:\n    vary: {a: [1, 2]}\n    stem: '{a}'\n    model_answer: '{result}'\n"
        "    value: a * 10\n    decimals: 9\n    working: ['{a} x 10']\n",
        encoding="utf-8",
    )
    [problem] = load(small_folder).problems
    assert (problem.file, problem.line, problem.id) == ("questions/more.yaml", 14, "q.ci.broken")
    assert problem.message.startswith("template.decimals: ")


def test_the_lint_tries_other_numbers_than_the_opening_ones(small: Course) -> None:
    fine = Question.model_validate(NPS)
    assert fine.template is not None
    only_now = [fine.model_copy(update={"template": fine.template.model_copy(update={"where": ("fans < 0",)})})]
    [problem] = lint(small.model_copy(update={"questions": (*small.questions, *only_now)}))
    assert problem.id == "q.ci.nps-small"
    assert problem.message.startswith("template: with seed 0: no choice of numbers")


def test_the_lint_marks_the_model_answer_with_other_numbers_too(small: Course) -> None:
    lucky = Question.model_validate(changed(model_answer="(60 - 20) / 100 x 100 = 40"))
    course = small.model_copy(update={"questions": (lucky,), "misconceptions": (), "safeguarding": None})
    problems = [problem.message for problem in example_problems(course, Files())]
    assert problems
    assert all(problem.startswith("model: ") for problem in problems)


def test_a_correction_cannot_get_lost_behind_a_template(small: Course) -> None:
    course = small.model_copy(update={"questions": (*small.questions, Question.model_validate(NPS))})
    correction = Correction(item="q.ci.nps-small", field="stem", text="Work out the score.")
    assert [problem.message for problem in check(course, [correction])] == [
        "stem: the template writes it; change template.stem instead"
    ]
    assert apply(course, [correction]) == course


def test_the_template_that_the_readme_shows_works() -> None:
    readme = Path(knowledge.__file__).with_name("README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```yaml\n(  template:.*?)```", readme, re.DOTALL)
    question = Question.model_validate({**NPS, **yaml.safe_load(shown)})
    assert {
        MARKER.mark(fresh, fresh.model_answer).awarded for n in range(20) if (fresh := instantiate(question, n))
    } == {2}


# ---------------------------------------------------------------------------------------------------- holes, conditions


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{a} people", "1,250 people"),
        ("{b} points", "4.5 points"),
        ("{b:.2f} pounds", "4.50 pounds"),
        ("{c:.1f} %", "33.3 %"),
        ("{a} and {a}", "1,250 and 1,250"),
        ("none", "none"),
    ],
)
def test_a_hole_is_filled_as_people_write_numbers(text: str, filled: str) -> None:
    assert fill(text, {"a": 1250, "b": 4.5, "c": 100 / 3}) == filled


@pytest.mark.parametrize(
    ("condition", "true"),
    [("1 < a <= 3", True), ("a + 1 == 4", True), ("a > b", False), ("a != 3", False), ("max(a, b) >= 5", True)],
)
def test_a_condition_compares(condition: str, true: bool) -> None:
    assert holds(condition, {"a": 3, "b": 5}) is true


@given(st.text(max_size=40))
def test_whatever_stands_in_a_condition_nothing_else_is_raised(condition: str) -> None:
    with suppress(ArithmeticProblem):
        holds(condition, {"a": 1.0})
