"""/missed: tutors say what learners meant who found nothing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application import answer_missed, claim_role, look_up_term
from bot.application.look_up_term import Card, DidYouMean, SideBySide
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers.classes import leave_step
from bot.chat.routing import Route, button, command
from bot.chat.views import missed
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx, conversations
from bot.storage.roles import Tutor
from knowledge.schema import Term

STEP = "missed:term"


async def on_missed_command(event: Event) -> Turn:
    """/missed: the list."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        _tutor(tx, event)
        return (_list(tx, event, None),)

    return Turn(work)


async def on_missed(event: Event) -> Turn:
    """The buttons of the list and of one look-up."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    what = event.args[0] if event.args else ""
    if what == "show":
        return await _show(event, message_id)

    def work(tx: Tx) -> Sequence[Outgoing]:
        tutor = _tutor(tx, event)
        match what:
            case "":
                return (_list(tx, event, message_id),)
            case "page":
                return (_list(tx, event, message_id, page=event.number(1)),)
            case "type":
                found = answer_missed.find(tx, event.number(1))
                conversations.enter(tx, event.chat_id, STEP, {"missed": found.id})
                return (missed.ask_term(event.chat_id, message_id, found),)
            case "drop":
                found = answer_missed.dismiss(tx, event.number(1), now=event.now)
                return (_list(tx, event, message_id, note=missed.off_the_list(found, event.live.names)),)
            case "undo":
                answer_missed.take_back(tx, event.number(1), by=tutor, now=event.now)
                return (_list(tx, event, message_id, note="Undone: it waits again."),)
        raise Gone("button")

    return Turn(work)


async def _show(event: Event, message_id: int) -> Turn:
    """One missed look-up with the terms that come nearest, which are looked for outside the transaction."""
    missed_id = event.number(1)
    found = await event.desk.store.read(lambda tx: answer_missed.find(tx, missed_id))
    near = answer_missed.suggestions(event.live, found.text or "")

    def work(tx: Tx) -> Sequence[Outgoing]:
        _tutor(tx, event)
        return (missed.ask_meaning(event.chat_id, message_id, found, near, event.live.names),)

    return Turn(work)


async def on_mean(event: Event) -> Turn:
    """[this term]: that is what was meant."""
    missed_id, term_id = event.number(0), event.arg(1)

    def work(tx: Tx) -> Sequence[Outgoing]:
        tutor = _tutor(tx, event)
        outcome = answer_missed.answer(tx, event.live, missed_id, term_id, by=tutor, now=event.now)
        return (missed.answered(event.chat_id, event.message_id, outcome),)

    return Turn(work)


def typed(tx: Tx, event: Event, _step: str) -> Sequence[Outgoing]:
    """Read the name of a term that a tutor typed."""
    tutor = claim_role.as_tutor(tx, event.chat_id, event.first_name)
    value = answer_missed.find(tx, int(event.state.conversation.step_data["missed"]))
    terms = _named(event)
    if not terms:
        return (missed.no_such_term(event.chat_id, value),)
    conversations.leave(tx, event.chat_id)
    if len(terms) == 1:
        outcome = answer_missed.answer(tx, event.live, value.id, terms[0].id, by=tutor, now=event.now)
        return (missed.answered(event.chat_id, None, outcome),)
    return (missed.ask_meaning(event.chat_id, None, value, terms, event.live.names),)


def _named(event: Event) -> Sequence[Term]:
    match look_up_term.find(event.live, event.text):
        case Card(term):
            return (term,)
        case DidYouMean(terms=terms):
            return terms
        case SideBySide(first, second):
            return (first, second)
    return ()


def _tutor(tx: Tx, event: Event) -> Tutor:
    tutor = claim_role.as_tutor(tx, event.chat_id, event.first_name)
    leave_step(tx, event, "missed")
    return tutor


def _list(tx: Tx, event: Event, message_id: int | None, *, page: int = 0, note: str = "") -> Outgoing:
    zone = event.desk.default_zone if event.learner is None else event.learner.zone
    found = answer_missed.waiting(tx, page=page)
    return missed.listing(event.chat_id, found, event.live.names, zone=zone, message_id=message_id, note=note)


ROUTES: tuple[Route, ...] = (
    command("missed", on_missed_command),
    button("missed", on_missed),
    button("mean", on_mean),
)
