"""The phrase language: where a phrase is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.marking import Marker
from knowledge.schema import Phrase

HALVES = Phrase(all_of=("manager", "report"), window=8)
WORDS = st.lists(st.sampled_from(["check", "till", "queue", "soon", "report"]), min_size=1, max_size=6)


@pytest.mark.parametrize("answer", ["They check it soon.", "They tested it soon.", "They measured it soon."])
def test_any_alternative_of_a_token_is_found(marker: Marker, answer: str) -> None:
    assert marker.phrase_finder(Phrase(phrase="check|=tested|measur* soon"))(answer)


def test_an_alternative_can_be_a_class(marker: Marker) -> None:
    finds = marker.phrase_finder(Phrase(phrase="ask <customer>|neighbours"))
    assert finds("Ask the guests.")
    assert finds("Ask the neighbours.")
    assert not finds("Ask the owner.")


@given(answer=WORDS)
def test_alternatives_find_what_one_of_them_finds(marker: Marker, answer: list[str]) -> None:
    text = " ".join(answer)
    each = [marker.phrase_finder(Phrase(phrase=f"{word} soon"))(text) for word in ("check", "queue")]
    assert marker.phrase_finder(Phrase(phrase="check|queue soon"))(text) is any(each)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("The manager reads the report.", True),
        ("The manager was there. They wrote a report.", True),
        ("The manager was there. Cakes need a report.", False),
        ("The manager was there on Monday with some of the others and then he wrote a report.", False),
    ],
)
def test_slots_meet_in_one_sentence_or_in_the_next_that_takes_it_up(
    marker: Marker, answer: str, *, found: bool
) -> None:
    assert marker.phrase_finder(HALVES)(answer) is found


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        ("then u can c if it worked", "see if worked"),
        ("they ask y it went wrong", "why wrong"),
        ("staff need 2 listen", "need to listen"),
        ("dont wait 4 the phone", "wait for phone"),
        ("its soz from us", "sorry"),
    ],
)
def test_letters_and_figures_of_texting_are_heard_as_words(marker: Marker, answer: str, phrase: str) -> None:
    assert marker.phrase_finder(Phrase(phrase=phrase))(answer) or marker.phrase_finder(Phrase(negated=phrase))(answer)


@pytest.mark.parametrize("answer", ["It fell from 6 to 2 minutes.", "Option c is right.", "4 days"])
def test_a_figure_among_figures_stays_one(marker: Marker, answer: str) -> None:
    assert not any(marker.phrase_finder(Phrase(phrase=word))(answer) for word in ("see", "for", "why"))


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        ("Sixty-six of them were late.", "66 of them"),
        ("It fell from six to two.", "6 to 2"),
        ("It took 3 weeks.", "three weeks"),
        ("All six hundred got it.", "600 got"),
        ("ninety five percent, then 12", "95 percent"),
    ],
)
def test_a_number_is_found_in_words_and_in_figures(marker: Marker, answer: str, phrase: str) -> None:
    assert marker.phrase_finder(Phrase(phrase=phrase))(answer)


@pytest.mark.parametrize(
    ("answer", "phrase"), [("Sixty-six of them", "60"), ("Sixty-six of them", "6"), ("That one", "1")]
)
def test_a_part_of_a_number_is_not_the_number(marker: Marker, answer: str, phrase: str) -> None:
    assert not marker.phrase_finder(Phrase(phrase=phrase))(answer)


def test_the_grammar_of_the_next_sentence_is_no_half_of_an_idea(marker: Marker) -> None:
    finds = marker.phrase_finder(Phrase(all_of=("manager", "it|there|report")))
    assert not finds("The manager came late. It rained there.")
    assert finds("The manager came late. It was in the report.")


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        ("It costs £60,000.", "60000"),
        ("It costs 60,000 pounds.", "60,000 pounds"),
        ("It costs 60 000.", "60000"),
        ("It costs 60k.", "60000"),
        ("It is 96 grand.", "96000"),
        ("sixty thousand pounds", "60000 pounds"),
    ],
)
def test_thousands_are_one_number_however_they_are_written(marker: Marker, answer: str, phrase: str) -> None:
    finds = marker.phrase_finder(Phrase(phrase=phrase))
    assert finds(answer)
    assert not finds("It costs £60 or £6,000.")


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        ("they keep holdin the phone", "=holding"),
        ("its a gd idea", "good idea"),
        ("they dont no about it", "not know about"),
        ("id ask them first", "would ask"),
        ("so ill ring her", "will ring"),
    ],
)
def test_short_forms_are_heard_where_their_neighbours_leave_no_doubt(marker: Marker, answer: str, phrase: str) -> None:
    assert marker.phrase_finder(Phrase(phrase=phrase))(answer)


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [("show your id card", "would"), ("he is ill be kind", "will"), ("It leads to no change.", "know")],
)
def test_the_same_letters_stay_what_they_are_elsewhere(marker: Marker, answer: str, phrase: str) -> None:
    assert not marker.phrase_finder(Phrase(phrase=phrase))(answer)
