"""Questions, results and help. Words carry the meaning; the signs only repeat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.application.dispute_answer import NOT_ABOUT_POINTS
from bot.application.improve_answer import Improving
from bot.application.live_course import LiveCourse
from bot.application.practise import PROMPT, Answered, Asked, Hinted, NothingLeft, Offer, Reading, Skipped, card_slot
from bot.application.prompt_learners import DailyPrompt
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, edit_slot, esc, say
from bot.chat.views import case, closed
from bot.chat.views.figures import picture_button
from bot.chat.words import count
from bot.domain.delivery import Outgoing
from bot.domain.picking import Picked
from bot.domain.practice import CLOSED, Family, Scope
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


FAMILY_NAMES: Mapping[Family, str] = {
    "short": "Short answers",
    "choice": "Choices",
    "sum": "Sums",
    "scenario": "Scenarios",
    "essay": "Essay questions",
    "order": "Put in order",
}


def asked(chat_id: int, outcome: Asked | NothingLeft, topics: Mapping[str, Topic]) -> Outgoing:
    """Put a question; it opens once this message has arrived."""
    if isinstance(outcome, NothingLeft):
        return nothing_left(chat_id)
    chosen = "" if outcome.scope.is_mix else f"\n<i>You chose: {esc(scope_name(outcome.scope, topics))}.</i>"
    return say(
        chat_id,
        question_text(outcome.question, topics, outcome.picked) + chosen,
        question_rows(outcome),
        on_sent=f"open:{outcome.attempt_id}",
    )


def scope_name(scope: Scope, topics: Mapping[str, Topic]) -> str:
    """Return what is practised in words."""
    if scope.family is not None:
        return FAMILY_NAMES[scope.family]
    topic = None if scope.topic is None else topics.get(scope.topic)
    return "a mix of everything" if topic is None else topic.name


def question_text(question: Question, topics: Mapping[str, Topic], picked: Picked = ()) -> str:
    """Return the question's card: verb, marks and topic, the stem, what there is to choose from, how to answer."""
    topic = topics[question.topic].name
    head = bold(f"{question.verb.capitalize()} · {count(question.marks, 'mark')} · {topic}")
    parts = (head, esc(question.stem), closed.body(question, picked), f"<i>{esc(_tail(question))}</i>")
    return "\n\n".join(part for part in parts if part)


def _tail(question: Question) -> str:
    if question.kind in CLOSED:
        return closed.how_to_answer(question)
    verb = VERBS.get(question.verb)
    return question.answer_length if verb is None else f"{question.answer_length} {verb}"


def question_rows(outcome: Asked) -> Rows:
    """The answers that can be tapped first, then what belongs to the question, then help, then the ways out."""
    attempt_id = outcome.attempt_id
    return (
        *closed.answer_rows(attempt_id, outcome.question, outcome.picked),
        *aid_rows(attempt_id, outcome.question),
        (Button("Hint", encode("hint", attempt_id)), Button("I don't know", encode("idk", attempt_id))),
        _ways_out(outcome),
    )


def _ways_out(outcome: Asked) -> tuple[Button, Button]:
    if outcome.source == PROMPT:
        later = Button("Later today", encode("later", outcome.attempt_id))
        return later, Button("Skip today", encode("skip", outcome.attempt_id))
    return Button("Skip", encode("skip", outcome.attempt_id)), Button("Topic or kind", "topics")


def aid_rows(attempt_id: int, question: Question) -> Rows:
    """The case and the picture that belong to a question, where there are any."""
    aids = [] if question.case is None else [case.button(attempt_id)]
    if question.figure is not None:
        aids.append(picture_button(attempt_id))
    return (aids,) if aids else ()


def tapped(chat_id: int, message_id: int, outcome: Asked, topics: Mapping[str, Topic]) -> Outgoing:
    """Show what was tapped so far, in the question's own message."""
    day = f"<i>Today's question · day {outcome.day}</i>\n" if outcome.source == PROMPT and outcome.day else ""
    text = day + question_text(outcome.question, topics, outcome.picked)
    return replace(edit(chat_id, message_id, text, question_rows(outcome)), slot=_taps_slot(outcome.attempt_id))


def complete(chat_id: int, message_id: int, outcome: Answered, topics: Mapping[str, Topic]) -> Outgoing:
    """Show the whole answer in the question's own message: it was marked, so nothing is left to tap."""
    text = f"{question_text(outcome.question, topics)}\n\n<b>Your answer:</b> {esc(outcome.answer)}"
    return replace(edit(chat_id, message_id, text), slot=_taps_slot(outcome.attempt_id))


def _taps_slot(attempt_id: int) -> str:
    """Name the slot of what is tapped, so that of several changes on their way only the newest is made."""
    return f"tapped:{attempt_id}"


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
        lines.append("\nYou are in the middle of a question or a role-play, so today's waits here until you want it.")
        return say(chat_id, "\n".join(lines), ((Button("Today's question", encode("open", prompt.asked.attempt_id)),),))
    lines.append("\n" + question_text(prompt.asked.question, topics))
    return say(chat_id, "\n".join(lines), question_rows(prompt.asked), on_sent=f"open:{prompt.asked.attempt_id}")


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
    if outcome.question.kind in CLOSED:
        return closed.result(chat_id, outcome, misconceptions, reply_to=reply_to, again=_again(outcome.again_in))
    return say(
        chat_id,
        _card(outcome, misconceptions),
        _result_rows(outcome),
        reply_to=reply_to,
        slot=card_slot(outcome.attempt_id),
    )


def read_again(live: LiveCourse, chat_id: int, outcome: Answered) -> Outgoing:
    """The same card after the second reader looked at the answer."""
    return marked_again(chat_id, outcome, live.misconceptions)


def marked_again(chat_id: int, outcome: Answered, misconceptions: Mapping[str, Misconception]) -> Outgoing:
    """The same card after its answer was edited."""
    return edit_slot(chat_id, card_slot(outcome.attempt_id), _card(outcome, misconceptions), _result_rows(outcome))


def _card(outcome: Answered, misconceptions: Mapping[str, Misconception]) -> str:
    """Earned points with quotes, then one correction, then what was not found, then the next step."""
    marked = outcome.result
    blocks = [[bold(_headline(outcome)), *(["<i>Marked again: you edited your answer.</i>"] if outcome.edited else [])]]
    if marked.gate is not None and not _has_points(outcome):
        blocks.append([GATES.get(marked.gate, "I could not mark that. Try again in your own words.")])
    else:
        blocks += [_unread(outcome), _met(outcome), _corrections(outcome, misconceptions), _missing(marked)]
        blocks.append(_about_the_second_reader(outcome))
    blocks.append([f"<b>Next:</b> {esc(_next_step(outcome))}"])
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _unread(outcome: Answered) -> list[str]:
    """Why what was added to an answer earned nothing by itself, where there is a reason."""
    gate = outcome.result.gate
    if gate is None or outcome.was is None or outcome.edited or gate not in GATES:
        return []
    return [f"<i>About what you added: {esc(GATES[gate])}</i>"]


def _has_points(outcome: Answered) -> bool:
    return any(point.status is Status.MET for point in outcome.result.points) or outcome.awarded > 0


def _headline(outcome: Answered) -> str:
    awarded, available, was = outcome.awarded, outcome.result.available, outcome.was
    marks = f"{awarded} of {count(available, 'mark')}"
    if was is not None and awarded != was:
        marks += f", {'up' if awarded > was else 'down'} from {was}"
    elif was is not None and not outcome.edited:
        return f"{marks}: no new point this time"
    if awarded == available:
        return f"{marks}: all there"
    return marks if awarded or was is not None else f"{marks} yet"


def _met(outcome: Answered) -> list[str]:
    return [
        f"✓ {esc(point.label)}: {'second reader, ' if point.id in outcome.second else ''}you wrote "
        f"“{esc(cut(point.quote, QUOTED))}”"
        for point in outcome.result.points
        if point.status is Status.MET
    ]


_READINGS: Mapping[Reading, str] = {
    Reading.WAITING: "A second reader is looking at what I could not find. This card changes when it has answered.",
    Reading.ADDED: "The second reader added to your mark.",
    Reading.NOTHING: "A second reader looked as well and found no more.",
    Reading.SILENT: "The second reader did not answer this time. Your mark stands.",
}


def _about_the_second_reader(outcome: Answered) -> list[str]:
    said = _READINGS.get(outcome.reading)
    return [] if said is None else [f"<i>{esc(said)}</i>"]


def _corrections(outcome: Answered, misconceptions: Mapping[str, Misconception]) -> list[str]:
    lines, marked = [], outcome.result
    for found in marked.misconceptions[:1]:
        known = misconceptions.get(found.id)
        if known is not None:
            lines.append(f"✗ “{esc(cut(found.quote, QUOTED))}” is a common trap. {esc(known.correction)}")
            lines += [f"<i>{closed.RETEST}</i>"] if outcome.retest else []
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


def _again(days: int) -> str:
    if days < 1:
        return "It comes back soon."
    return "It comes back tomorrow." if days == 1 else f"It comes back in {days} days."


def _next_step(outcome: Answered) -> str:
    marked = outcome.result
    again = _again(outcome.again_in)
    if marked.gate is not None and not outcome.awarded:
        return "try again, or take a hint."
    if outcome.awarded >= marked.available:
        return again
    for finding in marked.verb:
        if (step := VERB_STEPS.get(str(finding))) is not None:
            return step
    missing = next((p for p in marked.points if p.status in (Status.NOT_FOUND, Status.NEAR)), None)
    if missing is not None:
        how = "improve it" if outcome.awarded and outcome.improvements else "try it once more"
        return f"{how} with the idea about “{missing.label.lower()}”, or go on. {again}"
    return again


def _result_rows(outcome: Answered) -> Rows:
    again = Button("Try again", encode("again", outcome.attempt_id))
    improve = Button("Improve it", encode("improve", outcome.attempt_id))
    said = Button("I did say this", encode("said", outcome.attempt_id))
    model = Button("Model answer", encode("model", outcome.attempt_id))
    look = Button("Just look it up", encode("aslook", outcome.attempt_id))
    wrong = Button("Something wrong here", encode("wrong", outcome.question.id))
    onward = Button("Next question", "practise")
    deeper = _step_up_rows(outcome)
    if outcome.awarded >= outcome.result.available:
        return ((onward,), *deeper, (model, wrong))
    more = improve if outcome.awarded and outcome.improvements else again
    last = (look, wrong) if len(outcome.answer) <= QUOTED and not outcome.edited else (wrong,)
    if outcome.reading is Reading.OFFERED:
        last = (Button("Second reader", encode("second", outcome.attempt_id)), *last)
    if not outcome.result.points or (outcome.result.gate in NOT_ABOUT_POINTS and not outcome.awarded):
        return ((onward, more), (model,), last)
    return ((onward, more), *deeper, (said, model), last)


def _step_up_rows(outcome: Answered) -> Rows:
    """The same case at the next command verb, once something was earned at this one."""
    if outcome.step_up is None or not outcome.awarded:
        return ()
    return ((Button(f"Same case, one step up: {outcome.step_up.verb}", encode("stepup", outcome.attempt_id)),),)


def improving(chat_id: int, outcome: Improving) -> Outgoing:
    """Ask for what is missing; what is typed next is marked together with the answer so far."""
    left = "" if outcome.left > 1 else "\nThis is the last time for this one."
    text = (
        f"{bold('Improve your answer')}\n\n{esc(cut(outcome.question.stem, 300))}\n\n"
        f"<b>So far:</b> “{esc(cut(outcome.answer, 300))}”\n\n"
        f"Type what is missing, or all of it in better words. I mark it together with what you said before, and the "
        f"better mark stays.{left}"
    )
    rows = (
        (Button("Hint", encode("hint", outcome.attempt_id)), Button("Leave it", encode("asis", outcome.attempt_id))),
    )
    return say(chat_id, text, rows)


def left_as_it_is(chat_id: int, message_id: int) -> Outgoing:
    """An answer is not improved after all."""
    return edit(chat_id, message_id, "Left as it is. Your mark stands.", ((Button("Next question", "practise"),),))


def stands(chat_id: int) -> Outgoing:
    """An answer was edited into one that says nothing: the first marking stands."""
    return say(chat_id, "Your answer stays marked as it was: there is nothing to mark in the new wording.")


def help_step(chat_id: int, outcome: Hinted) -> Outgoing:
    """One step of help. The last is the model answer, and the question comes back tomorrow."""
    hints = outcome.question.hints
    if outcome.step == 1:
        more = Button("More help", encode("hint", outcome.attempt_id))
        return say(chat_id, f"{bold('A nudge')}\n\n{esc(hints.nudge)}", ((more,),))
    if outcome.step == 2:
        label = "Show the answer" if outcome.question.kind in CLOSED else "Show a model answer"
        more = Button(label, encode("hint", outcome.attempt_id))
        return say(chat_id, f"{bold('How to build the answer')}\n\n{esc(hints.structure)}", ((more,),))
    then = "Your mark stands." if outcome.improving else "I ask you again tomorrow."
    if outcome.question.kind in CLOSED:
        text = f"{bold('The answer')}\n\n{closed.answer(outcome.question)}\n\nFollow it once, step by step. {then}"
    else:
        text = (
            f"{bold('A model answer')}\n\n{esc(outcome.question.model_answer)}\n\n"
            f"Read it once, close your eyes, say it in your own words. {then}"
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


def menu(chat_id: int, found: Offer, topics: Mapping[str, Topic]) -> Outgoing:
    """Choose a mix, one topic, or one kind of question."""
    kinds = [Button(FAMILY_NAMES[each], encode("practise", "kind", each)) for each in found.families]
    rows = (
        (Button("A mix of everything", encode("practise", "mix")),),
        *((Button(topics[each].name, encode("practise", each)),) for each in found.topics),
        *(tuple(kinds[first : first + 2]) for first in range(0, len(kinds), 2)),
        (Button("A difficult customer", "roleplay"),),
    )
    text = (
        f"{bold('What shall we practise?')}\n\nA mix helps most: you also learn to see what a question wants. "
        f"Or take one topic or one kind; it stays until you choose again.\n\n"
        f"Now: {esc(scope_name(found.scope, topics))}."
    )
    return say(chat_id, text, rows)


def nothing_left(chat_id: int) -> Outgoing:
    """There is no question to ask here."""
    rows = ((Button("A mix of everything", encode("practise", "mix")),), (Button("Topic or kind", "topics"),))
    return say(chat_id, "I have no question for that just now.", rows)


def too_long(chat_id: int, *, length: int, still_open: bool = True) -> Outgoing:
    """An answer that is too long to mark well."""
    then = "send it again. Your question is still open." if still_open else "edit it again. Your mark stands so far."
    return say(
        chat_id,
        f"That is longer than I can mark well ({length:,} characters). Keep the part that answers the question, about "
        f"150 words, and {then}",
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
