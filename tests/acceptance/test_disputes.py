"""I did say this: a learner disputes, a tutor rules, the learner is told, and earlier answers are marked again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from bot import bootstrap
from bot.application import remark_answers
from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from tests.acceptance.classroom import follow, join, make_class, noon, until
from tests.acceptance.conftest import StartTutor, Tutor, ask, press
from tests.acceptance.test_tutor_roles import invite
from tests.bank import ADDED, DISPUTED, DISPUTED_QUOTE, ONE_POINT, SAME_WORDS, STEM, bank

TWO = f"{DISPUTED} They ask customers."
"""Earns the point about asking, and disputes the one about checking."""


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


async def answered(person: Person, text: str) -> Message:
    """Be asked about the bakery and answer."""
    assert STEM in (await ask(person, "/practise")).text
    return await ask(person, text)


async def dispute(person: Person, *, label: str = "Results are checked", sentence: str = "1") -> Message:
    """Say that the newest answer says a point, with one of its sentences."""
    await press(person, "I did say this")
    await press(person, label)
    return await press(person, sentence)


async def new_tutor(tutor: Tutor, name: str) -> Person:
    """Somebody whom the admin made a tutor."""
    person = tutor.person(name)
    await follow(person, await invite(await tutor.admin()))
    return person


async def test_a_dispute_shows_the_tutor_question_answer_point_and_words_but_no_name(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    link = await make_class(teacher)
    assert "I did say this" in await follow(aisha, link)
    await press(aisha, "Join")
    await answered(aisha, TWO)
    asked = await press(aisha, "I did say this")
    assert "2B customer service sees the question, your answer and the words you choose, not your name" in asked.text
    assert asked.buttons == ["It goes on", "Results are checked", "Never mind"]
    words = await press(aisha, "Results are checked")
    assert f"1. {DISPUTED_QUOTE}" in words.text
    assert words.buttons == ["1", "2", "3", "All of it", "Never mind"]
    assert (await press(aisha, "1")).text.startswith("Noted.")
    assert "1 disputed answer to look at" in (await ask(teacher, "/classes")).buttons
    shown = await press(teacher, "1 disputed answer to look at")
    for part in (STEM, "Results are checked", "The oven is old.", f"“{DISPUTED_QUOTE}”", "1 of 3 marks", "2B"):
        assert part in shown.text
    assert "Aisha" not in shown.text


async def test_accepting_raises_the_mark_tells_the_learner_and_finds_the_words_from_then_on(at_noon: Tutor) -> None:
    teacher, aisha, ben = await at_noon.admin(), at_noon.person("Aisha"), at_noon.person("Ben")
    link = await make_class(teacher)
    await join(aisha, link)
    await join(ben, link)
    await answered(aisha, TWO)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    proposed = await press(teacher, "It earns the point")
    assert proposed.text.startswith("Accept it like this?")
    assert "count + minutes + month" in proposed.text
    assert "none goes wrong" in proposed.text
    aisha.read_all()
    done = await press(teacher, "Accept")
    assert "2 of 3" in done.text
    told = await aisha.next_message(30)
    assert told.text.startswith("A tutor agrees with you")
    assert "2 of 3 marks now, up from 1" in told.text
    assert (await answered(ben, SAME_WORDS)).text.startswith("1 of 3 marks")
    assert (await ask(teacher, "/disputes")).text.startswith("No disputed answer is waiting")
    assert rows(at_noon, "SELECT why, from_mark, to_mark FROM mark_change") == [("ruling", 1, 2)]
    assert rows(at_noon, f"SELECT awarded FROM review WHERE chat_id = {aisha.id}") == [(2,)]


async def test_earlier_answers_in_the_same_words_rise_and_only_who_gains_hears_of_it(at_noon: Tutor) -> None:
    sam = await new_tutor(at_noon, "Sam")
    people = {name: at_noon.person(name) for name in ("Aisha", "Ben", "Chloe", "Dan")}
    link = await make_class(sam)
    for name in ("Aisha", "Ben", "Chloe"):
        await join(people[name], link)
    await answered(people["Ben"], SAME_WORDS)
    await answered(people["Chloe"], ONE_POINT)
    await answered(people["Dan"], SAME_WORDS)
    await answered(people["Aisha"], DISPUTED)
    await dispute(people["Aisha"])
    await ask(sam, "/disputes")
    await press(sam, "It earns the point")
    for person in people.values():
        person.read_all()
    await press(sam, "Accept")
    await people["Aisha"].next_message(30)
    told = await people["Ben"].next_message(30)
    assert told.text.startswith("Good news about “A bakery cured")
    assert told.text.endswith("has 1 of 3 marks now, up from 0.")
    assert "\n" not in told.text
    await until(lambda: rows(at_noon, "SELECT count(*) FROM remarking") == [(0,)])
    marks = dict(rows(at_noon, "SELECT chat_id, awarded FROM attempt"))
    assert {name: marks[person.id] for name, person in people.items()} == {"Aisha": 1, "Ben": 1, "Chloe": 1, "Dan": 0}
    for name in ("Chloe", "Dan"):
        with pytest.raises(TimeoutError):
            await people[name].next_message(0.5)


async def test_other_words_are_refused_with_the_example_that_would_go_wrong(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    await join(aisha, await make_class(teacher))
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It earns the point")
    await press(teacher, "Other words")
    refused = await ask(teacher, "count")
    assert refused.text.startswith("That would go wrong")
    assert "They count the money in the till each evening." in refused.text
    assert "would not earn the point with it" in (await ask(teacher, "not minutes")).text
    assert "no list of words like “nothing”" in (await ask(teacher, "like nothing + minutes")).text
    assert "at most 6 ideas" in (await ask(teacher, "a + b + c + d + e + f + g")).text
    shown = await ask(teacher, "count + minutes")
    assert "count + minutes\n" in shown.text
    assert rows(at_noon, "SELECT count(*) FROM overlay_entry") == [(0,)]
    aisha.read_all()
    assert (await press(teacher, "Accept")).text.startswith("Done.")
    assert (await aisha.next_message(30)).text.startswith("A tutor agrees")
    [(entry,)] = rows(at_noon, "SELECT entry FROM overlay_entry")
    assert json.loads(entry)["phrase"]["all_of"] == ["count", "minutes"]
    assert json.loads(entry)["example"] == DISPUTED_QUOTE


async def test_only_the_words_that_were_shown_last_are_accepted(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    await join(aisha, await make_class(teacher))
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    old = await press(teacher, "It earns the point")
    accept = old.json
    await press(teacher, "Other words")
    await ask(teacher, "count + minutes")
    old.json = accept
    teacher.read_all()
    teacher.press(old, "Accept")
    assert "not the words that were shown last" in (await teacher.next_message(30)).text
    assert rows(at_noon, "SELECT count(*) FROM overlay_entry") == [(0,)]


async def test_a_point_can_be_granted_for_one_answer_only(at_noon: Tutor) -> None:
    teacher, aisha, ben = await at_noon.admin(), at_noon.person("Aisha"), at_noon.person("Ben")
    link = await make_class(teacher)
    await join(aisha, link)
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It earns the point")
    aisha.read_all()
    await press(teacher, "Only this answer")
    assert "1 of 3 marks now, up from 0" in (await aisha.next_message(30)).text
    assert rows(at_noon, "SELECT count(*) FROM overlay_entry") == [(0,)]
    await join(ben, link)
    assert (await answered(ben, SAME_WORDS)).text.startswith("0 of 3 marks")


async def test_a_granted_point_stays_when_the_answer_is_improved(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    await join(aisha, await make_class(teacher))
    card = await answered(aisha, TWO)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It earns the point")
    aisha.read_all()
    await press(teacher, "Only this answer")
    await aisha.next_message(30)
    aisha.press(card, "Improve it")
    await aisha.next_message(30)
    better = await ask(aisha, "And it never stops.")
    assert better.text.startswith("3 of 3 marks, up from 2")
    assert DISPUTED_QUOTE.rstrip(".") in better.text


async def test_declining_tells_the_learner_why(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    await join(aisha, await make_class(teacher))
    await answered(aisha, f"{DISPUTED} It has a red door.")
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It does not")
    aisha.read_all()
    assert (await press(teacher, "Too short to tell")).text.startswith("No disputed answer is waiting")
    told = await aisha.next_message(30)
    assert told.text.startswith("A tutor looked at your answer")
    assert "They say: Too short to tell: add how or why." in told.text
    assert rows(at_noon, "SELECT awarded FROM attempt ORDER BY id LIMIT 1") == [(0,)]


async def test_a_tutor_can_write_a_line_of_their_own(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    await join(aisha, await make_class(teacher))
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It does not")
    await press(teacher, "Write a line")
    assert "at most 200 characters" in (await ask(teacher, "x" * 201)).text
    aisha.read_all()
    await ask(teacher, "Counting is not <enough>: say what the numbers are for.")
    assert "say what the numbers are for" in (await aisha.next_message(30)).text


async def test_declined_words_cannot_be_let_in_by_a_later_phrase(at_noon: Tutor) -> None:
    teacher, aisha, ben = await at_noon.admin(), at_noon.person("Aisha"), at_noon.person("Ben")
    link = await make_class(teacher)
    await join(aisha, link)
    await join(ben, link)
    await answered(ben, "They count the minutes until the shop shuts.")
    await press(ben, "I did say this")
    await press(ben, "Results are checked")
    await press(ben, "Send it")
    await ask(teacher, "/disputes")
    await press(teacher, "It does not")
    await press(teacher, "It says something true")
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It earns the point")
    await press(teacher, "Other words")
    refused = await ask(teacher, "count + minutes")
    assert "declined for this point before" in refused.text
    assert "until the shop shuts" in refused.text


async def test_who_rules_second_is_told_that_it_is_done(at_noon: Tutor) -> None:
    sam, kit, aisha = await new_tutor(at_noon, "Sam"), await new_tutor(at_noon, "Kit"), at_noon.person("Aisha")
    await join(aisha, await make_class(sam, "One"))
    await join(aisha, await make_class(kit, "Two"))
    await answered(aisha, DISPUTED)
    assert "One and Two" in (await press(aisha, "I did say this")).text
    await press(aisha, "Results are checked")
    await press(aisha, "1")
    for person in (sam, kit):
        await ask(person, "/disputes")
        await press(person, "It earns the point")
    await press(sam, "Accept")
    kit.read_all()
    kit.press(kit.last, "Accept")
    assert "Somebody has ruled on that already" in (await kit.next_message(30)).text
    assert rows(at_noon, "SELECT count(*) FROM overlay_entry") == [(1,)]


async def test_a_tutor_of_another_class_sees_nothing_of_it(at_noon: Tutor) -> None:
    sam, kit, aisha = await new_tutor(at_noon, "Sam"), await new_tutor(at_noon, "Kit"), at_noon.person("Aisha")
    await join(aisha, await make_class(sam))
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    shown = await ask(sam, "/disputes")
    assert (await ask(kit, "/disputes")).text.startswith("No disputed answer is waiting")
    assert (await ask(await at_noon.admin(), "/disputes")).text.startswith("No disputed answer is waiting")
    assert (await ask(aisha, "/disputes")).text.startswith("That is for tutors")
    stolen = kit.last
    stolen.json = {**stolen.json, "reply_markup": shown.json["reply_markup"]}
    kit.read_all()
    kit.press(stolen, "It earns the point")
    assert "not in one of your classes" in (await kit.next_message(30)).text


async def test_without_a_class_an_admin_rules(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    await answered(aisha, DISPUTED)
    assert "whoever runs this bot looks at it" in (await press(aisha, "I did say this")).text
    await press(aisha, "Results are checked")
    await press(aisha, "1")
    assert "From somebody in no class" in (await ask(teacher, "/disputes")).text
    await press(teacher, "It earns the point")
    aisha.read_all()
    assert "for everybody" in (await press(teacher, "Accept")).text
    assert (await aisha.next_message(30)).text.startswith("A tutor agrees")


async def test_where_nobody_can_rule_it_is_kept_in_the_copy(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(admin_ids=frozenset())
    aisha = tutor.person("Aisha")
    await answered(aisha, DISPUTED)
    assert "nobody here can rule on it" in (await press(aisha, "I did say this")).text
    await press(aisha, "Results are checked")
    assert "/mydata shows it" in (await press(aisha, "1")).text
    document = (await ask(aisha, "/mydata")).json["document"]
    copy = json.loads(tutor.world.files.find(document["file_id"]).content)
    [kept] = copy["answers_you_disputed"]
    assert (kept["question"], kept["quote"], kept["state"]) == (STEM, DISPUTED_QUOTE, "waiting")


async def test_a_point_is_disputed_once_and_a_full_or_closed_one_not_at_all(at_noon: Tutor) -> None:
    aisha = at_noon.person("Aisha")
    card = await answered(aisha, DISPUTED)
    await dispute(aisha)
    aisha.read_all()
    aisha.press(card, "I did say this")
    assert "Results are checked" not in (await aisha.next_message(30)).buttons
    await press(aisha, "Never mind")
    assert rows(at_noon, "SELECT count(*) FROM dispute") == [(1,)]
    await ask(aisha, "/practise")
    assert "I did say this" not in (await ask(aisha, "give me full marks please")).buttons


async def test_news_waits_until_quiet_hours_are_over(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(clock_offset=noon() + timedelta(hours=11))
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    await join(aisha, await make_class(teacher))
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It earns the point")
    aisha.read_all()
    await press(teacher, "Accept")
    with pytest.raises(TimeoutError):
        await aisha.next_message(1)
    await tutor.later(noon() + timedelta(hours=20))
    assert (await aisha.next_message(30)).text.startswith("A tutor agrees")


async def test_a_phrase_can_be_taken_back_and_the_marks_stay(at_noon: Tutor) -> None:
    teacher, aisha, ben = await at_noon.admin(), at_noon.person("Aisha"), at_noon.person("Ben")
    link = await make_class(teacher)
    await join(aisha, link)
    await join(ben, link)
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It earns the point")
    await press(teacher, "Accept")
    assert (await press(teacher, "Take the phrase back")).text.startswith("The phrase is gone")
    assert (await answered(ben, SAME_WORDS)).text.startswith("0 of 3 marks")
    assert rows(at_noon, f"SELECT awarded FROM attempt WHERE chat_id = {aisha.id}") == [(1,)]


async def test_marking_again_goes_on_after_a_restart(at_noon: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    teacher, aisha, ben = await at_noon.admin(), at_noon.person("Aisha"), at_noon.person("Ben")
    link = await make_class(teacher)
    await join(aisha, link)
    await join(ben, link)
    await answered(ben, SAME_WORDS)
    await answered(aisha, DISPUTED)
    await dispute(aisha)
    with monkeypatch.context() as patched:

        async def never(*_: object, **__: object) -> bool:
            return False

        patched.setattr(remark_answers, "step", never)
        await ask(teacher, "/disputes")
        await press(teacher, "It earns the point")
        ben.read_all()
        await press(teacher, "Accept")
        await at_noon.stop()
        assert rows(at_noon, "SELECT count(*) FROM remarking") == [(1,)]
    await at_noon.start(clock_offset=noon())
    assert "up from 0" in (await ben.next_message(30)).text


async def test_forgetting_leaves_no_trace_of_a_dispute(at_noon: Tutor) -> None:
    teacher, aisha = await at_noon.admin(), at_noon.person("Aisha")
    await join(aisha, await make_class(teacher))
    await answered(aisha, TWO)
    await dispute(aisha)
    await press(aisha, "Next question")
    await ask(aisha, ONE_POINT)
    await press(aisha, "Improve it")
    await ask(aisha, ADDED)
    await ask(teacher, "/disputes")
    await press(teacher, "It earns the point")
    await press(teacher, "Only this answer")
    await ask(aisha, "/forget")
    await press(aisha, "Delete everything")
    for table in ("dispute", "marking", "mark_change", "attempt"):
        assert rows(at_noon, f"SELECT count(*) FROM {table}") == [(0,)]


async def test_a_button_under_words_that_were_taken_back_rules_on_no_others(at_noon: Tutor) -> None:
    teacher, aisha, ben = await at_noon.admin(), at_noon.person("Aisha"), at_noon.person("Ben")
    await answered(aisha, TWO)
    await dispute(aisha)
    await ask(teacher, "/disputes")
    await press(teacher, "It does not")
    await press(aisha, "Just look it up")
    await answered(ben, TWO)
    await dispute(ben)
    assert rows(at_noon, "SELECT id, chat_id FROM dispute") == [(1, ben.id)]
    assert "Somebody has ruled on that already" in (await press(teacher, "Close, but it does not")).text
    assert "Somebody has ruled on that already" in (await press(teacher, "Write a line")).text
    assert rows(at_noon, "SELECT state FROM dispute") == [("waiting",)]
