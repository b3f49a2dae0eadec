"""Answers by buttons: one press for a choice, several for an order or a match."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.application import arrange, look_up_term, practise, tap_answer
from bot.application.look_up_term import Card, Found, SideBySide
from bot.application.practise import Answered, Asked
from bot.application.tap_answer import AnsweredBefore, DoubleTap, Tapped
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button
from bot.chat.views import closed, practice
from bot.domain import picking
from bot.domain.delivery import Outgoing
from bot.domain.learner import Learner
from bot.storage import Tx
from bot.storage.attempts import Attempt
from knowledge.marking.closed import given
from knowledge.marking.numeric import numbers_in
from knowledge.schema import Question

FEW_WORDS = 4
"""Up to so many words may be a term's name."""


def can_be_read(question: Question, text: str) -> bool:
    """Tell whether typed words answer a question with one right answer, and all of it."""
    if question.number is not None:
        return bool(numbers_in(text))
    said = given(question, text)
    return len(said) == max(1, len(question.order), len(question.pairs)) and all(said)


def named_term(event: Event) -> Found | None:
    """Return the term that a few words name."""
    if len(event.text.split()) > FEW_WORDS:
        return None
    found = look_up_term.find(event.live, event.text)
    return found if isinstance(found, Card | SideBySide) else None


def not_read(event: Event, attempt: Attempt) -> Turn:
    """Words that answer nothing: say how to answer. The question stays open."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        return (closed.not_read(event.chat_id, practise.shown(tx, event.live, event.chat_id, attempt.id)),)

    return Turn(work)


async def on_pick(event: Event) -> Turn:
    """A letter under a choice: marked at once."""
    return _tap(event, tap_answer.choose)


async def on_step(event: Event) -> Turn:
    """A letter under an order: the next step."""
    return _tap(event, tap_answer.add_step)


async def on_left(event: Event) -> Turn:
    """A number under a match: the next letter is for it."""
    return _tap(event, tap_answer.choose_left)


async def on_right(event: Event) -> Turn:
    """A letter under a match: it goes with the number that waits."""
    return _tap(event, tap_answer.choose_right)


async def on_undo(event: Event) -> Turn:
    """[Undo]: the last step or pair is taken back."""
    attempt_id, message_id = event.number(0), event.message_id
    if message_id is None:
        return IGNORED

    def work(tx: Tx) -> Sequence[Outgoing]:
        outcome = tap_answer.undo(tx, event.live, _learner(tx, event), attempt_id, now=event.now)
        return _shown(event, message_id, outcome)

    return Turn(work)


def _tap(event: Event, tap: Callable[..., Tapped]) -> Turn:
    attempt_id, place, message_id = event.number(0), event.number(1), event.message_id
    if message_id is None:
        return IGNORED

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = _learner(tx, event)
        arrange.notice(tx, learner, now=event.now)
        outcome = tap(tx, event.live, learner, attempt_id, place, now=event.now)
        return _shown(event, message_id, outcome)

    return Turn(work)


def _learner(tx: Tx, event: Event) -> Learner:
    return arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)


def _shown(event: Event, message_id: int, outcome: Tapped) -> Sequence[Outgoing]:
    live, chat_id = event.live, event.chat_id
    match outcome:
        case Asked():
            return (practice.tapped(chat_id, message_id, outcome, live.topics),)
        case Answered():
            card = practice.result(chat_id, outcome, live.misconceptions, reply_to=None)
            if not picking.is_tapped(outcome.question):
                return (card,)
            return (card, practice.complete(chat_id, message_id, outcome, live.topics))
        case AnsweredBefore():
            return (closed.answered_before(chat_id, outcome),)
        case DoubleTap():
            return ()


ROUTES: tuple[Route, ...] = (
    button("pick", on_pick),
    button("step", on_step),
    button("left", on_left),
    button("right", on_right),
    button("undo", on_undo),
)
