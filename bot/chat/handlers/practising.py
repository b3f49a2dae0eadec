"""Practice: questions, answers, help, and taking a reading back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.application import arrange, practise
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button, command
from bot.chat.views import practice
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.domain.learner import Learner
from bot.storage import Tx
from bot.storage.attempts import ANSWERED, LEFT, OPEN, WAITING, Attempt
from knowledge.marking import Gate, MarkResult
from knowledge.schema import Question

OFF_LOOP = 600
"""Characters from which an answer is marked in a thread, so that nobody else waits."""


async def on_practise(event: Event) -> Turn:
    """/practise and [Next question]: ask something, of one topic where one was chosen."""
    topic = event.args[0] if event.pressed and event.args else None

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = _learner(tx, event)
        outcome = practise.ask_next(tx, event.live, learner, topic=topic, choose=event.desk.choose(), now=event.now)
        return (practice.asked(event.chat_id, outcome, event.live.topics),)

    return Turn(work)


async def on_topics(event: Event) -> Turn:
    """Choose a topic to practise."""
    view = practice.topics_menu(event.chat_id, event.live.topics)
    return Turn(lambda _tx: (view,))


async def on_answer(event: Event, attempt: Attempt) -> Turn:
    """An answer in the learner's own words."""
    return await mark(event, attempt, event.text, reply_to=event.message_id)


async def mark(event: Event, attempt: Attempt, text: str, *, reply_to: int | None) -> Turn:
    """Mark a text as the answer to an attempt: outside the transaction, recorded inside it."""
    question = event.live.questions.get(attempt.question_id)
    if question is None:
        raise Gone("question")
    if len(text) > practise.LONGEST_ANSWER:
        return Turn(lambda _tx: (practice.too_long(event.chat_id, length=len(text)),))
    result = await _result(event, question, text)
    if result.gate in (Gate.DONT_KNOW, Gate.EMPTY) and not result.awarded:
        return Turn(lambda tx: _help(tx, event, attempt.id))

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = _learner(tx, event)
        arrange.notice(tx, learner, now=event.now)
        outcome = practise.record_answer(tx, learner, attempt, question, answer=text, result=result, now=event.now)
        return (practice.result(event.chat_id, outcome, event.live.misconceptions, reply_to=reply_to),)

    return Turn(work)


async def _result(event: Event, question: Question, text: str) -> MarkResult:
    if len(text) < OFF_LOOP:
        return event.live.marker.mark(question, text)
    return await asyncio.to_thread(event.live.marker.mark, question, text)


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
        outcome = practise.reopen(tx, event.live, event.chat_id, attempt_id, now=event.now)
        return (practice.asked(event.chat_id, outcome, event.live.topics),)

    return Turn(work)


async def on_again(event: Event) -> Turn:
    """[Try again]: the same question once more."""
    attempt_id = event.number(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        outcome = practise.same_question(tx, event.live, event.chat_id, attempt_id, now=event.now)
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
    attempt = await event.desk.store.read(
        lambda tx: practise.question_of(tx, event.live, event.chat_id, int(reading["attempt"]))[0]
    )
    if attempt.state not in (OPEN, WAITING, LEFT):
        raise Gone("question")
    turn = await mark(event, attempt, str(reading["text"]), reply_to=None)

    def work(tx: Tx) -> Sequence[Outgoing]:
        practise.last_look_up(tx, event.chat_id)
        return turn.work(tx)

    return Turn(work)


def _learner(tx: Tx, event: Event) -> Learner:
    return arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)


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
    button("model", on_model),
    button("asanswer", on_as_answer),
)
