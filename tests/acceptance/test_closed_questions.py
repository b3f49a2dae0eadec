"""Choices, sums, orders and matches in the chat: pressed and typed, right and wrong, and never marked twice."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any, Literal

import pytest

from bot import bootstrap
from bot.application.live_course import LiveCourse
from bot.domain.practice import as_put
from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from bot.sandbox.people import press as world_press
from knowledge.schema import Question
from tests import closed_bank
from tests.acceptance.conftest import StartTutor, Tutor, ask, built_course, meet, press
from tests.acceptance.test_daily_prompt import until
from tests.closed_bank import OTHER, PAIRS, RIGHT, WRONG, course_of, in_order, in_pairs, letters


class Bank:
    """What the bot asks from: set before it starts."""

    live: LiveCourse


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> type[Bank]:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: Bank.live)
    return Bank


async def start_with(start_tutor: StartTutor, bank: type[Bank], *questions: Question) -> Tutor:
    bank.live = course_of(*questions)
    return await start_tutor()


def rows(tutor: Tutor, query: str) -> list[Any]:
    """Read from the bot's database."""
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        return connection.execute(query).fetchall()


async def quiet(person: Person) -> int:
    """Wait until nothing more comes and count the bot's messages."""
    before = -1
    while (now := len(list(person.chat.from_bot()))) != before:
        before = now
        await asyncio.sleep(0.4)
    return now


# ------------------------------------------------------------------------------------------------ choices


async def test_a_press_marks_a_choice_at_once_and_says_why(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    shown = letters(question.text)
    assert set(shown) == {RIGHT, WRONG, *OTHER}
    assert question.buttons[:4] == ["A", "B", "C", "D"]
    card = await press(aisha, shown[RIGHT])
    assert card.text.startswith("Right: 1 of 1 mark")
    assert "They were there and can say it." in card.text
    assert card.buttons == ["Next question", "Something wrong here"]
    assert rows(tutor, "SELECT state, awarded, answer FROM attempt") == [("answered", 1, shown[RIGHT])]


async def test_a_wrong_choice_says_what_tempts_and_what_is_right(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    shown = letters((await ask(aisha, "/practise")).text)
    card = await press(aisha, shown[WRONG])
    assert card.text.startswith("Not this one: 0 of 1 mark")
    assert "wrong" not in card.text.lower()
    for words in (WRONG, "Most people just leave.", "Most unhappy people leave without a word.", RIGHT, "tomorrow"):
        assert words in card.text
    assert "Improve it" not in card.buttons
    assert "I did say this" not in card.buttons


@pytest.mark.parametrize("words", ["{}", "({})", "{}.", "i think {}", "its {}"])
async def test_a_typed_letter_counts(start_tutor: StartTutor, bank: type[Bank], words: str) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    shown = letters((await ask(aisha, "/practise")).text)
    card = await ask(aisha, words.format(shown[RIGHT].lower()))
    assert card.text.startswith("Right")


async def test_the_words_of_an_option_count_and_can_still_be_taken_as_a_look_up(
    start_tutor: StartTutor, bank: type[Bank]
) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    card = await ask(aisha, "ask shopers what they think")
    assert card.text.startswith("Right")
    await press(aisha, "Just look it up")
    assert rows(tutor, "SELECT state, awarded FROM attempt") == [("open", None)]


async def test_words_that_choose_nothing_are_not_marked(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    shown = letters((await ask(aisha, "/practise")).text)
    told = await ask(aisha, "they should really do something about their service in that place")
    assert "could not tell which one" in told.text
    assert told.buttons[:4] == ["A", "B", "C", "D"]
    card = await ask(aisha, "nps")
    assert card.text.startswith("Net Promoter Score")
    assert "Back to my question" in card.buttons
    assert (await ask(aisha, shown[RIGHT])).text.startswith("Right")


async def test_options_stand_where_they_stood_after_a_restart(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    shown = letters((await ask(aisha, "/practise")).text)
    await tutor.restart()
    assert (await press(aisha, shown[RIGHT])).text.startswith("Right")
    orders = {tuple(letters((await ask(aisha, "/practise")).text)) for _ in range(6)}
    assert len(orders) > 1


async def test_a_double_tap_is_one_answer_and_a_late_press_says_so(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    before = await quiet(aisha)
    for label in ("A", "A", "B"):
        aisha.press(question, label)
    assert await quiet(aisha) == before + 1
    assert len(rows(tutor, "SELECT 1 FROM marking")) == 1
    await tutor.later(timedelta(minutes=5))
    aisha.read_all()
    aisha.press(question, "B")
    late = await aisha.next_message(30)
    assert late.text.startswith("You have answered that one")
    assert late.buttons[0] == "Next question"


async def test_a_press_days_later_still_answers(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    shown = letters((await ask(aisha, "/practise")).text)
    await tutor.later(timedelta(days=3))
    assert (await press(aisha, shown[RIGHT])).text.startswith("Right")


async def test_a_press_on_a_skipped_question_says_what_to_do(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    for _ in range(3):
        aisha.read_all()
        aisha.press(question, "Hint")
        await aisha.next_message(30)
    assert RIGHT in aisha.last.text
    aisha.read_all()
    aisha.press(question, "A")
    told = await aisha.next_message(30)
    assert told.text == "That question is closed."
    assert "Practise" in told.buttons


async def test_an_edit_after_the_answer_was_shown_counts_for_nothing(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    shown = letters((await ask(aisha, "/practise")).text)
    sent = await aisha.say(shown[WRONG])
    await aisha.wait_for(lambda m: m.text.startswith("Not this one"), 8)
    aisha.read_all()
    await aisha.edit(sent, shown[RIGHT])
    assert "your first one counts" in (await aisha.next_message(30)).text
    assert rows(tutor, "SELECT awarded FROM attempt") == [(0,)]


async def test_the_case_is_one_press_away_and_leads_back(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    case = await press(aisha, "The case")
    assert case.text.startswith("The corner shop")
    assert "Tuesday   1,250" in case.text
    assert (await press(aisha, "Back to my question")).text == question.text


# --------------------------------------------------------------------------------------------------- sums


def takings(text: str) -> int:
    """What the buns bring."""
    found = re.search(r"sells (\d+) buns at £(\d+)", text)
    assert found is not None
    return int(found[1]) * int(found[2])


async def test_a_sum_has_new_numbers_each_time(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.total())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    card = await ask(aisha, f"£{takings(question.text)}")
    assert card.text.startswith("Right: 2 of 2 marks")
    assert f"£{takings(question.text):,}." in card.text
    steps = await press(aisha, "Show the working")
    assert steps.text.startswith("Step by step")
    asked = {question.text}
    for _ in range(4):
        again = await press(aisha, "Same again, new numbers")
        asked.add(again.text)
        assert (await ask(aisha, str(takings(again.text)))).text.startswith("Right")
    assert len(asked) > 3
    assert rows(tutor, "SELECT box FROM review") == [(0,)]


async def test_a_slip_is_named_and_the_way_shown(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.total())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    buns, price = map(int, re.findall(r"\d+", question.text.split("sells")[1])[:2])
    card = await ask(aisha, f"{buns + price}")
    assert card.text.startswith("Not yet: 0 of 2 marks")
    assert "added, not multiplied" in card.text
    assert f"£{buns * price:,}" in card.text
    assert "1. Buns times price" in card.text
    assert card.buttons == ["Next question", "Same again, new numbers", "Something wrong here"]


async def test_right_working_earns_its_mark(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.total())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    buns, price = map(int, re.findall(r"\d+", question.text.split("sells")[1])[:2])
    card = await ask(aisha, f"{buns} x {price} = {buns * price + 7}")
    assert card.text.startswith("1 of 2 marks")
    assert "Your working is right" in card.text


async def test_words_without_a_number_are_not_marked(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.total())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    told = await ask(aisha, "you multiply them with each other somehow")
    assert "could not find a number" in told.text
    assert (await ask(aisha, "idk")).text.startswith("A nudge")
    assert (await ask(aisha, f"{takings(question.text)} pounds")).text.startswith("Right")


async def test_a_sum_keeps_its_numbers_over_a_restart(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.total())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    await tutor.restart()
    assert (await ask(aisha, str(takings(question.text)))).text.startswith("Right")


# ------------------------------------------------------------------------------------------ order and match


async def test_an_order_is_tapped_step_by_step(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.order())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    right = in_order()
    for place, letter in enumerate(right[:3]):
        edited = await press(aisha, letter)
        assert edited.id == question.id
        assert f"Your order so far: {' '.join(right[: place + 1])}" in edited.text
        assert letter not in edited.buttons
    card = await press(aisha, right[3])
    assert card.text.startswith("All in order: 2 of 2 marks")
    await aisha.wait_for(lambda m: m.id == question.id and "Your answer:" in m.text, 8)
    assert aisha.chat.find(question).buttons == []
    assert rows(tutor, "SELECT * FROM tapped") == []


async def test_undo_takes_the_last_step_back(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.order())
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    await press(aisha, "A")
    await press(aisha, "B")
    assert "so far: A\n" in (await press(aisha, "Undo")).text + "\n"
    assert "so far" not in (await press(aisha, "Undo")).text


async def test_taps_that_come_faster_than_edits_all_count_once(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.order())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    before = await quiet(aisha)
    for letter in "".join(each * 2 for each in in_order()):
        world_press(tutor.world, aisha, question, {"callback_data": f"step:1:{'ABCD'.index(letter)}"})
    card = await aisha.wait_for(lambda m: m.text.startswith("All in order"), 8)
    assert card.text.startswith("All in order: 2 of 2 marks")
    assert await quiet(aisha) == before + 1


async def test_an_edit_that_telegram_puts_off_never_comes_after_a_newer_one(
    start_tutor: StartTutor, bank: type[Bank]
) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.order())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    tutor.world.faults.add("flood", method="editMessageText", count=1, retry_after=1)
    right = in_order()
    for letter in right:
        aisha.press(question, letter)
    await aisha.wait_for(lambda m: m.text.startswith("All in order"), 8)
    await aisha.wait_for(lambda m: "Your answer:" in m.text, 8)
    await asyncio.sleep(2.5)
    assert f"Your answer: {' '.join(right)}" in aisha.chat.find(question).text
    assert aisha.chat.find(question).buttons == []


@pytest.mark.parametrize("kind", ["drop", "bad_gateway"])
async def test_a_card_that_is_lost_on_the_way_comes_again_and_counts_once(
    start_tutor: StartTutor, bank: type[Bank], kind: Literal["drop", "bad_gateway"]
) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    shown = letters((await ask(aisha, "/practise")).text)
    tutor.world.faults.add(kind, method="sendMessage", count=1)
    aisha.press(aisha.last, shown[RIGHT])
    await aisha.wait_for(lambda m: m.text.startswith("Right"), 20)
    assert rows(tutor, "SELECT review.awarded, box FROM attempt JOIN review USING (question_id)") == [(1, 0)]


async def test_a_half_tapped_order_survives_a_restart(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.order())
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    right = in_order()
    await press(aisha, right[0])
    await press(aisha, right[1])
    await tutor.restart()
    await press(aisha, right[2])
    assert (await press(aisha, right[3])).text.startswith("All in order")


@pytest.mark.parametrize("form", ["b c a d", "BCAD", "b, c, a, d"])
async def test_an_order_can_be_typed(start_tutor: StartTutor, bank: type[Bank], form: str) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.order())
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    spaced = form.translate(str.maketrans(dict(zip("bcadBCAD", in_order().lower() + in_order(), strict=True))))
    assert (await ask(aisha, spaced)).text.startswith("All in order")


async def test_a_wrong_order_shows_the_right_one_and_where_each_step_was(
    start_tutor: StartTutor, bank: type[Bank]
) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.order())
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    told = await ask(aisha, "a b")
    assert "all 4 steps" in told.text
    right = in_order()
    card = await ask(aisha, " ".join((right[1], right[0], right[2], right[3])))
    assert card.text.startswith("1 of 2 marks: 2 of 4 in place")
    assert "1. Count the queue (you had it as number 2)" in card.text


async def test_a_match_is_tapped_number_by_number(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.match())
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    assert "which letter goes with 1?" in question.text
    right = in_pairs()
    chosen = await press(aisha, "3")
    assert "which letter goes with 3?" in chosen.text
    await press(aisha, right[2])
    await press(aisha, right[0])
    card = await press(aisha, right[1])
    assert card.text.startswith("All matched: 3 of 3 marks")


async def test_a_match_can_be_typed_and_says_what_goes_together(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.match())
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    assert "a letter for each of the 3 numbers" in (await ask(aisha, "1a")).text
    right = in_pairs()
    card = await ask(aisha, f"1{right[1]} 2{right[0]} 3{right[2]}".lower())
    assert card.text.startswith("1 of 3 marks: 1 of 3 matched")
    left, wanted = PAIRS[0]
    assert f"{left}: {wanted} (you chose: {PAIRS[1][1]})" in card.text


# ------------------------------------------------------------------------------------------- what is asked


async def test_a_kind_stays_chosen_until_another_is(start_tutor: StartTutor, bank: type[Bank]) -> None:
    choices = [closed_bank.choice(f"choice-{name}") for name in ("one", "two", "three", "four", "five")]
    tutor = await start_with(start_tutor, bank, *choices, closed_bank.total(), closed_bank.order())
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    menu = await press(aisha, "Topic or kind")
    assert menu.buttons == [
        "A mix of everything",
        "Continuous improvement",
        "Choices",
        "Sums",
        "Put in order",
        "A difficult customer",
    ]
    question = await press(aisha, "Choices")
    for _ in range(4):
        assert "You chose: Choices." in question.text
        await press(aisha, letters(question.text)[RIGHT])
        question = await press(aisha, "Next question")
    await press(aisha, "Topic or kind")
    assert "Now: Choices." in aisha.last.text
    kinds = set()
    question = await press(aisha, "A mix of everything")
    for _ in range(3):
        assert "You chose" not in question.text
        kinds.add(question.text.split(" · ")[0])
        aisha.read_all()
        aisha.press(question, "Skip")
        question = await ask(aisha, "/practise")
    assert len(kinds) > 1


async def test_the_days_question_is_no_choice_and_leaves_what_was_chosen(
    start_tutor: StartTutor, bank: type[Bank]
) -> None:
    choices = [closed_bank.choice(f"choice-{name}") for name in ("one", "two", "three")]
    tutor = await start_with(start_tutor, bank, *choices, closed_bank.total())
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    await ask(aisha, "/practise")
    await press(aisha, "Topic or kind")
    await press(aisha, "Sums")
    await tutor.later(until(18, 30, days=1))
    prompt = await aisha.wait_for(lambda m: m.text.startswith("Day 2 of 14") and "Later today" in m.buttons, 10)
    assert "You chose" not in prompt.text
    await press(aisha, "I don't know")
    assert "You chose: Sums." in (await ask(aisha, "/practise")).text


async def test_the_days_question_can_be_a_choice(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice())
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    await tutor.later(until(18, 30, days=1))
    prompt = await aisha.wait_for(lambda m: m.text.startswith("Day 2 of 14") and "Later today" in m.buttons, 10)
    assert prompt.buttons[:4] == ["A", "B", "C", "D"]
    card = await press(aisha, letters(prompt.text)[RIGHT])
    assert card.text.startswith("Right")


async def test_the_days_order_is_kept_for_later_and_goes_on(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.order())
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    await tutor.later(until(18, 30, days=1))
    await aisha.wait_for(lambda m: "Later today" in m.buttons, 10)
    right = in_order()
    edited = await press(aisha, right[0])
    assert edited.text.startswith("Today's question · day 2")
    assert "Later today" in edited.buttons
    await press(aisha, "Later today")
    again = await press(aisha, "Now")
    assert f"so far: {right[0]}" in again.text
    for letter in right[1:3]:
        await press(aisha, letter)
    assert (await press(aisha, right[3])).text.startswith("All in order")


async def test_my_data_says_what_was_asked_and_chosen(start_tutor: StartTutor, bank: type[Bank]) -> None:
    tutor = await start_with(start_tutor, bank, closed_bank.choice(), closed_bank.total())
    aisha = tutor.person("Aisha")
    asked: list[Message] = []
    for _ in range(2):
        question = await ask(aisha, "/practise")
        asked.append(question)
        await (press(aisha, letters(question.text)[WRONG]) if "A" in question.buttons else ask(aisha, "12"))
    data = await exported(aisha, tutor)
    for question, kept in zip(asked, data["answers"], strict=True):
        assert kept["question"] in question.text
        assert kept["you_answered"] == ([WRONG] if "A" in question.buttons else ["12"])


async def exported(person: Person, tutor: Tutor) -> Any:
    """The learner's copy of their data."""
    person.read_all()
    await person.say("/mydata")
    message = await person.next_message(30)
    return json.loads(tutor.world.files.find(message.json["document"]["file_id"]).content)


async def test_every_kind_of_the_course_is_asked_and_its_model_answer_earns_all(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    questions = built_course().questions
    asked = []
    for _ in range(16):
        question = await ask(aisha, "/practise")
        question_id, attempt_id = rows(tutor, "SELECT question_id, id FROM attempt ORDER BY id DESC LIMIT 1")[0]
        put = as_put(questions[question_id], attempt_id)
        assert " ".join(put.stem.split()) in " ".join(question.text.split())
        asked.append(put)
        await ask(aisha, put.model_answer)
    assert len({each.id for each in asked}) == len(asked)
    assert len({each.kind for each in asked}) >= 5
    assert rows(tutor, "SELECT count(*) FROM attempt WHERE awarded = available") == [(len(asked),)]
    assert [call for call in tutor.world.calls if not call.ok] == []
