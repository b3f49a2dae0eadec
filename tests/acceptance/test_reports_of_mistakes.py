"""Something wrong in the course: a learner says so, a tutor deals with it, the learner hears back."""

from __future__ import annotations

from tests.acceptance.classroom import noon
from tests.acceptance.conftest import StartTutor, Tutor, ask, press


async def test_a_report_with_a_note_is_dealt_with_and_the_person_is_told(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(clock_offset=noon())
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    await ask(aisha, "nps")
    asked = await press(aisha, "Something wrong here")
    assert asked.text.startswith("What is wrong here?")
    assert "Net Promoter Score" in asked.text
    assert (await ask(aisha, "the <scale> is 0 to 10")).text.startswith("Thank you.")
    assert "1 report to look at" in (await ask(teacher, "/classes")).buttons
    shown = await press(teacher, "1 report to look at")
    for words in ("1 report to look at", "Net Promoter Score", "the <scale> is 0 to 10"):
        assert words in shown.text
    aisha.read_all()
    assert (await press(teacher, "Dealt with")).text.startswith("No report is waiting")
    assert "Net Promoter Score" in (await aisha.next_message(30)).text


async def test_a_report_needs_no_note_and_can_be_called_off(tutor: Tutor) -> None:
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    await ask(aisha, "pdca")
    await press(aisha, "Something wrong here")
    assert "nothing was reported" in (await press(aisha, "Never mind")).text
    assert (await ask(teacher, "/reports")).text.startswith("No report is waiting")
    assert (await ask(aisha, "csat")).text.startswith("Customer Satisfaction")
    await press(aisha, "Something wrong here")
    assert (await press(aisha, "Send without a note")).text.startswith("Thank you.")
    assert "They say: no note" in (await ask(teacher, "/reports")).text


async def test_next_goes_through_what_waits_one_at_a_time(tutor: Tutor) -> None:
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    for word in ("nps", "pdca"):
        await ask(aisha, word)
        await press(aisha, "Something wrong here")
        await press(aisha, "Send without a note")
    first = (await ask(teacher, "/reports")).text
    second = (await press(teacher, "Next")).text
    assert first.startswith("2 reports to look at")
    assert first != second
    assert (await press(teacher, "Next")).text == first
