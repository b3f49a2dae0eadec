from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lint.readability import grade, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1), ("make", 1), ("makes", 1), ("asked", 1), ("wanted", 2), ("table", 2), ("handled", 2),
        ("services", 3), ("customer", 3), ("business", 2), ("improvement", 3), ("experience", 4), ("satisfaction", 4),
        ("loyal", 2), ("loyalty", 3), ("employee", 3), ("organisation", 5), ("quality", 3), ("measuring", 3),
        ("trying", 2),
        ("sometimes", 2), ("everyone", 3), ("idea", 3), ("situation", 4), ("nps", 1), ("35", 1), ("rhythm", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_from_the_spelling(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_is_kincaids_formula() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert grade("A customer complained. A manager listened.") == pytest.approx(0.39 * 3 + 11.8 * 12 / 6 - 15.59)


def test_a_dotted_abbreviation_ends_no_sentence() -> None:
    assert sentences("Use a tool, e.g. a survey. Then stop") == 2
    assert sentences("It costs £3.50 a cup.") == 1


def test_a_text_without_words_has_no_grade() -> None:
    assert grade("... 😀 !") == 0.0


@given(st.text(max_size=80))
def test_every_text_has_a_grade(text: str) -> None:
    assert isinstance(grade(text), float)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_every_word_has_a_syllable(word: str) -> None:
    assert syllables(word) >= 1
