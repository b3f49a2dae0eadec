"""Questions with one right answer: what is shown under letters, the buttons, and what came of an answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from bot.application.practise import Answered, Asked
from bot.application.tap_answer import AnsweredBefore
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, esc, say
from bot.chat.words import amount, count
from bot.domain import picking
from bot.domain.delivery import Outgoing
from bot.domain.picking import Picked
from knowledge.marking import Gate, Status
from knowledge.marking.closed import given, presented
from knowledge.schema import Misconception, NumberSought, Question

IN_A_ROW = 8
RETEST = "I will ask you about this again tomorrow, in another situation."
"""Said below the correction of a misconception."""


# ---------------------------------------------------------------------------------------------------- the question


def body(question: Question, picked: Picked = ()) -> str:
    """Return what stands under the stem: options, steps or pairs with their letters, and what was tapped so far."""
    shown = presented(question) if not question.number and not question.scheme else ()
    lettered = _lettered(shown)
    if question.options:
        return lettered
    if question.order:
        return "\n\n".join(filter(None, (lettered, _order_so_far(picked))))
    if question.pairs:
        lefts = "\n".join(f"<b>{number}</b> · {esc(pair.left)}" for number, pair in enumerate(question.pairs, 1))
        return "\n\n".join(filter(None, (lefts, lettered, _pairs_so_far(question, picked))))
    return ""


def _lettered(shown: Sequence[str]) -> str:
    return "\n".join(f"<b>{picking.letter(place)}</b> · {esc(text)}" for place, text in enumerate(shown))


def _order_so_far(picked: Picked) -> str:
    return f"<b>Your order so far:</b> {picking.order_in_letters(picked)}" if picked else ""


def _pairs_so_far(question: Question, picked: Picked) -> str:
    made = picking.pairs_in_letters(picked)
    so_far = f"<b>Your pairs so far:</b> {made}\n" if made else ""
    left = picking.waiting_left(picked, count=len(question.pairs))
    return so_far if left is None else f"{so_far}<b>Now:</b> which letter goes with {left + 1}?"


def how_to_answer(question: Question) -> str:
    """Say in a line how such a question is answered."""
    if question.options:
        return "Tap a letter, or type it."
    if question.order:
        return "Tap the letters in their order, the first step first. Or type them, such as B A D C."
    if question.pairs:
        return "Tap the letter that goes with the number. Or type all of them, such as 1b 2a 3c."
    worked = " Right working earns a mark, so write it down too." if question.marks > 1 else ""
    return f"Type the number.{worked}"


def answer_rows(attempt_id: int, question: Question, picked: Picked = ()) -> Rows:
    """Return the buttons that answer a question; none where it is answered in words or numbers."""
    if question.options:
        return _in_rows(Button(picking.letter(p), encode("pick", attempt_id, p)) for p in range(len(question.options)))
    undo: Rows = ((Button("Undo", encode("undo", attempt_id)),),) if picked else ()
    if question.order:
        left = [place for place in range(len(question.order)) if place not in picked]
        return (*_in_rows(Button(picking.letter(p), encode("step", attempt_id, p)) for p in left), *undo)
    if question.pairs:
        return (*_pair_rows(attempt_id, question, picked), *undo)
    return ()


def _pair_rows(attempt_id: int, question: Question, picked: Picked) -> Rows:
    places = range(len(question.pairs))
    made = picking.pairs(picked)
    now = picking.waiting_left(picked, count=len(places))
    numbers = [
        Button(f"→ {place + 1}" if place == now else str(place + 1), encode("left", attempt_id, place))
        for place in places
        if place not in made
    ]
    letters = [
        Button(picking.letter(place), encode("right", attempt_id, place))
        for place in places
        if place not in made.values()
    ]
    return (*_in_rows(iter(numbers)), *_in_rows(iter(letters)))


def _in_rows(buttons: Iterator[Button]) -> tuple[tuple[Button, ...], ...]:
    every = tuple(buttons)
    return tuple(every[first : first + IN_A_ROW] for first in range(0, len(every), IN_A_ROW))


def answer(question: Question) -> str:
    """Return the right answer, for somebody who would rather see it."""
    if question.options:
        right = next(option for option in question.options if option.right)
        return f"<b>{esc(right.text)}</b>\n{esc(right.why)}"
    if question.number is not None:
        result = f"<b>{esc(amount(question.number.value, question.number.unit))}</b>"
        return "\n".join((*_working(question.number), result))
    if question.order:
        return "\n".join(f"{number}. {esc(step)}" for number, step in enumerate(question.order, 1))
    return "\n".join(f"{esc(pair.left)}: <b>{esc(pair.right)}</b>" for pair in question.pairs)


def not_read(chat_id: int, asked: Asked) -> Outgoing:
    """Words that are no answer to such a question: how to answer it."""
    wanted = {
        "multiple_choice": "I could not tell which one you mean.",
        "calculation": "I could not find a number in that.",
        "order": f"I need all {len(asked.question.order)} steps, each once.",
        "match": f"I need a letter for each of the {len(asked.question.pairs)} numbers.",
    }[asked.question.kind]
    text = f"{wanted} {how_to_answer(asked.question)}\n\nYour question is still open."
    helps = (
        Button("Hint", encode("hint", asked.attempt_id)),
        Button("Show it again", encode("open", asked.attempt_id)),
    )
    return say(chat_id, text, (*answer_rows(asked.attempt_id, asked.question, asked.picked), helps))


# ------------------------------------------------------------------------------------------------------ the result


def result(
    chat_id: int, outcome: Answered, misconceptions: Mapping[str, Misconception], *, reply_to: int | None, again: str
) -> Outgoing:
    """Say whether it was right, why, and what comes next. ``again`` says when the question comes back."""
    question = outcome.question
    if question.options:
        blocks = _choice(outcome, misconceptions)
    elif question.number is not None:
        blocks = _sum(outcome, question.number)
    elif question.order:
        blocks = _order(outcome)
    else:
        blocks = _match(outcome)
    text = "\n\n".join("\n".join(lines) for lines in (*blocks, [f"<b>Next:</b> {esc(again)}"]) if lines)
    return say(chat_id, text, _result_rows(outcome, typed=reply_to is not None), reply_to=reply_to)


def _marks(outcome: Answered) -> str:
    return f"{outcome.awarded} of {count(outcome.result.available, 'mark')}"


def _is_full(outcome: Answered) -> bool:
    return outcome.awarded >= outcome.result.available


def _choice(outcome: Answered, misconceptions: Mapping[str, Misconception]) -> list[list[str]]:
    options = outcome.question.options
    right = next(place for place, option in enumerate(options) if option.right)
    why = f"{picking.letter(right)} · {esc(options[right].text)}\n{esc(options[right].why)}"
    said = given(outcome.question, outcome.answer)
    chosen = next((place for place, option in enumerate(options) if (option.text,) == said), right)
    if chosen == right:
        return [[bold(f"Right: {_marks(outcome)}")], [f"✓ {why}"]]
    known = misconceptions.get(options[chosen].misconception or "")
    tempting = f"✗ You chose {picking.letter(chosen)} · {esc(options[chosen].text)}\n{esc(options[chosen].why)}"
    correction = [] if known is None else [f"<i>{esc(known.correction)}</i>"]
    correction += [f"<i>{RETEST}</i>"] if outcome.retest else []
    return [[bold(f"Not this one: {_marks(outcome)}")], [tempting, *correction], [f"✓ The best answer is {why}"]]


def _order(outcome: Answered) -> list[list[str]]:
    question = outcome.question
    said = given(question, outcome.answer)
    met = sum(point.status is Status.MET for point in outcome.result.points)
    lines = []
    for number, step in enumerate(question.order, 1):
        yours = said.index(step) + 1 if step in said else 0
        aside = "" if yours == number else f" <i>(you had it as number {yours})</i>" if yours else ""
        lines.append(f"{'✓' if yours == number else '○'} {number}. {esc(step)}{aside}")
    if _is_full(outcome):
        return [[bold(f"All in order: {_marks(outcome)}")], lines]
    return [[bold(f"{_marks(outcome)}: {met} of {len(question.order)} in place")], ["This is the order:", *lines]]


def _match(outcome: Answered) -> list[list[str]]:
    question = outcome.question
    said = given(question, outcome.answer)
    met = sum(point.status is Status.MET for point in outcome.result.points)
    lines = []
    for pair, yours in zip(question.pairs, said, strict=True):
        aside = "" if yours == pair.right or not yours else f" <i>(you chose: {esc(yours)})</i>"
        lines.append(f"{'✓' if yours == pair.right else '○'} {esc(pair.left)}: <b>{esc(pair.right)}</b>{aside}")
    if _is_full(outcome):
        return [[bold(f"All matched: {_marks(outcome)}")], lines]
    return [[bold(f"{_marks(outcome)}: {met} of {len(question.pairs)} matched")], ["These go together:", *lines]]


def _sum(outcome: Answered, sought: NumberSought) -> list[list[str]]:
    found = {point.id: point for point in outcome.result.points}
    status, wrote = found["result"].status, esc(cut(found["result"].quote, 40))
    answer = f"<b>{esc(amount(sought.value, sought.unit))}</b>{_rounded(sought)}"
    if status is Status.MET:
        return [[bold(f"Right: {_marks(outcome)}")], [f"✓ The result is {answer}."]]
    if status is Status.NEAR:
        return [[bold(f"Nearly: {_marks(outcome)}")], [f"○ The number is right. With its unit it is {answer}."]]
    lines = []
    if outcome.result.gate is Gate.TALK_TO_MARKER:
        lines.append("That talks to me rather than to the question.")
    if wrote:
        cause = esc(outcome.result.trap) or "That is not the result here."
        lines.append(f"✗ You wrote {wrote}. {cause}")
    if "working" in found and found["working"].status is Status.MET:
        lines.append("✓ Your working is right and earns its mark. Only the last step slipped.")
    head = _marks(outcome) if outcome.awarded else f"Not yet: {_marks(outcome)}"
    return [[bold(head)], lines, [f"The result is {answer}. Step by step:", *_working(sought)]]


def _rounded(sought: NumberSought) -> str:
    """Say the whole number as well where that is what was asked for."""
    if sought.tolerance < 0.5 or sought.value % 1 == 0:
        return ""
    return f", rounded {esc(amount(math.floor(sought.value + 0.5), sought.unit))}"


def _working(sought: NumberSought) -> list[str]:
    return [f"{number}. {esc(step)}" for number, step in enumerate(sought.working, 1)]


def working(chat_id: int, attempt_id: int, question: Question) -> Outgoing:
    """[Show the working]: how the result comes about, after it was found."""
    assert question.number is not None
    steps = _working(question.number) or [esc(question.model_answer)]
    rows = ((Button("Next question", "practise"), *_new_numbers(attempt_id, question)),)
    return say(chat_id, "\n".join((bold("Step by step"), "", *steps)), rows)


def _new_numbers(attempt_id: int, question: Question) -> tuple[Button, ...]:
    """Offer the same sum with other numbers, where it has any."""
    if question.template is None:
        return ()
    return (Button("Same again, new numbers", encode("again", attempt_id)),)


def _result_rows(outcome: Answered, *, typed: bool) -> Rows:
    wrong = Button("Something wrong here", encode("wrong", outcome.question.id))
    look = Button("Just look it up", encode("aslook", outcome.attempt_id))
    onward = Button("Next question", "practise")
    if outcome.question.number is not None:
        again = (*_new_numbers(outcome.attempt_id, outcome.question), *_show_working(outcome))
        return tuple((each,) for each in (onward, *again, wrong))
    in_words = typed and any(len(word) > 2 for word in outcome.answer.split())
    return ((onward,), (look, wrong) if in_words else (wrong,))


def _show_working(outcome: Answered) -> tuple[Button, ...]:
    """Offer the working where the card does not show it."""
    if outcome.result.points[-1].status is Status.NOT_FOUND:
        return ()
    return (Button("Show the working", encode("working", outcome.attempt_id)),)


def answered_before(chat_id: int, outcome: AnsweredBefore) -> Outgoing:
    """A press on a question that has its answer."""
    marks = f"{outcome.awarded} of {count(outcome.question.marks, 'mark')}"
    text = f"You have answered that one: {marks}. It comes back by itself when it is time."
    return say(chat_id, text, ((Button("Next question", "practise"), Button("Today", "today")),))


def stands(chat_id: int) -> Outgoing:
    """An answer was edited after the right one had been shown."""
    return say(chat_id, "I saw your edit. The right answer was on the screen by then, so your first one counts.")
