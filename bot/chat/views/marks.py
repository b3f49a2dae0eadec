"""A learner's last marks as their tutor sees them, and changing one. The learner's own words are not shown."""

from __future__ import annotations

from bot.application.override_mark import MarkedAnswer, MarkSet, RecentMarks
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, say
from bot.chat.words import count
from bot.domain.delivery import Outgoing
from bot.storage.markings import BY_REMARKING, BY_RULING, BY_TUTOR, Change
from knowledge.marking import Status

IN_A_ROW = 5
_WHY = {
    BY_TUTOR: "set by a tutor",
    BY_RULING: "a tutor agreed with a disputed answer",
    BY_REMARKING: "marked again with an accepted phrase",
}


def _out_of(awarded: int, available: int) -> str:
    return f"{awarded} of {count(available, 'mark')}"


def recent(chat_id: int, message_id: int, value: RecentMarks) -> Outgoing:
    """The last marks of one learner."""
    people = Button("Back to the list", encode("class", "people", value.cohort.id, 0))
    head = bold(f"{value.person.name} · {value.cohort.name}")
    if not value.marked:
        return edit(chat_id, message_id, f"{head}\n\nNothing has been marked yet.", ((people,),))
    rows = [
        (
            Button(
                f"{attempt.awarded}/{attempt.available} · {cut(question.stem, 40)}",
                encode("mark", "one", value.cohort.id, attempt.id),
            ),
        )
        for attempt, question in value.marked
    ]
    text = f"{head}\n\nThe last marks, newest first. Tap one to see what it was for or to change it."
    return edit(chat_id, message_id, text, (*rows, (people,)))


def one(chat_id: int, message_id: int, value: MarkedAnswer, *, note: str = "") -> Outgoing:
    """One mark: the question, the points, and how it changed."""
    kept = (value.attempt.result or {}).get("points", {})
    every = () if value.question.scheme is None else value.question.scheme.points
    lines = [bold(f"{value.person.name}: {_out_of(value.awarded, value.available)}")]
    if note:
        lines.append(f"<i>{esc(note)}</i>")
    lines += ["", esc(cut(value.question.stem, 300)), ""]
    lines += [f"{'✓ found' if kept.get(each.id) == Status.MET else '○ not found'}: {esc(each.label)}" for each in every]
    if value.changes:
        lines += ["", *(f"<i>{_change(each)}</i>" for each in value.changes[-4:])]
    lines.append("\n<i>Their words are theirs: ask them to show you, or to tap [I did say this].</i>")
    return edit(chat_id, message_id, "\n".join(lines), _rows(value))


def _rows(value: MarkedAnswer) -> Rows:
    key = value.cohort.id, value.attempt.id
    choices = [
        Button(str(mark), encode("mark", "ask", *key, mark))
        for mark in range(value.available + 1)
        if mark != value.awarded
    ]
    rows = [tuple(choices[first : first + IN_A_ROW]) for first in range(0, len(choices), IN_A_ROW)]
    back = Button("Back", encode("mark", "list", value.cohort.id, value.person.chat_id))
    return (*rows, (back,))


def _change(value: Change) -> str:
    day = f"{value.changed_at.day}/{value.changed_at.month}/{value.changed_at.year}"
    return f"{day}: {value.from_mark} → {value.to_mark}, {_WHY.get(value.why, value.why)}"


def confirm(chat_id: int, message_id: int, value: MarkedAnswer, to_mark: int) -> Outgoing:
    """Ask once more before a mark is changed."""
    head = bold(f"Change {value.awarded} to {to_mark} of {value.available}?")
    text = (
        f"{head}\n\n{esc(cut(value.question.stem, 200))}\n\n"
        f"I tell {esc(value.person.name)}, and it is kept that you changed it. The mark is final: neither I nor a "
        "better answer changes it."
    )
    key = value.cohort.id, value.attempt.id
    rows = (
        (
            Button("Change it", encode("mark", "set", *key, value.awarded, to_mark)),
            Button("Keep it", encode("mark", "one", *key)),
        ),
    )
    return edit(chat_id, message_id, text, rows)


def told(value: MarkSet) -> Outgoing:
    """Tell the learner that a tutor set a mark."""
    question = esc(cut(value.answer.question.stem, 120))
    text = (
        f"{bold('Your tutor has changed a mark')}\n\n{_out_of(value.awarded, value.answer.available)} now instead of "
        f"{value.was}, for: <i>{question}</i>"
    )
    return say(value.answer.person.chat_id, text, ((Button("Next question", "practise"),),))
