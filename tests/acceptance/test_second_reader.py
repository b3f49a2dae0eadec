"""The second reader: asked only after consent, adds what the answer says, and can do no harm when it misbehaves."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest
from pydantic import SecretStr

from bot import bootstrap, second_reader
from bot.application.second_read import ReaderUnavailable
from bot.chat.views import second_reader as views
from bot.config import ConfigError, read_settings
from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from tests.acceptance.conftest import StartTutor, Tutor, ask, press
from tests.acceptance.second_reader import (
    Behaviour,
    Endpoint,
    breaks,
    endpoint,
    fails,
    finds,
    floods,
    nests,
    says,
    stalls,
)
from tests.bank import ADDED, ALL_POINTS, CHECK, DISPUTED, DISPUTED_QUOTE, STEM, bank

KEY = "sk-very-secret"


@pytest.fixture(autouse=True)
def _small_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: bank())


@pytest.fixture
async def reader() -> AsyncIterator[Endpoint]:
    async with endpoint() as found:
        yield found


@pytest.fixture
async def tutor(start_tutor: StartTutor, reader: Endpoint) -> Tutor:
    return await start_tutor(second_reader_url=reader.url, second_reader_model="tiny", second_reader_key=SecretStr(KEY))


async def answered(person: Person, text: str) -> Message:
    """Be asked about the bakery and answer."""
    assert STEM in (await ask(person, "/practise")).text
    return await ask(person, text)


async def agree(person: Person) -> Message:
    """Agree to the second reader below the newest result card."""
    await press(person, "Second reader")
    return await press(person, "Yes, ask it")


async def until(card: Message, words: str) -> str:
    """Wait until a card says something and return its text."""
    async with asyncio.timeout(30):
        while words not in card.text:
            await asyncio.sleep(0.01)
    return card.text


def rows(tutor: Tutor, query: str) -> list[Any]:
    """Read from the bot's database."""
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        return connection.execute(query).fetchall()


async def test_nothing_leaves_before_the_learner_agrees(tutor: Tutor, reader: Endpoint) -> None:
    aisha = tutor.person("Aisha")
    card = await answered(aisha, DISPUTED)
    assert "Second reader" in card.buttons
    asked = await press(aisha, "Second reader")
    assert "127.0.0.1" in asked.text
    assert "Not your name" in asked.text
    await press(aisha, "No, keep")
    await ask(aisha, "/practise")
    assert "Second reader" not in (await ask(aisha, DISPUTED)).buttons
    await asyncio.sleep(1.5)
    assert reader.requests == []


async def test_the_card_goes_out_first_and_changes_when_a_point_is_found(tutor: Tutor, reader: Endpoint) -> None:
    reader.behaviour = finds({CHECK: DISPUTED_QUOTE})
    aisha = tutor.person("Aisha")
    card = await answered(aisha, DISPUTED)
    assert card.text.startswith("0 of 3 marks yet")
    assert "card above changes" in (await agree(aisha)).text
    text = await until(card, "The second reader added to your mark.")
    assert text.startswith("1 of 3 marks, up from 0")
    assert f"✓ Results are checked: second reader, you wrote “{DISPUTED_QUOTE}”" in text
    assert rows(tutor, "SELECT awarded FROM attempt") == [(1,)]
    assert rows(tutor, "SELECT why, from_mark, to_mark FROM mark_change") == [("second reader", 0, 1)]
    assert rows(tutor, "SELECT * FROM second_reading") == []


async def test_the_next_answer_goes_without_asking_again(tutor: Tutor, reader: Endpoint) -> None:
    aisha = tutor.person("Aisha")
    card = await answered(aisha, DISPUTED)
    await agree(aisha)
    await until(card, "found no more")
    await ask(aisha, "/practise")
    second = await ask(aisha, DISPUTED)
    assert "A second reader is looking" in second.text
    await until(second, "found no more")
    assert len(reader.requests) == 2


async def test_only_what_was_not_found_is_asked_and_nobody_is_named(tutor: Tutor, reader: Endpoint) -> None:
    aisha = tutor.person("Aisha")
    card = await answered(aisha, ADDED)
    await agree(aisha)
    await until(card, "found no more")
    [asked] = reader.asked
    assert asked["answer"] == ADDED
    assert [point["id"] for point in asked["points"]] == ["again", "check"]
    assert set(asked) == {"question", "points", "answer"}
    sent = str(reader.requests[0])
    assert "Aisha" not in sent
    assert str(aisha.id) not in sent
    assert reader.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_an_answer_that_has_everything_is_not_sent(tutor: Tutor, reader: Endpoint) -> None:
    aisha = tutor.person("Aisha")
    card = await answered(aisha, DISPUTED)
    await agree(aisha)
    await until(card, "found no more")
    await ask(aisha, "/practise")
    await ask(aisha, ALL_POINTS)
    await asyncio.sleep(1.3)
    assert len(reader.requests) == 1


LIES: dict[str, Behaviour] = {
    "invents a quote": finds({CHECK: "They look at the figures every month."}),
    "claims a point nobody asked about": finds({"everything": DISPUTED_QUOTE}),
    "quotes one word": finds({CHECK: "minutes"}),
    "overrules the mark": says('{"points": [], "awarded": 0, "overall": "the learner gets nothing"}'),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_what_does_not_stand_in_the_answer_earns_nothing(tutor: Tutor, reader: Endpoint, lie: Behaviour) -> None:
    reader.behaviour = lie
    aisha = tutor.person("Aisha")
    card = await answered(aisha, f"{DISPUTED} {ADDED}")
    assert card.text.startswith("1 of 3 marks")
    await agree(aisha)
    text = await until(card, "found no more")
    assert text.startswith("1 of 3 marks")
    assert rows(tutor, "SELECT awarded FROM attempt") == [(1,)]


TROUBLE: dict[str, Behaviour] = {
    "an error": fails(500),
    "a wrong key": fails(401),
    "a redirect": fails(302),
    "not json": says("Sure! Here are the points:"),
    "another shape": says('{"marks": 3}'),
    "not the protocol": breaks,
    "megabytes": floods,
    "lists in lists": nests,
    "a reply of lists in lists": says("[" * 15_000),
    "silence": stalls,
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
async def test_trouble_with_the_reader_leaves_the_mark(
    tutor: Tutor,
    reader: Endpoint,
    trouble: Behaviour,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(second_reader, "PATIENCE", 0.3)
    reader.behaviour = trouble
    aisha = tutor.person("Aisha")
    card = await answered(aisha, DISPUTED)
    await agree(aisha)
    text = await until(card, "did not answer this time")
    assert text.startswith("0 of 3 marks yet")
    assert KEY not in caplog.text
    assert "minutes" not in caplog.text


@pytest.mark.parametrize("trouble", [fails(503), says("Sure! Here are the points:")], ids=["errors", "chatter"])
async def test_after_failures_in_a_row_it_is_left_alone(tutor: Tutor, reader: Endpoint, trouble: Behaviour) -> None:
    reader.behaviour = trouble
    aisha = tutor.person("Aisha")
    card = await answered(aisha, DISPUTED)
    await agree(aisha)
    await until(card, "did not answer")
    for _ in range(4):
        await ask(aisha, "/practise")
        await until(await ask(aisha, DISPUTED), "did not answer")
    assert len(reader.requests) == second_reader.FAILURES


def test_after_weeks_of_failures_it_is_still_only_left_alone() -> None:
    tired = second_reader.HttpReader(url="http://localhost/v1", model="tiny", key=None, monotonic=lambda: 0.0)
    for _ in range(2000):
        tired.disappointed()
    assert tired.replies["unusable"] == 2000


async def test_a_key_that_no_header_can_hold_is_a_reader_that_is_not_reached(reader: Endpoint) -> None:
    asked = second_reader.HttpReader(url=reader.url, model="tiny", key=f"{KEY}\n", monotonic=lambda: 0.0)
    with pytest.raises(ReaderUnavailable, match="not reached") as told:
        await asked.reply("", "", {})
    await asked.close()
    assert KEY not in str(told.value)


async def test_a_yes_to_a_reader_that_has_moved_since_is_asked_for_again(
    tutor: Tutor, reader: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    aisha = tutor.person("Aisha")
    await answered(aisha, DISPUTED)
    explained = await press(aisha, "Second reader")
    monkeypatch.setattr(views, "seal", lambda _reader: "elsewhere")
    aisha.press(explained, "Yes, ask it")
    assert "It runs at" in (await aisha.next_message(30)).text
    assert rows(tutor, "SELECT second_reader FROM learner") == [(None,)]
    assert rows(tutor, "SELECT * FROM second_reading") == []


async def test_a_point_of_the_second_reader_goes_with_its_words(tutor: Tutor, reader: Endpoint) -> None:
    reader.behaviour = finds({CHECK: DISPUTED_QUOTE})
    aisha = tutor.person("Aisha")
    await ask(aisha, "/practise")
    aisha.read_all()
    mine = await aisha.say(DISPUTED)
    card = await aisha.next_message(30)
    await agree(aisha)
    await until(card, "added to your mark")
    reader.behaviour = finds({})
    await aisha.edit(mine, "The oven is old and the buns are cheap at that place.")
    text = await until(card, "Marked again")
    assert text.startswith("0 of 3 marks, down from 1\n")
    assert "second reader, you wrote" not in text


async def test_what_is_improved_is_read_again_and_keeps_what_was_found(tutor: Tutor, reader: Endpoint) -> None:
    reader.behaviour = finds({CHECK: DISPUTED_QUOTE})
    aisha = tutor.person("Aisha")
    card = await answered(aisha, DISPUTED)
    await agree(aisha)
    await until(card, "added to your mark")
    await press(aisha, "Improve it")
    better = await ask(aisha, ADDED)
    assert better.text.startswith("2 of 3 marks, up from 1")
    assert "second reader, you wrote" in better.text
    await until(better, "found no more")
    assert [point["id"] for point in reader.asked[-1]["points"]] == ["again"]


async def test_settings_switch_it_off_and_on(tutor: Tutor, reader: Endpoint) -> None:
    aisha = tutor.person("Aisha")
    card = await answered(aisha, DISPUTED)
    assert "you are asked below your next answer" in (await ask(aisha, "/settings")).text
    aisha.press(card, "Second reader")
    await aisha.next_message(30)
    await press(aisha, "Yes, ask it")
    await until(card, "found no more")
    await ask(aisha, "/settings")
    assert "Second reader: off" in (await press(aisha, "Second reader off")).text
    await ask(aisha, "/practise")
    assert "second reader" not in (await ask(aisha, DISPUTED)).text.lower()
    await ask(aisha, "/settings")
    assert "Second reader: on" in (await press(aisha, "Second reader on")).text
    assert len(reader.requests) == 1


async def test_privacy_says_where_answers_go(tutor: Tutor) -> None:
    assert "to 127.0.0.1, and /settings stops it" in (await ask(tutor.person("Aisha"), "/privacy")).text


async def test_off_wins_over_an_address(start_tutor: StartTutor, reader: Endpoint) -> None:
    tutor = await start_tutor(second_reader="off", second_reader_url=reader.url, second_reader_model="tiny")
    card = await answered(tutor.person("Aisha"), DISPUTED)
    assert "Second reader" not in card.buttons


async def test_who_is_forgotten_leaves_nothing_waiting(tutor: Tutor, reader: Endpoint) -> None:
    reader.behaviour = fails(500)
    aisha = tutor.person("Aisha")
    await answered(aisha, DISPUTED)
    await agree(aisha)
    await ask(aisha, "/forget")
    await press(aisha, "Delete everything")
    async with asyncio.timeout(30):
        while rows(tutor, "SELECT * FROM learner") or rows(tutor, "SELECT * FROM second_reading"):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"second_reader_url": "https://models.example.com/v1"}, "SECOND_READER_MODEL must name"),
        ({"second_reader_url": "models.example.com", "second_reader_model": "tiny"}, "must be an address"),
        ({"second_reader_url": "http://models.example.com/v1", "second_reader_model": "tiny"}, "must be https"),
    ],
)
def test_settings_that_cannot_work_are_named(settings: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        read_settings(_env_file=None, **settings)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:11434/v1",
        "http://192.168.1.20:8000/v1",
        "http://ollama:11434/v1",
        "https://models.example.com/v1",
    ],
)
def test_a_model_in_the_house_needs_no_certificate(url: str) -> None:
    assert read_settings(_env_file=None, second_reader_url=url, second_reader_model="tiny").has_second_reader
