"""Look-up: a term's card, a short list when unsure, two terms side by side, and an honest "not in this unit"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.application.look_up_term import Card, DidYouMean, Found, NotInCourse, SideBySide, WithWhat
from bot.chat.callbacks import encode
from bot.chat.messages import TEXT_LIMIT, Button, Rows, bold, cut, edit, esc, quote, say
from bot.chat.views.figures import picture_button
from bot.domain.delivery import Outgoing
from knowledge.schema import Term

RELATED = 6
COMPARED = 5
ASKED = 81
"""Characters of a question that are said back."""


def found(
    chat_id: int,
    outcome: Found,
    *,
    names: Mapping[str, str],
    pictured: Collection[str] = (),
    message_id: int | None = None,
    extra: Rows = (),
    note: str = "",
    reply_to: int | None = None,
) -> Outgoing:
    """Say what was found. ``names`` are the names of all terms, ``pictured`` the terms with a figure: for buttons."""
    match outcome:
        case Card(term):
            text, rows = card_text(term), card_rows(term, names, pictured)
        case DidYouMean():
            text, rows = _did_you_mean(outcome)
        case SideBySide():
            text, rows = _side_by_side(outcome)
        case NotInCourse():
            text, rows = _not_in_course(outcome)
    text = f"{text}\n\n{note}" if note else text
    rows = (*rows, *extra) if chat_id > 0 else _for_groups(rows)
    if message_id is None:
        return say(chat_id, text, rows, reply_to=reply_to)
    return edit(chat_id, message_id, text, rows)


def _for_groups(rows: Rows) -> Rows:
    """Leave out what only makes sense one to one."""
    return tuple(row for row in rows if not any((button.data or "").startswith("wrong") for button in row))


def card_text(term: Term) -> str:
    """Return a term's card: what it is first, how it works and an example folded away, what it is mixed up with."""
    short = f" ({esc(term.abbreviations[0])})" if term.abbreviations and term.abbreviations[0] not in term.name else ""
    lines = [f"<b>{esc(term.name)}{short}</b>", esc(term.definition)]
    if term.worked is not None:
        lines.append(f"<b>Formula</b> · <code>{esc(term.worked.formula)}</code>\n{esc(term.worked.text)}")
    more = f"{esc(term.explanation)}\n\n" if term.explanation else ""
    lines.append(quote(f"{more}<b>Example</b> · {esc(term.example)}"))
    if term.confusable:
        lines.append(f"<i>Easily mixed up:</i> {esc(term.confusable[0].because)}")
    if term.law is not None:
        lines.append(
            f"<i>As of {term.law.as_of.day}/{term.law.as_of.month}/{term.law.as_of.year}.</i> {esc(term.law.note)}"
        )
    if not term.confirmed:
        lines.append("<i>Added by your tutor, not reviewed yet.</i>")
    text = "\n\n".join(lines)
    assert len(text) < TEXT_LIMIT
    return text


def card_rows(term: Term, names: Mapping[str, str], pictured: Collection[str] = ()) -> Rows:
    """The picture, compare and related first; reporting a mistake last."""
    first = [picture_button(term.id)] if term.id in pictured else []
    if any(each.term in names for each in term.confusable):
        first.append(Button("Compare", encode("cmp", term.id)))
    if any(each in names for each in term.related):
        first.append(Button("Related", encode("rel", term.id)))
    return (*((tuple(first),) if first else ()), (Button("Something wrong here", encode("wrong", term.id)),))


def related(chat_id: int, message_id: int, term: Term, names: Mapping[str, str]) -> Outgoing:
    """List what belongs to a term, on the card's own message."""
    rows = [(Button(cut(names[each], 40), encode("term", each)),) for each in term.related if each in names]
    back = (Button("Back to the card", encode("card", term.id)),)
    return edit(chat_id, message_id, f"{bold(term.name)}\n\nThese belong to it:", (*rows[:RELATED], back))


def compare_with(chat_id: int, message_id: int, term: Term, names: Mapping[str, str]) -> Outgoing:
    """Offer the terms that are easily mixed up with this one."""
    others = [each.term for each in term.confusable if each.term in names]
    rows = [(Button(cut(names[each], 40), encode("vs", term.id, each)),) for each in others if fits(term.id, each)]
    back = (Button("Back to the card", encode("card", term.id)),)
    return edit(chat_id, message_id, f"{bold(term.name)}\n\nCompare it with:", (*rows[:COMPARED], back))


def fits(first: str, second: str) -> bool:
    """Tell whether two term ids fit into one button."""
    return len(f"vs:{first}:{second}".encode()) <= 64


def _did_you_mean(outcome: DidYouMean) -> tuple[str, Rows]:
    """The words that were asked stand as code, so that [None of these] can read them from the message again."""
    rows = [(Button(cut(term.name, 48), encode("term", term.id)),) for term in outcome.terms]
    none = (Button("None of these", "none"),)
    asked = esc(cut(" ".join(outcome.asked.split()), ASKED))
    return f"{bold('Did you mean')}\nYou wrote: <code>{asked}</code>", (*rows, none)


def comparison_title(outcome: SideBySide) -> str:
    """Name both terms as learners know them."""
    return f"{_short(outcome.first)} and {_short(outcome.second)}"


def comparison_text(outcome: SideBySide) -> str:
    """Return two terms side by side, or both definitions where nobody has compared them yet."""
    first, second, each = outcome.first, outcome.second, outcome.comparison
    head = bold(comparison_title(outcome))
    if each is None:
        return (
            f"{head}\n<i>No comparison written yet. Both definitions:</i>\n\n"
            f"<b>{esc(first.name)}</b>\n{esc(first.definition)}\n\n<b>{esc(second.name)}</b>\n{esc(second.definition)}"
        )
    uses = [each.use_first, each.use_second] if each.terms[0] == first.id else [each.use_second, each.use_first]
    return (
        f"{head}\n\n<b>Alike</b> · {esc(each.alike)}\n\n<b>Different</b> · {esc(each.different)}\n\n"
        f"<b>{esc(_short(first))}</b> · {esc(uses[0])}\n\n<b>{esc(_short(second))}</b> · {esc(uses[1])}"
    )


def _side_by_side(outcome: SideBySide) -> tuple[str, Rows]:
    both = (outcome.first, outcome.second)
    return comparison_text(outcome), (tuple(Button(cut(_short(each), 30), encode("term", each.id)) for each in both),)


def _short(term: Term) -> str:
    """Return the abbreviation learners know, or the name."""
    return term.abbreviations[0] if term.abbreviations and len(term.name) > 18 else term.name


def _not_in_course(outcome: NotInCourse) -> tuple[str, Rows]:
    asked = esc(cut(" ".join(outcome.asked.split()), 60))
    rows = [(Button(topic.name, encode("topic", topic.id)),) for topic in outcome.topics]
    return f"“{asked}” is not in this unit.\n\nLook near what you may need, or try other words:", tuple(rows)


def topic(chat_id: int, message_id: int, name: str, terms: Sequence[Term], *, topic_id: str, page: int) -> Outgoing:
    """List a topic's terms, ten at a time."""
    start = page * 10
    rows: list[tuple[Button, ...]] = [
        (Button(cut(term.name, 48), encode("term", term.id)),) for term in terms[start : start + 10]
    ]
    turn = []
    if page > 0:
        turn.append(Button("Earlier", encode("topic", topic_id, page - 1)))
    if start + 10 < len(terms):
        turn.append(Button("More", encode("topic", topic_id, page + 1)))
    if turn:
        rows.append(tuple(turn))
    last = (len(terms) - 1) // 10 + 1
    return edit(chat_id, message_id, f"{bold(name)}\n\nTerms from A to Z, page {page + 1} of {last}:", tuple(rows))


def none_of_these(chat_id: int, message_id: int) -> Outgoing:
    """Nothing on the list was meant."""
    return edit(
        chat_id,
        message_id,
        "Sorry. Try other words: say what it is for, or what happens in it.",
        ((Button("Practise", "practise"),),) if chat_id > 0 else (),
    )


def ask_which_term(chat_id: int, *, reply_to: int | None = None) -> Outgoing:
    """/term without a word."""
    also = ", or just type the word" if chat_id > 0 else ""
    return say(chat_id, f"Which term? For example: <code>/term nps</code>{also}.", reply_to=reply_to)


def ask_which_two(chat_id: int, *, reply_to: int | None = None) -> Outgoing:
    """/compare without a word."""
    return say(chat_id, "Which two? For example: <code>/compare nps and csat</code>.", reply_to=reply_to)


def with_what(chat_id: int, outcome: WithWhat, *, reply_to: int | None = None) -> Outgoing:
    """One of two terms is known: what to compare it with."""
    term = outcome.term
    unknown = ""
    if outcome.unknown is not None:
        unknown = f"I do not know “{esc(cut(' '.join(outcome.unknown.split()), ASKED))}”.\n"
    example = f"Or send both: <code>/compare {esc(_short(term).lower())} and ...</code>"
    rows = [
        (Button(cut(each.name, 40), encode("vs", term.id, each.id)),)
        for each in outcome.others
        if fits(term.id, each.id)
    ]
    head = bold(f"Compare {term.name} with what?")
    return say(chat_id, f"{head}\n{unknown}\n{example}", tuple(rows[:RELATED]), reply_to=reply_to)
