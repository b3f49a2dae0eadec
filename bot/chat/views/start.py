"""First meeting, help, and the way out of anything."""

from __future__ import annotations

from datetime import date, datetime

from bot.application.follow_plan import WhereIAm
from bot.chat.messages import Button, Rows, bold, edit, esc, say
from bot.chat.words import clock_time, day_name, long_date
from bot.domain.delivery import Outgoing
from bot.domain.learner import Learner

HOURS = (7 * 60 + 30, 12 * 60 + 30, 16 * 60, 18 * 60 + 30)

ZONES = (
    ("UK and Ireland", "Europe/London"),
    ("France, Germany, Spain", "Europe/Paris"),
    ("Greece, Romania", "Europe/Athens"),
    ("Dubai", "Asia/Dubai"),
    ("Pakistan", "Asia/Karachi"),
    ("India", "Asia/Kolkata"),
    ("Nigeria", "Africa/Lagos"),
    ("Hong Kong, China", "Asia/Hong_Kong"),
)


def hello(chat_id: int) -> Outgoing:
    """The very first message."""
    text = (
        f"{bold('Hello. I help you revise customer service, Level 3.')}\n\n"
        "Twenty minutes a day for two weeks, or five when that is all you have. You answer in your own words, and I "
        "show you which points you earned and with which of your words.\n\n"
        "I keep your answers so that I can mark them and bring questions back. /privacy says what, /forget deletes it."
    )
    return say(chat_id, text, ((Button("Start", "meet:time"),), (Button("Just look something up", "meet:look"),)))


def just_look(chat_id: int, message_id: int) -> Outgoing:
    """Leave the first meeting: a term can be typed straight away."""
    return edit(
        chat_id,
        message_id,
        f"{bold('Type any term or question.')}\n\nFor example: <code>pdca</code>, <code>what is NPS</code> or "
        "<code>score from 0 to 10 would you recommend</code>. Spelling does not matter.",
        ((Button("Set up my two weeks", "meet:time"),),),
    )


def ask_time(chat_id: int, message_id: int, learner: Learner, *, now: datetime) -> Outgoing:
    """Step 1 of 3: is the time of day right?"""
    local = clock_time(now, learner.zone)
    text = (
        f"{bold('1 of 3 · Your time')}\n\nIs it {day_name(now, learner.zone)} {local} where you are? "
        "Your daily question comes by your own clock."
    )
    return edit(chat_id, message_id, text, ((Button("Yes", "meet:hour"), Button("No, choose my place", "meet:zones")),))


def zone_rows(prefix: str) -> Rows:
    """Buttons for the zones that most learners live in."""
    buttons = [Button(label, f"{prefix}:{zone}") for label, zone in ZONES]
    return (*(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)),)


def ask_zone(chat_id: int, message_id: int) -> Outgoing:
    """Let the learner choose a place, or type one."""
    return edit(
        chat_id,
        message_id,
        f"{bold('Where are you?')}\n\nTap the nearest, or type a city, for example <code>Lisbon</code>.",
        zone_rows("meet:zone"),
    )


def ask_hour(chat_id: int, message_id: int | None) -> Outgoing:
    """Step 2 of 3: when the daily question comes."""
    text = f"{bold('2 of 3 · Your daily question')}\n\nWhen shall I send it? One message a day, no more."
    rows = (
        tuple(Button(minutes_text(minutes), f"meet:at:{minutes}") for minutes in HOURS),
        (Button("Another time", "meet:othertime"), Button("No reminders", "meet:at:none")),
    )
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def ask_other_time(chat_id: int, message_id: int) -> Outgoing:
    """Let the learner type an hour."""
    return edit(
        chat_id,
        message_id,
        f"{bold('At what time?')}\n\nType it, for example <code>19:15</code> or <code>7pm</code>.",
        ((Button("No reminders", "meet:at:none"),),),
    )


def ask_date(chat_id: int, message_id: int) -> Outgoing:
    """Let the learner type the date of the assessment."""
    return edit(
        chat_id,
        message_id,
        f"{bold('When is your assessment?')}\n\nType the date, for example <code>5 December</code> or "
        "<code>in 10 days</code>.",
        ((Button("No date yet", "meet:in:none"),),),
    )


def ask_assessment(chat_id: int, message_id: int | None, *, today: date) -> Outgoing:
    """Step 3 of 3: when the assessment is."""
    text = (
        f"{bold('3 of 3 · Your assessment')}\n\nWhen is it? With a week or less you get the seven-day fast track, "
        "otherwise fourteen days. No message comes after the date."
    )
    rows = (
        (Button("In 1 week", "meet:in:7"), Button("In 2 weeks", "meet:in:14"), Button("In 3 weeks", "meet:in:21")),
        (Button("Type the date", "meet:date"), Button("No date yet", "meet:in:none")),
    )
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def plan_ready(chat_id: int, message_id: int | None, where: WhereIAm) -> Outgoing:
    """The plan is made: its first day, and the first question."""
    learner = where.learner
    until = "" if where.ends_on is None else f", from today to {long_date(where.ends_on)}"
    first = where.topics[0] if where.topics else None
    lines = [bold(f"Your plan: {where.length} days{until}.")]
    if first is not None:
        titles = " and ".join(esc(day.title) for day in where.topics)
        lines.append(f"\nDay {where.day} · {titles}: {esc(first.aim)}")
    if learner.next_due is not None:
        lines.append(
            f"\nYour next daily question comes {day_name(learner.next_due, learner.zone)} "
            f"at {clock_time(learner.next_due, learner.zone)}. /settings changes anything."
        )
    elif learner.prompt_at is None:
        lines.append("\nNo reminders: send /today whenever you want to go on. /settings changes anything.")
    rows = ((Button("First question now", "practise"),), (Button("Show the whole plan", "plan"),))
    text = "\n".join(lines)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def welcome_back(chat_id: int, where: WhereIAm) -> Outgoing:
    """/start from somebody who has a plan already."""
    if where.day == 0:
        return say(
            chat_id,
            f"{bold('Good to see you again.')}\n\nYou have no plan yet. Shall I make one, or do you just want to look "
            "something up? Then type it.",
            ((Button("Make my plan", "meet:time"),), (Button("Just practise", "practise"),)),
        )
    return say(
        chat_id,
        f"{bold('Good to see you again.')}\n\nDay {min(where.day, where.length)} of {where.length}. "
        "Prompts are on. Type a term to look it up at any time.",
        ((Button("Today", "today"), Button("Practise", "practise")), (Button("Settings", "settings"),)),
    )


def help_text(chat_id: int, *, is_tutor: bool, is_admin: bool) -> Outgoing:
    """What can be done here."""
    lines = [
        bold("What you can do"),
        "",
        "<b>Type anything</b>: a term, a misspelt term or a whole question, and you get its card.",
        "/practise asks you a question and marks your answer",
        "/roleplay lets you talk to a difficult customer",
        "/today shows where you are, /plan the whole fortnight",
        "/settings changes hour, place, days off and pauses",
        "/term <i>word</i> looks a word up even while a question is open",
        "/compare <i>two words</i> puts them side by side",
        "/cancel leaves whatever I am waiting for",
        "/stop switches messages off, /start switches them on",
        "/privacy, /mydata and /forget: what I keep, a copy, and deleting it",
    ]
    if is_tutor:
        lines += [
            "",
            "<b>For tutors</b>",
            "/classes invites and manages classes",
            "/tip sends a tip to a class",
            "/reports shows what learners reported as wrong",
            "/disputes shows answers about which learners say: I did say this",
            "/missed shows what learners looked for and did not find",
            "/import adds a topic page of yours, /imports shows and undoes what was added",
        ]
    if is_admin:
        lines += ["/tutors adds and removes tutors"]
    return say(chat_id, "\n".join(lines), ((Button("Today", "today"), Button("Practise", "practise")),))


def cancelled(chat_id: int, *, what: str | None) -> Outgoing:
    """/cancel: say what was left."""
    rows = ((Button("Today", "today"), Button("Practise", "practise")),)
    if what is None:
        return say(chat_id, "There is nothing to cancel. Type a term to look it up.", rows)
    return say(chat_id, f"{esc(what)} Type a term to look it up, or go on here.", rows)


def minutes_text(minutes: int) -> str:
    """Return a time of day as 07:30."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def class_only(chat_id: int) -> Outgoing:
    """A stranger where only classes may use the bot."""
    return say(chat_id, "This tutor is for invited classes. Ask your teacher for the join link and open it here.")


def not_text(chat_id: int, *, question_open: bool) -> Outgoing:
    """A voice note, photo, sticker or anything else that is not text."""
    still = " Your question is still open." if question_open else ""
    return say(chat_id, f"I can read but not listen or look yet. Please type it.{still}")


def edited(chat_id: int) -> Outgoing:
    """An edited message that is no answer of the last ten minutes: it is not read again."""
    return say(
        chat_id,
        "I saw that you edited a message. I read an answer again for ten minutes only: send it as a new message and I "
        "take the new wording.",
    )


def unknown_command(chat_id: int) -> Outgoing:
    """A command that does not exist."""
    return say(chat_id, "I do not know that command. /help shows what there is.", ((Button("Today", "today"),),))
