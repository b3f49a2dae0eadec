"""What is said to somebody who writes of harm or abuse: short, human, with people to turn to. Nothing is kept."""

from __future__ import annotations

from bot.chat.messages import esc, say
from bot.domain.delivery import Outgoing
from knowledge.schema import Course


def concern(chat_id: int, course: Course, contact: str) -> Outgoing:
    """Say where help is."""
    care = course.safeguarding
    assert care is not None
    lines = [esc(care.reply)]
    if contact:
        lines.append(f"At your college: <b>{esc(contact)}</b>")
    lines += [f"• {esc(line)}" for line in care.helplines]
    lines.append("<i>I have not kept or passed on what you wrote.</i>")
    return say(chat_id, "\n\n".join(lines))
