"""/missed: what learners looked for and did not find, and a tutor saying what was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.application.answer_missed import Answered, Waiting
from bot.chat.callbacks import LIMIT, encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, say
from bot.chat.words import count, long_date
from bot.domain.delivery import Outgoing
from bot.domain.plan import local_date
from bot.storage.missed import Missed
from knowledge.schema import Term

LABEL = 40
"""Characters of a button that a phone shows in one line."""
BACK = Button("All of them", "missed")


def listing(
    chat_id: int,
    value: Waiting,
    names: Mapping[str, str],
    *,
    zone: str,
    message_id: int | None = None,
    note: str = "",
) -> Outgoing:
    """What two people or more looked for in vain, a page at a time."""
    lines = [bold(_head(value.total)), *([f"<i>{esc(note)}</i>"] if note else []), ""]
    if value.total:
        lines += ["Each was typed by two people or more; nobody's name is kept. Tap one to say what it means.", ""]
        lines += [_line(each, names, zone=zone) for each in value.shown]
    else:
        lines.append("Here you will see what learners look for and do not find, once two people have asked.")
    rows: list[tuple[Button, ...]] = [
        (Button(cut(_asked(each, names), LABEL), encode("missed", "show", each.id)),) for each in value.shown
    ]
    turn = []
    if value.page > 0:
        turn.append(Button("Earlier", encode("missed", "page", value.page - 1)))
    if value.page + 1 < value.pages:
        turn.append(Button("More", encode("missed", "page", value.page + 1)))
    rows += [tuple(turn)] if turn else []
    rows += [] if value.total else [(Button("My classes", "class"),)]
    return _said(chat_id, message_id, "\n".join(lines), rows)


def _head(total: int) -> str:
    return f"{count(total, 'look-up')} that found nothing" if total else "No missed look-up is waiting."


def _line(value: Missed, names: Mapping[str, str], *, zone: str) -> str:
    last = long_date(local_date(value.last_at, zone))
    return f"• “{esc(_asked(value, names))}” · asked {_times(value.times)}, last on {last}"


def _times(times: int) -> str:
    return "twice" if times == 2 else f"{times} times"


def _asked(value: Missed, names: Mapping[str, str]) -> str:
    if value.terms is None:
        return value.text or ""
    first, second = (names.get(each, each) for each in value.terms)
    return f"{first} and {second}"


def ask_meaning(
    chat_id: int,
    message_id: int | None,
    value: Missed,
    terms: Sequence[Term],
    names: Mapping[str, str],
    *,
    note: str = "",
) -> Outgoing:
    """What does it mean? Near terms as buttons."""
    asked = esc(_asked(value, names))
    if value.terms is not None:
        text = (
            f"{bold('Nobody has compared these two yet')}\n\n{asked}\n\nLearners get both definitions side by side. "
            "Whoever keeps the course's files can write the comparison."
        )
        return _said(chat_id, message_id, text, (*_ways_out(value),))
    said = f"\n<i>{esc(note)}</i>" if note else ""
    head = bold("What does this mean?")
    text = f"{head}\n“{asked}”{said}\n\nAsked {_times(value.times)}. Choose the term it is about:"
    return _said(chat_id, message_id, text, (*_choices(value, terms), *_ways_out(value)))


def _choices(value: Missed, terms: Sequence[Term]) -> Rows:
    carried = [(term, f"mean:{value.id}:{term.id}") for term in terms]
    return [(Button(cut(term.name, LABEL), data),) for term, data in carried if len(data.encode()) <= LIMIT]


def _ways_out(value: Missed) -> Rows:
    off = Button("Not in this unit" if value.terms is None else "Take it off the list", f"missed:drop:{value.id}")
    if value.terms is not None:
        return ((off,), (BACK,))
    return ((Button("Another term", f"missed:type:{value.id}"), off), (BACK,))


def ask_term(chat_id: int, message_id: int, value: Missed) -> Outgoing:
    """Let the tutor type the term."""
    text = f"{bold('Which term is it?')}\n\nType its name, and I link “{esc(value.text or '')}” to it."
    return edit(chat_id, message_id, text, ((Button("Never mind", encode("missed", "show", value.id)),),))


def no_such_term(chat_id: int, value: Missed) -> Outgoing:
    """What was typed is no term."""
    text = "I do not know that term either. Type it as it stands in the glossary, or leave it with /cancel."
    return say(chat_id, text, ((BACK,),))


def answered(chat_id: int, message_id: int | None, value: Answered) -> Outgoing:
    """The line is in: for whom, and how to undo it."""
    whom = {
        None: "Everybody who types",
        0: "Learners of the classes you make who type",
        1: "Learners of your class who type",
    }.get(value.classes, f"Learners of your {value.classes} classes who type")
    text = (
        f"{bold('Noted')}\n\n“{esc(value.line)}” means <b>{esc(value.term.name)}</b>.\n\n"
        f"{whom} it from now on will find it."
    )
    rows = ((Button("More missed look-ups", "missed"), Button("Undo", encode("missed", "undo", value.missed.id))),)
    return _said(chat_id, message_id, text, rows)


def off_the_list(value: Missed, names: Mapping[str, str]) -> str:
    """Say in a line that one is gone."""
    return f"“{_asked(value, names)}” is off the list."


def _said(chat_id: int, message_id: int | None, text: str, rows: Rows) -> Outgoing:
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)
