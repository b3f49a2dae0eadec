"""The closed questions that ship: how they are spread, that they give nothing away, and that the figures are right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from statistics import mean

import pytest

from bot.domain.practice import Bank, next_question
from knowledge.lint.questions import right_is_longest
from knowledge.loader import load_course
from knowledge.marking import Marker
from knowledge.marking.closed import presented
from knowledge.schema import Case, Question, Table

COURSE = load_course()
MARKER = Marker.of(COURSE)
CASES: Mapping[str, Case] = {case.id: case for case in COURSE.cases}

CLOSED = [question for question in COURSE.questions if question.scheme is None]
CHOICES = [question for question in CLOSED if question.kind == "multiple_choice"]
CALCULATIONS = [question for question in CLOSED if question.kind == "calculation"]
ORDERINGS = [question for question in CLOSED if question.kind in ("order", "match")]
ON_CASES = [question for question in CLOSED if question.case]

each = pytest.mark.parametrize("question", CLOSED, ids=lambda question: question.id)
each_choice = pytest.mark.parametrize("question", CHOICES, ids=lambda question: question.id)

# ----------------------------------------------------------------------------------------------------------- the spread


def test_there_are_enough_of_each_kind() -> None:
    assert len(CHOICES) >= 46
    assert len(CALCULATIONS) >= 21
    assert len(ORDERINGS) >= 7


@pytest.mark.parametrize(
    ("topic", "depths"), [("ci", (9, 9, 2)), ("fb", (3, 3, 1)), ("mi", (4, 3, 1)), ("mq", (3, 3, 1))]
)
def test_choices_are_spread_over_topics_and_depths(topic: str, depths: tuple[int, int, int]) -> None:
    there: Counter[int] = Counter(question.depth for question in CHOICES if question.topic == topic)
    assert all(there[depth] >= wanted for depth, wanted in zip((1, 2, 3), depths, strict=True)), there


def test_every_topic_has_a_calculation_and_something_to_order_or_match() -> None:
    topics = {topic.id for topic in COURSE.topics}
    assert {question.topic for question in CALCULATIONS} == topics
    assert {question.topic for question in ORDERINGS} == topics


FORMULAS = frozenset(
    f"term.{name}"
    for name in (
        "gap-analysis", "pareto-analysis", "cost-benefit", "servqual", "csat", "nps", "ces", "fcr", "aht",
        "first-response-time", "resolution-time", "service-level", "abandonment-rate", "complaint-rate",
        "retention-rate", "churn-rate", "clv", "quality-score", "response-rate", "average", "percentage-change",
        "calibration", "risk-management",
    )
)  # fmt: skip


def test_every_formula_that_learners_need_is_practised_with_fresh_numbers() -> None:
    served = {term for question in CALCULATIONS if question.template for term in question.terms}
    assert served >= FORMULAS


@pytest.mark.parametrize("kind", ["mistake", "mark", "concept", "term", "prior"])
def test_every_item_of_a_kind_is_asked_about_by_a_closed_question(kind: str) -> None:
    asked = {seed for question in CLOSED for seed in question.seeds}
    assert {item.id for item in COURSE.source_items if item.kind == kind} - asked == set()


def test_closed_questions_ask_for_nothing_that_is_not_confirmed() -> None:
    doubtful = {term.id for term in COURSE.terms if not term.confirmed}
    assert [question.id for question in CLOSED if doubtful.intersection(question.terms)] == []


ASKS_THE_LAW = {"q.mq.toaster-day-twelve", "q.mq.lamp-from-the-web", "q.mq.told-to-phone", "q.mi.funny-recording"}


def test_what_the_law_says_is_dated() -> None:
    dated = {question.id for question in CLOSED if "as of" in question.stem}
    assert dated >= ASKS_THE_LAW | {"q.mq.match-law-at-the-desk"}
    for question in CLOSED:
        if "mq.concept.legal" in question.seeds:
            assert question.id in dated


# -------------------------------------------------------------------------------------------------- nothing given away


@each
def test_the_model_answer_earns_full_marks(question: Question) -> None:
    assert MARKER.mark(question, question.model_answer).awarded == question.marks


@each
def test_a_stem_fits_a_phone_and_is_not_negated(question: Question) -> None:
    assert len(question.stem) <= 420
    assert not re.search(r"\b(?:NOT|EXCEPT|which (?:of \w+ )*(?:is|are|does|do) not)\b", question.stem)


@each_choice
def test_choosing_the_right_letter_is_right_and_any_other_is_wrong(question: Question) -> None:
    for letter, option in zip("abcd", question.options, strict=True):
        assert MARKER.mark(question, letter).awarded == (question.marks if option.right else 0)


@each_choice
def test_options_are_of_similar_length(question: Question) -> None:
    lengths = [len(option.text) for option in question.options]
    assert max(lengths) <= 1.7 * min(lengths) or max(lengths) - min(lengths) <= 15


@each_choice
def test_every_option_says_why_in_words_of_its_own(question: Question) -> None:
    reasons = [option.why for option in question.options]
    assert len(set(reasons)) == 4
    assert all(len(reason.split()) >= 5 for reason in reasons)


@each_choice
def test_options_begin_and_end_alike(question: Question) -> None:
    """A lone full stop, quotation mark or small letter would stand out."""
    texts = [option.text for option in question.options]
    assert len({text[0] == '"' for text in texts}) == 1
    assert len({text[-1] in '."' for text in texts}) == 1
    assert not any(text.lstrip('"')[0].islower() for text in texts)


def test_the_longest_option_is_seldom_the_right_one() -> None:
    assert sum(map(right_is_longest, CHOICES)) <= 0.35 * len(CHOICES)


def test_always_taking_the_same_letter_does_not_pay() -> None:
    places = Counter(next(n for n, option in enumerate(question.options) if option.right) for question in CHOICES)
    assert max(places.values()) <= 0.35 * len(CHOICES)
    assert min(places.values()) >= 0.15 * len(CHOICES)


def test_wrong_options_often_show_a_known_misconception() -> None:
    shown = {option.misconception for question in CHOICES for option in question.options if option.misconception}
    assert len(shown) >= 15


@pytest.mark.parametrize("question", ORDERINGS, ids=lambda question: question.id)
def test_what_is_to_be_ordered_or_matched_is_shown_shuffled(question: Question) -> None:
    wanted = question.order or tuple(pair.right for pair in question.pairs)
    assert presented(question) != wanted
    assert len(set(wanted)) == len(wanted)


def test_the_bot_asks_each_of_them() -> None:
    for question in CLOSED:
        assert (
            next_question(Bank.of([question]), {}, today=date(2026, 11, 22), choose=lambda equal: equal[0]) == question
        )


# ------------------------------------------------------------------------------------------------------------ the cases


def test_there_are_eight_cases_from_eight_sectors_and_closed_questions_draw_on_each() -> None:
    assert len(CASES) >= 8
    assert len({case.sector for case in CASES.values()}) >= 8
    assert len(ON_CASES) >= 8
    assert {question.case for question in ON_CASES} == set(CASES)


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.id)
def test_a_case_has_figures_and_words_of_customers(case: Case) -> None:
    assert any(isinstance(cell, int | float) for table in case.tables for row in table.rows for cell in row)
    assert any(column in ("Words", "What was said") for table in case.tables for column in table.columns)


FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


def figures(text: str) -> set[float]:
    return {float(found.rstrip(",").replace(",", "")) for found in FIGURE.findall(text)}


def known(case: Case) -> set[float]:
    """Every figure of a case, what its columns add up to, and the share in percent that one column is of another."""
    found = figures(case.brief)
    for table in case.tables:
        found |= figures(table.title) | {value for column in table.columns for value in figures(column)}
        for row in table.rows:
            numbers = [float(cell) for cell in row if isinstance(cell, int | float)]
            found |= {*numbers, *(value for cell in row if isinstance(cell, str) for value in figures(cell))}
            found |= {round(100 * part / whole, 2) for part in numbers for whole in numbers if whole}
        for place in range(len(table.columns)):
            column = [row[place] for row in table.rows]
            if all(isinstance(cell, int | float) for cell in column):
                found.add(float(sum(cell for cell in column if isinstance(cell, int | float))))
    return found


PLAIN = {1.0, 2.0, 2026.0}
"""Figures that are no data: an article in disguise, the year of a law."""


@pytest.mark.parametrize("question", ON_CASES, ids=lambda question: question.id)
def test_the_figures_of_a_stem_stand_in_its_case(question: Question) -> None:
    assert question.case is not None
    assert figures(question.stem.replace("5 Whys", "")) - known(CASES[question.case]) - PLAIN == set()


def table(case: str, title: str) -> Table:
    return next(table for table in CASES[f"case.{case}"].tables if table.title.startswith(title))


def column(case: str, title: str, name: str) -> list[float]:
    found = table(case, title)
    place = found.columns.index(name)
    return [float(row[place]) for row in found.rows]


def cumulative_of_two() -> float:
    counts = sorted(column("bramble-and-thread", "Complaint log", "Complaints"), reverse=True)
    return 100 * sum(counts[:2]) / sum(counts)


def kept_in_the_third_quarter() -> float:
    start, joined, end = (
        column("millrace-leisure", "Members", name)[2] for name in ("At the start", "Joined", "At the end")
    )
    return 100 * (end - joined) / start


def weighted_call() -> float:
    weights = column("pennine-savers", "Score sheet", "Weight in %")
    marks = column("pennine-savers", "Score sheet", "Mark out of 100")
    assert sum(weights) == 100
    return sum(weight * mark for weight, mark in zip(weights, marks, strict=True)) / 100


def first_contact_in_may() -> float:
    solved = column("skerry-broadband", "Issues", "Solved in the first contact")
    return 100 * sum(solved) / sum(column("skerry-broadband", "Issues", "Raised"))


def mean_wait_of_a_visitor() -> float:
    visitors = column("tarnbrook-desk", "Counter", "Visitors")
    waits = column("tarnbrook-desk", "Counter", "Mean wait in minutes")
    return sum(number * wait for number, wait in zip(visitors, waits, strict=True)) / sum(visitors)


@pytest.mark.parametrize(
    ("question", "worked_out"),
    [
        ("q.ci.bramble-two-causes", cumulative_of_two),
        ("q.ci.millrace-who-stayed", kept_in_the_third_quarter),
        ("q.mi.pennine-weighted-call", weighted_call),
        ("q.mq.skerry-first-contact", first_contact_in_may),
        ("q.mq.tarnbrook-whole-desk", mean_wait_of_a_visitor),
    ],
)
def test_a_result_drawn_from_a_case_follows_from_its_tables(question: str, worked_out: Callable[[], float]) -> None:
    number = next(each.number for each in CALCULATIONS if each.id == question)
    assert number is not None
    assert number.value == pytest.approx(worked_out())


def test_every_calculation_on_a_case_is_worked_out_here() -> None:
    worked_out = {mark.args[1][row][0] for mark in _parametrised() for row in range(len(mark.args[1]))}
    assert {question.id for question in CALCULATIONS if question.case} == worked_out


def _parametrised() -> list[pytest.Mark]:
    return [
        mark
        for mark in test_a_result_drawn_from_a_case_follows_from_its_tables.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    ]


def per_thousand(month: int) -> float:
    complaints = column("bramble-and-thread", "Web orders", "Complaints")[month]
    return 1000 * complaints / column("bramble-and-thread", "Web orders", "Orders")[month]


def test_what_the_choices_on_cases_take_for_granted_is_so() -> None:
    assert (per_thousand(0), per_thousand(2)) == (20, 25)
    raised = column("skerry-broadband", "Issues", "Raised")
    solved = column("skerry-broadband", "Issues", "Solved in the first contact")
    again = [all_of_them - at_once for all_of_them, at_once in zip(raised, solved, strict=True)]
    assert again == [20, 180, 21, 24]
    assert max(again) / sum(again) > 0.7
    booked, missed = (column("larkfield-clinic", "Visits", name) for name in ("Booked", "Missed"))
    assert [100 * part / whole for part, whole in zip(missed, booked, strict=True)] == pytest.approx(
        [12, 10, 7, 6], 0.02
    )
    same = [row[1] == row[2] for row in table("pennine-savers", "The same call").rows]
    assert (len(same), same.count(False)) == (8, 2)
    assert mean(column("pennine-savers", "Score sheet", "Mark out of 100")) == 75
    hoped, got = (column("harbour-cafe", "What 60", name) for name in ("Hoped for", "Got"))
    gaps = {
        row[0]: had - wanted for row, wanted, had in zip(table("harbour-cafe", "What 60").rows, hoped, got, strict=True)
    }
    assert min(gaps, key=lambda name: gaps[name]) == "Tangibles"
    by_month, by_cause = (column("bramble-and-thread", name, "Complaints") for name in ("Web orders", "Complaint log"))
    assert sum(by_month) == sum(by_cause) == 120


def test_a_retelling_of_a_case_agrees_with_itself() -> None:
    """Members at the end of one quarter are those at the start of the next; those who gave up never exceed the calls."""
    start, joined, end = (
        column("millrace-leisure", "Members", name) for name in ("At the start", "Joined", "At the end")
    )
    assert end[:-1] == start[1:]
    assert all(left >= 0 for left in (s + j - e for s, j, e in zip(start, joined, end, strict=True)))
    assert sum(column("millrace-leisure", "How likely", "Replies")) == 200
    assert sum(column("millrace-leisure", "Main reason", "Forms")) == 80
    calls, in_time, gave_up = (
        column("larkfield-clinic", "Reception", name)
        for name in ("Calls that came in", "Answered within 60 seconds", "Callers who gave up")
    )
    assert all(a + b <= c for a, b, c in zip(in_time, gave_up, calls, strict=True))
