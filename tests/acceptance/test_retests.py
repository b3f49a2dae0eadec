"""A misconception comes back the next day, in a question about another situation."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import lru_cache
from typing import Any

import pytest

from bot import bootstrap
from bot.application.live_course import LiveCourse
from knowledge.schema import Misconception, Origin, Phrase
from tests.acceptance.conftest import StartTutor, Tutor, ask, press
from tests.acceptance.second_reader import endpoint
from tests.bank import BAKERY, ONE_POINT, STEM, bank

LIBRARY = "q.ci.town-library"
TRAP = "Once it is cured, you are done with it for good."


@lru_cache
def with_a_misconception() -> LiveCourse:
    """The small course, in which each of the two questions tests for the same misconception."""
    course = bank().course
    once = Misconception(
        id="mc.ci.once",
        topic="ci",
        name="Once is enough",
        believed="One cure lasts for good.",
        why_tempting="The line was shorter the next day.",
        correction="Needs change, so the round goes on.",
        any_of=(Phrase(phrase="done with it"),),
        accept=(TRAP, "then you are done with it", "You're done with it."),
        reject=("They measure it again.", "It never stops.", "It is not done."),
        retests=(BAKERY, LIBRARY),
        seeds=(),
        origin=Origin.ADDED,
    )
    questions = tuple(
        question.model_copy(
            update={"scheme": question.scheme and question.scheme.model_copy(update={"misconceptions": (once.id,)})}
        )
        for question in course.questions
    )
    return LiveCourse.build(course.model_copy(update={"misconceptions": (once,), "questions": questions}), revision=0)


@pytest.fixture(autouse=True)
def _small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: with_a_misconception())


def reviews(tutor: Tutor) -> list[Any]:
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        return connection.execute("SELECT question_id, box, awarded FROM review ORDER BY question_id").fetchall()


async def test_a_misconception_is_asked_about_again_in_another_situation(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    assert STEM in (await ask(aisha, "/practise")).text
    card = await ask(aisha, f"{ONE_POINT} {TRAP}")
    assert "is a common trap. Needs change, so the round goes on." in card.text
    assert "ask you about this again tomorrow, in another situation" in card.text
    assert reviews(tutor) == [(BAKERY, 0, 1), (LIBRARY, 0, 0)]


async def test_an_answer_without_one_brings_nothing_forward(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    assert "again tomorrow, in another" not in (await ask(aisha, ONE_POINT)).text
    assert reviews(tutor) == [(BAKERY, 0, 1)]


async def test_an_answer_that_was_meant_as_a_look_up_leaves_no_retest_behind(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    await ask(aisha, TRAP)
    assert reviews(tutor) == [(BAKERY, 0, 0), (LIBRARY, 0, 0)]
    await press(aisha, "Just look it up")
    assert reviews(tutor) == []


async def test_a_misconception_that_an_edit_brings_in_is_asked_about_again(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    mine = await aisha.say(ONE_POINT)
    card = await aisha.next_message()
    assert reviews(tutor) == [(BAKERY, 0, 1)]
    await aisha.edit(mine, f"{ONE_POINT} {TRAP}")
    async with asyncio.timeout(30):
        while "again tomorrow, in another situation" not in card.text:
            await asyncio.sleep(0.01)
    assert reviews(tutor) == [(BAKERY, 0, 1), (LIBRARY, 0, 0)]


async def test_a_misconception_in_an_improvement_is_asked_about_again_unless_it_was_a_look_up(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    await ask(aisha, ONE_POINT)
    await press(aisha, "Improve it")
    card = await ask(aisha, TRAP)
    assert "again tomorrow, in another situation" in card.text
    assert reviews(tutor) == [(BAKERY, 0, 1), (LIBRARY, 0, 0)]
    await press(aisha, "Just look it up")
    assert reviews(tutor) == [(BAKERY, 0, 1)]


async def test_the_card_still_promises_a_retest_after_the_second_reader(start_tutor: StartTutor) -> None:
    async with endpoint() as reader:
        tutor = await start_tutor(second_reader_url=reader.url, second_reader_model="tiny")
        aisha = tutor.person("Aisha")
        await ask(aisha, "/practise")
        card = await ask(aisha, f"{ONE_POINT} {TRAP}")
        await press(aisha, "Second reader")
        await press(aisha, "Yes, ask it")
        async with asyncio.timeout(30):
            while "found no more" not in card.text:
                await asyncio.sleep(0.01)
        assert "ask you about this again tomorrow" in card.text
