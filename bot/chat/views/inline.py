"""What inline mode offers: cards that go into somebody's chat under their own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.application.look_up_term import SideBySide
from bot.chat.messages import cut
from bot.chat.views import cards
from bot.chat.views.groups import START_PAYLOAD
from knowledge.schema import Term

OPEN: Mapping[str, str] = {"text": "Open the tutor", "start_parameter": START_PAYLOAD}
"""Stands above the results and leads into the private chat."""
NOTHING: Mapping[str, str] = {**OPEN, "text": "Nothing begins like that. Open the tutor"}
CLASS_ONLY: Mapping[str, str] = {**OPEN, "text": "For invited classes: ask your tutor for the link"}
TITLE, DESCRIPTION = 64, 240
"""Characters that a phone shows of a result."""


def term(value: Term, bot_name: str) -> dict[str, Any]:
    """One term: its definition in the list, its card in the chat."""
    short = value.abbreviations[0] if value.abbreviations and value.abbreviations[0] not in value.name else ""
    title = f"{value.name} ({short})" if short else value.name
    return _article(value.id, title, value.definition, cards.card_text(value), bot_name)


def comparison(value: SideBySide, bot_name: str) -> dict[str, Any]:
    """Two terms side by side. There is one of these in an answer at most, so its id needs to say no more."""
    different = "Both definitions, one under the other." if value.comparison is None else value.comparison.different
    return _article("pair", cards.comparison_title(value), different, cards.comparison_text(value), bot_name)


def _article(number: str, title: str, description: str, html: str, bot_name: str) -> dict[str, Any]:
    return {
        "type": "article",
        "id": number,
        "title": cut(title, TITLE),
        "description": cut(description, DESCRIPTION),
        "input_message_content": {
            "message_text": html,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
        "reply_markup": {
            "inline_keyboard": [[{"text": OPEN["text"], "url": f"https://t.me/{bot_name}?start={START_PAYLOAD}"}]]
        },
    }


def answer(
    results: Sequence[str],
    *,
    button: Mapping[str, str],
    personal: bool,
    cache_time: int,
    next_offset: str = "",
) -> dict[str, Any]:
    """Return the parameters of an answer. ``results`` are JSON already: most have been offered before."""
    return {
        "results": f"[{','.join(results)}]",
        "button": dict(button),
        "is_personal": personal,
        "cache_time": cache_time,
        "next_offset": next_offset,
    }
