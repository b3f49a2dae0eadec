"""In groups: commands and replies are answered, within twenty messages a minute; what is personal is not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.chats import Message
from bot.sandbox.groups import Group
from bot.sandbox.inline import choose
from bot.sandbox.people import Person
from bot.storage import lookups, open_store
from tests.acceptance.classroom import join, make_class
from tests.acceptance.conftest import Tutor, ask, press

QUIET = 0.4
"""Seconds after which the bot is taken to say nothing."""


async def answer_in(group: Group, person: Person, text: str, reply_to: Message | None = None) -> Message:
    """Say something in a group and return what the bot answers."""
    before = len([message for message in group.messages if message.from_bot])
    await group.say(person, text, reply_to)
    async with asyncio.timeout(30):
        while len(said := [message for message in group.messages if message.from_bot]) == before:
            await asyncio.sleep(0.01)
    return said[-1]


@pytest.fixture
def aisha(tutor: Tutor) -> Person:
    return tutor.person("Aisha")


@pytest.fixture
def group(tutor: Tutor, aisha: Person) -> Group:
    return tutor.world.group("2B", [aisha, tutor.person("Ben")])


@pytest.mark.parametrize(
    "text", ["/compare nps and csat", "/compare nps, csat", "/compare nps csat", "/term nps vs csat"]
)
async def test_two_terms_are_compared_however_they_are_joined(group: Group, aisha: Person, text: str) -> None:
    message = await answer_in(group, aisha, text)
    for part in ("Alike", "Different", "NPS"):
        assert part in message.text
    assert message.json["reply_to_message"]["text"] == text


async def test_one_term_is_asked_what_to_compare_it_with(group: Group, aisha: Person) -> None:
    message = await answer_in(group, aisha, "/compare nps")
    assert message.text.startswith("Compare Net Promoter Score with what?")
    assert "Customer Satisfaction Score" in message.buttons
    group.press(aisha, message, "Customer Satisfaction Score")
    async with asyncio.timeout(30):
        while "Alike" not in group.messages[-1].text:
            await asyncio.sleep(0.01)


async def test_compare_works_in_private_and_says_which_side_it_does_not_know(aisha: Person) -> None:
    assert (await ask(aisha, "/compare")).text.startswith("Which two?")
    assert "Alike" in (await ask(aisha, "/compare nps and csat")).text
    halves = await ask(aisha, "/compare wobblefrotz and nps")
    assert "I do not know “wobblefrotz”" in halves.text
    assert "Alike" in (await press(aisha, "Customer Effort Score")).text
    assert "is not in this unit" in (await ask(aisha, "/compare wobblefrotz snarglebip")).text


@pytest.mark.parametrize("command", ["practise", "today", "settings", "mydata", "forget", "missed", "tip", "classes"])
async def test_what_is_personal_is_sent_to_the_private_chat(
    tutor: Tutor, group: Group, aisha: Person, command: str
) -> None:
    message = await answer_in(group, aisha, f"/{command}@{tutor.world.bot['username']}")
    assert message.text == "That is for our private chat."
    assert message.keyboard[0][0]["url"].endswith("?start=open")


async def test_the_link_into_the_private_chat_is_a_plain_start(aisha: Person) -> None:
    await aisha.start("open")
    assert (await aisha.next_message(30)).text.startswith("Hello. I help you revise")


async def test_a_reply_to_the_bot_is_looked_up_and_thanks_are_left_alone(group: Group, aisha: Person) -> None:
    which = await answer_in(group, aisha, "/term")
    assert "or just type" not in which.text
    card = await answer_in(group, aisha, "nps", which)
    assert card.text.startswith("Net Promoter Score")
    before = len(group.messages)
    for text in ("thanks!", "lol ask Ben about the bus"):
        await group.say(aisha, text, card)
    await group.say(aisha, "what is nps")
    await asyncio.sleep(QUIET)
    assert len(group.messages) == before + 3


async def test_an_administrator_bot_still_reads_only_what_is_meant_for_it(tutor: Tutor, aisha: Person) -> None:
    group = tutor.world.group("Loud", [aisha], bot_is_admin=True)
    await group.say(aisha, "what is nps")
    await group.say(aisha, "/unknown")
    await asyncio.sleep(QUIET)
    assert not any(message.from_bot for message in group.messages)


async def test_what_a_learner_opens_in_a_group_is_remembered_for_them_alone(
    tutor: Tutor, group: Group, aisha: Person
) -> None:
    await ask(aisha, "hello")
    await ask(aisha, "pdca")
    card = await answer_in(group, aisha, "/term nps")
    await answer_in(group, tutor.person("Ben"), "/term csat")
    assert "Something wrong here" not in card.buttons
    store = open_store(tutor.settings().store_url)
    opened = [
        await store.read(lambda tx, who=who: lookups.of_learner(tx, who.id)) for who in (aisha, tutor.person("Ben"))
    ]
    await store.close()
    assert opened == [{"term.pdca": 1, "term.nps": 1}, {}]


async def test_going_back_to_a_card_is_no_second_look_up(tutor: Tutor, aisha: Person) -> None:
    await ask(aisha, "what is a baseline")
    await press(aisha, "Related")
    await press(aisha, "Back to the card")
    store = open_store(tutor.settings().store_url)
    assert await store.read(lambda tx: lookups.of_learner(tx, aisha.id)) == {"term.baseline": 1}
    await store.close()


async def test_words_of_harm_are_answered_kindly_and_never_said_back(group: Group, aisha: Person) -> None:
    for command in ("term", "compare"):
        message = await answer_in(group, aisha, f"/{command} i want to kill myself")
        assert "116 123" in message.text
        assert "kill" not in message.text


async def test_at_most_twenty_messages_a_minute_go_to_a_group_and_the_rest_follows(
    tutor: Tutor, group: Group, aisha: Person
) -> None:
    for _ in range(30):
        await group.say(aisha, "/term nps")
    async with asyncio.timeout(30):
        while len(tutor.world.calls_of("sendMessage", chat_id=group.id)) < 20:
            await asyncio.sleep(0.02)
    await asyncio.sleep(QUIET)
    said = [call.params["text"] for call in tutor.world.calls_of("sendMessage", chat_id=group.id)]
    assert len(said) == 20
    assert len([text for text in said if text.startswith("One moment: I may only send 20 messages")]) == 1
    assert (await ask(aisha, "pdca")).text.startswith("Plan-Do-Check-Act")
    await tutor.later(timedelta(seconds=90))
    async with asyncio.timeout(30):
        while len(tutor.world.calls_of("sendMessage", chat_id=group.id)) < 31:
            await asyncio.sleep(0.02)


async def test_a_card_chosen_inline_in_the_bots_own_chat_is_no_question(tutor: Tutor, aisha: Person) -> None:
    tutor.world.abilities["supports_inline_queries"] = True
    await ask(aisha, "hello")
    result = (await aisha.inline("nps")).results[0]
    before = len(aisha.messages)
    sent = choose(tutor.world, aisha, result)
    assert sent.text.startswith("Net Promoter Score")
    await asyncio.sleep(QUIET)
    assert len(aisha.messages) == before + 1


async def test_where_only_classes_may_enter_a_group_is_no_way_round(tutor: Tutor, group: Group, aisha: Person) -> None:
    admin = await tutor.admin()
    link = await make_class(admin)
    await join(aisha, link)
    await tutor.restart(open_to="class")
    stranger = tutor.person("Dana")
    group = tutor.world.group("Open to all", [aisha, stranger, admin])
    card = await answer_in(group, aisha, "/term nps")
    assert card.text.startswith("Net Promoter Score")
    assert "invited classes" in (await answer_in(group, stranger, "/term nps")).text
    assert (await answer_in(group, admin, "/term csat")).text.startswith("Customer Satisfaction Score")
    before = len(group.messages)
    await group.say(stranger, "nps", card)
    await asyncio.sleep(QUIET)
    assert len(group.messages) == before + 1
