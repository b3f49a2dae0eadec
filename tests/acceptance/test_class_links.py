"""Classes over real HTTP: making one, joining by its link, what the tutor sees, leaving."""

from __future__ import annotations

from tests.acceptance.classroom import LINK, follow, join, join_payload, make_class, noon
from tests.acceptance.conftest import StartTutor, Tutor, ask, meet, press


async def test_a_class_is_made_in_two_steps_and_its_card_has_the_link(tutor: Tutor) -> None:
    teacher = await tutor.admin()
    assert (await ask(teacher, "/classes")).text.startswith("You have no class yet")
    await press(teacher, "New class")
    assert "1 to 40 characters" in (await ask(teacher, "x" * 41)).text
    card = await ask(teacher, "2B <b> & co")
    assert card.text.startswith("2B <b> & co")
    assert "0 joined · 0 answered this week" in card.text
    assert LINK.search(card.text)
    assert card.buttons[:2] == ["Send a tip", "People"]


async def test_the_join_card_says_what_the_tutor_will_see_before_anybody_joins(tutor: Tutor) -> None:
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    link = await make_class(teacher)
    card = await follow(aisha, link)
    assert card.startswith("Join 2B customer service?")
    for words in (
        "Ms Carter",
        "now “Aisha”",
        "answered a question this week",
        "totals",
        "will not see",
        "your journal",
    ):
        assert words in card
    await press(teacher, "All classes")
    assert "0 joined" in (await press(teacher, "2B customer service (0)")).text
    assert "Not joined" in (await press(aisha, "Not now")).text


async def test_somebody_the_bot_never_met_joins_and_goes_on_to_a_plan(tutor: Tutor) -> None:
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    link = await make_class(teacher)
    assert (await join(aisha, link)).startswith("You are in 2B customer service.")
    assert (await press(aisha, "Make my plan")).text.startswith("1 of 3")
    await ask(teacher, "/classes")
    card = await press(teacher, "2B customer service (1)")
    assert "1 joined · 0 answered this week" in card.text
    assert "1 not started" in card.text


async def test_joining_twice_says_so_and_somebody_with_a_plan_goes_to_today(tutor: Tutor) -> None:
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    link = await make_class(teacher)
    await meet(aisha)
    await join(aisha, link)
    assert aisha.last.buttons[0] == "Today"
    assert (await follow(aisha, link)).startswith("You are in 2B customer service already")


async def test_a_replaced_link_says_that_it_is_dead(tutor: Tutor) -> None:
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    old = await make_class(teacher)
    new = join_payload((await press(teacher, "New link")).text)
    assert new != old
    assert (await follow(aisha, old)).startswith("That link no longer works")
    assert (await follow(aisha, new)).startswith("Join 2B")


async def test_a_link_nobody_made_gets_a_polite_line(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    assert "do not know that link" in await follow(aisha, "join_0123456789")
    assert "do not know that link" in await follow(aisha, "something-else")


async def test_a_class_is_closed_only_after_asking_once_more(tutor: Tutor) -> None:
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    link = await make_class(teacher)
    await join(aisha, link)
    await press(teacher, "Close class")
    assert (await press(teacher, "Keep it")).text.startswith("2B customer service")
    await press(teacher, "Close class")
    assert "is closed" in (await press(teacher, "Close it")).text
    assert (await follow(tutor.person("Ben"), link)).startswith("That link no longer works")
    assert (await ask(aisha, "/leave")).text.startswith("You are in no class")


async def test_a_removed_learner_is_told_in_one_line(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(clock_offset=noon())
    teacher, aisha, ben = await tutor.admin(), tutor.person("Aisha"), tutor.person("Ben")
    link = await make_class(teacher)
    await join(aisha, link)
    await join(ben, link)
    people = await press(teacher, "People")
    assert "Aisha" in people.text
    assert "Ben" in people.text
    asked = await press(teacher, "Remove Aisha")
    assert asked.text.startswith("Remove Aisha from 2B customer service?")
    aisha.read_all()
    assert "Aisha" not in (await press(teacher, "Remove")).text
    assert (await aisha.next_message(30)).text.startswith("You are no longer in 2B customer service")


async def test_leaving_is_asked_once_more_and_done_from_the_settings_too(tutor: Tutor) -> None:
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    link = await make_class(teacher)
    await meet(aisha)
    await join(aisha, link)
    await ask(aisha, "/settings")
    await press(aisha, "My classes")
    assert (await press(aisha, "Leave 2B customer service")).text.startswith("Leave 2B customer service?")
    assert (await press(aisha, "Stay")).text.startswith("Your classes")
    await press(aisha, "Leave 2B customer service")
    assert (await press(aisha, "Leave")).text.startswith("You have left 2B customer service")
    assert (await ask(aisha, "/leave")).text.startswith("You are in no class")


async def test_learners_cannot_reach_what_is_for_tutors(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    for command in ("/classes", "/tip", "/reports"):
        assert (await ask(aisha, command)).text.startswith("That is for tutors")
    assert (await ask(aisha, "/tutors")).text.startswith("That is for admins")


async def test_where_only_classes_may_use_the_bot_the_join_link_is_the_way_in(start_tutor: StartTutor) -> None:
    tutor = await start_tutor(open_to="class")
    teacher, aisha = await tutor.admin(), tutor.person("Aisha")
    link = await make_class(teacher)
    assert "join link" in (await ask(aisha, "nps")).text
    assert (await join(aisha, link)).startswith("You are in 2B customer service.")
    assert (await ask(aisha, "nps")).text.startswith("Net Promoter Score")
    await ask(aisha, "/leave")
    await press(aisha, "Leave 2B customer service")
    await press(aisha, "Leave")
    assert "join link" in (await ask(aisha, "nps")).text
