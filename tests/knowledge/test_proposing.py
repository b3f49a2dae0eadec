"""Phrases proposed from a sentence, read from plain words, and tried before they go live."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.marking import Status
from knowledge.overlay import AcceptedPhrase, apply
from knowledge.proposing import (
    MOST_SLOTS,
    NotAPhrase,
    Trial,
    from_plain_words,
    in_plain_words,
    propose,
    sentences_of,
)
from knowledge.schema import Phrase
from tests.bank import AGAIN, BAKERY, CHECK, DISPUTED_QUOTE, SAME_WORDS, bank


def trial(point: str = CHECK, *declined: str) -> Trial:
    """Phrases for a point of the bakery question."""
    live = bank()
    return Trial(live.course, live.marker, live.questions[BAKERY], point, declined=declined)


def earns(phrase: Phrase, text: str, point: str = CHECK, example: str = DISPUTED_QUOTE) -> bool:
    """Tell whether a text earns a point once a phrase is live."""
    live = bank()
    entry = AcceptedPhrase(question=BAKERY, point=point, phrase=phrase, example=example)
    question = next(each for each in apply(live.course, [entry]).questions if each.id == BAKERY)
    return any(each.id == point and each.status is Status.MET for each in live.marker.mark(question, text).points)


def test_a_proposal_finds_the_sentence_and_others_in_the_same_words() -> None:
    found = propose(trial(), DISPUTED_QUOTE)
    assert found is not None
    assert (found.objections, found.also) == ((), ())
    assert earns(found.phrase, DISPUTED_QUOTE)
    assert earns(found.phrase, SAME_WORDS)
    assert not earns(found.phrase, "They count the money in the till each evening.")


def test_a_proposal_is_made_of_classes_where_the_question_uses_them() -> None:
    found = propose(trial(AGAIN), "Every guest brings new wishes, so review after review is due.")
    assert found is not None
    assert "<customer>" in found.phrase.all_of or "<check>" in found.phrase.all_of


def test_no_word_of_the_question_is_proposed() -> None:
    found = propose(trial(), "The bakery could clock its line with a stopwatch.")
    assert found is not None
    assert not {"bakery", "line", "enough"} & set(in_plain_words(found.phrase).split())


def test_what_is_denied_is_proposed_as_denied() -> None:
    found = propose(trial(AGAIN), "It is not a quick patch.")
    assert found is not None
    assert found.phrase.negated is not None
    assert earns(found.phrase, "This was not a quick patch at all.", AGAIN)
    assert not earns(found.phrase, "This was a quick patch.", AGAIN)


def test_nothing_is_proposed_where_every_phrase_would_spoil_an_example() -> None:
    assert propose(trial(), "They count the money in the till each evening.") is None


def test_nothing_is_proposed_for_a_point_that_is_not_there() -> None:
    live = bank()
    assert propose(Trial(live.course, live.marker, live.questions[BAKERY], "gone"), DISPUTED_QUOTE) is None


@pytest.mark.parametrize(
    ("words", "kind", "text"),
    [
        ("count", "reject", "They count the money in the till each evening."),
        ("not minutes", "itself", DISPUTED_QUOTE),
        ("like check + minutes", "itself", DISPUTED_QUOTE),
        ("like nothing + minutes", "phrase", "<nothing> + minutes"),
        ("they", "phrase", "they"),
    ],
)
def test_a_phrase_is_refused_with_the_example_that_goes_wrong(words: str, kind: str, text: str) -> None:
    found = trial().check(from_plain_words(words, example=DISPUTED_QUOTE), example=DISPUTED_QUOTE)
    assert (kind, text) in {(each.kind, each.text) for each in found.objections}


def test_declined_words_are_examples_too() -> None:
    declined = "They count the minutes until the shop shuts."
    phrase = from_plain_words("count + minutes", example=DISPUTED_QUOTE)
    assert trial().check(phrase, example=DISPUTED_QUOTE).objections == ()
    [objection] = trial(CHECK, declined).check(phrase, example=DISPUTED_QUOTE).objections
    assert (objection.kind, objection.text) == ("declined", declined)


def test_a_phrase_that_counts_another_points_example_is_named_as_loose() -> None:
    phrase = from_plain_words("like ask + like customer", example="They ask customers.")
    found = trial().check(phrase, example="They ask customers.")
    assert "They ask customers." in found.also


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("count", Phrase(phrase="count", gap=5)),
        ("Count the minutes.", Phrase(phrase="count the minutes", gap=5)),
        ("count + minutes", Phrase(all_of=("count", "minutes"))),
        ("like customer, come back", Phrase(all_of=("<customer>", "come back"))),
        ("not one off", Phrase(negated="one off", gap=5)),
        ("“count”\nminutes", Phrase(all_of=("count", "minutes"))),
    ],
)
def test_plain_words_are_read_as_a_phrase(words: str, phrase: Phrase) -> None:
    assert from_plain_words(words, example="short") == phrase


@pytest.mark.parametrize(
    "words", ["", " + ", "a + b + c + d + e + f + g", "not this + that", "[x]", "*", "<", "like <x"]
)
def test_what_is_no_phrase_is_refused_in_a_sentence(words: str) -> None:
    with pytest.raises(NotAPhrase) as caught:
        from_plain_words(words, example="short")
    assert caught.value.why.endswith(".")


slots = st.lists(
    st.sampled_from(["count", "minutes", "<customer>", "come back", "<ongoing> work"]),
    min_size=2,
    max_size=MOST_SLOTS,
)


@given(slots)
def test_plain_words_come_back_as_the_same_phrase(found: list[str]) -> None:
    phrase = Phrase(all_of=tuple(found))
    assert from_plain_words(in_plain_words(phrase), example="short") == phrase


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gives_a_checked_phrase_or_none_and_never_raises(text: str) -> None:
    found = propose(trial(), text)
    assert found is None or earns(found.phrase, text, example=text)


@given(st.text(max_size=300))
def test_sentences_are_pieces_of_the_answer_in_order(text: str) -> None:
    place = 0
    for each in sentences_of(text):
        place = text.index(each, place) + len(each)


def test_sentences_are_split_at_stops_and_lines() -> None:
    assert sentences_of("One. Two!\n\nthree four? ...") == ["One.", "Two!", "three four?"]
