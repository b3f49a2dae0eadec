"""A tutor sends a tip, over real HTTP: the preview, the sending, pausing, stopping and the report."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from tests.acceptance.classroom import join, make_class, noon, until
from tests.acceptance.conftest import StartTutor, Tutor, ask, press

TIP = "Underline the verb before you write & say <why>."


async def class_of(tutor: Tutor, size: int) -> tuple[Person, list[Person]]:
    """A tutor with a class of learners."""
    teacher = await tutor.admin()
    link = await make_class(teacher)
    learners = [tutor.person(f"Learner {number}") for number in range(size)]
    await asyncio.gather(*(join(learner, link) for learner in learners))
    return teacher, learners


async def write_tip(teacher: Person, text: str = TIP) -> Message:
    """Go as far as the preview and return the message under it."""
    await ask(teacher, "/tip")
    await press(teacher, "2B customer service")
    await press(teacher, "Write my own")
    await teacher.say(text)
    return await teacher.wait_for(lambda message: "Send now" in message.buttons, 8)


def tips_of(person: Person) -> list[str]:
    """Return the tips that somebody has got."""
    return [m.text for m in person.chat.from_bot() if m.text.startswith("A tip from your tutor")]


async def test_a_tip_to_fifty_learners_of_whom_two_have_blocked_the_bot(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(clock_offset=noon())
    teacher, learners = await class_of(tutor, 50)
    for each in learners[:2]:
        tutor.world.faults.add("forbidden", method="sendMessage", chat_id=each.id)
    audience = await write_tip(teacher)
    assert audience.text.startswith("Above: as 50 learners will see it.")
    teacher.press(audience, "Send now")
    teacher.press(audience, "Send now")
    report = await teacher.wait_for(lambda message: message.text.startswith("Sent to"), 20)
    assert report.text == "Sent to 48.\n2 have blocked the bot."
    assert report.id == audience.id
    assert [len(tips_of(each)) for each in learners] == [0, 0] + [1] * 48
    assert tips_of(learners[7]) == [f"A tip from your tutor\n\n{TIP}"]
    assert tips_of(learners[7])[0] == tips_of(teacher)[0]


async def test_pause_holds_the_rest_back_and_stop_ends_it(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(clock_offset=noon(), send_rate=5.0)
    teacher, learners = await class_of(tutor, 30)

    def got() -> int:
        return sum(len(tips_of(each)) for each in learners)

    await write_tip(teacher)
    await press(teacher, "Send now")
    await until(lambda: got() >= 3)
    await press(teacher, "Pause")
    await teacher.wait_for(lambda message: message.text.startswith("Paused:"), 8)
    await asyncio.sleep(0.5)
    held = got()
    await asyncio.sleep(1.5)
    assert got() == held < 30
    await press(teacher, "Go on")
    await until(lambda: got() >= held + 3)
    await press(teacher, "Stop")
    report = await teacher.wait_for(lambda message: message.text.startswith("Stopped: sent to"), 8)
    done = got()
    assert report.text.startswith(f"Stopped: sent to {done} of 30.")
    assert f"{30 - done} did not get it" in report.text
    await asyncio.sleep(1)
    assert got() == done


async def test_a_ready_tip_is_chosen_by_topic_and_shown_whole_first(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(clock_offset=noon())
    teacher, (aisha,) = await class_of(tutor, 1)
    await ask(teacher, "/tip")
    await press(teacher, "2B customer service")
    topics = await press(teacher, "A ready tip")
    titles = await press(teacher, topics.buttons[0])
    title = titles.buttons[0]
    await press(teacher, title)
    audience = await teacher.wait_for(lambda message: "Send now" in message.buttons, 8)
    (preview,) = tips_of(teacher)
    assert preview.startswith(f"A tip from your tutor: {title}")
    await press(teacher, "Send to me first")
    teacher.press(audience, "Send now")
    await teacher.wait_for(lambda message: message.text.startswith("Sent to 1"), 8)
    assert tips_of(aisha) == [preview]
    assert tips_of(teacher) == [preview, preview]


async def test_a_draft_survives_a_restart_and_can_be_changed_and_discarded(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(clock_offset=noon())
    teacher, (aisha,) = await class_of(tutor, 1)
    old = await write_tip(teacher, "First words")
    await tutor.restart()
    await press(teacher, "Edit")
    await press(teacher, "Write it anew")
    teacher.read_all()
    await teacher.say("Second words")
    await teacher.wait_for(lambda message: "Send now" in message.buttons and message.id > old.id, 8)
    await press(teacher, "Discard")
    assert teacher.last.text.startswith("Discarded")
    await write_tip(teacher, "Third words")
    await press(teacher, "Send now")
    await teacher.wait_for(lambda message: message.text.startswith("Sent to 1"), 8)
    assert tips_of(aisha) == ["A tip from your tutor\n\nThird words"]


async def test_a_tip_that_nobody_would_get_is_not_written_in_vain(tutor: Tutor) -> None:
    teacher = await tutor.admin()
    await make_class(teacher)
    await ask(teacher, "/tip")
    assert (await press(teacher, "2B customer service (0)")).text.startswith("Nobody would get this tip")


async def test_learners_in_their_quiet_hours_get_the_tip_when_these_are_over(
    start_tutor: StartTutor,
) -> None:
    night = noon() + timedelta(hours=11)
    tutor = await start_tutor(clock_offset=night)
    teacher, (aisha,) = await class_of(tutor, 1)
    audience = await write_tip(teacher)
    assert "1 learner is in quiet hours now" in audience.text
    teacher.press(audience, "Send now")
    await teacher.wait_for(lambda message: message.text.startswith("Sending: 0 of 1"), 8)
    await asyncio.sleep(1.5)
    assert tips_of(aisha) == []
    await tutor.later(night + timedelta(hours=9))
    await teacher.wait_for(lambda message: message.text.startswith("Sent to 1"), 8)
    assert len(tips_of(aisha)) == 1
