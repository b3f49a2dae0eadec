"""How far a credit is believed."""

from __future__ import annotations

from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.loader import load_course
from knowledge.marking import Marker, Status
from knowledge.marking.calibrate import due_rows, examples, fit, known, limit_of
from knowledge.marking.marker import credited
from knowledge.marking.trust import OF_THE_ANSWER, SIGNS, Signs, Trust, Weights, fitted_trust, signs_of, with_further
from knowledge.schema import Course, Question

PLAIN = Signs(phrases=0.0, words=log(2), idea=0.3, example=0.2, others=0.4, opposed=0.0)
COMPARED = replace(PLAIN, earned=0.3, unearned=0.1)


def statuses(marker: Marker, question: Question, answer: str) -> dict[str, Status]:
    return {point.id: point.status for point in marker.mark(question, answer).points}


def test_right_words_in_an_answer_that_shows_nothing_else_come_near_only(marker: Marker, cycle: Question) -> None:
    thin = (
        "I should say the shop is a nice place with good prices, the owner has worked there for years and she should "
        "open earlier because the bus comes at eight, and the paint on the door should be a cycle of green and blue."
    )
    result = next(point for point in marker.mark(cycle, thin).points if point.id == "ongoing")
    assert result.status is Status.NEAR
    assert "cycle" in result.quote


def test_the_same_words_with_the_idea_around_them_are_believed(marker: Marker, cycle: Question) -> None:
    assert statuses(marker, cycle, "It goes on without an end, it is a cycle.")["ongoing"] is Status.MET


def test_a_short_answer_is_not_doubted_for_what_it_had_no_room_to_say(course: Course) -> None:
    text = Marker.of(course).read(Marker.of(course).compiled(_open(course)).speller, "They check the results.").text
    signs = signs_of(text, (1, 3), idea={"check"}, examples=[], others=0, of=8, opposed=0)
    assert signs.others > 0.5


def _open(course: Course) -> Question:
    return next(question for question in course.questions if question.scheme is not None)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 3), st.integers(1, 6), st.data())
def test_more_phrases_more_of_the_idea_and_more_found_besides_never_raise_the_doubt(
    idea: float, example: float, others: float, opposed: int, phrases: int, data: st.DataObject
) -> None:
    trust = fitted_trust()
    compared = data.draw(st.sampled_from([(None, None), (0.3, 0.1)]))
    signs = Signs(log(phrases), log(phrases), idea, example, others, float(opposed), *compared)
    name = data.draw(st.sampled_from(["phrases", "words", "idea", "example", "others"]))
    assert trust.doubt(replace(signs, **{name: getattr(signs, name) + 0.1})) < trust.doubt(signs)
    assert trust.doubt(replace(signs, opposed=opposed + 1.0)) > trust.doubt(signs)


@given(st.floats(0, 0.8), st.floats(0, 0.8))
def test_likeness_to_what_earned_the_point_lowers_the_doubt_and_to_what_did_not_raises_it(
    earned: float, unearned: float
) -> None:
    trust, signs = fitted_trust(), replace(PLAIN, earned=earned, unearned=unearned)
    assert trust.doubt(replace(signs, earned=earned + 0.1)) < trust.doubt(signs)
    assert trust.doubt(replace(signs, unearned=unearned + 0.1)) > trust.doubt(signs)


def test_further_phrases_count_for_the_same_find() -> None:
    further = with_further(PLAIN, [(1, 2), (2, 3), (7,)])
    assert (further.phrases, further.words) == (log(3), log(4))
    assert further.idea == PLAIN.idea


@given(st.integers(1, 200))
def test_words_that_have_to_do_with_nothing_only_raise_the_doubt(marker: Marker, cycle: Question, number: int) -> None:
    answer = "It goes on without an end, it is a cycle."
    padded = f"{answer} {'My aunt keeps goats. ' * number}"
    before, after = dict(credited(marker, cycle, answer)), dict(credited(marker, cycle, padded))
    assert before.keys() == after.keys()
    for point, signs in before.items():
        assert fitted_trust().doubt(after[point]) >= fitted_trust().doubt(signs)


def test_an_empty_answer_has_no_credits(marker: Marker, cycle: Question) -> None:
    assert list(credited(marker, cycle, "...")) == []


@pytest.fixture(scope="module")
def accepted() -> list[Signs]:
    """What speaks for the course's accepted examples; there are thousands."""
    return list(examples(load_course()))


@pytest.mark.parametrize("names", [SIGNS, OF_THE_ANSWER], ids=["known", "new"])
def test_what_ships_is_what_the_rounds_teach(names: tuple[str, ...], accepted: list[Signs]) -> None:
    shipped = fitted_trust().known if names == SIGNS else fitted_trust().new
    learnt = fit(known(names), due_rows(accepted, names), len(names))
    assert [weight < 0 for weight in learnt.weights] == [weight < 0 for weight in shipped.weights]
    assert len(shipped.weights) == len(names)


def test_the_limit_costs_every_unseen_round_about_one_due_credit_in_thirty() -> None:
    rows = [
        (number, f"q{place}", ((0.0, place / 100), place % 10 == 0)) for number in (8, 9, 10) for place in range(100)
    ]
    limit = limit_of(rows, [], 2)
    scale = fit([row for row in rows if row[0] != 8], [], 2)
    due = [scale.doubt(row[2][0]) for row in rows if not row[2][1]]
    assert sum(doubt > limit for doubt in due) / len(due) == pytest.approx(0.03, abs=0.02)


def test_doubt_beyond_the_limit_of_its_scale_is_not_believed() -> None:
    new = Weights(0.0, (*[0.0] * 5, 1.0), 1.5)
    trust = Trust(known=Weights(0.0, (*[0.0] * 7, 10.0), 1.5), new=new)
    assert trust.believes(replace(PLAIN, opposed=1.0))
    assert not trust.believes(replace(PLAIN, opposed=2.0))
    assert trust.believes(replace(COMPARED, opposed=2.0))
    assert not trust.believes(replace(COMPARED, unearned=0.2))
