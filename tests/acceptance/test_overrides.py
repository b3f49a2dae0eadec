"""A tutor changes a mark of a learner in an own class: it is final, it is logged, and the learner is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from bot import bootstrap
from bot.sandbox.people import Person
from tests.acceptance.classroom import follow, join, make_class, noon, until
from tests.acceptance.conftest import StartTutor, Tutor, ask, press
from tests.acceptance.test_tutor_roles import invite
from tests.bank import ADDED, DISPUTED, ONE_POINT, SAME_WORDS, STEM, TWO_POINTS, bank


@pytest.fixture(autouse=True)
def _small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: bank())


@pytest.fixture
async def at_noon(start_tutor: StartTutor) -> Tutor:
    """A tutor at an hour when anybody may be written to."""
    return await start_tutor(clock_offset=noon())


def rows(tutor: Tutor, query: str) -> list[Any]:
    """Read from the bot's database."""
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        return connection.execute(query).fetchall()


async def answered(person: Person, text: str) -> None:
    """Be asked about the bakery and answer."""
    assert STEM in (await ask(person, "/practise")).text
    await ask(person, text)


async def open_mark(teacher: Person, name: str = "Aisha") -> None:
    """Go to the newest mark of somebody in the only class."""
    await ask(teacher, "/classes")
    await press(teacher, "2B customer service")
    await press(teacher, "People")
    await press(teacher, f"Marks of {name}")
    await press(teacher, "1/3")


async def test_a_tutor_changes_a_mark_and_the_learner_hears_of_it(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    link = await make_class(teacher)
    assert "your last marks" in await follow(aisha, link)
    await press(aisha, "Join")
    await answered(aisha, ONE_POINT)
    await open_mark(teacher)
    shown = teacher.last
    assert shown.text.startswith("Aisha: 1 of 3 marks")
    assert "found: Results are checked" in shown.text
    assert "not found: It goes on" in shown.text
    assert "waiting time" not in shown.text
    assert shown.buttons == ["0", "2", "3", "Back"]
    assert (await press(teacher, "3")).text.startswith("Change 1 to 3 of 3?")
    aisha.read_all()
    changed = await press(teacher, "Change it")
    assert changed.text.startswith("Aisha: 3 of 3 marks")
    assert "1 → 3, set by a tutor" in changed.text
    told = await aisha.next_message(30)
    assert told.text.startswith("Your tutor has changed a mark")
    assert "3 of 3 marks now instead of 1" in told.text
    assert rows(at_noon, "SELECT tutor_id, chat_id, why, from_mark, to_mark FROM mark_change") == [
        (teacher.id, aisha.id, "tutor", 1, 3)
    ]
    assert rows(at_noon, "SELECT awarded FROM review") == [(3,)]
    document = (await ask(aisha, "/mydata")).json["document"]
    copy = json.loads(at_noon.world.files.find(document["file_id"]).content)
    [change] = copy["marks_that_changed"]
    assert (change["why"], change["from"], change["to"]) == ("tutor", 1, 3)
    assert str(teacher.id) not in json.dumps(copy)


async def test_a_mark_that_a_tutor_set_is_final(at_noon: Tutor) -> None:
    teacher, aisha, ben = await at_noon.admin(), at_noon.person("Aisha"), at_noon.person("Ben")
    link = await make_class(teacher)
    await join(aisha, link)
    await join(ben, link)
    await ask(aisha, "/practise")
    aisha.read_all()
    mine = await aisha.say(f"{SAME_WORDS} {ADDED}")
    card = await aisha.next_message(30)
    await press(aisha, "Improve it")
    await open_mark(teacher)
    await press(teacher, "2")
    aisha.read_all()
    await press(teacher, "Change it")
    assert "2 of 3 marks now instead of 1" in (await aisha.next_message(30)).text
    looked_up = await ask(aisha, TWO_POINTS)
    assert "They should measure" in looked_up.text
    assert "mark" not in looked_up.text
    aisha.read_all()
    aisha.press(card, "Improve it")
    assert "your tutor set is final" in (await aisha.next_message(30)).text
    aisha.press(card, "I did say this")
    assert "nothing left to dispute" in (await aisha.next_message(30)).text
    await aisha.edit(mine, TWO_POINTS)
    await answered(ben, DISPUTED)
    await press(ben, "I did say this")
    await press(ben, "Results are checked")
    await press(ben, "1")
    await ask(teacher, "/disputes")
    await press(teacher, "It earns the point")
    await press(teacher, "Accept")
    await until(lambda: rows(at_noon, "SELECT count(*) FROM remarking") == [(0,)])
    assert rows(at_noon, f"SELECT awarded FROM attempt WHERE chat_id = {aisha.id}") == [(2,)]


async def test_a_mark_that_changed_meanwhile_is_not_changed_unseen(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    await join(aisha, await make_class(teacher))
    await answered(aisha, ONE_POINT)
    await open_mark(teacher)
    await press(teacher, "0")
    await press(aisha, "Improve it")
    await ask(aisha, ADDED)
    assert "has changed meanwhile" in (await press(teacher, "Change it")).text
    assert rows(at_noon, "SELECT awarded FROM attempt") == [(2,)]


async def test_nobody_but_the_tutor_of_the_class_reaches_a_mark(at_noon: Tutor) -> None:
    teacher, sam, aisha = await at_noon.admin(), at_noon.person("Sam"), at_noon.person("Aisha")
    await join(aisha, await make_class(teacher))
    await follow(sam, await invite(teacher))
    await answered(aisha, ONE_POINT)
    await open_mark(teacher)
    await press(teacher, "3")
    for person, words in ((sam, "belongs to another tutor"), (aisha, "That is for tutors")):
        stolen = person.last
        stolen.json = {**stolen.json, "reply_markup": teacher.last.json["reply_markup"]}
        person.read_all()
        person.press(stolen, "Change it")
        assert words in (await person.next_message(30)).text
    await ask(aisha, "/leave")
    await press(aisha, "Leave 2B customer service")
    await press(aisha, "Leave")
    assert "not in this class any more" in (await press(teacher, "Change it")).text
    assert rows(at_noon, "SELECT awarded FROM attempt") == [(1,)]
