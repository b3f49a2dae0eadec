"""Building blocks of what is said: HTML with people's text escaped, buttons, new messages and edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bot.domain.delivery import Lane, Outgoing

TEXT_LIMIT = 4096
"""Characters of one message as Telegram counts them: UTF-16 units after the markup is taken out."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: with ``data`` it is pressed, with ``url`` it opens."""

    label: str
    data: str | None = None
    url: str | None = None

    def as_json(self) -> dict[str, str]:
        """Return the button as the Bot API wants it."""
        if self.url is not None:
            return {"text": self.label, "url": self.url}
        return {"text": self.label, "callback_data": self.data or "none"}


Rows = Sequence[Sequence[Button]]


def esc(text: str) -> str:
    """Escape somebody's text for an HTML message."""
    return escape(text, quote=False)


def bold(text: str) -> str:
    """Escape and embolden: first lines are bold and say what a message is."""
    return f"<b>{esc(text)}</b>"


def quote(text: str) -> str:
    """An expandable quote: three lines are seen until it is tapped."""
    return f"<blockquote expandable>{text}</blockquote>"


def cut(text: str, limit: int) -> str:
    """Shorten plain text to ``limit`` characters at a word, with an ellipsis."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    return (short[: short.rfind(" ")] if " " in short[limit // 2 :] else short).rstrip(" ,.;:") + "…"


def _markup(rows: Rows) -> dict[str, Any]:
    return {"inline_keyboard": [[button.as_json() for button in row] for row in rows]}


def _text(html: str) -> dict[str, Any]:
    return {"text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def say(
    chat_id: int,
    html: str,
    rows: Rows = (),
    *,
    slot: str | None = None,
    on_sent: str | None = None,
    reply_to: int | None = None,
    lane: Lane = Lane.REPLY,
    dedupe_key: str | None = None,
) -> Outgoing:
    """Return a new message."""
    payload = _text(html)
    if rows:
        payload["reply_markup"] = _markup(rows)
    if reply_to is not None:
        payload["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
    return Outgoing(chat_id, "sendMessage", payload, lane=lane, slot=slot, on_sent=on_sent, dedupe_key=dedupe_key)


def show(chat_id: int, recipe: Mapping[str, Any], caption: str, rows: Rows = (), *, instead: str) -> Outgoing:
    """Return a picture that is made when it is sent; ``instead`` is said where it cannot be made or sent."""
    payload = {"recipe": dict(recipe), "caption": caption, "parse_mode": "HTML", "instead": _text(instead)}
    return Outgoing(chat_id, "sendPhoto", payload | ({"reply_markup": _markup(rows)} if rows else {}))


def edit(chat_id: int, message_id: int, html: str, rows: Rows = (), *, on_sent: str | None = None) -> Outgoing:
    """Return an edit of a message whose id is known, as it is after a button press."""
    return Outgoing(
        chat_id,
        "editMessageText",
        {**_text(html), "reply_markup": _markup(rows)},
        edits=True,
        message_id=message_id,
        on_sent=on_sent,
    )


def edit_slot(chat_id: int, slot: str, html: str, rows: Rows = (), *, lane: Lane = Lane.REPLY) -> Outgoing:
    """Return an edit of the message in a slot; it is sent anew where there is none."""
    return Outgoing(
        chat_id, "editMessageText", {**_text(html), "reply_markup": _markup(rows)}, lane=lane, slot=slot, edits=True
    )
