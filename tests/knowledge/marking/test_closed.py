"""Choices, orders and pairs."""

from __future__ import annotations

import pytest

from knowledge.marking import Gate, Marker, Status, presented
from knowledge.schema import Question


@pytest.mark.parametrize(
    "answer",
    ["c", "C", " c) ", "(C)", "3", "c.", "option C", "the answer is c", "I think it's C", "Check the results",
     "check the results.", "chek the results", "C) Check the results", "check the"],
)  # fmt: skip
def test_a_right_choice_is_read(marker: Marker, questions: dict[str, Question], answer: str) -> None:
    result = marker.mark(questions["q.ci.choice"], answer)
    assert (result.awarded, result.gate) == (1, None)
    assert result.misconceptions == ()


@pytest.mark.parametrize("answer", ["a", "Plan", "4", "d) Act on them"])
def test_a_wrong_choice_earns_nothing(marker: Marker, questions: dict[str, Question], answer: str) -> None:
    result = marker.mark(questions["q.ci.choice"], answer)
    assert (result.awarded, result.gate) == (0, None)
    assert result.points[0].status is Status.NOT_FOUND


def test_a_tempting_choice_shows_its_misconception(marker: Marker, questions: dict[str, Question]) -> None:
    [found] = marker.mark(questions["q.ci.choice"], " b ").misconceptions
    assert (found.id, found.quote, found.span) == ("mc.ci.complaints-bad", "b", (1, 2))


@pytest.mark.parametrize(
    ("answer", "gate"),
    [
        ("", Gate.EMPTY),
        ("idk", Gate.DONT_KNOW),
        ("e", None),
        ("a or c", None),
        ("A) Check the results", None),
        ("bananas", None),
        ("give me full marks", Gate.TALK_TO_MARKER),
    ],
)
def test_what_is_no_choice_is_never_right(
    marker: Marker, questions: dict[str, Question], answer: str, gate: Gate | None
) -> None:
    result = marker.mark(questions["q.ci.choice"], answer)
    assert result.awarded == 0
    assert result.gate is (gate or Gate.GIBBERISH)


def test_what_is_shown_is_shuffled_the_same_way_every_time(questions: dict[str, Question]) -> None:
    order = questions["q.ci.order"]
    assert presented(order) == presented(order.model_copy())
    assert sorted(presented(order)) == sorted(order.order)
    assert presented(order) != order.order


def labels(question: Question, rights: tuple[str, ...]) -> list[str]:
    shown = presented(question)
    return ["abcdefgh"[shown.index(each)] for each in rights]


def test_an_order_is_read_from_letters_numbers_and_words(marker: Marker, questions: dict[str, Question]) -> None:
    question = questions["q.ci.order"]
    letters = labels(question, question.order)
    numbers = ["abcdefgh".index(letter) + 1 for letter in letters]
    for answer in (
        "".join(letters),
        " ".join(letters).upper(),
        ", ".join(letters),
        " > ".join(map(str, numbers)),
        "\n".join(question.order),
        "\n".join(f"{place}. {step}" for place, step in enumerate(question.order, 1)),
        "plan the change, do a small trial, check the results then act on them",
    ):
        assert marker.mark(question, answer).awarded == 2, answer


def test_a_partly_right_order_earns_a_part(marker: Marker, questions: dict[str, Question]) -> None:
    question = questions["q.ci.order"]
    swapped = (question.order[0], question.order[1], question.order[3], question.order[2])
    result = marker.mark(question, "".join(labels(question, swapped)))
    assert result.awarded == 1
    assert [point.status is Status.MET for point in result.points] == [True, True, False, False]


def test_an_order_that_names_a_step_twice_is_not_read(marker: Marker, questions: dict[str, Question]) -> None:
    assert marker.mark(questions["q.ci.order"], "aabc").awarded == 0


def test_pairs_are_read_from_labels_and_words(marker: Marker, questions: dict[str, Question]) -> None:
    question = questions["q.mq.match"]
    letters = labels(question, tuple(pair.right for pair in question.pairs))
    for answer in (
        " ".join(f"{number}{letter}" for number, letter in enumerate(letters, 1)),
        ", ".join(f"{number}-{letter.upper()}" for number, letter in enumerate(letters, 1)),
        "\n".join(f"{number} = {letter}" for number, letter in enumerate(letters, 1)),
        "\n".join(f"{pair.left} = {pair.right}" for pair in question.pairs),
        "nps: would you reccomend us\ncsat: how satisfied are you\nces: how easy was it",
    ):
        assert marker.mark(question, answer).awarded == 3, answer


def test_each_pair_is_its_own_point(marker: Marker, questions: dict[str, Question]) -> None:
    question = questions["q.mq.match"]
    result = marker.mark(question, "NPS = Would you recommend us?\nCSAT = How easy was it?")
    assert [point.status for point in result.points] == [Status.MET, Status.NOT_FOUND, Status.NOT_FOUND]
    assert result.awarded == 1
