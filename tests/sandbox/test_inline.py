"""Inline results are what Telegram would take, and what becomes of one that is chosen."""

import asyncio
from typing import Any

import pytest
from telegram import Bot, InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent
from telegram.error import BadRequest

from bot.sandbox.inline import choose
from bot.sandbox.page import ChatPage
from bot.sandbox.people import Person
from bot.sandbox.world import World


def article(number: str, html: str = "<b>Card</b>", title: str = "Card") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(number, title, InputTextMessageContent(html, parse_mode="HTML"))


async def asked(client: Bot, world: World, aisha: Person) -> tuple[str, Any]:
    """Type something; returns the query's id and the answer to come."""
    world.abilities["supports_inline_queries"] = True
    answer = aisha.inline("nps")
    query = (await client.get_updates())[-1].inline_query
    assert query is not None
    return query.id, answer


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (article("1", "<b>open"), "can't parse entities"),
        (article("1", "x" * 4097), "too long"),
        (article("1", title=" "), "title"),
    ],
)
async def test_a_result_that_could_not_be_sent_is_refused(
    client: Bot, world: World, aisha: Person, result: InlineQueryResultArticle, reason: str
) -> None:
    number, _ = await asked(client, world, aisha)
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await client.answer_inline_query(number, [result])


async def test_the_button_carries_what_a_link_may_carry(client: Bot, world: World, aisha: Person) -> None:
    number, answer = await asked(client, world, aisha)
    with pytest.raises(BadRequest, match=r"(?i)start_param_invalid"):
        await client.answer_inline_query(number, [], button=InlineQueryResultsButton("Open", start_parameter="a b"))
    await client.answer_inline_query(number, [], button=InlineQueryResultsButton("Open", start_parameter="open"))
    assert (await answer).button == {"text": "Open", "start_parameter": "open"}


async def test_a_chosen_result_is_the_persons_own_message(client: Bot, world: World, aisha: Person) -> None:
    number, answer = await asked(client, world, aisha)
    await client.answer_inline_query(number, [article("1")])
    (result,) = (await answer).results
    message = choose(world, aisha, result)
    assert (message.html, message.from_bot, message.json["via_bot"]) == ("<b>Card</b>", False, world.bot)
    heard = (await client.get_updates())[-1].message
    assert heard is not None
    assert heard.via_bot is not None
    group = world.group("Friends", [aisha])
    choose(world, aisha, result, group)
    assert group.messages[-1].text == "Card"
    assert world.updates.pending[-1]["message"]["chat"]["id"] == aisha.id


async def test_the_page_gathers_what_is_offered_and_sends_the_one_that_is_chosen(
    client: Bot, world: World, aisha: Person
) -> None:
    world.abilities["supports_inline_queries"] = True
    page = ChatPage(world)
    shown: dict[str, Any] = {}
    for offset, numbers, more in (("", ("1", "2"), "2"), ("2", ("3",), "")):
        typing = asyncio.create_task(page.inline({"who": aisha.id, "query": "n", "offset": offset}))
        while not world.updates.pending or "inline_query" not in world.updates.pending[-1]:
            await asyncio.sleep(0.005)
        query = (await client.get_updates())[-1]
        assert query.inline_query is not None
        results = [article(number, title=f"Card {number}") for number in numbers]
        await client.answer_inline_query(query.inline_query.id, results, next_offset=more)
        shown = await typing
        await client.get_updates(offset=query.update_id + 1)
    assert [each["title"] for each in shown["results"]] == ["Card 1", "Card 2", "Card 3"]
    assert shown["more"] == ""
    await page.choose({"who": aisha.id, "number": 2})
    assert aisha.messages[-1].text == "Card"
