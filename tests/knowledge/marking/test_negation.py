"""What is affirmed, denied or neither."""

from __future__ import annotations

import pytest

from knowledge.marking import Marker
from knowledge.schema import Phrase

LISTEN = Phrase(phrase="listen")
NOT_ONE_OFF = Phrase(negated="one off")

AFFIRMED = [
    "They listen to customers.",
    "Staff listen without interrupting.",
    "They listen, not argue.",
    "Not interrupting, listening.",
    "They do not interrupt but listen.",
    "You should not talk, you should listen.",
    "Stop and listen.",
    "no it is because they listen",
    "There is no doubt that they listen.",
    "why not listen to customers",
    "they listen instead of arguing",
    "Customers who are not happy want staff to listen.",
    "It was not long before they listened.",
]

DENIED = [
    "They do not listen to customers.",
    "They don't listen.",
    "they dont listen",
    "they cant listen",
    "it isnt about listening",
    "she doesnt listen",
    "They never listen.",
    "Nobody listens to customers.",
    "The staff rarely listen.",
    "neither listen nor care",
    "I do not think they listen.",
    "they do not shout or listen",
    "do not argue and listen to them and shout",
    "There is no point in listening.",
    "Nobody needs to listen.",
    "They do not have to listen.",
    "They never shout, rush or interrupt, listen or ask.",
    "Listening does not help.",
    "Listening properly does not change anything.",
]

TURNED_AWAY = [
    "They fail to listen.",
    "They refuse to listen.",
    "They stop listening.",
    "Instead of listening they argue.",
    "They argue rather than listen.",
    "The staff lack listening skills.",
    "It is wrong to listen.",
    "Listening is wrong.",
    "It's a myth that they listen.",
    "I disagree that they listen.",
]

BOTH_FLAGS = [
    "They never fail to listen.",
    "They should not forget to listen.",
    "They never stop listening.",
    "Avoid not listening.",
    "Listening is not wrong.",
    "Listening is not enough, they have to act.",
]

NEITHER_FLAG = [
    "Not only do they listen, they act.",
    "They don't just listen, they act.",
    "not just listening but acting",
    "not simply listening, it is acting",
]

NEEDED = [
    "If you do not listen customers leave.",
    "If u dont listen they will be unhappy.",
    "Without listening you cannot help.",
    "You cannot improve without listening.",
    "Unless staff listen the same problem happens again.",
    "They did not care because they did not listen.",
    "Otherwise nobody listens.",
    "If there are no rules staff do not listen.",
]


@pytest.mark.parametrize("answer", [*AFFIRMED, *BOTH_FLAGS, *NEITHER_FLAG, *NEEDED])
def test_what_is_affirmed_is_found(marker: Marker, answer: str) -> None:
    assert marker.phrase_finder(LISTEN)(answer)


@pytest.mark.parametrize("answer", [each for each in [*DENIED, *TURNED_AWAY] if "do not argue and" not in each])
def test_what_is_denied_is_not_found(marker: Marker, answer: str) -> None:
    assert not marker.phrase_finder(LISTEN)(answer)


@pytest.mark.parametrize(
    ("negative", "turned_away", "said"),
    [(False, False, True), (True, False, False), (False, True, False), (True, True, True)],
)
def test_a_word_is_denied_by_exactly_one_of_the_two_flags(
    marker: Marker, *, negative: bool, turned_away: bool, said: bool
) -> None:
    answer = f"They {'never ' if negative else ''}{'fail to ' if turned_away else ''}listen."
    assert marker.phrase_finder(LISTEN)(answer) is said


@pytest.mark.parametrize(
    "answer",
    [
        "It is not a one-off.",
        "it isnt a one off",
        "its never a one off",
        "It is ongoing rather than a one-off.",
        "Instead of a one-off it carries on.",
        "Avoid one-off fixes.",
        "One-off fixes do not work.",
        "A one-off is not enough.",
        "A one-off fix is a mistake.",
    ],
)
def test_a_negated_phrase_counts_where_the_learner_denies_it(marker: Marker, answer: str) -> None:
    assert marker.phrase_finder(NOT_ONE_OFF)(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "It is a one-off.",
        "It is not only a one-off.",
        "It is not just a one-off.",
        "They shouldn't avoid one-off fixes.",
        "It is a one-off and it does not cost much.",
        "It is not ongoing, a one-off is what it is.",
    ],
)
def test_a_negated_phrase_does_not_count_where_it_is_said_or_left_open(marker: Marker, answer: str) -> None:
    assert not marker.phrase_finder(NOT_ONE_OFF)(answer)


def test_need_to_no_is_heard_as_know(marker: Marker) -> None:
    assert marker.phrase_finder(Phrase(phrase="<customer> need"))("You need to no what customers need.")
    assert marker.phrase_finder(Phrase(phrase="know how"))("they need to no how to help")


def test_a_denying_word_inside_the_phrase_is_part_of_what_is_said(marker: Marker) -> None:
    assert marker.phrase_finder(Phrase(phrase="never stop"))("It never stops.")
    assert not marker.phrase_finder(Phrase(phrase="never stop"))("I do not think that it never stops.")


def test_not_needing_to_know_is_not_not_knowing(marker: Marker) -> None:
    assert marker.phrase_finder(Phrase(phrase="not know"))("Staff do not know it.")
    assert not marker.phrase_finder(Phrase(phrase="not know"))("Staff do not need to know it.")


def test_not_only_polite_does_not_say_only_polite(marker: Marker) -> None:
    assert not marker.phrase_finder(Phrase(phrase="just polite"))("Service is not just polite words.")
    assert marker.phrase_finder(Phrase(phrase="just polite"))("Service is just polite words.")


def test_the_reach_of_a_denial_ends_with_its_clause_even_without_punctuation(marker: Marker) -> None:
    assert marker.phrase_finder(LISTEN)("they do not shout because they listen to people")
    assert marker.phrase_finder(LISTEN)("it is not about talking and you should listen more")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Without listening you cannot help them.", True),
        ("They do not listen and nobody can help them.", False),
    ],
)
def test_two_denials_make_a_link_only_where_one_of_them_is_supposed(marker: Marker, answer: str, *, said: bool) -> None:
    assert marker.phrase_finder(Phrase(all_of=("listen", "help")))(answer) is said


@pytest.mark.parametrize("answer", ["Nobody needs to check the till.", "They did not have to check the till."])
def test_a_denial_in_a_phrase_is_not_found_in_what_is_not_needed(marker: Marker, answer: str) -> None:
    assert not marker.phrase_finder(Phrase(phrase="nobody|not check"))(answer)
    assert marker.phrase_finder(Phrase(phrase="nobody|not check"))("Nobody will check the till.")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Would I listen? No. I would shout.", False),
        ("Should they listen? Yes, always.", True),
        ("They listen. No doubt about it.", True),
    ],
)
def test_a_question_that_is_answered_with_no_is_denied(marker: Marker, answer: str, *, said: bool) -> None:
    assert marker.phrase_finder(LISTEN)(answer) is said


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        ("Guessing the cause is the mistake.", "guess cause"),
        ("They look how big is the mistake", "how big"),
        ("You can see which shelves are wrong", "which shelves"),
    ],
)
def test_what_is_named_as_the_fault_is_said_and_not_denied(marker: Marker, answer: str, phrase: str) -> None:
    assert marker.phrase_finder(Phrase(phrase=phrase))(answer)


@pytest.mark.parametrize(
    "answer", ["they listen all day dont they", "They listen, don't they?", "everyone listens doesnt he"]
)
def test_a_tag_question_denies_nothing(marker: Marker, answer: str) -> None:
    assert marker.phrase_finder(LISTEN)(answer)


def test_a_verb_behind_the_pronoun_is_more_than_a_tag(marker: Marker) -> None:
    assert not marker.phrase_finder(LISTEN)("why dont they listen")


def test_a_no_that_begins_a_noun_denies_nothing(marker: Marker) -> None:
    assert marker.phrase_finder(Phrase(phrase="show halved"))("No-shows have halved.")
    assert not marker.phrase_finder(Phrase(phrase="ask driver"))("No-one asks the drivers.")


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        ("Without them nobody can tell.", "nobody tell"),
        ("There is no measure and no deadline.", "no deadline"),
        ("No measure and no deadline was set.", "no measure deadline"),
        ("They do not moan, they just do not return.", "not moan return"),
    ],
)
def test_two_denials_of_one_thought_do_not_undo_each_other(marker: Marker, answer: str, phrase: str) -> None:
    assert marker.phrase_finder(Phrase(phrase=phrase, gap=6))(answer)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Because not everyone answered, the figure is not reliable.", False),
        ("If not everyone answers, the figure is not reliable.", True),
    ],
)
def test_what_follows_from_a_fact_is_denied_and_what_follows_from_a_supposition_shows_why(
    marker: Marker, answer: str, *, said: bool
) -> None:
    assert marker.phrase_finder(Phrase(phrase="reliable"))(answer) is said
