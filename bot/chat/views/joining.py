"""Joining a class and leaving it: before somebody joins they read exactly what their tutor will see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.join_cohort import Offer
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, say
from bot.domain.delivery import Outgoing
from bot.storage.cohorts import Cohort


def offer(chat_id: int, value: Offer, *, name: str) -> Outgoing:
    """The card behind a join link."""
    if value.is_in:
        return say(chat_id, f"{bold(f'You are in {value.cohort.name} already.')}", _onward(value))
    whose = f"This is a class of {esc(value.tutor_name)}.\n" if value.tutor_name else ""
    text = (
        f"{bold(f'Join {value.cohort.name}?')}\n{whose}\n"
        "<b>Your tutor will see</b>\n"
        f"- the name Telegram shows for you, now “{esc(name)}”\n"
        "- whether you answered a question this week\n"
        "- your last marks and for which points, to put one right\n"
        "- an answer about which you press “I did say this”: tutors of this class read it, without your name\n"
        "- totals for the whole class\n\n"
        "<b>Your tutor will not see</b>\n"
        "- your other answers\n"
        "- what you look up\n"
        "- your journal\n\n"
        "Now and then your tutor sends a tip, and it comes to this chat. /leave takes you out at any time."
    )
    rows = ((Button("Join", encode("join", "yes", value.code)), Button("Not now", "join:no")),)
    return say(chat_id, text, rows)


def joined(chat_id: int, message_id: int, value: Offer) -> Outgoing:
    """Somebody is in the class now, or was before."""
    if value.is_in:
        return edit(chat_id, message_id, f"{bold(f'You are in {value.cohort.name} already.')}", _onward(value))
    text = f"{bold(f'You are in {value.cohort.name}.')}\n\n"
    if value.has_plan:
        text += "Your plan goes on as it was."
    else:
        text += "Next: make your plan. It takes three taps, and a question a day starts from there."
    return edit(chat_id, message_id, text, _onward(value))


def _onward(value: Offer) -> Rows:
    if value.has_plan:
        return ((Button("Today", "today"), Button("My classes", "leave")),)
    return ((Button("Make my plan", "meet:time"), Button("Just practise", "practise")),)


def not_now(chat_id: int, message_id: int) -> Outgoing:
    """Somebody did not want to join now."""
    text = f"{bold('Not joined.')}\n\nThe link stays where it is: open it again if you change your mind."
    return edit(chat_id, message_id, text)


def unknown_link(chat_id: int) -> Outgoing:
    """A start link that is none of ours."""
    text = f"{bold('I do not know that link.')}\n\nAsk whoever gave it to you for a new one, or begin without it."
    return say(chat_id, text, ((Button("Begin", "meet:time"), Button("Just look something up", "meet:look")),))


def mine(chat_id: int, classes: Sequence[Cohort], *, message_id: int | None = None) -> Outgoing:
    """/leave: the classes somebody is in."""
    if not classes:
        text = f"{bold('You are in no class.')}\n\nA join link from your tutor puts you into one."
        rows: Rows = ((Button("Today", "today"), Button("Settings", "settings")),)
    else:
        text = f"{bold('Your classes')}\n\nLeaving one ends its tips. Your plan and your answers stay yours."
        leave = [(Button(f"Leave {cut(each.name, 30)}", encode("leave", "ask", each.id)),) for each in classes]
        rows = (*leave, (Button("Stay and go on", "today"), Button("Settings", "settings")))
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def confirm_leave(chat_id: int, message_id: int, cohort: Cohort) -> Outgoing:
    """Ask once more before somebody leaves."""
    text = f"{bold(f'Leave {cohort.name}?')}\n\nYour tutor's tips stop. You can come back with the join link."
    return edit(
        chat_id, message_id, text, ((Button("Stay", "leave"), Button("Leave", encode("leave", "yes", cohort.id))),)
    )


def left(chat_id: int, message_id: int, cohort: Cohort) -> Outgoing:
    """Somebody left a class."""
    text = f"{bold(f'You have left {cohort.name}.')}\n\nYour own plan goes on."
    return edit(chat_id, message_id, text, ((Button("Today", "today"), Button("Practise", "practise")),))
