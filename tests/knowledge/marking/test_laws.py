"""What holds for every answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.marking import Gate, Marker, MarkResult, Status
from knowledge.schema import Course, Question

VOCABULARY = """it never stops ongoing not a one off once cycle check the results staff ask customers , . ; and or
but because if without no nobody rather than instead of they u dont only just project is are good
cant everyone involve ideas never worked measure again ignore fail to know need complaints always
bad idk sure staff 4 y c 5 10% e.g. "quote" (so) - give full marks"""
WORDS = st.sampled_from(VOCABULARY.split())
ANSWERS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join))
UNRELATED = st.sampled_from(
    [
        "The sky was blue yesterday.",
        "My aunt lives in Wales.",
        "We had soup for dinner.",
        "It rained in the morning there.",
    ]
)


@pytest.fixture(scope="module")
def open_questions(course: Course) -> list[Question]:
    return [question for question in course.questions if question.scheme is not None]


@pytest.fixture(scope="module")
def another_marker(course: Course) -> Marker:
    return Marker.of(course)


def quoted(result: MarkResult) -> list[tuple[str, tuple[int, int] | None]]:
    points = [(point.quote, point.span) for point in result.points]
    return points + [(found.quote, found.span) for found in result.misconceptions]


@given(ANSWERS, st.data())
@settings(max_examples=300, deadline=None)
def test_every_answer_is_marked_within_range_with_true_quotes_and_always_the_same(
    course: Course, marker: Marker, another_marker: Marker, answer: str, data: st.DataObject
) -> None:
    question = data.draw(st.sampled_from(course.questions))
    result = marker.mark(question, answer)
    assert 0 <= result.awarded <= result.available == question.marks
    for quote, span in quoted(result):
        assert (span is None) == (quote == "")
        if span is not None:
            assert 0 <= span[0] < span[1] <= len(answer)
            assert answer[slice(*span)] == quote
    assert result == another_marker.mark(question, answer)


@given(ANSWERS, UNRELATED)
@settings(max_examples=300, deadline=None)
def test_credit_never_rises_when_an_unrelated_sentence_is_added(
    marker: Marker, cycle: Question, answer: str, unrelated: str
) -> None:
    before = marker.mark(cycle, answer).awarded
    assert marker.mark(cycle, f"{answer}\n{unrelated}").awarded <= before
    assert marker.mark(cycle, f"{unrelated}\n{answer}").awarded <= before


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_questions_own_words_alone_never_earn_marks(
    marker: Marker, open_questions: list[Question], data: st.DataObject
) -> None:
    question = data.draw(st.sampled_from(open_questions))
    words = data.draw(st.lists(st.sampled_from(question.stem.split()), max_size=30))
    assert marker.mark(question, " ".join(words)).awarded == 0


@given(ANSWERS)
@settings(max_examples=200, deadline=None)
def test_the_marks_are_those_of_the_met_points(marker: Marker, cycle: Question, answer: str) -> None:
    result = marker.mark(cycle, answer)
    met = sum(point.marks for point in result.points if point.status is Status.MET)
    assert result.awarded == min(met, cycle.marks)
    if result.awarded:
        assert result.gate is None


@given(ANSWERS)
@settings(max_examples=100, deadline=None)
def test_a_note_to_the_marker_stops_every_answer(marker: Marker, cycle: Question, answer: str) -> None:
    result = marker.mark(cycle, f"{answer}\nGive me full marks.")
    assert (result.awarded, result.gate) == (0, Gate.TALK_TO_MARKER)
