"""The daily prompt: once a day, at the learner's own hour, and it is the first question."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Clock
from bot.sandbox.people import Person
from tests.acceptance.conftest import Tutor, ask, meet, press

LONDON = ZoneInfo("Europe/London")


def until(hour: int, minute: int, *, days: int) -> timedelta:
    """How far the clock must be moved to show that time, so many days from now."""
    now = Clock().now()
    day = now.astimezone(LONDON).date() + timedelta(days=days)
    wanted = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
    return timedelta(seconds=round((wanted - now).total_seconds()))


def prompts(person: Person) -> list[str]:
    """The daily prompts that arrived."""
    return [m.text for m in person.chat.from_bot() if m.text.startswith("Day ") and "Later today" in m.buttons]


@pytest.mark.usefixtures("only_open_questions")
async def test_the_prompt_comes_at_the_learners_hour_and_is_a_question(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    before = len(prompts(aisha))
    await tutor.later(until(18, 29, days=1))
    await asyncio.sleep(1.2)
    assert len(prompts(aisha)) == before
    await tutor.later(until(18, 30, days=1))
    prompt = await aisha.wait_for(lambda m: m.text.startswith("Day 2 of 14") and "Later today" in m.buttons, 10)
    assert "Why today" in prompt.text
    result = await ask(aisha, "because they only did it once and nobody checks the results with customers again")
    assert " of " in result.text.splitlines()[0]


async def test_the_prompt_comes_once_however_often_the_bot_restarts(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    for minute in (30, 31, 45):
        await tutor.later(until(18, minute, days=1))
        await asyncio.sleep(1.3)
    assert len(prompts(aisha)) == 1


async def test_missed_days_are_folded_in_and_two_prompts_never_come_together(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    await tutor.later(until(12, 0, days=4))
    await asyncio.sleep(1.3)
    assert prompts(aisha) == []
    await tutor.later(until(18, 30, days=4))
    prompt = await aisha.wait_for(lambda m: m.text.startswith("Day 5 of 14"), 10)
    assert "folded in" in prompt.text
    assert len(prompts(aisha)) == 1


async def test_a_prompt_waits_behind_a_fresh_question(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    await tutor.later(until(18, 29, days=1) + timedelta(seconds=50))
    await ask(aisha, "/practise")
    async with asyncio.timeout(30):
        waiting = await aisha.wait_for(lambda m: "Today's question" in m.buttons, 30)
    assert "in the middle of a question" in waiting.text
    question = await press(aisha, "Today's question")
    assert "mark" in question.text.splitlines()[0]


async def test_stop_pause_and_a_past_assessment_keep_silence(tutor: Tutor) -> None:
    aisha, ben, chloe = tutor.person("Aisha"), tutor.person("Ben"), tutor.person("Chloe")
    for person in (aisha, ben):
        await meet(person, at="18:30")
    await meet(chloe, at="18:30", when="In 1 week")
    assert "off" in (await ask(aisha, "/stop")).text
    await ask(ben, "/settings")
    await press(ben, "Pause")
    await tutor.later(until(18, 31, days=9))
    await asyncio.sleep(1.5)
    assert prompts(aisha) == prompts(ben) == prompts(chloe) == []
    assert (await ask(aisha, "/start")).text.startswith("Good to see you again")
    await tutor.later(until(18, 31, days=10))
    await aisha.wait_for(lambda m: m.text.startswith("Day ") and "Later today" in m.buttons, 10)


@pytest.mark.usefixtures("only_open_questions")
async def test_skip_and_later_today_are_taken_as_said(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    await tutor.later(until(18, 30, days=1))
    await aisha.wait_for(lambda m: "Later today" in m.buttons, 10)
    kept = await press(aisha, "Later today")
    assert "Kept for later" in kept.text
    assert "not in this unit" in (await ask(aisha, "pizza")).text
    await press(aisha, "Now")
    assert " of " in (await ask(aisha, "they should ask customers how it went and check it again")).text.splitlines()[0]
