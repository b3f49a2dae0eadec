"""What is left out before spellings are compared is never near enough."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.lookup.bylength import ByFirstLetters, ByLength

WORDS = st.text("abcdex1é", min_size=1, max_size=9)


def many(words: list[str]) -> list[str]:
    """Enough texts to be sorted out by their letters."""
    return list(dict.fromkeys([*words, *(f"{word}{number}" for number in range(400) for word in ("ab", "cd"))]))


@given(st.lists(WORDS, max_size=30), WORDS, st.integers(0, 6))
def test_a_text_within_so_many_edits_is_never_left_out(words: list[str], typed: str, edits: int) -> None:
    texts = many(words)
    near = ByFirstLetters(texts).near(typed, edits)
    assert {text for text in texts if OSA.distance(typed, text) <= edits} <= set(near) <= set(texts)


@given(st.lists(WORDS, max_size=30), WORDS, st.integers(0, 6))
def test_what_is_left_stands_in_the_order_of_length(words: list[str], typed: str, edits: int) -> None:
    texts = many(words)
    near = ByFirstLetters(texts).near(typed, edits)
    by_length = ByLength(texts).near(typed, edits)
    assert near == [text for text in by_length if text in set(near)]


def test_letters_leave_out_texts_of_the_same_length_that_have_others() -> None:
    near = ByFirstLetters(many(["abcd"])).near("xxxx", 1)
    assert near == []


def test_a_letter_counts_as_often_as_it_is_there() -> None:
    texts = [*(f"ab{number:03}" for number in range(400)), "abbbb"]
    assert ByFirstLetters(texts).near("abbbb", 1) == ["abbbb"]


def test_nothing_is_near_where_there_are_no_texts() -> None:
    assert ByFirstLetters([]).near("churn", 2) == []
