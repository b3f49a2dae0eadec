"""Settings: one menu that edits itself."""

from __future__ import annotations

from datetime import datetime

from bot.chat.callbacks import encode
from bot.chat.messages import Button, bold, edit, esc, say
from bot.chat.views.start import HOURS, minutes_text, zone_rows
from bot.chat.words import WEEKDAYS, clock_time, day_name, long_date
from bot.domain.delivery import Outgoing
from bot.domain.learner import Learner, Status

BACK = Button("Back", "settings")
_READS = {None: "you are asked below your next answer", True: "on", False: "off"}


def menu(
    chat_id: int,
    learner: Learner,
    *,
    now: datetime,
    message_id: int | None = None,
    note: str = "",
    reader: str | None = None,
) -> Outgoing:
    """/settings: everything as it stands, a button for each. ``reader`` is where the second reader is, if any."""
    hour = "off" if learner.prompt_at is None else minutes_text(learner.prompt_at)
    off = ", ".join(WEEKDAYS[day] for day in sorted(learner.days_off)) or "none"
    quiet = (
        "none"
        if learner.quiet_from == learner.quiet_until
        else (f"{minutes_text(learner.quiet_from)} to {minutes_text(learner.quiet_until)}")
    )
    reads = None if reader is None else learner.consents_to(reader)
    assessment = "no date yet" if learner.assessment_on is None else long_date(learner.assessment_on)
    lines = [
        bold("Settings"),
        *([f"<i>{esc(note)}</i>"] if note else []),
        f"Daily question: <b>{hour}</b>",
        f"Your time: <b>{esc(learner.zone.replace('_', ' '))}</b>, now {clock_time(now, learner.zone)}",
        f"Days off: <b>{off}</b>",
        f"Quiet hours: <b>{quiet}</b>",
        f"Assessment: <b>{assessment}</b>",
        *([f"Second reader: <b>{_READS[reads]}</b>"] if reader is not None else []),
        _state(learner),
    ]
    paused = learner.status is not Status.ACTIVE
    rows = (
        (Button("Hour", "set:hour"), Button("Place", "set:zones"), Button("Days off", "set:days")),
        (Button("Quiet hours", "set:quiet"), Button("Assessment", "set:date")),
        (
            Button("Resume" if paused else "Pause", "set:resume" if paused else "set:pause"),
            Button("My classes", "leave"),
        ),
        *(() if reads is None else ((Button("Second reader " + ("off" if reads else "on"), "set:reader"),),)),
        (Button("Done", "today"),),
    )
    text = "\n".join(lines)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def _state(learner: Learner) -> str:
    if learner.status is not Status.ACTIVE:
        return "<b>Paused.</b> The days do not count until you resume."
    if not learner.has_plan:
        return "You have no plan yet: /start makes one."
    if learner.next_due is None and learner.prompt_at is not None and learner.assessment_on is None:
        return "<b>No daily question comes</b>: its hour lies in your quiet hours."
    if learner.next_due is None:
        return "No further daily question is planned."
    return f"Next: {day_name(learner.next_due, learner.zone)} {clock_time(learner.next_due, learner.zone)}"


def hour(chat_id: int, message_id: int) -> Outgoing:
    """Choose the hour of the daily question."""
    rows = (
        tuple(Button(minutes_text(minutes), encode("set", "at", minutes)) for minutes in HOURS),
        (Button("Another time", "set:othertime"), Button("No reminders", "set:at:none")),
        (BACK,),
    )
    return edit(chat_id, message_id, f"{bold('When shall the daily question come?')}", rows)


def other_time(chat_id: int, message_id: int) -> Outgoing:
    """Let the learner type an hour."""
    return edit(chat_id, message_id, "Type the time, for example <code>19:15</code> or <code>7pm</code>.", ((BACK,),))


def zones(chat_id: int, message_id: int) -> Outgoing:
    """Choose a place, or type one."""
    return edit(
        chat_id,
        message_id,
        f"{bold('Where are you?')}\n\nTap the nearest, or type a city.",
        (*zone_rows("set:zone"), (BACK,)),
    )


def days_off(chat_id: int, message_id: int, learner: Learner) -> Outgoing:
    """Choose weekdays without a question."""
    buttons = [
        Button(f"{name[:3]}: {'off' if index in learner.days_off else 'on'}", encode("set", "day", index))
        for index, name in enumerate(WEEKDAYS)
    ]
    text = f"{bold('Days off')}\n\nTap a day to switch it. No question comes on a day off, and your plan waits for you."
    return edit(chat_id, message_id, text, (tuple(buttons[:4]), tuple(buttons[4:]), (BACK,)))


def quiet(chat_id: int, message_id: int) -> Outgoing:
    """Choose hours in which nothing is sent."""
    rows = (
        (Button("21:00 to 07:00", "set:quiethours:1260:420"), Button("22:00 to 08:00", "set:quiethours:1320:480")),
        (Button("None", "set:quiethours:0:0"), BACK),
    )
    text = (
        f"{bold('Quiet hours')}\n\nNothing comes of its own accord in these hours. Type your own, for example "
        "<code>20:30 to 06:45</code>."
    )
    return edit(chat_id, message_id, text, rows)


def assessment(chat_id: int, message_id: int) -> Outgoing:
    """Type the assessment's date, or clear it."""
    text = (
        f"{bold('When is your assessment?')}\n\nType the date, for example <code>5 December</code>. No question comes "
        "after it."
    )
    return edit(chat_id, message_id, text, ((Button("No date yet", "set:on:none"), BACK),))


def stopped(chat_id: int) -> Outgoing:
    """/stop: nothing comes any more."""
    return say(
        chat_id,
        f"{bold('Messages are off.')}\n\nNo daily question and no tips. What you type is still answered, and your plan "
        "waits for you. /start switches messages on again. /forget deletes everything.",
        ((Button("Switch on again", "set:resume"),),),
    )


def stopped_stranger(chat_id: int) -> Outgoing:
    """/stop from somebody who never began."""
    return say(chat_id, "I send nothing of my own accord unless you ask for it. /start begins.")
