"""Looking things up, as learners type them."""

from __future__ import annotations

import asyncio

import pytest

from tests.acceptance.conftest import Tutor, ask, press


@pytest.mark.parametrize(
    ("typed", "card"),
    [
        ("NPS", "Net Promoter Score"),
        ("root couse anlysis", "Root cause analysis"),
        ("what does first contact resolution mean", "First Contact Resolution"),
        ("/term baseline", "Baseline"),
    ],
)
async def test_a_term_is_found_as_typed(tutor: Tutor, typed: str, card: str) -> None:
    message = await ask(tutor.person("Aisha"), typed)
    assert message.text.startswith(card)
    assert "Something wrong here" in message.buttons
    assert any(entity["type"] == "expandable_blockquote" for entity in message.entities)


async def test_two_terms_are_put_side_by_side(tutor: Tutor) -> None:
    message = await ask(tutor.person("Aisha"), "difference between csat and nps")
    assert "Alike" in message.text
    assert "Different" in message.text


async def test_what_is_not_in_the_unit_is_said_so_and_topics_lead_on(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    message = await ask(aisha, "<b>pizza</b> & chips")
    assert message.text.startswith("“<b>pizza</b> & chips” is not in this unit")
    topic = await press(aisha, "Measuring service quality")
    assert topic.text.startswith("Measuring service quality")
    name = topic.buttons[0]
    assert (await press(aisha, name)).text.startswith(name)


async def test_related_terms_open_on_the_same_card(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    card = await ask(aisha, "what is a baseline")
    listed = await press(aisha, "Related")
    assert listed.id == card.id
    other = await press(aisha, listed.buttons[0])
    assert other.id == card.id
    assert not other.text.startswith("Baseline")
    await press(aisha, "Related")
    back = await press(aisha, "Back to the card")
    assert back.text == other.text


async def test_a_press_is_answered_at_once(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    card = await ask(aisha, "what is a baseline")
    answer = await aisha.press(card, "Related")
    assert answer.answered


async def test_a_term_can_be_looked_up_in_a_group(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    group = tutor.world.group("2B", [aisha])
    await group.say(aisha, f"/term@{tutor.world.bot['username']} nps")
    async with asyncio.timeout(30):
        while not group.messages[-1].from_bot:
            await asyncio.sleep(0.01)
    assert group.messages[-1].text.startswith("Net Promoter Score")


async def test_every_card_of_the_course_can_be_sent(tutor: Tutor) -> None:
    from tests.acceptance.conftest import built_course

    aisha = tutor.person("Aisha")
    for term in built_course().course.terms[::6]:
        message = await ask(aisha, f"/term {term.name}")
        shown = [message.text, *message.buttons]
        assert any(term.name[:20].lower() in each.lower() for each in shown), term.id
    refused = [call for call in tutor.world.calls if not call.ok]
    assert refused == []
