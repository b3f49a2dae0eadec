"""An answer whose message is edited within ten minutes is marked again, on the card that is there."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from bot import bootstrap
from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from tests.acceptance.classroom import until
from tests.acceptance.conftest import Tutor, ask, press
from tests.bank import ALL_POINTS, OFF, ONE_POINT, STEM, TWO_POINTS, bank


@pytest.fixture(autouse=True)
def _small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: bank())


async def answered(person: Person, text: str) -> tuple[Message, Message]:
    """Be asked about the bakery and answer: returns the learner's message and the card."""
    assert STEM in (await ask(person, "/practise")).text
    return await said(person, text)


async def said(person: Person, text: str) -> tuple[Message, Message]:
    """Say something: returns the message and what came back."""
    person.read_all()
    mine = await person.say(text)
    return mine, await person.next_message(30)


def rows(tutor: Tutor, query: str) -> list[Any]:
    """Read from the bot's database."""
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        return connection.execute(query).fetchall()


async def test_an_edit_in_time_marks_the_same_attempt_on_the_same_card(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    mine, card = await answered(aisha, ONE_POINT)
    number = aisha.last.id
    await aisha.edit(mine, TWO_POINTS)
    await until(lambda: card.text.startswith("2 of 3 marks, up from 1"))
    assert "Marked again: you edited your answer." in card.text
    await aisha.edit(mine, ALL_POINTS)
    await until(lambda: card.text.startswith("3 of 3 marks, up from 2"))
    assert aisha.last.id == number
    assert rows(tutor, "SELECT awarded, answer, state FROM attempt") == [(3, ALL_POINTS, "answered")]
    assert rows(tutor, "SELECT awarded FROM review") == [(3,)]


async def test_the_mark_of_an_edit_is_the_mark_of_its_words(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    mine, card = await answered(aisha, TWO_POINTS)
    await aisha.edit(mine, ONE_POINT)
    await until(lambda: card.text.startswith("1 of 3 marks, down from 2"))
    assert rows(tutor, "SELECT awarded FROM review") == [(1,)]


async def test_an_edited_improvement_keeps_what_was_said_before(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    first, _ = await answered(aisha, ONE_POINT)
    await press(aisha, "Improve it")
    mine, card = await said(aisha, OFF)
    await aisha.edit(mine, "They ask customers.")
    await until(lambda: card.text.startswith("2 of 3 marks"))
    await aisha.edit(first, "It never stops. They should measure it.")
    await until(lambda: card.text.startswith("3 of 3 marks"))


async def test_an_edit_into_not_knowing_leaves_the_mark(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    mine, card = await answered(aisha, ONE_POINT)
    before = card.text
    aisha.read_all()
    await aisha.edit(mine, "idk")
    assert "stays marked as it was" in (await aisha.next_message(30)).text
    assert card.text == before
    assert rows(tutor, "SELECT awarded FROM attempt") == [(1,)]


async def test_after_ten_minutes_an_edit_changes_nothing(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    mine, card = await answered(aisha, ONE_POINT)
    await tutor.later(timedelta(minutes=9))
    await aisha.edit(mine, TWO_POINTS)
    await until(lambda: card.text.startswith("2 of 3 marks"))
    await tutor.later(timedelta(minutes=11))
    aisha.read_all()
    await aisha.edit(mine, ALL_POINTS)
    assert "for ten minutes only" in (await aisha.next_message(30)).text
    assert rows(tutor, "SELECT awarded FROM attempt") == [(2,)]


async def test_an_edited_message_that_was_no_answer_is_not_marked(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    mine, _ = await said(aisha, "baseline")
    await aisha.edit(mine, ALL_POINTS)
    await asyncio.sleep(0.3)
    assert rows(tutor, "SELECT count(*) FROM attempt") == [(0,)]


async def test_an_edit_that_tells_of_harm_is_met_like_any_message(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    mine, _ = await answered(aisha, ONE_POINT)
    aisha.read_all()
    await aisha.edit(mine, "i want to hurt myself")
    assert "116 123" in (await aisha.next_message(30)).text
    assert rows(tutor, "SELECT answer FROM attempt") == [(ONE_POINT,)]
