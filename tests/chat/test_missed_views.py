"""The list of missed look-ups fits a phone and Telegram's limits, however long the words are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.application.answer_missed import PAGE, Answered, Waiting
from bot.application.look_up_term import SideBySide, WithWhat
from bot.chat.callbacks import LIMIT
from bot.chat.messages import TEXT_LIMIT
from bot.chat.views import cards, inline, missed
from bot.domain.delivery import Outgoing
from bot.storage.missed import Missed
from knowledge.schema import Confusable, Origin, Term

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
LONG = "<wobble & frotz> " * 4 + "and on"


def term(number: int, *, long_id: bool = False) -> Term:
    """A term whose every part is as long as the schema lets it be."""
    tail = "x" * (60 - len(f"term.{number}-")) if long_id else "y"
    return Term(
        id=f"term.{number}-{tail}",
        topic="ci",
        name=("Extraordinarily long names of things & <more> " * 2)[:60].strip(),
        abbreviations=("ELNOT",),
        definition="d" * 260,
        explanation="e" * 700,
        example="f" * 420,
        confusable=tuple(Confusable(term=f"term.{each}-y", because="g" * 220) for each in range(8)),
        origin=Origin.ADDED,
    )


def checked(message: Outgoing) -> list[str]:
    """Return the buttons of a message that Telegram would take."""
    text = str(message.payload["text"])
    assert 0 < len(text) <= TEXT_LIMIT
    assert "<wobble" not in text
    rows = message.payload.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
    for row in rows:
        for button in row:
            assert 1 <= len(button["text"]) <= 64
            assert len(button.get("callback_data", "x").encode()) <= LIMIT
    return [button["text"] for row in rows for button in row]


def looked_for(number: int, *, pair: bool = False) -> Missed:
    terms = (term(1).id, term(2).id) if pair else None
    return Missed(10**9 + number, None if pair else LONG, terms, times=2, last_at=NOW)


@pytest.mark.parametrize("pair", [False, True])
def test_a_page_of_long_questions_fits(pair: bool) -> None:
    names = {term(number).id: term(number).name for number in (1, 2)}
    shown = [looked_for(number, pair=pair) for number in range(PAGE)]
    buttons = checked(missed.listing(5, Waiting(shown, 99, 3, 13), names, zone="Europe/London", note=LONG))
    assert buttons[-2:] == ["Earlier", "More"]
    assert all(len(label) <= missed.LABEL for label in buttons)
    asked = checked(missed.ask_meaning(5, 7, shown[0], [term(3), term(4)], names))
    assert ("Another term" in asked) is not pair


def test_the_day_is_the_tutors_own() -> None:
    text = missed.listing(5, Waiting([looked_for(1)], 1, 0, 1), {}, zone="Asia/Karachi").payload["text"]
    assert "asked twice, last on Sunday 22 November" in text


def test_a_term_whose_id_does_not_fit_a_button_can_still_be_typed() -> None:
    buttons = checked(missed.ask_meaning(5, 7, looked_for(1), [term(1, long_id=True), term(2)], {}))
    assert len(buttons) == 4
    assert "Another term" in buttons


@pytest.mark.parametrize("classes", [None, 0, 1, 3])
def test_whom_an_answer_reaches_is_said(classes: int | None) -> None:
    message = missed.answered(5, 7, Answered(looked_for(1), LONG, term(1), classes))
    checked(message)
    whom = {None: "Everybody who types", 0: "classes you make", 1: "your class who", 3: "your 3 classes"}
    assert whom[classes] in message.payload["text"]


def test_comparing_with_what_fits() -> None:
    buttons = checked(cards.with_what(5, WithWhat(term(1), tuple(term(n) for n in range(2, 12)), LONG)))
    assert len(buttons) == cards.RELATED


def test_inline_results_fit() -> None:
    one, two = term(1, long_id=True), term(2, long_id=True)
    for result in (inline.term(one, "bot"), inline.comparison(SideBySide(one, two, None), "bot")):
        assert 1 <= len(result["id"].encode()) <= 64
        assert len(result["title"]) <= inline.TITLE
        assert len(result["input_message_content"]["message_text"]) <= TEXT_LIMIT
