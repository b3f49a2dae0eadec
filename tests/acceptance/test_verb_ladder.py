"""The verb ladder: the same case once more, one step deeper."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache

import pytest

from bot import bootstrap
from bot.application.live_course import LiveCourse
from bot.domain.ladder import step_up
from knowledge.schema import Case, Origin, Table
from tests.acceptance.conftest import Tutor, ask, press
from tests.bank import BAKERY, OFF, ONE_POINT, STEM, bank

CASE = "case.bakery"


@lru_cache
def with_a_ladder() -> LiveCourse:
    """The small course with three questions about one case."""
    course = bank().course
    first = course.questions[0].model_copy(update={"case": CASE})
    second = first.model_copy(update={"id": "q.ci.bakery-analyse", "verb": "analyse", "stem": f"Analyse it. {STEM}"})
    third = first.model_copy(update={"id": "q.ci.bakery-evaluate", "verb": "evaluate", "stem": f"Judge it. {STEM}"})
    case = Case(
        id=CASE,
        title="The bakery",
        firm="Crumb & Co",
        sector="retail",
        brief="A bakery in Leeds.",
        tables=(Table(title="Line", columns=("Day", "Minutes"), rows=(("Monday", "4"),)),),
        origin=Origin.ADDED,
    )
    changed = course.model_copy(update={"questions": (first, second, third), "cases": (case,)})
    return LiveCourse.build(changed, revision=0)


@pytest.fixture(autouse=True)
def _small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: with_a_ladder())


async def test_a_case_goes_up_one_verb_at_a_time(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    while not aisha.last.text.startswith("Explain"):
        await ask(aisha, "/practise")
    card = await ask(aisha, ONE_POINT)
    assert "Same case, one step up: analyse" in card.buttons
    assert (await press(aisha, "Same case, one step up")).text.startswith("Analyse · 3 marks")
    await ask(aisha, ONE_POINT)
    assert (await press(aisha, "Same case, one step up: evaluate")).text.startswith("Evaluate · 3 marks")
    assert not [each for each in (await ask(aisha, ONE_POINT)).buttons if "one step up" in each]


async def test_a_step_is_not_offered_before_anything_was_earned(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    assert not [each for each in (await ask(aisha, OFF)).buttons if "one step up" in each]


async def test_a_step_up_from_todays_question_opens_although_another_question_is_open(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    while not aisha.last.text.startswith("Explain"):
        await ask(aisha, "/practise")
    card = await ask(aisha, ONE_POINT)
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection, connection:
        connection.execute("UPDATE attempt SET source = 'prompt', plan_day = 1 WHERE answer IS NOT NULL")
    await ask(aisha, "/practise")
    aisha.press(card, "Same case, one step up")
    stepped = await aisha.next_message(30)
    assert "Today's question" not in stepped.text
    await ask(aisha, ONE_POINT)
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        answered = connection.execute("SELECT question_id FROM attempt WHERE answer IS NOT NULL").fetchall()
    assert ("q.ci.bakery-analyse",) in answered


def test_a_question_without_a_case_is_on_no_ladder() -> None:
    assert step_up(bank().questions[BAKERY], bank().course.questions) is None
