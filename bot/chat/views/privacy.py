"""What is kept, a copy of it, and deleting it."""

from __future__ import annotations

from bot.chat.messages import Button, bold, edit, esc, say
from bot.domain.delivery import Outgoing

ROWS = ((Button("Send me a copy", "mydata"), Button("Delete everything", "forget")),)


def what_is_kept(chat_id: int, reader: str | None) -> Outgoing:
    """/privacy. ``reader`` is where the second reader is, where there is one."""
    elsewhere = (
        "Nothing goes to any other company: marking happens on this computer."
        if reader is None
        else "Marking happens on this computer. Only if you agreed to the second reader do answers go further: without "
        f"your name, to {esc(reader)}, and /settings stops it."
    )
    text = (
        f"{bold('What I keep, why, and for how long')}\n\n"
        "<b>Your Telegram number</b> (not your phone number), so that I can write to you.\n"
        "<b>Your settings and plan</b>: time zone, hour, days off, assessment date.\n"
        "<b>Your answers and marks</b>, so that questions come back when you need them.\n"
        "<b>Your role-plays</b>: what you chose and how each one ended.\n"
        "<b>Which terms you looked up</b>, because those are asked later. Words that I could not find are kept for 60 "
        "days without you: tutors see them once two people have asked.\n"
        "<b>In a class</b>: the name you joined with. Your tutor sees that name, class totals, your last marks, and "
        "answers you dispute. Words of yours that earn a point that way stay as an example, without you.\n\n"
        f"Messages themselves are emptied once they are dealt with; what I sent is deleted after a day. {elsewhere} "
        "Marks are practice feedback, not a grade.\n\n"
        "It stays until you delete it with /forget. /mydata sends you a copy."
    )
    return say(chat_id, text, ROWS)


def my_data(chat_id: int) -> Outgoing:
    """/mydata: a file that is made when it is sent."""
    return Outgoing(
        chat_id,
        "sendDocument",
        {"recipe": {"kind": "my-data"}, "caption": "Everything I keep about you, as JSON. /forget deletes it."},
    )


def confirm_forget(chat_id: int, *, is_tutor: bool) -> Outgoing:
    """/forget: ask once."""
    also = " Your classes are closed, and their learners leave them." if is_tutor else ""
    text = (
        f"{bold('Delete everything?')}\n\nYour answers, marks, plan and settings go at once and cannot be brought back."
        f"{also} Daily questions stop."
    )
    return say(chat_id, text, ((Button("Keep it", "forget:no"), Button("Delete everything", "forget:yes")),))


def kept(chat_id: int, message_id: int) -> Outgoing:
    """Nothing was deleted."""
    return edit(chat_id, message_id, "Nothing was deleted.", ((Button("Today", "today"),),))


def forgotten(chat_id: int, message_id: int) -> Outgoing:
    """Everything is gone; this message leaves no trace either."""
    return edit(
        chat_id,
        message_id,
        f"{bold('Everything is deleted.')}\n\nI do not know you any more. If you write again, we start afresh.",
        on_sent="erase",
    )
