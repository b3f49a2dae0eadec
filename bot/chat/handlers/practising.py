"""Practice: questions, answers, help, and taking a reading back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.application import arrange, improve_answer, mark_answer, practise, retest, second_read
from bot.application.improve_answer import Edited
from bot.application.practise import Answered, Asked
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers import looking_up, tapping
from bot.chat.routing import Route, button, command
from bot.chat.views import case, closed, practice
from bot.domain import ladder
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.domain.learner import Learner
from bot.domain.practice import CLOSED, EVERYTHING, FAMILIES, Scope
from bot.storage import Tx, markings
from bot.storage.attempts import ANSWERED, LEFT, OPEN, WAITING, Attempt
from knowledge.marking import Gate, MarkResult
from knowledge.schema import Question

OFF_LOOP = 600
"""Characters from which an answer is marked in a thread, so that nobody else waits."""


async def on_practise(event: Event) -> Turn:
    """/practise and [Next question]: ask something, of the topic or kind that was chosen, now or before."""
    scope = _scope(event) if event.pressed else None

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = _learner(tx, event)
        outcome = practise.ask_next(tx, event.live, learner, scope=scope, choose=event.desk.choose(), now=event.now)
        return (practice.asked(event.chat_id, outcome, event.live.topics),)

    return Turn(work)


def _scope(event: Event) -> Scope | None:
    """Read what a button chooses; None where it goes on with what was chosen before."""
    match event.args:
        case ():
            return None
        case ("mix",):
            return EVERYTHING
        case ("kind", family):
            chosen = next((each for each in FAMILIES if each == family), None)
            if chosen is None:
                raise Gone("button")
            return Scope(family=chosen)
    return Scope(topic=event.arg(0))


async def on_topics(event: Event) -> Turn:
    """Choose a topic or a kind of question to practise."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        return (practice.menu(event.chat_id, practise.offer(tx, event.live, event.chat_id), event.live.topics),)

    return Turn(work)


async def on_answer(event: Event, attempt: Attempt) -> Turn:
    """An answer in the learner's own words; a term's name that answers nothing here is looked up."""
    question = practise.put_question(event.live, attempt)
    if question is not None and question.kind in CLOSED and not tapping.can_be_read(question, event.text):
        found = tapping.named_term(event)
        current = event.state.open_attempt
        if found is not None and current is not None and current.id == attempt.id:
            return await looking_up.on_words_during_question(event, found)
    return await mark(event, attempt, event.text, message_id=event.message_id)


async def mark(event: Event, attempt: Attempt, text: str, *, message_id: int | None) -> Turn:
    """Mark a text as the answer to an attempt: outside the transaction, recorded inside it.

    ``message_id`` is the message that the text stands in, where it is known: the card replies to it, and it may be
    edited. An attempt that has an answer already is improved.
    """
    question = practise.put_question(event.live, attempt)
    if question is None:
        raise Gone("question")
    if len(text) > practise.LONGEST_ANSWER:
        return Turn(lambda _tx: (practice.too_long(event.chat_id, length=len(text)),))
    result = await _result(event, question, (text,), {})
    if says_nothing(result):
        return Turn(lambda tx: _help(tx, event, attempt.id))
    if question.kind in CLOSED and not tapping.can_be_read(question, text):
        return tapping.not_read(event, attempt)
    if attempt.state == ANSWERED:
        return await _improve(event, attempt, question, text, message_id=message_id)

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = _learner(tx, event)
        arrange.notice(tx, learner, now=event.now)
        outcome = practise.record_answer(
            tx, learner, attempt, question, answer=text, message_id=message_id, result=result, now=event.now
        )
        outcome = retest.arrange(tx, event.live, learner, outcome, now=event.now)
        outcome = _with_step_up(event, _read_again(tx, event, learner, outcome))
        return (practice.result(event.chat_id, outcome, event.live.misconceptions, reply_to=message_id),)

    return Turn(work)


def says_nothing(result: MarkResult) -> bool:
    """Tell whether a text says only that its writer does not know: it asks for help and is no answer."""
    return result.gate in (Gate.DONT_KNOW, Gate.EMPTY) and not result.awarded


async def _improve(event: Event, attempt: Attempt, question: Question, text: str, *, message_id: int | None) -> Turn:
    seen = await event.desk.store.read(lambda tx: markings.get(tx, attempt))
    result = await _result(event, question, (*seen.texts, text), seen.granted)

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = _learner(tx, event)
        arrange.notice(tx, learner, now=event.now)
        outcome = improve_answer.record_improvement(
            tx,
            learner,
            attempt,
            question,
            seen=seen,
            text=text,
            message_id=message_id,
            result=result,
            now=event.now,
        )
        outcome = retest.arrange(tx, event.live, learner, outcome, now=event.now, answered_at=attempt.answered_at)
        outcome = _with_step_up(event, _read_again(tx, event, learner, outcome))
        return (practice.result(event.chat_id, outcome, event.live.misconceptions, reply_to=message_id),)

    return Turn(work)


def _with_step_up(event: Event, outcome: Answered) -> Answered:
    return replace(outcome, step_up=ladder.step_up(outcome.question, event.live.course.questions))


def _read_again(tx: Tx, event: Event, learner: Learner, outcome: Answered) -> Answered:
    """Let the second reader look at what was not found, where there is one."""
    if (place := event.desk.reader) is None:
        return outcome
    return second_read.arrange(tx, learner, outcome, place=place, now=event.now)


async def _result(event: Event, question: Question, parts: Sequence[str], granted: Mapping[str, str]) -> MarkResult:
    if sum(map(len, parts)) < OFF_LOOP:
        return mark_answer.mark(event.live.marker, question, parts, granted)
    return await asyncio.to_thread(mark_answer.mark, event.live.marker, question, parts, granted)


async def on_edited_answer(event: Event, edited: Edited) -> Turn:
    """An answer whose message was edited in time: it is marked again, and its card changes."""
    text = event.text
    if edited.question.kind in CLOSED:
        return Turn(lambda _tx: (closed.stands(event.chat_id),))
    if len(text) > practise.LONGEST_ANSWER:
        return Turn(lambda _tx: (practice.too_long(event.chat_id, length=len(text), still_open=False),))
    if says_nothing(await _result(event, edited.question, (text,), {})):
        return Turn(lambda _tx: (practice.stands(event.chat_id),))
    result = await _result(event, edited.question, edited.texts(text), edited.marking.by_tutor)

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = _learner(tx, event)
        outcome = improve_answer.record_edit(tx, learner, edited, text=text, result=result, now=event.now)
        answered_at = edited.attempt.answered_at
        outcome = retest.arrange(tx, event.live, learner, outcome, now=event.now, answered_at=answered_at)
        outcome = _with_step_up(event, _read_again(tx, event, learner, outcome))
        return (practice.marked_again(event.chat_id, outcome, event.live.misconceptions),)

    return Turn(work)


async def on_improve(event: Event) -> Turn:
    """[Improve it]: what is typed next is added to the answer."""
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        outcome = improve_answer.begin(tx, event.live, event.chat_id, attempt_id, now=event.now)
        return (practice.improving(event.chat_id, outcome),)

    return Turn(work)


async def on_as_it_is(event: Event) -> Turn:
    """[Leave it]: the answer is not improved after all."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        improve_answer.leave(tx, event.chat_id, attempt_id)
        return (practice.left_as_it_is(event.chat_id, message_id),)

    return Turn(work)


async def on_help_step(event: Event) -> Turn:
    """[Hint] and [I don't know]: the next step of help."""
    attempt_id = event.number(0)
    return Turn(lambda tx: _help(tx, event, attempt_id))


def _help(tx: Tx, event: Event, attempt_id: int) -> Sequence[Outgoing]:
    learner = practise.learner_of(tx, event.chat_id)
    outcome = practise.hint(tx, event.live, learner, attempt_id, now=event.now)
    return (practice.help_step(event.chat_id, outcome),)


async def on_skip(event: Event) -> Turn:
    """[Skip]: the question comes back tomorrow."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = practise.learner_of(tx, event.chat_id)
        attempt, _ = practise.question_of(tx, event.live, event.chat_id, attempt_id)
        outcome = practise.skip(tx, event.live, learner, attempt_id, now=event.now)
        return (practice.skipped(event.chat_id, message_id, outcome, today=attempt.source == "prompt"),)

    return Turn(work)


async def on_later(event: Event) -> Turn:
    """[Later today]: the prompt keeps its question on its own message."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        outcome = practise.keep_for_later(tx, event.live, event.chat_id, attempt_id)
        return (practice.later(event.chat_id, message_id, outcome, event.live.topics),)

    return Turn(work)


async def on_open(event: Event) -> Turn:
    """[Today's question], [Now], [Back to my question]: put the question where it can be answered."""
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        attempt = practise.mine(tx, event.chat_id, attempt_id)
        if attempt.state == ANSWERED and practise.is_open(tx, attempt):
            improving = improve_answer.begin(tx, event.live, event.chat_id, attempt_id, now=event.now)
            return (practice.improving(event.chat_id, improving),)
        outcome = practise.reopen(tx, event.live, event.chat_id, attempt_id, now=event.now)
        return (practice.asked(event.chat_id, outcome, event.live.topics),)

    return Turn(work)


async def on_again(event: Event) -> Turn:
    """[Try again]: the same question once more."""
    return _put(event, practise.same_question)


async def on_step_up(event: Event) -> Turn:
    """[One step up]: the same case, asked for more than before."""
    return _put(event, practise.ask_step_up)


def _put(event: Event, ask: Callable[..., Asked]) -> Turn:
    """Put the question that ``ask`` gives for the one whose button was pressed."""
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        outcome = ask(tx, event.live, event.chat_id, attempt_id, now=event.now)
        return (practice.asked(event.chat_id, outcome, event.live.topics),)

    return Turn(work)


async def on_model(event: Event) -> Turn:
    """[Model answer], once the question was answered."""
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        attempt, question = practise.question_of(tx, event.live, event.chat_id, attempt_id)
        if attempt.state != ANSWERED:
            return _help(tx, event, attempt_id)
        return (practice.model_answer(event.chat_id, question),)

    return Turn(work)


async def on_as_answer(event: Event) -> Turn:
    """[That was my answer]: what was read as a look-up is marked after all."""
    reading = event.state.conversation.reading or {}
    if reading.get("as") != "look-up":
        raise Gone("reading")

    def look(tx: Tx) -> Attempt:
        attempt, _ = practise.question_of(tx, event.live, event.chat_id, int(reading["attempt"]))
        if attempt.state not in (OPEN, WAITING, LEFT) and not practise.is_open(tx, attempt):
            raise Gone("question")
        return attempt

    attempt = await event.desk.store.read(look)
    turn = await mark(event, attempt, str(reading["text"]), message_id=None)

    def work(tx: Tx) -> Sequence[Outgoing]:
        practise.last_look_up(tx, event.chat_id)
        return turn.work(tx)

    return Turn(work)


def _learner(tx: Tx, event: Event) -> Learner:
    return arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)


async def on_working(event: Event) -> Turn:
    """[Show the working] of a sum, once it was answered."""
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        attempt, question = practise.question_of(tx, event.live, event.chat_id, attempt_id)
        if attempt.state != ANSWERED or question.number is None:
            raise Gone("question")
        return (closed.working(event.chat_id, attempt_id, question),)

    return Turn(work)


async def on_case(event: Event) -> Turn:
    """[The case]: the firm and its figures on which a question draws."""
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        attempt, question = practise.question_of(tx, event.live, event.chat_id, attempt_id)
        found = event.live.cases.get(question.case or "")
        if found is None:
            raise Gone("item")
        back_to = attempt_id if attempt.state in (OPEN, WAITING, LEFT) else None
        return case.shown(event.chat_id, found, back_to=back_to)

    return Turn(work)


ROUTES: tuple[Route, ...] = (
    command("practise", on_practise),
    command("practice", on_practise),
    button("practise", on_practise),
    button("topics", on_topics),
    button("hint", on_help_step),
    button("idk", on_help_step),
    button("skip", on_skip),
    button("later", on_later),
    button("open", on_open),
    button("again", on_again),
    button("improve", on_improve),
    button("asis", on_as_it_is),
    button("stepup", on_step_up),
    button("model", on_model),
    button("working", on_working),
    button("case", on_case),
    *tapping.ROUTES,
    button("asanswer", on_as_answer),
)
