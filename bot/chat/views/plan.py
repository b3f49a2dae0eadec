"""Where a learner is in the plan, and why this today."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.follow_plan import WhereIAm
from bot.chat.messages import Button, bold, edit, esc, say
from bot.chat.words import clock_time, count, day_name, long_date
from bot.domain.delivery import Outgoing

NO_PLAN_ROWS = ((Button("Make my plan", "meet:time"),), (Button("Just practise", "practise"),))


def today(chat_id: int, where: WhereIAm) -> Outgoing:
    """/today: which day it is, what it is about, why, and the next question."""
    if where.day == 0:
        return say(
            chat_id,
            f"{bold('You have no plan yet.')}\n\nIt takes three taps, and you can change it later.",
            NO_PLAN_ROWS,
        )
    if where.day > where.length:
        return say(
            chat_id,
            f"{bold('Your plan is done.')}\n\nAll {where.length} days are behind you. Keep what you know fresh with a "
            "mix, or go round once more.",
            ((Button("A mix of everything", "practise:mix"),), (Button("Start a new round", "plan:again"),)),
        )
    titles = " and ".join(day.title for day in where.topics)
    lines = [bold(f"Day {where.day} of {where.length} · {titles}")]
    lines += [f"\n{esc(day.aim)}" for day in where.topics[:1]]
    lines += [f"<i>Why today: {esc(day.why)}</i>" for day in where.topics[:1]]
    lines += [f"\n<b>To do</b> · {esc(day.activity)}" for day in where.topics[:1]]
    lines += [f"<b>In your notes</b> · {esc(day.journal)}" for day in where.topics[:1]]
    if where.answered_today:
        lines.append(f"\n{count(where.answered_today, 'question')} answered today.")
    lines.append(_next_prompt(where))
    onward = "Next question" if where.answered_today else "First question"
    rows = [(Button(onward, "practise"),), (Button("The whole plan", "plan"), Button("Settings", "settings"))]
    if where.meets_customer:
        rows.insert(1, (Button("A difficult customer", "roleplay:next"),))
    return say(chat_id, "\n".join(lines), rows)


def _next_prompt(where: WhereIAm) -> str:
    learner = where.learner
    if learner.status == "paused":
        return "\n<i>You are paused: the days do not count. /settings resumes.</i>"
    if learner.next_due is None:
        return "\n<i>No daily question is planned. /settings changes that.</i>"
    day, time = day_name(learner.next_due, learner.zone), clock_time(learner.next_due, learner.zone)
    return f"\n<i>Next daily question: {day} {time}.</i>"


def overview(
    chat_id: int, where: WhereIAm, days: Sequence[tuple[int, str]], *, message_id: int | None = None
) -> Outgoing:
    """/plan: all days, with today marked."""
    if where.day == 0:
        return today(chat_id, where)
    lines = [bold(f"Your {where.length} days")]
    for number, title in days:
        line = f"Day {number} · {esc(title)}"
        if number < where.day:
            line = f"✓ {line}"
        elif number == where.day:
            line = f"<b>→ {line} (today)</b>"
        lines.append(line)
    if where.ends_on is not None and where.day <= where.length:
        lines.append(f"\nLast day: {long_date(where.ends_on)}. A missed day is folded into the next, never stacked.")
    if where.learner.assessment_on is not None:
        lines.append(f"Assessment: {long_date(where.learner.assessment_on)}.")
    rows = ((Button("Today", "today"),), (Button("Start again from day 1", "plan:restart"),))
    text = "\n".join(lines)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def confirm_restart(chat_id: int, message_id: int) -> Outgoing:
    """Ask once before the plan starts over."""
    return edit(
        chat_id,
        message_id,
        f"{bold('Start again from day 1?')}\n\nYour answers stay, and questions you know well come less often.",
        ((Button("Yes, start again", "plan:again"), Button("No", "plan")),),
    )
