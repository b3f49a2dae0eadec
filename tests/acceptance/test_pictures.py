"""[Picture] on a card and under a question: drawn once, uploaded once, and always there in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import bootstrap
from bot.application.live_course import LiveCourse
from bot.sandbox.chats import Message
from bot.sandbox.files import picture_size
from bot.sandbox.people import Person
from knowledge.schema import Course, Figure
from tests.acceptance.conftest import StartTutor, Tutor, ask, built_course, press

QUESTION = "q.ci.parcel-shop-log"


def figure(figure_id: str) -> Figure:
    """A figure of the packaged course."""
    return built_course().figures[figure_id]


def photo(message: Message) -> str:
    """The id of the picture in a message."""
    return str(message.json["photo"][-1]["file_id"])


def uploads(tutor: Tutor) -> int:
    """How many pictures Telegram was handed."""
    return sum(1 for file in tutor.world.files if file.name.endswith(".png"))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The figures that are drawn, one entry each time."""
    import knowledge.figures.cache as kept

    ids: list[str] = []
    draw: Callable[[str], bytes] = kept.picture

    def note(figure_id: str) -> bytes:
        ids.append(figure_id)
        return draw(figure_id)

    monkeypatch.setattr(kept, "picture", note)
    return ids


async def test_a_press_on_the_card_sends_the_picture(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    card = await ask(aisha, "heat")
    assert card.buttons[0] == "Picture"
    message = await press(aisha, "Picture")
    assert message.id != card.id
    assert message.text == f"{figure('heat').title}\n{figure('heat').caption}"
    assert message.entities[0]["type"] == "bold"
    assert message.buttons == ["Describe it", "Back to the card"]
    file = tutor.world.files.find(photo(message))
    assert picture_size(file.content) == (1080, 1260)
    assert file.name == "heat.png"


async def test_the_way_back_leaves_the_picture_and_brings_the_card(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    card = await ask(aisha, "heat")
    shown = await press(aisha, "Picture")
    again = await press(aisha, "Back to the card")
    assert again.id not in (card.id, shown.id)
    assert (again.text, again.buttons) == (card.text, card.buttons)
    assert shown.json["photo"]


async def test_the_picture_is_there_in_words_too(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    card = await ask(aisha, "power interest grid")
    await press(aisha, "Picture")
    words = await press(aisha, "Describe it")
    assert words.text == f"Power-interest grid, in words\n\n{figure('power-interest').alt}"
    assert words.buttons == ["Back to the card"]
    back = await press(aisha, "Back to the card")
    assert back.id == words.id
    assert back.text == card.text


async def test_a_term_without_a_figure_offers_none(tutor: Tutor) -> None:
    card = await ask(tutor.person("Aisha"), "baseline")
    assert "Picture" not in card.buttons


async def test_the_second_send_uploads_nothing(tutor: Tutor, drawn: list[str]) -> None:
    aisha, ben = tutor.person("Aisha"), tutor.person("Ben")
    await ask(aisha, "pdca")
    first = await press(aisha, "Picture")
    await ask(ben, "pdca")
    second = await press(ben, "Picture")
    assert photo(second) == photo(first)
    assert uploads(tutor) == 1
    assert drawn == ["pdca"]
    assert len(list((tutor.data_dir / "cache").glob("figure-pdca.*.png"))) == 1
    await tutor.restart()
    third = await press(ben, "Picture")
    assert photo(third) == photo(first)
    assert uploads(tutor) == 1
    assert drawn == ["pdca"]


async def test_an_id_that_telegram_no_longer_knows_is_replaced(tutor: Tutor) -> None:
    """File ids belong to one bot: after a change of bot the kept ones are worth nothing."""
    aisha = tutor.person("Aisha")
    await ask(aisha, "pdca")
    first = photo(await press(aisha, "Picture"))
    del tutor.world.files._by_id[first]
    second = photo(await press(aisha, "Picture"))
    assert second != first
    assert photo(await press(aisha, "Picture")) == second
    assert uploads(tutor) == 1


@pytest.mark.parametrize("fault", ["no drawing", "no picture"])
async def test_words_take_the_place_of_a_picture_that_cannot_be_made_or_sent(
    tutor: Tutor, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def broken(_cache: Path, _figure_id: str) -> bytes:
        if fault == "no drawing":
            raise OSError("no font")
        return b"not a picture"

    monkeypatch.setattr(bootstrap, "_draw", broken)
    aisha = tutor.person("Aisha")
    card = await ask(aisha, "kano")
    words = await press(aisha, "Picture")
    assert "photo" not in words.json
    assert figure("kano").alt in words.text
    assert "could not send the picture" in words.text
    assert (await press(aisha, "Back to the card")).text == card.text
    monkeypatch.undo()
    assert (await press(aisha, "Picture")).json["photo"]


def with_one_question(
    question_id: str = QUESTION, change: Callable[[Course], Course] = lambda course: course
) -> LiveCourse:
    """The packaged course with a single question, so that it is the one that is asked."""
    course = built_course().course
    only = tuple(question for question in course.questions if question.id == question_id)
    return LiveCourse.build(change(course.model_copy(update={"questions": only})), revision=0)


@pytest.fixture
async def asked(start_tutor: StartTutor, monkeypatch: pytest.MonkeyPatch) -> tuple[Tutor, Person, Message]:
    """A learner with a question in front of them that has a figure."""
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: with_one_question())
    tutor = await start_tutor()
    aisha = tutor.person("Aisha")
    return tutor, aisha, await ask(aisha, "/practise")


async def test_a_question_shows_its_figure(asked: tuple[Tutor, Person, Message]) -> None:
    _, aisha, question = asked
    assert "Picture" in question.buttons
    shown = await press(aisha, "Picture")
    assert shown.text.startswith("Complaint log, Quayside Parcels")
    assert shown.buttons == ["Describe it", "Back to my question"]
    words = await press(aisha, "Describe it")
    assert figure("parcel-log").alt in words.text
    again = await press(aisha, "Back to my question")
    assert (again.text, again.buttons) == (question.text, question.buttons)
    result = await ask(aisha, built_course().questions[QUESTION].model_answer)
    assert "6 of 6 marks" in result.text


async def test_a_question_with_options_shows_its_figure_too(
    start_tutor: StartTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: with_one_question("q.mq.two-bad-weeks"))
    tutor = await start_tutor()
    aisha = tutor.person("Aisha")
    question = await ask(aisha, "/practise")
    assert "82, 84, 80, 83, 85, 82, 80, 83" in question.text
    shown = await press(aisha, "Picture")
    assert shown.text.startswith("CSAT at a tile shop")
    again = await press(aisha, "Back to my question")
    assert again.text == question.text


async def test_an_answered_question_still_shows_its_figure_but_leads_nowhere(
    asked: tuple[Tutor, Person, Message],
) -> None:
    _, aisha, question = asked
    await ask(aisha, built_course().questions[QUESTION].model_answer)
    before = aisha.last.id
    aisha.press(question, "Picture")
    async with asyncio.timeout(30):
        while aisha.last.id == before:
            await asyncio.sleep(0.01)
    assert aisha.last.json["photo"]
    assert aisha.last.buttons == ["Describe it"]


async def test_nobody_sees_the_figure_of_somebody_elses_question(asked: tuple[Tutor, Person, Message]) -> None:
    tutor, aisha, question = asked
    data = question.button("Picture")["callback_data"]
    ben = tutor.person("Ben")
    card = await ask(ben, "heat")
    card.button("Picture")["callback_data"] = data
    message = await press(ben, "Picture")
    assert "photo" not in message.json
    assert "closed" in message.text
    assert uploads(tutor) == 0
    assert aisha.last.id == question.id


async def test_a_figure_that_went_from_the_course_is_said_so(
    start_tutor: StartTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = with_one_question(change=lambda course: course.model_copy(update={"figures": ()}))
    tutor = await start_tutor()
    aisha = tutor.person("Aisha")
    await ask(aisha, "heat")
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: without)
    await tutor.restart()
    message = await press(aisha, "Picture")
    assert "photo" not in message.json
    assert uploads(tutor) == 0


async def test_a_group_sees_the_picture_of_a_card(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    group = tutor.world.group("2B", [aisha, tutor.person("Ben")])
    await group.say(aisha, "/term heat")
    for label in ("Picture", "Describe it", "Back to the card"):
        async with asyncio.timeout(30):
            while not (holders := [m for m in group.messages if m.from_bot and label in m.buttons]):
                await asyncio.sleep(0.01)
        group.press(aisha, holders[-1], label)
    async with asyncio.timeout(30):
        while sum(m.from_bot for m in group.messages) < 3:
            await asyncio.sleep(0.01)
    assert any("photo" in message.json for message in group.messages)
