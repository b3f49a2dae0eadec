"""A tutor's classes: the list, one class in numbers with its join link, and the people in it."""

from __future__ import annotations

from bot.application.run_cohort import ClassCard, Overview, People
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, say
from bot.chat.words import count
from bot.domain.delivery import Outgoing
from bot.storage.cohorts import Cohort, Enrolment

ALL = Button("All classes", "class")
NEW = Button("New class", "class:new")
ON_BUTTON = 30
"""Characters of a name on a button: more would be cut off on a phone."""
ON_HALF = 14
"""The same where two buttons share a row."""


def _put(chat_id: int, message_id: int | None, text: str, rows: Rows) -> Outgoing:
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def overview(chat_id: int, value: Overview, *, message_id: int | None = None) -> Outgoing:
    """/classes: one button for each class."""
    look: list[tuple[Button, ...]] = []
    if value.disputes:
        look.append((Button(f"{count(value.disputes, 'disputed answer')} to look at", "dis"),))
    if value.reports:
        look.append((Button(f"{count(value.reports, 'report')} to look at", "rep"),))
    if not value.classes:
        text = (
            f"{bold('You have no class yet.')}\n\nMake one and you get a link to share. Whoever opens it can join and "
            "gets your tips."
        )
        return _put(chat_id, message_id, text, ((NEW,), *look))
    rows = [
        (Button(f"{cut(cohort.name, ON_BUTTON)} ({size})", encode("class", "show", cohort.id)),)
        for cohort, size in value.classes
    ]
    text = f"{bold('Your classes')}\n\nTap one for its link, its numbers and its people."
    return _put(chat_id, message_id, text, (*rows, (NEW, Button("Send a tip", "tip")), *look))


def card(chat_id: int, value: ClassCard, *, link: str, message_id: int | None = None, note: str = "") -> Outgoing:
    """One class: numbers, the join link, and what can be done."""
    standing = value.standing
    lines = [bold(value.cohort.name)]
    if note:
        lines.append(f"<i>{esc(note)}</i>")
    lines += [
        "",
        f"{standing.joined} joined · {standing.answered_this_week} answered this week",
        f"{standing.paused} paused or stopped · {standing.not_started} not started",
        "",
        f"Join link, for everybody in the class:\n{esc(link)}",
    ]
    key = value.cohort.id
    rows = (
        (Button("Send a tip", encode("tip", "to", key)), Button("People", encode("class", "people", key, 0))),
        (Button("Rename", encode("class", "rename", key)), Button("New link", encode("class", "link", key))),
        (Button("Close class", encode("class", "close", key)), ALL),
    )
    return _put(chat_id, message_id, "\n".join(lines), rows)


def ask_name(chat_id: int, message_id: int) -> Outgoing:
    """Ask how a new class is called."""
    text = f"{bold('What is the class called?')}\n\nType a name of up to 40 characters. Learners see it when they join."
    return edit(chat_id, message_id, text, ((ALL,),))


def ask_new_name(chat_id: int, message_id: int, cohort: Cohort) -> Outgoing:
    """Ask for another name."""
    text = f"{bold('A new name for ' + cohort.name)}\n\nType it, up to 40 characters."
    return edit(chat_id, message_id, text, ((_back(cohort.id),),))


def _back(cohort_id: int) -> Button:
    return Button("Back to the class", encode("class", "show", cohort_id))


def confirm_close(chat_id: int, message_id: int, value: ClassCard) -> Outgoing:
    """Ask once more before a class is closed."""
    text = (
        f"{bold('Close ' + value.cohort.name + '?')}\n\n"
        f"{count(value.standing.joined, 'person', 'people')} will be in it no more and the link stops working. "
        "Their own revision goes on. This cannot be taken back."
    )
    key = value.cohort.id
    rows = ((Button("Keep it", encode("class", "show", key)), Button("Close it", encode("class", "closed", key))),)
    return edit(chat_id, message_id, text, rows)


def closed(chat_id: int, message_id: int, cohort: Cohort) -> Outgoing:
    """A class was closed."""
    text = f"{bold(cohort.name + ' is closed.')}\n\nIts link no longer works, and nobody gets tips through it."
    return edit(chat_id, message_id, text, ((ALL, NEW),))


def people(chat_id: int, message_id: int, value: People) -> Outgoing:
    """The people in a class, ten at a time."""
    key = value.cohort.id
    if not value.shown:
        text = f"{bold(value.cohort.name)}\n\nNobody has joined yet. Share the link and they appear here."
        return edit(chat_id, message_id, text, ((_back(key),),))
    lines = [bold(f"People in {value.cohort.name}"), ""]
    lines += [_line(each, value.answered) for each in value.shown]
    rows = [
        (
            Button(f"Marks of {cut(each.name, ON_HALF)}", encode("mark", "list", key, each.chat_id)),
            Button(f"Remove {cut(each.name, ON_HALF)}", encode("class", "person", key, each.chat_id, value.page)),
        )
        for each in value.shown
    ]
    turn = []
    if value.page > 0:
        turn.append(Button("Earlier", encode("class", "people", key, value.page - 1)))
    if value.page + 1 < value.pages:
        turn.append(Button("More", encode("class", "people", key, value.page + 1)))
    return edit(chat_id, message_id, "\n".join(lines), (*([tuple(turn)] if turn else []), *rows, (_back(key),)))


def _line(person: Enrolment, answered: frozenset[int]) -> str:
    return esc(person.name) + (" · answered this week" if person.chat_id in answered else "")


def confirm_remove(chat_id: int, message_id: int, cohort: Cohort, person: Enrolment, *, page: int) -> Outgoing:
    """Ask once more before somebody is removed."""
    text = (
        f"{bold(f'Remove {person.name} from {cohort.name}?')}\n\n"
        "I tell them in one line. They keep their plan and can join again with the link, so make a new link if they "
        "should not."
    )
    keep = Button("Keep", encode("class", "people", cohort.id, page))
    remove = Button("Remove", encode("class", "remove", cohort.id, person.chat_id, page))
    return edit(chat_id, message_id, text, ((keep, remove),))


def removed(cohort: Cohort, person: Enrolment) -> Outgoing:
    """Tell a learner that they were taken out of a class."""
    return say(
        person.chat_id,
        f"You are no longer in <b>{esc(cohort.name)}</b>: your tutor took you off the list. Your own revision goes on.",
    )
