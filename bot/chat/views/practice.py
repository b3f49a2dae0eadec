"""Questions, results and help. Words carry the meaning; the signs only repeat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.application.follow_plan import DailyPrompt
from bot.application.practise import Answered, Asked, Hinted, NothingLeft, Skipped
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, say
from bot.chat.words import count
from bot.domain.delivery import Outgoing
from knowledge.marking import Gate, MarkResult, Status
from knowledge.schema import Misconception, Question, Topic

VERBS: Mapping[str, str] = {
    "evaluate": "Weigh both sides, then judge.",
    "discuss": "Show more than one side.",
    "analyse": "Break it into parts and link them.",
    "explain": "Say what, and why.",
    "define": "Say what kind of thing it is and what sets it apart.",
    "apply": "Use the facts of this case.",
    "justify": "Give reasons for the choice.",
}
QUOTED = 80


def asked(chat_id: int, outcome: Asked | NothingLeft, topics: Mapping[str, Topic]) -> Outgoing:
    """Put a question; it opens once this message has arrived."""
    if isinstance(outcome, NothingLeft):
        return nothing_left(chat_id)
    head = f"<i>{esc(outcome.why)}</i>\n" if outcome.why else ""
    return say(
        chat_id,
        head + question_text(outcome.question, topics),
        question_rows(outcome.attempt_id),
        on_sent=f"open:{outcome.attempt_id}",
    )


def question_text(question: Question, topics: Mapping[str, Topic]) -> str:
    """Return the question's card: verb, marks and topic, the stem, and how long an answer should be."""
    topic = topics[question.topic].name
    head = bold(f"{question.verb.capitalize()} · {count(question.marks, 'mark')} · {topic}")
    verb = VERBS.get(question.verb)
    tail = question.answer_length if verb is None else f"{question.answer_length} {verb}"
    return f"{head}\n\n{esc(question.stem)}\n\n<i>{esc(tail)}</i>"


def question_rows(attempt_id: int) -> Rows:
    """Help first, then the ways out."""
    return (
        (Button("Hint", encode("hint", attempt_id)), Button("I don't know", encode("idk", attempt_id))),
        (Button("Skip", encode("skip", attempt_id)), Button("Another topic", "topics")),
    )


def daily(prompt: DailyPrompt, topics: Mapping[str, Topic]) -> Outgoing:
    """The day's message: where we are, why this today, and the first question."""
    chat_id = prompt.learner.chat_id
    titles = " and ".join(day.title for day in prompt.topics) or "Review"
    head = bold(f"Day {prompt.day} of {prompt.length} · {titles}")
    lines = [head]
    if prompt.folded:
        lines.append(f"<i>{esc(_folded(prompt.folded))}</i>")
    if prompt.topics:
        lines.append(f"<i>Why today: {esc(prompt.topics[0].why)}</i>")
    if prompt.waits:
        lines.append("\nYou are in the middle of a question, so today's waits here until you want it.")
        return say(chat_id, "\n".join(lines), ((Button("Today's question", encode("open", prompt.asked.attempt_id)),),))
    lines.append("\n" + question_text(prompt.asked.question, topics))
    rows = (
        (
            Button("Hint", encode("hint", prompt.asked.attempt_id)),
            Button("I don't know", encode("idk", prompt.asked.attempt_id)),
        ),
        (
            Button("Later today", encode("later", prompt.asked.attempt_id)),
            Button("Skip today", encode("skip", prompt.asked.attempt_id)),
        ),
    )
    return say(chat_id, "\n".join(lines), rows, on_sent=f"open:{prompt.asked.attempt_id}")


def _folded(days: Sequence[int]) -> str:
    if len(days) == 1:
        return f"Day {days[0]} is folded in: nothing to catch up, its questions come along."
    return f"Days {days[0]} to {days[-1]} are folded in: nothing to catch up, their questions come along."


GATES: Mapping[Gate, str] = {
    Gate.EMPTY: "I could not read an answer in that. Write a sentence or two in your own words.",
    Gate.DONT_KNOW: "That is fine. Have a hint, or look at a model answer.",
    Gate.TALK_TO_MARKER: "That talks to me rather than to the question. Answer in your own words and I mark it.",
    Gate.GIBBERISH: "I could not make words out of that. Try again in plain sentences.",
    Gate.ECHO: "That repeats the question. Add what you know about it.",
    Gate.WORD_LIST: "Those are the right kind of words, but a list does not show that you understand. "
    "Put them into a sentence.",
    Gate.OFF_TOPIC: "I could not find anything about this question in that. Read the question once more and try again.",
}


def result(
    chat_id: int, outcome: Answered, misconceptions: Mapping[str, Misconception], *, reply_to: int | None
) -> Outgoing:
    """Show which points were earned and with which words, one correction, and one next step."""
    marked = outcome.result
    lines = [f"{bold(_headline(outcome))}\n"]
    if marked.gate is not None and not marked.awarded:
        lines.append(GATES.get(marked.gate, "I could not mark that. Try again in your own words."))
    else:
        lines += _met(marked)
        lines += _corrections(marked, misconceptions)
        lines += _missing(marked)
    lines.append(f"\n<b>Next:</b> {esc(_next_step(outcome))}")
    return say(chat_id, "\n".join(lines), _result_rows(outcome), reply_to=reply_to)


def _headline(outcome: Answered) -> str:
    awarded, available = outcome.result.awarded, outcome.result.available
    marks = f"{awarded} of {count(available, 'mark')}"
    if awarded == available:
        return f"{marks}: all there"
    return marks if awarded else f"{marks} yet"


def _met(marked: MarkResult) -> list[str]:
    return [
        f"✓ {esc(point.label)}: you wrote “{esc(cut(point.quote, QUOTED))}”"
        for point in marked.points
        if point.status is Status.MET
    ]


def _corrections(marked: MarkResult, misconceptions: Mapping[str, Misconception]) -> list[str]:
    lines = []
    for found in marked.misconceptions[:1]:
        known = misconceptions.get(found.id)
        if known is not None:
            lines.append(f"✗ “{esc(cut(found.quote, QUOTED))}” is a common trap. {esc(known.correction)}")
    if lines:
        return lines
    for point in marked.points:
        if point.status in (Status.CONTRADICTED, Status.SAID_AND_DENIED):
            return [f"✗ “{esc(cut(point.quote, QUOTED))}” goes against this point: {esc(point.idea)}"]
    return []


def _missing(marked: MarkResult) -> list[str]:
    if marked.awarded >= marked.available:
        return []
    lines = []
    for point in marked.points:
        if point.status is Status.NEAR:
            lines.append(f"○ You touch on this; say more: {esc(point.idea)}")
        elif point.status in (Status.NOT_FOUND, Status.MENTIONED_ONLY):
            lines.append(f"○ I could not find: {esc(point.idea)}")
    return lines[: max(1, marked.available - marked.awarded)]


VERB_STEPS: Mapping[str, str] = {
    "one_sided": "You gave one side. Add the other, so that it is balanced.",
    "no_judgement": "You weighed it up; now say which way you decide and why.",
    "no_reason": "Add why: start with “because”.",
    "no_example": "Add one short example from a real or made-up place.",
    "no_figure": "Use a number from the question.",
    "no_comparison": "Say how the two differ: “whereas” helps.",
}


def _next_step(outcome: Answered) -> str:
    marked = outcome.result
    again = "It comes back tomorrow." if outcome.again_in == 1 else f"It comes back in {outcome.again_in} days."
    if marked.gate is not None and not marked.awarded:
        return "try again, or take a hint."
    if marked.awarded >= marked.available:
        return again
    for finding in marked.verb:
        if (step := VERB_STEPS.get(str(finding))) is not None:
            return step
    missing = next((p for p in marked.points if p.status in (Status.NOT_FOUND, Status.NEAR)), None)
    if missing is not None:
        return f"try it once more and add the idea about “{missing.label.lower()}”, or go on. {again}"
    return again


def _result_rows(outcome: Answered) -> Rows:
    again = Button("Try again", encode("again", outcome.attempt_id))
    model = Button("Model answer", encode("model", outcome.attempt_id))
    look = Button("Just look it up", encode("aslook", outcome.attempt_id))
    wrong = Button("Something wrong here", encode("wrong", outcome.question.id))
    onward = Button("Next question", "practise")
    if outcome.result.awarded >= outcome.result.available:
        return ((onward,), (model, wrong))
    if len(outcome.answer) <= QUOTED:
        return ((onward, again), (model, look), (wrong,))
    return ((onward, again), (model, wrong))


def help_step(chat_id: int, outcome: Hinted) -> Outgoing:
    """One step of help. The last is the model answer, and the question comes back tomorrow."""
    hints = outcome.question.hints
    if outcome.step == 1:
        more = Button("More help", encode("hint", outcome.attempt_id))
        return say(chat_id, f"{bold('A nudge')}\n\n{esc(hints.nudge)}", ((more,),))
    if outcome.step == 2:
        more = Button("Show a model answer", encode("hint", outcome.attempt_id))
        return say(chat_id, f"{bold('How to build the answer')}\n\n{esc(hints.structure)}", ((more,),))
    text = (
        f"{bold('A model answer')}\n\n{esc(outcome.question.model_answer)}\n\n"
        "Read it once, close your eyes, say it in your own words. I ask you again tomorrow."
    )
    wrong = Button("Something wrong here", encode("wrong", outcome.question.id))
    return say(chat_id, text, ((Button("Next question", "practise"),), (wrong,)))


def model_answer(chat_id: int, question: Question) -> Outgoing:
    """One way to earn every mark."""
    text = f"{bold('A model answer')}\n\n{esc(question.model_answer)}\n\n<i>One good way; yours may differ.</i>"
    wrong = Button("Something wrong here", encode("wrong", question.id))
    return say(chat_id, text, ((Button("Next question", "practise"),), (wrong,)))


def skipped(chat_id: int, message_id: int, outcome: Skipped, *, today: bool) -> Outgoing:
    """A question was put off."""
    text = "Skipped for today. See you tomorrow." if today else "Skipped. It comes back tomorrow."
    return edit(
        chat_id,
        message_id,
        f"<i>{esc(cut(outcome.question.stem, 160))}</i>\n\n{text}",
        ((Button("Another question", "practise"), Button("Today", "today")),),
    )


def later(chat_id: int, message_id: int, outcome: Asked, topics: Mapping[str, Topic]) -> Outgoing:
    """The prompt is kept for later today, on its own message."""
    text = f"{question_text(outcome.question, topics)}\n\nKept for later. It stays here until you answer it."
    return edit(chat_id, message_id, text, ((Button("Now", encode("open", outcome.attempt_id)),),))


def topics_menu(chat_id: int, topics: Mapping[str, Topic], *, message_id: int | None = None) -> Outgoing:
    """Choose a mix or one topic."""
    rows = (
        (Button("A mix of everything", "practise"),),
        *((Button(t.name, encode("practise", t.id)),) for t in topics.values()),
    )
    text = f"{bold('What shall we practise?')}"
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def nothing_left(chat_id: int) -> Outgoing:
    """There is no question to ask here."""
    return say(chat_id, "I have no question for that just now.", ((Button("A mix of everything", "practise"),),))


def too_long(chat_id: int, *, length: int) -> Outgoing:
    """An answer that is too long to mark well."""
    return say(
        chat_id,
        f"That is longer than I can mark well ({length:,} characters). Keep the part that answers the question, about "
        "150 words, and send it again. Your question is still open.",
    )


def small_talk(chat_id: int, *, question_open: bool) -> Outgoing:
    """A greeting, thanks or a lone emoji: answered, never marked."""
    if question_open:
        return say(chat_id, "You're welcome here any time. Your question is still open: answer it when you are ready.")
    return say(
        chat_id,
        "Hello. Type a term to look it up, or go on here.",
        ((Button("Practise", "practise"), Button("Today", "today")),),
    )
