"""``@bot serv rec`` in any chat."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.sandbox.inline import choose
from bot.sandbox.people import Person
from bot.sandbox.queries import InlineAnswer
from bot.storage import open_store
from bot.storage.tables import inbox, learner
from tests.acceptance.classroom import follow, join, make_class, until
from tests.acceptance.conftest import StartTutor, Tutor, ask, built_course, press
from tests.acceptance.test_tutor_roles import invite


@pytest.fixture
async def inline_tutor(start_tutor: StartTutor) -> Tutor:
    """A bot for which BotFather has switched inline mode on."""
    return await with_inline(start_tutor)


async def with_inline(start_tutor: StartTutor, **settings: Any) -> Tutor:
    """Start a bot for which inline mode is on."""
    tutor = await start_tutor(**settings)
    tutor.world.abilities["supports_inline_queries"] = True
    return tutor


async def offered(person: Person, query: str, offset: str = "") -> InlineAnswer:
    """Type the bot's name and some letters."""
    answer = await person.inline(query, offset=offset)
    assert answer.answered, query
    return answer


def titles(answer: InlineAnswer) -> list[str]:
    return [result["title"] for result in answer.results]


def last_call(tutor: Tutor) -> dict[str, Any]:
    return tutor.world.calls_of("answerInlineQuery")[-1].params


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("serv rec", "Service recovery"),
        ("nps", "Net Promoter Score (NPS)"),
        ("root ca", "Root cause analysis (RCA)"),
        ("five why", "5 Whys"),
        ("nps vs csat", "Net Promoter Score and CSAT"),
        ("Baselin", "Baseline"),
    ],
)
async def test_cards_are_offered_as_one_types(inline_tutor: Tutor, typed: str, first: str) -> None:
    answer = await offered(inline_tutor.person("Aisha"), typed)
    assert any(title.startswith(first.partition(" (")[0]) for title in titles(answer)[:2]), titles(answer)[:5]
    assert answer.button is not None
    assert answer.button["text"] == "Open the tutor"
    params = last_call(inline_tutor)
    assert (params["cache_time"], params["is_personal"]) == (300, False)


async def test_a_chosen_result_is_the_card_in_any_chat(inline_tutor: Tutor) -> None:
    aisha = inline_tutor.person("Aisha")
    group = inline_tutor.world.group("Friends", [aisha])
    answer = await offered(aisha, "serv rec")
    result = answer.results[0]
    assert result["description"]
    message = choose(inline_tutor.world, aisha, result, group)
    assert message.text.startswith("Service recovery")
    assert any(entity["type"] == "expandable_blockquote" for entity in message.entities)
    assert message.buttons == ["Open the tutor"]


async def test_without_words_every_term_is_there_page_by_page(inline_tutor: Tutor) -> None:
    aisha, seen, offset = inline_tutor.person("Aisha"), [], ""
    for _ in range(20):
        answer = await offered(aisha, "", offset)
        assert len(answer.results) <= 50
        seen += [result["id"] for result in answer.results]
        if not (offset := answer.next_offset):
            break
    assert sorted(seen) == sorted(term.id for term in built_course().course.terms)
    assert (await offered(aisha, "", "nonsense")).results == (await offered(aisha, "")).results


@pytest.mark.parametrize("typed", ["wobblefrotz", "🙂", "...", "x" * 256, "i want to kill myself"])
async def test_what_is_not_here_offers_nothing_but_the_tutor(inline_tutor: Tutor, typed: str) -> None:
    answer = await offered(inline_tutor.person("Aisha"), typed)
    assert answer.results == []
    assert answer.button is not None
    assert "kill" not in str(last_call(inline_tutor)["button"])


async def test_nothing_is_written_down(inline_tutor: Tutor) -> None:
    aisha = inline_tutor.person("Aisha")
    for typed in ("s", "se", "ser", "wobblefrotz"):
        await offered(aisha, typed)
    store = open_store(inline_tutor.settings().store_url)
    found = await store.read(lambda tx: [*tx.execute(inbox.select()), *tx.execute(learner.select())])
    await store.close()
    assert found == []


async def test_a_classs_own_additions_are_offered_to_that_class_alone(inline_tutor: Tutor) -> None:
    tutor = inline_tutor
    admin, sam, aisha, ben = await tutor.admin(), tutor.person("Sam"), tutor.person("Aisha"), tutor.person("Ben")
    await follow(sam, await invite(admin))
    await join(aisha, await make_class(sam))
    for person in (aisha, ben):
        await ask(person, "wobblefrotz of snarglebip")
    await ask(sam, "/missed")
    await press(sam, "wobblefrotz")
    await press(sam, "Another term")
    await ask(sam, "service recovery")
    await offered(aisha, "serv rec")
    assert last_call(tutor)["is_personal"] is True
    await offered(ben, "serv rec")
    assert last_call(tutor)["is_personal"] is False


async def test_strangers_are_offered_nothing_where_only_classes_may_come_in(start_tutor: StartTutor) -> None:
    tutor = await with_inline(start_tutor, open_to="class")
    admin, aisha, ben = await tutor.admin(), tutor.person("Aisha"), tutor.person("Ben")
    await join(aisha, await make_class(admin))
    assert titles(await offered(aisha, "serv rec"))
    assert last_call(tutor)["is_personal"] is True
    refused = await offered(ben, "serv rec")
    assert refused.results == []
    assert refused.button is not None
    assert "ask your tutor for the link" in refused.button["text"]
    assert "invited classes" in (await follow(ben, "open"))


async def test_the_start_says_whether_inline_mode_is_on(tutor: Tutor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot.bootstrap")
    await tutor.restart()
    await until(lambda: "inline mode is off" in caplog.text)
    tutor.world.abilities["supports_inline_queries"] = True
    await tutor.restart()
    await until(lambda: "inline mode is on" in caplog.text)


async def test_queries_come_through_a_webhook_too(start_tutor: StartTutor, unused_tcp_port: int) -> None:
    tutor = await with_inline(
        start_tutor,
        webhook_url=f"http://127.0.0.1:{unused_tcp_port}/hook",
        webhook_port=unused_tcp_port,
        webhook_secret="0123456789abcdef",
    )
    async with asyncio.timeout(30):
        while not tutor.world.calls_of("setWebhook"):
            await asyncio.sleep(0.02)
    assert "inline_query" in tutor.world.calls_of("setWebhook")[-1].params["allowed_updates"]
    assert titles(await offered(tutor.person("Aisha"), "serv rec"))
