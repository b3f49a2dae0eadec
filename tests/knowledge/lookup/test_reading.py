from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lookup.normalise import fold, sound, spoken_letters, stem, with_numbers, words_of
from knowledge.lookup.spelling import cost, likeness


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What's NPS?", ["whats", "nps"]),
        ("N.P.S.", ["n", "p", "s"]),
        ("Grönroos", ["gronroos"]),
        ("cost & benefit", ["cost", "and", "benefit"]),
        ("50%", ["50", "percent"]),
        ("50pct", ["50", "percent"]),
        ("per cent", ["percent"]),
        ("per centre", ["per", "centre"]),
        ("K P I’s", ["k", "p", "i"]),
        ("K.P.I's", ["kpis"]),
        ("this is what's his", ["this", "is", "whats", "his"]),
        ("plan-do-check-act", ["plan", "do", "check", "act"]),
        ("🙂", []),
        ("customer’s", ["customers"]),
    ],
)
def test_a_text_is_read_as_plain_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organisation", "organization"),
        ("behaviours", "behavior"),
        ("analysed", "analyzed"),
        ("surveys", "survey"),
        ("enquiries", "inquiry"),
        ("processes", "process"),
        ("five", "5"),
        ("programmes", "program"),
        ("kpis", "kpi"),
        ("criterion", "criteria"),
        ("percent", "percentage"),
    ],
)
def test_two_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("customs", "custom"), ("hour", "hor"), ("news", "new"), ("analysis", "analysi")]
)
def test_words_that_only_look_like_plurals_stay_as_they_are(one: str, other: str) -> None:
    assert fold(one) != other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("recommending", "recommendation"),
        ("improves", "improvement"),
        ("complaint", "complaining"),
        ("loyalty", "loyal"),
    ],
)
def test_words_of_one_family_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("kwality", "quality"), ("fone", "phone"), ("circle", "sircle"), ("gauge", "gage")]
)
def test_what_sounds_alike_has_one_sound_key(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("en pee ess", "nps"),
        ("see sat", "csat"),
        ("double u oh em", "wom"),
        ("gee dee pee are", "gdpr"),
        ("plain words", None),
    ],
)
def test_letters_that_are_spelt_aloud_are_written_as_letters(said: str, written: str | None) -> None:
    assert spoken_letters(said.split()) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("iso nine thousand and one", "iso 9001"),
        ("seven thirty eight fifty five", "7 38 55"),
        ("ten thousand and two", "10002"),
        ("eighty twenty rule", "80 20 rule"),
        ("no numbers here", None),
    ],
)
def test_spoken_numbers_are_written_in_digits(said: str, written: str | None) -> None:
    found = with_numbers(said.split())
    assert (" ".join(found) if found else None) == written


def test_a_swap_is_cheaper_than_a_wrong_letter_so_pcda_is_pdca_and_not_pdsa() -> None:
    assert cost("pcda", "pdca") < cost("pcda", "pdsa")


def test_a_wrong_vowel_is_cheaper_than_a_wrong_consonant() -> None:
    assert cost("reletion", "relation") < cost("rekation", "relation")


@given(text=st.text(max_size=40))
def test_a_text_is_wholly_like_itself(text: str) -> None:
    assert cost(text, text) == 0
    assert likeness(text, text) == 1


@given(one=st.text(max_size=30), other=st.text(max_size=30))
def test_likeness_is_a_share(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0


@given(word=st.text(max_size=30))
def test_any_word_can_be_folded_stemmed_and_heard(word: str) -> None:
    fold(word)
    stem(word)
    sound(word)
