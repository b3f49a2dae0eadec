"""What may be kept of a missed look-up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.missed import LONGEST, MOST_WORDS, NAME, kept_question, key_of, without_masks

GLOSSARY = frozenset(["kano", "model", "net", "promoter", "score", "service", "recovery"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  what is   wobble frotz ", "what is wobble frotz"),
        ("score from 0 to 10", "score from # to #"),
        ("ring 07700 900-123 about wobble", "ring # about wobble"),
        ("+44 (0)20 7946 0000 wobble", "# wobble"),
        ("ask @benny_b about wobble", "ask [name] about wobble"),
        ("mail a.b@c.co.uk the wobble", "mail [e-mail] the wobble"),
        ("the wobble on https://example.org/x?y=1", "the wobble on [link]"),
        ("is mr patel the wobble", "is mr [name] the wobble"),
        ("my name is Jo wobble", "my name is [name] wobble"),
        ("aisha okafor wobbled", "[name] [name] wobbled"),
        ("what is Siobhan's wobble", "what is [name] wobble"),
        ("tell Grace the wobble", "tell [name] the wobble"),
        ("what does Kano say of wobble", "what does Kano say of wobble"),
        ("What Is The Wobble Curve", "What Is The Wobble Curve"),
        ("the wobble e-mail", "the wobble e-mail"),
    ],
)
def test_what_could_name_a_person_is_masked(typed: str, kept: str) -> None:
    assert kept_question(typed, GLOSSARY) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "???",
        "what is it",
        "07700 900123",
        "@benny",
        "wobble\nfrotz",
        "w" * (LONGEST + 1),
        "so " * MOST_WORDS + "on it",
    ],
)
def test_what_is_no_question_is_not_kept(typed: str) -> None:
    assert kept_question(typed, GLOSSARY) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("what is wobble frotz pls?", "Wobble Frotz"), ("explain wobble frotz to me", "wobble-frotz")],
)
def test_two_who_mean_the_same_share_a_key(one: str, other: str) -> None:
    assert key_of(one, GLOSSARY) == key_of(other, GLOSSARY) != ""


@given(st.text(max_size=200))
def test_whatever_is_kept_is_short_and_bears_no_digit_and_no_address(text: str) -> None:
    kept = kept_question(text, GLOSSARY)
    if kept is None:
        return
    assert len(kept) <= LONGEST
    assert not any(character.isdecimal() for character in kept)
    assert "@" not in kept or not any(part.isalnum() for part in kept.split("@")[1:])
    assert key_of(kept, GLOSSARY)


@given(st.from_regex(r"[a-z]{3,9} [a-z]{3,9}", fullmatch=True), st.sampled_from(["07700900123", "@someone", "a@b.co"]))
def test_a_mask_changes_nothing_about_what_is_asked(words: str, private: str) -> None:
    kept = kept_question(f"{words} {private}", GLOSSARY)
    plain = kept_question(words, GLOSSARY)
    if plain is not None and NAME not in plain:
        assert kept is not None
        assert key_of(kept, GLOSSARY) == key_of(plain, GLOSSARY)
        assert without_masks(kept) == plain
