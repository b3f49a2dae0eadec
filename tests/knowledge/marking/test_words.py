"""The English words."""

from __future__ import annotations

import pytest

from knowledge.words import english_words, english_words_beginning


@pytest.mark.parametrize(
    "word", ["customer", "organise", "organize", "behaviour", "behavior", "a", "cafe", "qualitative"]
)
def test_english_is_known_in_both_spellings(word: str) -> None:
    assert word in english_words()


@pytest.mark.parametrize("word", ["custmer", "recieve", "thier", "becuz", "x", "Leeds", "isnt", ""])
def test_slips_and_names_are_not_words(word: str) -> None:
    assert word not in english_words()


def test_the_list_is_read_once() -> None:
    assert english_words() is english_words()


def test_words_are_found_by_how_they_begin() -> None:
    assert english_words_beginning("prioritise") == ("prioritise", "prioritised", "prioritises")
    assert english_words_beginning("zzzz") == ()
    assert len(english_words_beginning("pre", most=5)) == 5


def test_the_list_is_packaged_in_order_so_that_beginnings_can_be_found_by_halving() -> None:
    listed = english_words_beginning("", most=len(english_words()))
    assert list(listed) == sorted(english_words())
