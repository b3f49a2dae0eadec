"""Meeting the tutor: what it is, four taps at most, and a plan."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from tests.acceptance.conftest import Tutor, ask, meet, press


async def test_start_says_what_it_is_and_what_is_kept(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await aisha.start()
    hello = await aisha.next_message()
    assert hello.text.startswith("Hello. I help you revise customer service")
    assert "/privacy" in hello.text
    assert hello.buttons == ["Start", "Just look something up"]


async def test_four_taps_lead_to_a_plan_and_its_first_question(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    plan = await meet(aisha, when="In 2 weeks")
    assert plan.text.startswith("Your plan: 14 days")
    assert "18:30" in plan.text
    question = await press(aisha, "First question now")
    assert "mark" in question.text.splitlines()[0]


async def test_a_week_until_the_assessment_gives_the_fast_track(tutor: Tutor) -> None:
    plan = await meet(tutor.person("Aisha"), when="In 1 week")
    assert plan.text.startswith("Your plan: 7 days")


async def test_own_place_hour_and_date_can_be_typed(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await aisha.start()
    await aisha.next_message()
    await press(aisha, "Start")
    await press(aisha, "No, choose my place")
    assert (await ask(aisha, "lisbonn")).text.startswith("2 of 3")
    await press(aisha, "Another time")
    assert "could not read a time" in (await ask(aisha, "half past never")).text
    assert (await ask(aisha, "7pm")).text.startswith("3 of 3")
    await press(aisha, "Type the date")
    day = Clock().now().date() + timedelta(days=20)
    plan = await ask(aisha, day.isoformat())
    assert plan.text.startswith("Your plan: 14 days")
    assert "19:00" in plan.text


async def test_looking_up_works_in_the_middle_of_the_first_meeting(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await aisha.start()
    await aisha.next_message()
    await press(aisha, "Start")
    card = await ask(aisha, "what is a baseline")
    assert card.text.startswith("Baseline")


async def test_help_lists_what_can_be_done(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    text = (await ask(aisha, "/help")).text
    for command in ("/practise", "/today", "/plan", "/settings", "/privacy", "/forget", "/stop"):
        assert command in text
    assert "For tutors" not in text


async def test_start_again_welcomes_back(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    assert (await ask(aisha, "/start")).text.startswith("Good to see you again")


async def test_cancel_in_a_step_leaves_it(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await aisha.start()
    await aisha.next_message()
    await press(aisha, "Start")
    await press(aisha, "No, choose my place")
    assert (await ask(aisha, "/cancel")).text.startswith("Cancelled")
    assert "not in this unit" in (await ask(aisha, "pizza")).text


async def test_what_is_not_text_gets_a_kind_line(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    for send in (aisha.send_voice(b"sound"), aisha.send_photo(b"picture"), aisha.send_sticker()):
        aisha.read_all()
        await send
        assert "Please type it" in (await aisha.next_message()).text


async def test_an_unknown_command_says_where_help_is(tutor: Tutor) -> None:
    assert "/help" in (await ask(tutor.person("Aisha"), "/dance")).text


async def test_a_button_that_is_not_ours_gets_a_polite_line(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    question = await press(aisha, "First question now")
    await press(aisha, "Skip")
    answer = await press_old(aisha, question.id, "skip:999999")
    assert "closed" in answer


async def press_old(person, message_id: int, data: str) -> str:  # type: ignore[no-untyped-def]
    """Press a button whose data is no longer valid, as an old message keeps it."""
    person.read_all()
    message = person.chat.messages[message_id]
    message.json = {
        **message.json,
        "reply_markup": {"inline_keyboard": [[{"text": "old", "callback_data": data}]]},
    }
    person.press(message, "old")
    return str((await person.next_message(30)).text)
