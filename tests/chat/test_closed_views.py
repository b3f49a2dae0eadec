"""What closed questions and cases look like on a phone, for everything in the course."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

import pytest

from bot.application.live_course import LiveCourse
from bot.application.practise import Answered, Asked
from bot.chat.messages import TEXT_LIMIT
from bot.chat.views import case, practice
from bot.chat.words import amount, number
from bot.domain.delivery import Outgoing
from bot.domain.practice import CLOSED, as_put
from knowledge.loader import load_course
from knowledge.schema import Question, Table

CHAT, ATTEMPT = 5, 1_234_567
FEW_LINES = 20


@lru_cache
def live() -> LiveCourse:
    return LiveCourse(load_course(), 0)


def plain(message: Outgoing) -> str:
    """The text of a message as it is read."""
    return html.unescape(re.sub(r"<[^>]+>", "", message.payload["text"]))


def closed_questions() -> list[Question]:
    return [as_put(each, ATTEMPT) for each in live().course.questions if each.kind in CLOSED]


def answered(question: Question, answer: str) -> Outgoing:
    result = live().marker.mark(question, answer)
    outcome = Answered(ATTEMPT, question, answer, result, again_in=1, awarded=result.awarded)
    return practice.result(CHAT, outcome, live().misconceptions, reply_to=7)


def wrong_answers(question: Question) -> list[str]:
    if question.options:
        return ["ABCDEF"[place] for place, option in enumerate(question.options) if not option.right]
    if question.number is not None:
        return [*question.number.traps, "987654321"]
    shown = len(question.order or question.pairs)
    if question.order:
        return [" ".join("ABCDEFGH"[:shown]), " ".join("ABCDEFGH"[:shown][::-1])]
    return [" ".join(f"{place + 1}{'abcdefgh'[place]}" for place in range(shown))]


def buttons(message: Outgoing) -> list[dict[str, Any]]:
    return [each for row in message.payload["reply_markup"]["inline_keyboard"] for each in row]


def test_every_question_fits_into_a_message_with_its_buttons() -> None:
    for question in (as_put(each, ATTEMPT) for each in live().course.questions):
        asked = Asked(ATTEMPT, question, "practise", day=14)
        message = practice.asked(CHAT, asked, live().topics)
        assert len(plain(message)) <= 1200, question.id
        assert question.stem in plain(message)
        for button in buttons(message):
            assert len(button["callback_data"].encode()) <= 64
        for option in question.options:
            assert option.text in plain(message)


def test_every_result_is_short_enough_for_a_phone() -> None:
    for question in closed_questions():
        for answer in (question.model_answer, *wrong_answers(question)):
            message = answered(question, answer)
            text = plain(message)
            assert len(text.splitlines()) <= FEW_LINES, (question.id, text)
            assert len(text) <= 1100, (question.id, len(text))
            assert buttons(message)[0]["text"] == "Next question"


def test_a_right_answer_is_called_right_and_a_wrong_one_shows_the_right_one() -> None:
    for question in closed_questions():
        text = plain(answered(question, question.model_answer))
        assert text.startswith(("Right: ", "All in order: ", "All matched: ")), (question.id, text)
        for answer in wrong_answers(question):
            result = live().marker.mark(question, answer)
            if result.awarded == question.marks:
                continue
            text = plain(answered(question, answer))
            assert not text.startswith(("Right", "All")), (question.id, answer, text)
            assert "Something wrong here" in [each["text"] for each in buttons(answered(question, answer))]
            if question.options:
                assert next(option.text for option in question.options if option.right) in text
            if question.number is not None:
                assert amount(question.number.value, question.number.unit) in text


def test_every_known_slip_is_named() -> None:
    for question in closed_questions():
        if question.number is not None:
            for trap, why in question.number.traps.items():
                assert why in plain(answered(question, trap)), (question.id, trap)


def test_signs_can_be_taken_away_and_it_still_reads() -> None:
    for question in closed_questions():
        for answer in wrong_answers(question)[:1]:
            text = re.sub("[✓○✗→]", "", plain(answered(question, answer)))
            assert re.search(r"\d of \d", text.splitlines()[0]), text


@pytest.mark.parametrize("case_id", sorted(live().cases))
def test_a_case_fits_into_messages_and_its_tables_onto_a_phone(case_id: str) -> None:
    messages = case.shown(CHAT, live().cases[case_id], back_to=ATTEMPT)
    assert [bool(each.payload.get("reply_markup")) for each in messages][-1]
    for message in messages:
        assert len(plain(message)) <= TEXT_LIMIT
        for block in re.findall(r"<pre>(.*?)</pre>", message.payload["text"], re.DOTALL):
            assert all(len(html.unescape(line)) <= case.WIDTH for line in block.splitlines()), block


def test_every_cell_of_a_case_is_shown() -> None:
    for each in live().course.cases:
        text = "\n".join(map(plain, case.shown(CHAT, each, back_to=None)))
        for table in each.tables:
            for cell in (cell for row in table.rows for cell in row):
                assert (cell if isinstance(cell, str) else number(cell)) in text, (each.id, cell)


def test_a_case_too_long_for_one_message_goes_out_in_several() -> None:
    known = live().course.cases[0]
    rows = tuple((f"{place} " + "what somebody said " * 12, place) for place in range(15))
    tables = tuple(Table(title=f"Table {number}", columns=("Words", "Times"), rows=rows) for number in range(6))
    messages = case.shown(CHAT, known.model_copy(update={"tables": tables}), back_to=ATTEMPT)
    assert len(messages) > 1
    assert all(len(message.payload["text"]) <= TEXT_LIMIT for message in messages)
    assert [bool(message.payload.get("reply_markup")) for message in messages].count(True) == 1


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (243, "£", "£243"),
        (1250, "£", "£1,250"),
        (12.5, "£", "£12.50"),
        (-8, "£", "-£8"),
        (35, "%", "35%"),
        (4.25, "", "4.25"),
        (3, "percentage points", "3 percentage points"),
    ],
)
def test_amounts_are_written_as_people_write_them(value: float, unit: str, written: str) -> None:
    assert amount(value, unit) == written


def test_a_result_that_was_to_be_rounded_is_shown_both_ways() -> None:
    shown = set()
    for question in closed_questions():
        if question.number is None:
            continue
        rounded = question.number.tolerance >= 0.5 and question.number.value % 1 != 0
        assert (", rounded " in plain(answered(question, "987654321"))) == rounded
        shown.add(rounded)
    assert shown == {True, False}
