"""Words that find nothing: tutors see them once two people asked, and teach them with a tap."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot import jobs
from bot.sandbox.people import Person
from bot.scheduling import Job
from bot.storage import open_store
from bot.storage.tables import missed
from tests.acceptance.classroom import follow, join, make_class
from tests.acceptance.conftest import StartTutor, Tutor, ask, built_course, press
from tests.acceptance.test_tutor_roles import invite

ASKED = "grumbleometer thingamajig"
"""Words that no term is near."""


async def rows(tutor: Tutor) -> list[dict[str, object]]:
    """Everything that is kept of missed look-ups."""
    store = open_store(tutor.settings().store_url)
    try:
        found = await store.read(lambda tx: tx.execute(missed.select().order_by(missed.c.id)).mappings().all())
        return [dict(row) for row in found]
    finally:
        await store.close()


async def missed_by_two(tutor: Tutor, text: str = ASKED) -> tuple[Person, Person]:
    """Two learners who look for the same and find nothing."""
    aisha, ben = tutor.person("Aisha"), tutor.person("Ben")
    for person in (aisha, ben):
        assert "is not in this unit" in (await ask(person, text)).text
    return aisha, ben


async def test_two_people_must_ask_before_a_tutor_sees_it(tutor: Tutor) -> None:
    admin, aisha, ben = await tutor.admin(), tutor.person("Aisha"), tutor.person("Ben")
    await ask(aisha, ASKED)
    await ask(aisha, f"what is {ASKED} pls?")
    await tutor.later(timedelta(days=1))
    await ask(aisha, ASKED.upper())
    assert (await ask(admin, "/missed")).text.startswith("No missed look-up is waiting")
    await ask(ben, ASKED)
    shown = await ask(admin, "/missed")
    assert shown.text.startswith("1 look-up that found nothing")
    assert f"“{ASKED}” · asked 4 times" in shown.text
    assert shown.buttons == [ASKED]


async def test_a_tap_teaches_it_and_undo_forgets_it(tutor: Tutor) -> None:
    admin = await tutor.admin()
    aisha, ben = await missed_by_two(tutor)
    await ask(admin, "/missed")
    await press(admin, ASKED)
    asked = await press(admin, "Another term")
    assert asked.text.startswith("Which term is it?")
    assert "do not know that term either" in (await ask(admin, "wibblewobble")).text
    noted = await ask(admin, "service recovery")
    assert noted.text.startswith("Noted")
    assert "means Service recovery" in noted.text
    assert "Everybody who types it" in noted.text
    assert (await ask(aisha, f"what is a {ASKED}?")).text.startswith("Service recovery")
    assert (await ask(ben, ASKED)).text.startswith("Service recovery")
    undone = await press(admin, "Undo")
    assert undone.text.startswith("1 look-up that found nothing")
    assert "is not in this unit" in (await ask(aisha, ASKED)).text


async def test_a_rejected_list_is_missed_too_and_its_terms_are_offered_to_the_tutor(tutor: Tutor) -> None:
    admin = await tutor.admin()
    form, (first, *_) = next(iter(built_course().course.ambiguous.items()))
    meant = built_course().names[first]
    for person in (tutor.person("Aisha"), tutor.person("Ben")):
        assert (await ask(person, form)).text.startswith("Did you mean")
        assert (await press(person, "None of these")).text.startswith("Sorry. Try other words")
    shown = await ask(admin, "/missed")
    assert shown.buttons == [form]
    question = await press(admin, form)
    assert meant in question.buttons
    noted = await press(admin, meant)
    assert f"means {meant}" in noted.text
    assert (await ask(tutor.person("Cem"), form)).text.startswith(meant)


async def test_a_tutors_answer_counts_in_their_own_classes(tutor: Tutor) -> None:
    admin, sam = await tutor.admin(), tutor.person("Sam")
    await follow(sam, await invite(admin))
    link = await make_class(sam)
    aisha, ben = await missed_by_two(tutor)
    await join(aisha, link)
    await ask(sam, "/missed")
    await press(sam, ASKED)
    await press(sam, "Another term")
    assert "Learners of your class who" in (await ask(sam, "baseline")).text
    assert (await ask(aisha, ASKED)).text.startswith("Baseline")
    assert "is not in this unit" in (await ask(ben, ASKED)).text
    group = tutor.world.group("2B", [aisha, ben])
    await group.say(aisha, f"/term {ASKED}")
    async with asyncio.timeout(30):
        while not group.messages[-1].from_bot:
            await asyncio.sleep(0.01)
    assert group.messages[-1].text.startswith("Baseline")


async def test_what_does_not_belong_here_is_taken_off_for_good(tutor: Tutor) -> None:
    admin = await tutor.admin()
    aisha, _ = await missed_by_two(tutor)
    await ask(admin, "/missed")
    await press(admin, ASKED)
    assert "is off the list" in (await press(admin, "Not in this unit")).text
    await ask(aisha, ASKED)
    await ask(tutor.person("Cem"), ASKED)
    assert (await ask(admin, "/missed")).text.startswith("No missed look-up")


async def test_a_second_tutor_hears_that_it_was_dealt_with(tutor: Tutor) -> None:
    admin, sam = await tutor.admin(), tutor.person("Sam")
    await follow(sam, await invite(admin))
    await missed_by_two(tutor)
    for person in (admin, sam):
        await ask(person, "/missed")
    await press(admin, ASKED)
    await press(sam, ASKED)
    await press(admin, "Not in this unit")
    assert (await press(sam, "Not in this unit")).text.startswith("Somebody has dealt with that one already")


async def test_two_terms_that_nobody_compared_are_missed_too(tutor: Tutor) -> None:
    admin = await tutor.admin()
    for person, text in ((tutor.person("Aisha"), "heat vs pdca"), (tutor.person("Ben"), "compare pdca and heat")):
        assert "No comparison written yet" in (await ask(person, text)).text
    shown = await ask(admin, "/missed")
    assert "HEAT model and Plan-Do-Check-Act" in shown.text
    await press(admin, "HEAT model")
    assert "Whoever keeps the course's files" in admin.last.text
    assert "is off the list" in (await press(admin, "Take it off")).text


@pytest.mark.parametrize(
    "text",
    [
        "today my manager shouted at me in front of everybody in the shop and then I cried in the stock room",
        "line one\nline two",
        "i want to kill myself",
        "/term i want to kill myself",
    ],
)
async def test_diaries_and_words_of_harm_are_not_kept(tutor: Tutor, text: str) -> None:
    for person in (tutor.person("Aisha"), tutor.person("Ben")):
        await ask(person, text)
    assert await rows(tutor) == []


async def test_nobody_can_be_read_from_what_is_kept(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await ask(aisha, "grumbleometer of @benny_b, Zainab or a.b@example.org 07700 900123")
    await ask(aisha, "wobblefrotz")
    kept = await rows(tutor)
    assert kept[0]["text"] == "grumbleometer of [name], [name] or [e-mail] #"
    assert str(aisha.id) not in repr(kept)
    assert kept[0]["mark"] != kept[1]["mark"]
    await ask(tutor.person("Ben"), "wobblefrotz")
    assert (await rows(tutor))[1]["mark"] is None


async def test_forgetting_deletes_what_only_that_person_asked(tutor: Tutor) -> None:
    aisha, ben = tutor.person("Aisha"), tutor.person("Ben")
    for person, text in ((aisha, "wobblefrotz"), (ben, "snarglebip"), (aisha, ASKED), (ben, ASKED)):
        await ask(person, text)
    await ask(aisha, "/forget")
    assert (await press(aisha, "Delete everything")).text.startswith("Everything is deleted")
    assert [row["text"] for row in await rows(tutor)] == ["snarglebip", ASKED]


async def test_after_sixty_days_nothing_of_it_is_left(start_tutor: StartTutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "Job", lambda name, every, run: Job(name, min(every, 1), run))
    tutor = await start_tutor()
    await missed_by_two(tutor)
    await tutor.later(timedelta(days=59))
    assert (await ask(await tutor.admin(), "/missed")).text.startswith("1 look-up")
    await tutor.later(timedelta(days=61))
    async with asyncio.timeout(30):
        while await rows(tutor):
            await asyncio.sleep(0.2)


async def test_only_tutors_see_the_list(tutor: Tutor) -> None:
    assert (await ask(tutor.person("Aisha"), "/missed")).text.startswith("That is for tutors")


async def test_many_are_shown_page_by_page_with_the_most_wanted_first(tutor: Tutor) -> None:
    admin = await tutor.admin()
    words = [f"{first}{last}" for first in ("snarg", "wobble", "blip") for last in ("frotz", "zork", "quux")]
    for word in words:
        await missed_by_two(tutor, word)
    await ask(tutor.person("Cem"), words[-1])
    shown = await ask(admin, "/missed")
    assert shown.text.startswith("9 look-ups")
    assert shown.buttons[0] == words[-1]
    assert len(shown.buttons) == 9
    more = await press(admin, "More")
    assert len(more.buttons) == 2
    assert (await press(admin, "Earlier")).buttons == shown.buttons
