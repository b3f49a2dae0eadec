"""Turns that once went wrong: old readings, groups, late hours, failing storage."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.domain.errors import StorageUnavailable
from bot.storage.store import SqliteStore
from tests.acceptance.conftest import StartTutor, Tutor, ask, meet, press


async def test_a_reading_of_a_question_that_was_skipped_is_said_to_be_closed(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/practise")
    await ask(aisha, "what is a baseline?")
    await press(aisha, "Skip")
    assert "closed" in (await press(aisha, "That was my answer")).text


@pytest.mark.usefixtures("only_open_questions")
async def test_taking_an_answer_back_leaves_the_next_question_open(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/practise")
    await ask(aisha, "benchmarking")
    second = await press(aisha, "Next question")
    assert (await press(aisha, "Just look it up")).text.startswith("Benchmarking")
    aisha.read_all()
    await ask(aisha, "hi")
    nudge = await press(aisha, "Hint")
    assert nudge.text.startswith("A nudge")
    assert aisha.chat.messages[second.id].text == second.text


async def test_an_hour_late_in_the_evening_still_brings_the_question(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await aisha.start()
    await aisha.next_message()
    await press(aisha, "Start")
    await press(aisha, "Yes")
    await press(aisha, "Another time")
    await ask(aisha, "22:30")
    plan = await press(aisha, "No date yet")
    assert "at 22:30" in plan.text
    settings = await ask(aisha, "/settings")
    assert "23:00 to 07:00" in settings.text


async def test_private_buttons_do_nothing_in_a_group(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    group = tutor.world.group("2B", [aisha])
    await group.say(aisha, f"/term@{tutor.world.bot['username']} nps")
    async with asyncio.timeout(30):
        while not group.messages[-1].from_bot:
            await asyncio.sleep(0.01)
    card = group.messages[-1]
    assert "Something wrong here" not in card.buttons
    related = {"inline_keyboard": [[{"text": "Practise", "callback_data": "practise"}]]}
    card.json = {**card.json, "reply_markup": related}
    before = len(group.messages)
    answer = await group.press(aisha, card, "Practise")
    assert answer.answered
    await asyncio.sleep(0.3)
    assert len(group.messages) == before


async def test_a_database_that_is_away_for_a_moment_costs_nothing(
    tutor: Tutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    real, left = SqliteStore.write, [2]

    async def sometimes(self: SqliteStore, work: Any, *, durable: bool = True) -> Any:
        if "admit" in repr(work) and left[0]:
            left[0] -= 1
            raise StorageUnavailable("away")
        return await real(self, work, durable=durable)

    monkeypatch.setattr(SqliteStore, "write", sometimes)
    assert (await ask(aisha, "what is a baseline")).text.startswith("Baseline")
    assert left == [0]


async def test_who_left_the_class_can_still_stop_and_be_forgotten(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(open_to="class")
    aisha = tutor.person("Aisha")
    assert "invited classes" in (await ask(aisha, "nps")).text
    assert "invited classes" not in (await ask(aisha, "/stop")).text
    assert "Delete everything" in (await ask(aisha, "/forget")).buttons
