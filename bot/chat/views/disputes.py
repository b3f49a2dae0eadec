"""Disputed answers: what a learner points at, what a tutor sees of it, and what comes of it."""

from __future__ import annotations

from bot.application.dispute_answer import Disputable, Disputed, Quotable, Readers
from bot.application.remark_answers import Risen
from bot.application.rule_on_dispute import Case, Proposal, Ruled, seal
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, say
from bot.chat.words import count
from bot.domain.delivery import Outgoing
from knowledge.proposing import Checked, Objection, in_plain_words
from knowledge.schema import Phrase

NEVER_MIND = Button("Never mind", "said:no")
LINES = (
    "Close, but it does not say the idea itself yet.",
    "It says something true, but not this point.",
    "Too short to tell: add how or why.",
    "It says the opposite of this point.",
)
"""What a tutor can answer with one tap."""
SENTENCES = 12
"""Sentences of an answer that have a button of their own."""
IN_A_ROW = 4


# ----------------------------------------------------------------------------------------------------------- learners


def _who_reads(value: Readers) -> str:
    if value.classes:
        classes = " and ".join(value.classes)
        return f"Your tutor in {esc(classes)} sees the question, your answer and the words you choose, not your name."
    if value.admin:
        return (
            "You are in no class, so whoever runs this bot looks at it: the question, your answer and the words you "
            "choose, not your name."
        )
    return "You are in no class and nobody here can rule on it. I keep it all the same: /mydata shows it."


def which_point(chat_id: int, value: Disputable) -> Outgoing:
    """Ask which point the learner did say."""
    rows: Rows = (
        *(
            (Button(cut(point.label, 40), encode("said", "point", value.attempt_id, point.id)),)
            for point in value.points
        ),
        (NEVER_MIND,),
    )
    text = f"{bold('Which point did you say?')}\n\n{_who_reads(value.readers)}"
    return say(chat_id, text, rows)


def which_words(chat_id: int, message_id: int, value: Quotable) -> Outgoing:
    """Ask which sentence says it."""
    every = value.sentences if len(value.sentences) > 1 else ()
    numbered = [f"{number}. {esc(cut(each, 200))}" for number, each in enumerate(every[:SENTENCES], 1)]
    lines = numbered or [f"“{esc(cut(value.answer, 500))}”"]
    text = (
        f"{bold('Which of your words say it?')}\n\n<b>The point:</b> {esc(value.point.idea)}\n\n"
        + "\n".join(lines)
        + f"\n\n<i>{_who_reads(value.readers)}</i>"
    )
    buttons = [
        Button(str(number), encode("said", "words", value.attempt_id, value.point.id, number - 1))
        for number in range(1, len(numbered) + 1)
    ]
    rows = [tuple(buttons[first : first + IN_A_ROW]) for first in range(0, len(buttons), IN_A_ROW)]
    everything = Button(
        "All of it" if numbered else "Send it", encode("said", "words", value.attempt_id, value.point.id)
    )
    return edit(chat_id, message_id, text, (*rows, (everything, NEVER_MIND)))


def sent(chat_id: int, message_id: int, value: Disputed) -> Outgoing:
    """A dispute was written down."""
    if value.readers.classes or value.readers.admin:
        then = "I tell you what comes of it. Until then your mark stays as it is."
    else:
        then = "Nobody here can rule on it yet. It is kept, and /mydata shows it. Your mark stays as it is."
    text = f"{bold('Noted.')}\n\n“{esc(cut(value.quote, 300))}”\nfor: {esc(value.point.label)}\n\n{then}"
    return edit(chat_id, message_id, text, ((Button("Next question", "practise"),),))


def never_mind(chat_id: int, message_id: int) -> Outgoing:
    """Nothing is disputed after all."""
    return edit(chat_id, message_id, "Fine, nothing was sent.", ((Button("Next question", "practise"),),))


def ruled(value: Ruled) -> Outgoing:
    """Tell the learner how a tutor ruled."""
    question = esc(cut(value.question.stem, 120))
    quote = esc(cut(value.quote, 200))
    marks = f"{value.awarded} of {count(value.available, 'mark')}"
    rows = ((Button("Next question", "practise"),),)
    if value.accepted:
        now = f"You have {marks} now, up from {value.was}." if value.awarded > value.was else f"You have {marks}."
        text = (
            f"{bold('A tutor agrees with you')}\n\n“{quote}” does say it: {esc(value.point.label)}. {now}\n\n"
            f"<i>{question}</i>"
        )
    else:
        text = (
            f"{bold('A tutor looked at your answer')}\n\n“{quote}” does not earn this point: "
            f"{esc(value.point.idea)}\n\n<b>They say:</b> {esc(value.line or '')}\n\n<i>{question}</i>"
        )
    return say(value.chat_id, text, rows)


def risen(value: Risen) -> Outgoing:
    """Tell somebody in one line that an earlier answer has gained a mark."""
    return say(
        value.chat_id,
        f"Good news about “{esc(cut(value.question.stem, 80))}”: a tutor accepted words like yours, so your answer has "
        f"{value.awarded} of {count(value.available, 'mark')} now, up from {value.was}.",
        dedupe_key=value.dedupe_key,
    )


# ------------------------------------------------------------------------------------------------------------- tutors


def _put(chat_id: int, message_id: int | None, text: str, rows: Rows) -> Outgoing:
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def waiting(chat_id: int, value: Case | None, *, message_id: int | None = None, note: str = "") -> Outgoing:
    """One disputed answer, or that none waits."""
    noted = [f"<i>{esc(note)}</i>"] if note else []
    if value is None:
        lines = [bold("No disputed answer is waiting."), *noted]
        return _put(chat_id, message_id, "\n".join(lines), ((Button("My classes", "class"),),))
    key = value.dispute.id
    lines = [bold(f"{count(value.left, 'disputed answer')} to look at"), *noted, "", *_what(value)]
    accept = (Button("It earns the point", encode("dis", "accept", key)),) if value.point is not None else ()
    rows = (
        (*accept, Button("It does not", encode("dis", "decline", key))),
        (Button("Next", encode("dis", "next", key)), Button("My classes", "class")),
    )
    return _put(chat_id, message_id, "\n".join(lines), rows)


def _what(value: Case) -> list[str]:
    whose = f"From {value.class_name}" if value.class_name else "From somebody in no class"
    lines = [f"<i>{esc(whose)} · {value.awarded} of {count(value.available, 'mark')} so far</i>"]
    if value.question is None or value.point is None:
        lines.append("The question is no longer in the course as it was.")
    else:
        lines += [
            f"<b>Question:</b> {esc(cut(value.question.stem, 300))}",
            f"<b>Point:</b> {esc(value.point.label)}. {esc(value.point.idea)}",
        ]
    quote, answer = value.dispute.quote, value.dispute.answer
    if quote != answer:
        lines.append(f"<b>Answer:</b> {esc(cut(answer, 500))}")
    return [*lines, f"<b>They point at:</b> “{esc(cut(quote, 500))}”"]


def proposed(chat_id: int, value: Case, shown: Proposal, *, message_id: int | None) -> Outgoing:
    """A phrase that can go live, in plain words."""
    key, checked = value.dispute.id, shown.checked
    text = (
        f"{bold('Accept it like this?')}\n\n“{esc(cut(value.dispute.quote, 300))}”\n\n"
        f"From now on an answer earns this point when it says:\n<b>{esc(in_plain_words(checked.phrase))}</b>\n"
        f"{_how(checked)}\n\n"
        f"I tried it on {count(checked.tried, 'example')} of this question and none goes wrong. Earlier answers are "
        "marked again, and marks only rise."
    )
    if checked.also:
        text += (
            f"\n\n<b>Careful:</b> it would also count “{esc(cut(checked.also[0], 120))}”, written for another point."
        )
    rows = (
        (Button("Accept", encode("dis", "yes", key, shown.token)), Button("Other words", encode("dis", "words", key))),
        (
            Button("Only this answer", encode("dis", "only", key, seal(value.dispute))),
            Button("Back", encode("dis", "show", key)),
        ),
    )
    return _put(chat_id, message_id, text, rows)


def _how(checked: Checked) -> str:
    like = " “like x” stands for x and words that mean the same." if "like " in in_plain_words(checked.phrase) else ""
    if checked.phrase.all_of:
        return f"<i>All of these near each other, in any order.{like}</i>"
    if checked.phrase.negated is not None:
        return f"<i>Where the answer denies it.{like}</i>"
    return f"<i>In this order.{like}</i>" if like or " " in (checked.phrase.phrase or "") else ""


def no_proposal(chat_id: int, message_id: int, value: Case) -> Outgoing:
    """No phrase was found by itself."""
    text = (
        f"{bold('I found no safe phrase')}\n\n“{esc(cut(value.dispute.quote, 300))}”\n\n"
        "Every phrase I tried from these words would go wrong on one of the examples. Type the words that matter, or "
        "count it for this answer only."
    )
    rows = (
        (
            Button("Type the words", encode("dis", "words", value.dispute.id)),
            Button("Only this answer", encode("dis", "only", value.dispute.id, seal(value.dispute))),
        ),
        (Button("Back", encode("dis", "show", value.dispute.id)),),
    )
    return edit(chat_id, message_id, text, rows)


def ask_words(chat_id: int, message_id: int, value: Case) -> Outgoing:
    """Ask for the words that must be there."""
    now = ""
    if value.dispute.proposal is not None:
        now = f"Now: <code>{esc(in_plain_words(_phrase(value)))}</code>\n\n"
    text = (
        f"{bold('Which words earn the point?')}\n\n“{esc(cut(value.dispute.quote, 300))}”\n\n{now}"
        "Type the ideas that must all be there, with + between them, for example\n"
        "<code>like customer + come back + because</code>\n"
        "<i>like customer</i> stands for shopper, guest and so on. <code>not one off</code> is for what must be denied."
    )
    return edit(chat_id, message_id, text, ((Button("Back", encode("dis", "show", value.dispute.id)),),))


def _phrase(value: Case) -> Phrase:
    return Phrase.model_validate(value.dispute.proposal)


def objected(chat_id: int, value: Case, checked: Checked, *, message_id: int | None = None) -> Outgoing:
    """A phrase must not go live: name the example that would go wrong."""
    first = checked.objections[0]
    more = len(checked.objections) - 1
    others = f"\n{count(more, 'more example goes', 'more examples go')} wrong as well." if more else ""
    text = (
        f"{bold('That would go wrong')}\n\n<b>{esc(in_plain_words(checked.phrase))}</b>\n\n"
        f"{_objection(first)}{others}\n\nType other words, or count it for this answer only."
    )
    rows = (
        (
            Button("Other words", encode("dis", "words", value.dispute.id)),
            Button("Only this answer", encode("dis", "only", value.dispute.id, seal(value.dispute))),
        ),
        (Button("Back", encode("dis", "show", value.dispute.id)),),
    )
    return _put(chat_id, message_id, text, rows)


def _objection(value: Objection) -> str:
    quoted = f"“{esc(cut(value.text, 240))}”"
    match value.kind:
        case "phrase":
            return f"It cannot be used: {esc(value.why)}."
        case "itself":
            return f"The learner's own words would not earn the point with it: {quoted}"
        case "reject":
            return f"This example must not earn the point, and would: {quoted}"
        case "declined":
            return f"These words were declined for this point before, and would earn it: {quoted}"
    return f"This example of the question would no longer come out right: {quoted}"


def not_a_phrase(chat_id: int, why: str) -> Outgoing:
    """What was typed cannot be made into a phrase."""
    return say(
        chat_id, f"{esc(why)} Type it again, for example <code>like customer + come back</code>. /cancel leaves this."
    )


def why_not(chat_id: int, message_id: int, value: Case) -> Outgoing:
    """Ask what to tell the learner."""
    key, sealed = value.dispute.id, seal(value.dispute)
    rows: Rows = (
        *((Button(line, encode("dis", "no", key, number, sealed)),) for number, line in enumerate(LINES)),
        (Button("Write a line", encode("dis", "line", key, sealed)), Button("Back", encode("dis", "show", key))),
    )
    text = f"{bold('What shall I tell them?')}\n\n“{esc(cut(value.dispute.quote, 300))}”"
    if value.point is not None:
        text += f"\nfor: {esc(value.point.label)}"
    return edit(chat_id, message_id, text, rows)


def ask_line(chat_id: int, message_id: int, value: Case) -> Outgoing:
    """Ask for a line of the tutor's own."""
    text = f"{bold('Your line')}\n\nType it, up to 200 characters. The learner reads it, without your name."
    return edit(chat_id, message_id, text, ((Button("Back", encode("dis", "show", value.dispute.id)),),))


def accepted_note(value: Ruled, *, told: bool) -> str:
    """Say what came of accepting."""
    marks = f"{value.awarded} of {value.available}"
    heard = "I tell them." if told else "They want no messages, so I tell nobody."
    if value.entry_id is None:
        return f"Counted for this answer: {marks}. {heard}"
    where = "for everybody" if value.everybody else "in your classes"
    return f"Accepted: {marks}. {heard} The phrase counts {where} from now on, and earlier answers are marked again."


def accepted(chat_id: int, message_id: int, value: Ruled, *, told: bool) -> Outgoing:
    """A point was granted."""
    rows: list[tuple[Button, ...]] = [(Button("Next disputed answer", "dis"),)]
    if value.entry_id is not None:
        rows.append((Button("Take the phrase back", encode("dis", "undo", value.entry_id)),))
    return edit(chat_id, message_id, f"{bold('Done.')}\n\n{esc(accepted_note(value, told=told))}", rows)


def taken_back(chat_id: int, message_id: int) -> Outgoing:
    """A phrase was undone."""
    text = f"{bold('The phrase is gone.')}\n\nMarks that it raised stay."
    return edit(chat_id, message_id, text, ((Button("Next disputed answer", "dis"),),))
