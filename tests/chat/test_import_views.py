"""What a tutor reads about a page fits a message, however long the page and its words."""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path

import pytest

from bot.application.import_page import Dropped, NotAPage, ReadPage, Waiting, read_page
from bot.application.live_course import LiveCourse
from bot.chat.messages import TEXT_LIMIT
from bot.chat.views import imports
from bot.domain.delivery import Outgoing
from knowledge.importing.entries import Known, Unfit
from knowledge.loader import load_course

LIVE = LiveCourse(load_course(Path(__file__).resolve().parents[1] / "delivery" / "small_course"), revision=0)
HUGE = 10**12
TERMS = "\n".join(f"- Depot-{number}-{'x' * 40}: A place for <vans> & lorries." for number in range(120))
WORDY = "word " * 200


def wordy_page() -> ReadPage:
    """A page whose every part is as long as it may be."""
    page = read_page(LIVE, f"{'Parcels and vans ' * 4}\n\nKey Terms\n{TERMS}", name="page")
    assert isinstance(page, ReadPage)
    return ReadPage(
        name="N" * 60,
        topic=page.topic,
        found=Counter(
            dict.fromkeys(("term", "concept", "tip", "mistake", "mark", "outcome", "plan", "qtype", "prior"), 999)
        ),
        drafts=page.drafts,
        known=tuple(Known(WORDY, WORDY + str(number)) for number in range(50)),
        unfit=tuple(Unfit(kind, WORDY, WORDY) for kind in ("term", "concept", "tip", "mark") for _ in range(20)),
        headings=(WORDY,) * 40,
        dropped=(Dropped("<b>" + WORDY, WORDY),) * 60,
    )


def shown(message: Outgoing) -> str:
    """The text as Telegram counts it, and a check that the buttons are fit to be sent."""
    for row in message.payload.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            assert 1 <= len(button["callback_data"].encode()) <= 64
            assert len(button["text"]) <= 64
    return html.unescape(re.sub(r"</?(?:b|i|pre|code|blockquote)[^>]*>", "", message.payload["text"]))


def test_the_longest_report_fits_a_message() -> None:
    value = Waiting(HUGE, wordy_page())
    assert len(value.page.drafts) == 120
    text = shown(imports.report(1, value, LIVE.topics))
    assert len(text) < TEXT_LIMIT
    assert "and 32 more" in text
    for index in (0, 5, 99):
        assert len(shown(imports.preview(1, 2, value, index=index))) < TEXT_LIMIT
        assert len(shown(imports.left_out(1, 2, value, index=index))) < TEXT_LIMIT
    assert "Draft 120 of 120" in shown(imports.preview(1, 2, value, index=999))
    shown(imports.choose_topic(1, 2, value, LIVE.topics))


def test_a_tutors_angle_brackets_are_text() -> None:
    value = Waiting(1, wordy_page())
    assert "<vans> & lorries" in shown(imports.preview(1, 2, value, index=0))
    assert "&lt;b&gt;" in imports.left_out(1, 2, value, index=99).payload["text"]


@pytest.mark.parametrize("why", ["ending", "large", "binary", "headings", "long", "empty"])
def test_every_refusal_says_what_to_do(why: str) -> None:
    text = shown(imports.not_a_page(1, NotAPage(why)))  # type: ignore[arg-type]
    assert text.startswith("I cannot read that as a topic page.")
    assert len(text.splitlines()[2]) > 10
