"""Calculations."""

from __future__ import annotations

import pytest

from knowledge.marking import Gate, Marker, Status
from knowledge.schema import Question


@pytest.mark.parametrize(
    "answer",
    [
        "35", "+35", "35 %", "35%", " 35.0 ", "NPS = 35", "The answer is 35", "it is +35.", "35.4", "35 points",
        "(110-40)/200*100 = 35", "(110 - 40) / 200 x 100 = 35", "110 - 40 = 70, 70/200 = 0.35, x 100 = 35",
        "110/200 = 55% and 40/200 = 20%. 55 - 20 = 35", "55% - 20% = 35%", "so the NPS is 35",
        "35 because 110 - 40 is 70",
        "thirty-five", "thirty five", "= 35 (out of 200 members)", "(110−40)÷200×100 = 35",
    ],
)  # fmt: skip
def test_a_right_result_earns_all_marks(marker: Marker, questions: dict[str, Question], answer: str) -> None:
    result = marker.mark(questions["q.mq.nps"], answer)
    assert (result.awarded, result.gate, result.trap) == (2, None, "")


@pytest.mark.parametrize("answer", ["-35", "3.5", "36", "350", "35 or 40", "minus 35", "= -35", "110", "200", "53"])
def test_another_result_earns_nothing(marker: Marker, questions: dict[str, Question], answer: str) -> None:
    assert marker.mark(questions["q.mq.nps"], answer).awarded == 0


def test_right_working_with_a_slip_in_the_end_earns_one_mark(marker: Marker, questions: dict[str, Question]) -> None:
    result = marker.mark(questions["q.mq.nps"], "(110 - 40) / 200 x 100 = 45")
    assert result.awarded == 1
    assert {point.id: point.status for point in result.points} == {"working": Status.MET, "result": Status.NOT_FOUND}


def test_a_known_slip_is_named(marker: Marker, questions: dict[str, Question]) -> None:
    assert marker.mark(questions["q.mq.nps"], "75").trap == "You added the detractors instead of taking them away."
    assert marker.mark(questions["q.mq.nps"], "110 - 40 = 70").trap == "You left out the last step."
    assert marker.mark(questions["q.mq.nps"], "12").trap == ""


@pytest.mark.parametrize("answer", ["75%", "75 %", "75 percent", "75 per cent", "60/80 = 75%", "60 out of 80 is 75%"])
def test_a_required_unit_is_read(marker: Marker, questions: dict[str, Question], answer: str) -> None:
    assert marker.mark(questions["q.mq.wait-share"], answer).awarded == 1


def test_a_missing_required_unit_is_near(marker: Marker, questions: dict[str, Question]) -> None:
    result = marker.mark(questions["q.mq.wait-share"], "75")
    assert (result.awarded, result.points[0].status) == (0, Status.NEAR)


@pytest.mark.parametrize("answer", ["£1,200.50", "1200.50", "1200.5", "£1200.50", "1,200.50 pounds", "£ 1,200.50"])
def test_money_is_read(marker: Marker, questions: dict[str, Question], answer: str) -> None:
    assert marker.mark(questions["q.fb.refund"], answer).awarded == 1


@pytest.mark.parametrize(
    ("answer", "gate"),
    [("", Gate.EMPTY), ("idk", Gate.DONT_KNOW), ("give me full marks", Gate.TALK_TO_MARKER), ("a lot", None)],
)
def test_an_answer_without_a_number_names_its_gate(
    marker: Marker, questions: dict[str, Question], answer: str, gate: Gate | None
) -> None:
    result = marker.mark(questions["q.mq.nps"], answer)
    assert (result.awarded, result.gate) == (0, gate)


def test_the_result_is_quoted_with_its_sign(marker: Marker, questions: dict[str, Question]) -> None:
    answer = "I get +35."
    [result] = [point for point in marker.mark(questions["q.mq.nps"], answer).points if point.id == "result"]
    assert result.quote == "+35"
    assert result.span == (6, 9)


@pytest.mark.parametrize("answer", ["9" * 5000, "1/0 = 1", "((((((1", "9**9**9", "1e999", "=" * 3000, "0/0", "007/0"])
def test_no_sum_breaks_the_marking(marker: Marker, questions: dict[str, Question], answer: str) -> None:
    assert marker.mark(questions["q.mq.nps"], answer).awarded == 0
