"""Improve it: a second answer is marked together with the first, and nothing is ever lost by it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from bot import bootstrap
from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from tests.acceptance.conftest import Tutor, ask, press
from tests.bank import ADDED, ALL_POINTS, OFF, ONE_POINT, STEM, TWO_POINTS, bank


@pytest.fixture(autouse=True)
def _small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: bank())


async def answered(person: Person, text: str) -> Message:
    """Be asked about the bakery and answer."""
    assert STEM in (await ask(person, "/practise")).text
    return await ask(person, text)


def rows(tutor: Tutor, query: str) -> list[Any]:
    """Read from the bot's database."""
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        return connection.execute(query).fetchall()


async def test_an_improvement_is_merged_and_the_movement_shows(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    first = await answered(aisha, ONE_POINT)
    assert first.text.startswith("1 of 3 marks\n")
    assert first.buttons[:4] == ["Next question", "Improve it", "I did say this", "Model answer"]
    asked = await press(aisha, "Improve it")
    assert asked.text.startswith("Improve your answer")
    assert ONE_POINT in asked.text
    better = await ask(aisha, ADDED)
    assert better.text.startswith("2 of 3 marks, up from 1")
    assert "measure the waiting time" in better.text
    assert "ask shoppers" in better.text
    assert "I could not find: You say that improving never ends." in better.text
    await press(aisha, "Improve it")
    assert (await ask(aisha, "And it never stops.")).text.startswith("3 of 3 marks, up from 2")
    assert "Improve it" not in aisha.last.buttons


async def test_an_improvement_that_says_less_costs_nothing(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await answered(aisha, TWO_POINTS)
    await press(aisha, "Improve it")
    same = await ask(aisha, OFF)
    assert same.text.startswith("2 of 3 marks: no new point this time")
    await press(aisha, "Improve it")
    opposite = await ask(aisha, "They should not measure anything and never ask customers.")
    assert opposite.text.startswith("2 of 3 marks")
    assert rows(tutor, "SELECT awarded FROM attempt") == [(2,)]


async def test_an_answer_can_be_improved_three_times(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    first = await answered(aisha, ONE_POINT)
    for _ in range(3):
        await press(aisha, "Improve it")
        await ask(aisha, OFF)
    assert "Improve it" not in aisha.last.buttons
    aisha.read_all()
    aisha.press(first, "Improve it")
    assert "three times is the limit" in (await aisha.next_message(30)).text


@pytest.mark.parametrize("words", ["idk", "?", "help"])
async def test_asking_for_help_while_improving_lowers_nothing(tutor: Tutor, words: str) -> None:
    aisha = tutor.person("Aisha")
    await answered(aisha, TWO_POINTS)
    before = rows(tutor, "SELECT * FROM review")
    await press(aisha, "Improve it")
    assert (await ask(aisha, words)).text.startswith("A nudge")
    assert (await press(aisha, "More help")).text.startswith("How to build the answer")
    model = await press(aisha, "Show a model answer")
    assert "Your mark stands" in model.text
    assert rows(tutor, "SELECT awarded, state FROM attempt") == [(2, "answered")]
    assert rows(tutor, "SELECT * FROM review") == before


async def test_the_hint_ladder_does_not_lower_how_a_known_question_stands(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await answered(aisha, ALL_POINTS)
    standing = rows(tutor, "SELECT box, awarded FROM review")
    aisha.press(aisha.last, "Model answer")
    await aisha.wait_for(lambda message: message.text.startswith("A model answer"))
    assert STEM.replace("bakery", "library") in (await ask(aisha, "/practise")).text
    for _ in range(3):
        await ask(aisha, "idk")
    assert rows(tutor, "SELECT box, awarded FROM review WHERE question_id LIKE '%bakery'") == standing


async def test_what_is_left_as_it_is_takes_no_more_words(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await answered(aisha, ONE_POINT)
    await press(aisha, "Improve it")
    assert (await press(aisha, "Leave it")).text.startswith("Left as it is")
    assert (await ask(aisha, "baseline")).text.startswith("Baseline")


async def test_a_question_about_a_term_while_improving_is_a_look_up(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await answered(aisha, ONE_POINT)
    await press(aisha, "Improve it")
    card = await ask(aisha, "what is a baseline?")
    assert card.text.startswith("Baseline")
    assert (await press(aisha, "Back to my question")).text.startswith("Improve your answer")
    assert (await ask(aisha, ADDED)).text.startswith("2 of 3 marks, up from 1")


async def test_just_look_it_up_takes_back_the_improvement_only(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await answered(aisha, ONE_POINT)
    await press(aisha, "Improve it")
    await ask(aisha, "baseline ask shoppers")
    assert rows(tutor, "SELECT awarded FROM attempt") == [(2,)]
    card = await press(aisha, "Just look it up")
    assert "open again" in card.text
    assert rows(tutor, "SELECT awarded, answer FROM attempt") == [(1, ONE_POINT)]
    assert (await ask(aisha, ADDED)).text.startswith("2 of 3 marks, up from 1")


async def test_just_look_it_up_says_open_again_only_where_it_is(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await answered(aisha, "baseline")
    await press(aisha, "Next question")
    card = await press(aisha, "Just look it up")
    assert card.text.startswith("Baseline")
    assert "open again" not in card.text
    assert "no longer counts" in card.text


async def test_an_improvement_counts_once_for_the_date_on_which_a_question_comes_back(tutor: Tutor) -> None:
    aisha, ben = tutor.person("Aisha"), tutor.person("Ben")
    await answered(aisha, ONE_POINT)
    await press(aisha, "Improve it")
    await ask(aisha, ADDED)
    await answered(ben, TWO_POINTS)
    standing = rows(tutor, "SELECT box, due_on, awarded, available FROM review ORDER BY chat_id")
    assert standing[0] == standing[1]
    assert rows(tutor, "SELECT count(*) FROM attempt WHERE state = 'answered'") == [(2,)]
