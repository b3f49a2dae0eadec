"""Reports that something is wrong: asking what, thanking, and showing them to tutors one at a time."""

from __future__ import annotations

from bot.application.report_item import Waiting
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, say
from bot.chat.words import count
from bot.domain.delivery import Outgoing
from knowledge.schema import Question, Term

SHOWN = 260
"""Characters shown of each part of an item, so that the whole fits one screen."""


def name(item: Term | Question | None) -> str:
    """Return a few words that say which item is meant."""
    match item:
        case Term():
            return item.name
        case Question():
            return cut(item.stem, 60)
        case None:
            return "an entry that is no longer in the course"


def ask_note(chat_id: int, item: Term | Question) -> Outgoing:
    """Ask what is wrong with an item."""
    text = f"{bold('What is wrong here?')}\n\nIt is about “{esc(name(item))}”. Type it, or send it as it is."
    rows = ((Button("Send without a note", encode("rep", item.id)), Button("Never mind", "rep:no")),)
    return say(chat_id, text, rows)


def thanks(chat_id: int, *, message_id: int | None = None) -> Outgoing:
    """A report was written down."""
    text = f"{bold('Thank you.')} A tutor will look at it, and I tell you when it is dealt with."
    rows = ((Button("Go on", "practise"),),)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def never_mind(chat_id: int, message_id: int) -> Outgoing:
    """Nothing was reported after all."""
    return edit(chat_id, message_id, "Fine, nothing was reported.", ((Button("Go on", "practise"),),))


def waiting(chat_id: int, value: Waiting | None, *, message_id: int | None = None, note: str = "") -> Outgoing:
    """One report with the item as it stands now."""
    rows: Rows
    if value is None:
        lines = [bold("No report is waiting."), *([f"<i>{esc(note)}</i>"] if note else [])]
        rows = ((Button("My classes", "class"),),)
    else:
        lines = [bold(f"{count(value.left, 'report')} to look at"), *([f"<i>{esc(note)}</i>"] if note else []), ""]
        lines += _item(value.item)
        lines.append(f"\n<b>They say:</b> {esc(cut(value.report.note, SHOWN)) if value.report.note else 'no note'}")
        lines.append(f"<i>{esc(value.report.item)}</i>")
        rows = (
            (Button("Dealt with: tell the person", encode("rep", "done", value.report.id)),),
            (Button("Next", encode("rep", "next", value.report.id)), Button("My classes", "class")),
        )
    text = "\n".join(lines)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def _item(item: Term | Question | None) -> list[str]:
    match item:
        case Term():
            return [f"<b>{esc(item.name)}</b>", esc(cut(item.definition, SHOWN))]
        case Question():
            return [
                f"<b>Question:</b> {esc(cut(item.stem, SHOWN))}",
                f"<b>Model answer:</b> {esc(cut(item.model_answer, SHOWN))}",
            ]
        case None:
            return ["This entry is no longer in the course."]


def dealt_with(chat_id: int, item: Term | Question | None) -> Outgoing:
    """Tell the person who reported something that it was dealt with."""
    return say(chat_id, f"What you reported about “{esc(name(item))}” has been looked at. Thank you for telling us.")
