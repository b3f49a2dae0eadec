"""A difficult customer, met over HTTP: every role-play to each of its endings, and every way out of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import pytest

from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from knowledge.roleplays import LABELS, LETTERS, chosen, earned, ending_after, mood_after
from knowledge.schema import Choice, Ending, RolePlay
from tests.acceptance.conftest import Tutor, ask, built_course, meet, press
from tests.acceptance.test_daily_prompt import until
from tests.acceptance.test_privacy import rows_with

PLAYS = built_course().course.roleplays
COFFEE = built_course().roleplays["rp.wrong-coffee"]
SHOWN: dict[Ending, str] = {"recovered": "put right", "neutral": "left open", "escalated": "out of hand"}


def a_path(play: RolePlay, ending: Ending) -> tuple[int, ...]:
    """Choices that lead to an ending, different letters good and bad for different endings."""
    return next(path for path in product(range(3), repeat=5) if ending_after(play, path) == ending)


def flat(text: str) -> str:
    return " ".join(text.split())


def letter_of(message: Message, choice: Choice) -> str:
    """The letter under which a turn shows an option."""
    return next(line[0] for line in message.text.splitlines() if line[1:] == f" · {choice.text}")


async def begin(person: Person, play: RolePlay) -> Message:
    """Choose a customer from the menu and begin."""
    await ask(person, "/roleplay")
    person.read_all()
    card = await press(person, play.title)
    assert flat(play.persona) in flat(card.text)
    return await press(person, "Begin")


async def answer(person: Person, turn: Message, choice: Choice) -> Message:
    """Press the letter of an option and return what follows."""
    person.read_all()
    person.press(turn, letter_of(turn, choice))
    return await person.next_message(30)


async def go_through(person: Person, turn: Message, play: RolePlay, path: Sequence[int]) -> Message:
    """Play turns and return the last message that follows."""
    for choice, step in zip(chosen(play, path), play.turns, strict=False):
        assert flat(step.line or play.opening) in flat(turn.text)
        turn = await answer(person, turn, choice)
        assert flat(choice.reply) in flat(turn.text)
        assert flat(choice.coach) in flat(turn.text)
    return turn


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
async def test_every_role_play_is_played_to_each_of_its_endings(tutor: Tutor, play: RolePlay) -> None:
    aisha = tutor.person("Aisha")
    for ending, shown in SHOWN.items():
        path = a_path(play, ending)
        last = await go_through(aisha, await begin(aisha, play), play, path)
        assert last.text.startswith(f"{play.title} · {shown}")
        assert flat(play.endings[ending]) in flat(last.text)
        score = await aisha.next_message(30)
        points = {letter: earned(choice) for letter, choice in zip(LETTERS, chosen(play, path), strict=True)}
        assert score.text.startswith(f"Letter by letter: {sum(points.values())} of 10")
        for letter, point in points.items():
            assert f"{LABELS[letter]} · {point} of 2" in score.text
        assert flat(play.what_if) in flat(score.text)
        twist = await press(aisha, "Think about it")
        for line in play.what_if_lines:
            assert flat(line) in flat(twist.text)
    assert [call for call in tutor.world.calls if not call.ok] == []


async def test_a_role_play_names_the_best_line_and_one_to_try_again(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    path = [turn.choices.index(max(turn.choices, key=earned)) for turn in COFFEE.turns]
    path[2] = next(place for place, choice in enumerate(COFFEE.turns[2].choices) if choice.mood == -2)
    await go_through(aisha, await begin(aisha, COFFEE), COFFEE, path)
    score = await aisha.next_message(30)
    said, stronger = COFFEE.turns[2].choices[path[2]], max(COFFEE.turns[2].choices, key=earned)
    assert f"One to try again · Apologise: you said “{said.text}”" in score.text
    assert stronger.text in score.text
    assert f"Best line · Close: “{COFFEE.turns[4].choices[path[4]].text}”" in score.text
    assert (await press(aisha, "Read up")).text.startswith("HEAT model")


async def test_the_opening_card_says_who_where_and_how_patient_and_what_heat_is(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "/roleplay")
    card = await press(aisha, COFFEE.title)
    assert "Where · the counter of a station cafe" in card.text
    assert "Patience · holding" in card.text
    assert "Hear, Empathise, Apologise, Take action" in card.text
    assert (await press(aisha, "What is HEAT?")).text.startswith("HEAT model")
    assert (await press(aisha, "Begin")).text.startswith("The wrong coffee · 1 of 5")


async def test_patience_moves_in_words_with_every_choice(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    turn = await begin(aisha, COFFEE)
    words = [line for line in turn.text.splitlines() if line.startswith("Patience")]
    for step in COFFEE.turns[:3]:
        poor = next(choice for choice in step.choices if choice.mood == -2)
        turn = await answer(aisha, turn, poor)
        words += [line for line in turn.text.splitlines() if line.startswith("Patience")]
    assert words == [f"Patience: {word}" for word in ("holding", "wearing thin", "almost gone", "at breaking point")]


async def test_a_hint_names_the_letter_and_keeps_the_options(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await begin(aisha, COFFEE)
    hinted = await press(aisha, "Hint")
    assert "Hint: Hear." in hinted.text
    assert hinted.buttons == ["A", "B", "C", "Pause", "Restart", "Stop"]
    assert (await press(aisha, "A")).text.startswith("The wrong coffee · 2 of 5")


async def test_pausing_frees_typed_words_and_the_customer_waits(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    turn = await begin(aisha, COFFEE)
    await answer(aisha, turn, COFFEE.turns[0].choices[0])
    assert "4 turns to go" in (await press(aisha, "Pause")).text
    assert (await ask(aisha, "nps")).text.startswith("Net Promoter Score")
    await ask(aisha, "/roleplay")
    assert (await press(aisha, "Go on: The wrong coffee")).text.startswith("The wrong coffee · 2 of 5")
    assert (await ask(aisha, "a")).text.startswith("The wrong coffee · 3 of 5")


async def test_a_press_on_a_paused_turn_goes_on_with_it(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    turn = await begin(aisha, COFFEE)
    await press(aisha, "Pause")
    assert (await answer(aisha, turn, COFFEE.turns[0].choices[0])).text.startswith("The wrong coffee · 2 of 5")
    assert (await ask(aisha, "b")).text.startswith("The wrong coffee · 3 of 5")


async def test_meeting_a_customer_closes_the_open_question(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/practise")
    await begin(aisha, COFFEE)
    await press(aisha, "Pause")
    assert (await ask(aisha, "benchmarking")).text.startswith("Benchmarking")


async def test_a_bot_that_is_restarted_goes_on_where_the_learner_was(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    path = a_path(COFFEE, "recovered")
    turn = await go_through(aisha, await begin(aisha, COFFEE), COFFEE, path[:2])
    await tutor.restart()
    choice = COFFEE.turns[2].choices[path[2]]
    after = await answer(aisha, turn, choice)
    assert after.text.startswith("The wrong coffee · 4 of 5")
    await tutor.restart()
    assert (await ask(aisha, "c")).text.startswith("The wrong coffee · 5 of 5")


async def test_a_press_on_an_old_turn_says_where_to_go_on(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    first = await begin(aisha, COFFEE)
    await answer(aisha, first, COFFEE.turns[0].choices[0])
    late = await answer(aisha, first, COFFEE.turns[0].choices[1])
    assert late.text == "You have answered that one. You are at turn 2 of 5."
    assert (await press(aisha, "Go on")).text.startswith("The wrong coffee · 2 of 5")


async def test_pressing_twice_answers_once(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    first = await begin(aisha, COFFEE)
    aisha.read_all()
    for _ in range(2):
        aisha.press(first, "B")
    assert (await aisha.next_message(30)).text.startswith("The wrong coffee · 2 of 5")
    assert "You have answered that one" in (await aisha.next_message(30)).text


async def test_a_role_play_that_is_over_or_given_up_says_so(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    first = await begin(aisha, COFFEE)
    assert (await press(aisha, "Stop")).text.startswith("Stopped: The wrong coffee")
    assert "That conversation is over" in (await answer(aisha, first, COFFEE.turns[0].choices[0])).text
    assert (await ask(aisha, "nps")).text.startswith("Net Promoter Score")


async def test_a_restart_begins_anew_and_leaves_the_old_buttons_behind(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    first = await begin(aisha, COFFEE)
    await answer(aisha, first, COFFEE.turns[0].choices[0])
    assert (await press(aisha, "Restart")).text.startswith("The wrong coffee · 1 of 5")
    assert "That conversation is over" in (await answer(aisha, first, COFFEE.turns[0].choices[0])).text


@pytest.mark.parametrize("form", ["b", "B.", "option b", "(B)"])
async def test_a_typed_letter_is_the_choice(tutor: Tutor, form: str) -> None:
    aisha = tutor.person("Aisha")
    turn = await begin(aisha, COFFEE)
    said = next(line[4:] for line in turn.text.splitlines() if line.startswith("B · "))
    after = await ask(aisha, form)
    assert after.text.startswith("The wrong coffee · 2 of 5")
    assert f"You: “{said}”" in after.text


async def test_the_words_of_an_option_are_the_choice(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await begin(aisha, COFFEE)
    await ask(aisha, "oat, not dairy and six minutes to go. have you drunk any of it")
    after = await ask(aisha, "its really busy this morning")
    assert after.text.startswith("The wrong coffee · 3 of 5")


async def test_a_term_is_looked_up_while_the_customer_waits(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await begin(aisha, COFFEE)
    for words, name in (("what is empathy?", "Empathy"), ("active listening", "Active listening")):
        card = await ask(aisha, words)
        assert card.text.startswith(name)
        assert "Your customer is still waiting." in card.text
    assert (await press(aisha, "Back to the customer")).text.startswith("The wrong coffee · 1 of 5")


@pytest.mark.parametrize("words", ["thanks", "👍", "I am so sorry, let me make you a new one right away madam", "d"])
async def test_other_words_are_met_with_a_reminder_and_the_letters(tutor: Tutor, words: str) -> None:
    aisha = tutor.person("Aisha")
    await begin(aisha, COFFEE)
    reminder = await ask(aisha, words)
    assert "tap A, B or C" in reminder.text
    aisha.read_all()
    aisha.press(reminder, "C")
    assert (await aisha.next_message(30)).text.startswith("The wrong coffee · 2 of 5")


async def test_cancel_pauses_the_role_play(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await begin(aisha, COFFEE)
    assert "Paused. /roleplay goes on where you were." in (await ask(aisha, "/cancel")).text
    assert (await ask(aisha, "nps")).text.startswith("Net Promoter Score")
    await ask(aisha, "/roleplay")
    assert (await press(aisha, "Go on")).text.startswith("The wrong coffee · 1 of 5")


@pytest.mark.usefixtures("only_open_questions")
async def test_a_question_that_is_asked_for_takes_the_typed_words(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await begin(aisha, COFFEE)
    await ask(aisha, "/practise")
    marked = await ask(aisha, "the weather was nice in the car park that day and we had sandwiches together")
    assert marked.text.startswith("0 of ")
    await ask(aisha, "/roleplay")
    assert (await press(aisha, "Go on")).text.startswith("The wrong coffee · 1 of 5")


async def test_another_customer_is_somebody_new_and_the_menu_says_how_it_ended(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await go_through(aisha, await begin(aisha, COFFEE), COFFEE, a_path(COFFEE, "escalated"))
    await aisha.next_message(30)
    assert (await press(aisha, "Another customer")).text.startswith("The third missed parcel")
    menu = await ask(aisha, "/roleplay")
    assert menu.buttons.count("The wrong coffee (out of hand)") == 1
    assert len(menu.buttons) == len(PLAYS)


async def test_practice_offers_a_customer_and_so_do_days_eight_to_eleven(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    assert "A difficult customer" not in (await ask(aisha, "/today")).buttons
    await ask(aisha, "/practise")
    await press(aisha, "Topic or kind")
    assert (await press(aisha, "A difficult customer")).text.startswith("Difficult customers")
    for day, title in ((8, "The wrong coffee"), (9, "The fourth chat"), (10, "The kettle"), (11, "The polite goodbye")):
        await tutor.later(timedelta(days=day - 1))
        today = await ask(aisha, "/today")
        assert today.text.startswith(f"Day {day} of 14")
        assert (await press(aisha, "A difficult customer")).text.startswith(title)


@pytest.mark.usefixtures("only_open_questions")
async def test_the_daily_question_waits_while_a_customer_does(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    await tutor.later(until(18, 29, days=1) + timedelta(seconds=50))
    await begin(aisha, COFFEE)
    waiting = await aisha.wait_for(lambda m: "Today's question" in m.buttons, 30)
    assert "a role-play" in waiting.text
    assert (await ask(aisha, "a")).text.startswith("The wrong coffee · 2 of 5")
    await press(aisha, "Today's question")
    marked = await ask(aisha, "the weather was nice in the car park that day and we had sandwiches together")
    assert marked.text.startswith("0 of ")


@pytest.mark.usefixtures("only_open_questions")
async def test_the_daily_question_does_not_wait_for_a_customer_who_was_left(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha, at="18:30")
    await begin(aisha, COFFEE)
    await tutor.later(until(18, 30, days=1))
    await aisha.wait_for(lambda m: m.text.startswith("Day 2 of 14") and "Later today" in m.buttons, 10)
    marked = await ask(aisha, "the weather was nice in the car park that day and we had sandwiches together")
    assert marked.text.startswith("0 of ")


async def test_a_copy_of_ones_data_holds_the_words_that_were_chosen(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    path = a_path(COFFEE, "neutral")
    await go_through(aisha, await begin(aisha, COFFEE), COFFEE, path)
    await aisha.next_message(30)
    document = (await ask(aisha, "/mydata")).json["document"]
    (kept,) = json.loads(tutor.world.files.find(document["file_id"]).content)["role_plays"]
    assert kept["you_said"] == [choice.text for choice in chosen(COFFEE, path)]
    assert (kept["ending"], kept["mood"]) == ("neutral", mood_after(COFFEE, path))
    assert set(kept["letters"]) == set(LETTERS)


async def test_forgetting_deletes_role_plays_even_in_the_middle_of_one(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    turn = await begin(aisha, COFFEE)
    await answer(aisha, turn, COFFEE.turns[0].choices[0])
    assert "play.chat_id" in rows_with(tutor, aisha.id)
    await ask(aisha, "/forget")
    await press(aisha, "Delete everything")
    await tutor.stop()
    assert rows_with(tutor, aisha.id) == []
    await tutor.start()
    assert "That conversation is over" in (await answer(aisha, turn, COFFEE.turns[0].choices[0])).text
