"""The second reader: asking once whether a learner agrees."""

from __future__ import annotations

from hashlib import sha256

from bot.chat.callbacks import encode
from bot.chat.messages import Button, bold, edit, esc, say
from bot.domain.delivery import Outgoing


def explain(chat_id: int, attempt_id: int, reader: str) -> Outgoing:
    """What leaves this computer, where to, and what it is good for; nothing goes before the learner agrees."""
    text = (
        f"{bold('A second reader')}\n\n"
        "I find points by their words and may miss one that you put in your own way. A second program can look again "
        f"at what I could not find. It runs at <b>{esc(reader)}</b>.\n\n"
        "<b>What it gets:</b> the question, the points I could not find, and your answer. Not your name, your number "
        "or your class.\n"
        "<b>What it can do:</b> add points, each with your own words. It can never take one away.\n\n"
        "Leave names of real people out of your answers. You can switch it off in /settings at any time."
    )
    rows = (
        (Button("Yes, ask it from now on", encode("second", "yes", attempt_id, seal(reader))),),
        (Button("No, keep my answers here", encode("second", "no")),),
    )
    return say(chat_id, text, rows)


def seal(reader: str) -> str:
    """Return a few letters that name on a button where the reader was when it was made."""
    return sha256(reader.encode()).hexdigest()[:8]


def agreed(chat_id: int, message_id: int, *, on_its_way: bool) -> Outgoing:
    """The learner agreed."""
    also = " It is reading your last answer; the card above changes when it has replied." if on_its_way else ""
    return edit(chat_id, message_id, f"The second reader is on.{also} /settings switches it off.", ())


def refused(chat_id: int, message_id: int) -> Outgoing:
    """The learner did not agree."""
    return edit(chat_id, message_id, "Your answers stay on this computer. /settings lets you change your mind.", ())
