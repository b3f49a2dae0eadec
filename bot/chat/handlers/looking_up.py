"""Look-up: typed words, /term, and the buttons on cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.application import arrange, look_up_term, practise
from bot.application.look_up_term import Card, Found, SideBySide
from bot.application.turn import IGNORED, Turn
from bot.chat.callbacks import encode
from bot.chat.event import Event, joined
from bot.chat.messages import Button, Rows
from bot.chat.routing import Route, button, command
from bot.chat.views import cards
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.domain.learner import Learner
from bot.storage import Tx
from knowledge.schema import Term


def term_ids(outcome: Found) -> list[str]:
    """Return the terms whose definitions an outcome shows."""
    match outcome:
        case Card(term):
            return [term.id]
        case SideBySide(first, second):
            return [first.id, second.id]
    return []


def show(
    tx: Tx, event: Event, outcome: Found, *, message_id: int | None = None, extra: Rows = (), note: str = ""
) -> Sequence[Outgoing]:
    """Record what was opened and say what was found."""
    if event.chat_id > 0:
        arrange.notice(tx, event.learner or _met(tx, event), now=event.now)
        look_up_term.record_card(tx, event.chat_id, term_ids(outcome), now=event.now)
    return (cards.found(event.chat_id, outcome, names=event.live.names, message_id=message_id, extra=extra, note=note),)


def _met(tx: Tx, event: Event) -> Learner:
    return arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)


async def on_words(event: Event) -> Turn:
    """Words that are neither a command nor an answer: look them up."""
    outcome = look_up_term.find(event.live, event.text)
    return Turn(lambda tx: show(tx, event, outcome))


async def on_words_during_question(event: Event, outcome: Found) -> Turn:
    """Words that ask about a term while a question is open: the card, and the question stays."""
    attempt = event.state.open_attempt
    assert attempt is not None
    extra = (
        (
            Button("Back to my question", encode("open", attempt.id)),
            Button("That was my answer", encode("asanswer", attempt.id)),
        ),
    )

    def work(tx: Tx) -> Sequence[Outgoing]:
        shown = show(tx, event, outcome, extra=extra, note="<i>Your question is still open.</i>")
        look_up_term.remember_reading(tx, event.chat_id, event.text, attempt_id=attempt.id, term_ids=term_ids(outcome))
        return shown

    return Turn(work)


async def on_term_command(event: Event) -> Turn:
    """/term X, in private chats and in groups."""
    asked = joined(event.args)
    if not asked:
        return Turn(lambda _tx: (cards.ask_which_term(event.chat_id),))
    outcome = look_up_term.find(event.live, asked)
    return Turn(lambda tx: show(tx, event, outcome))


async def on_term(event: Event) -> Turn:
    """A term chosen from a list, in the list's own message."""
    outcome = Card(_term(event))
    return Turn(lambda tx: show(tx, event, outcome, message_id=event.message_id))


async def on_versus(event: Event) -> Turn:
    """Two terms side by side."""
    first, second = event.arg(0), event.arg(1)
    if first not in event.live.terms or second not in event.live.terms:
        raise Gone("term")
    outcome = look_up_term.side_by_side(event.live, first, second)
    return Turn(lambda tx: show(tx, event, outcome, message_id=event.message_id))


async def on_related(event: Event) -> Turn:
    """What belongs to a term."""
    return _edited(event, lambda message_id: cards.related(event.chat_id, message_id, _term(event), event.live.names))


async def on_compare(event: Event) -> Turn:
    """What a term can be compared with."""
    return _edited(
        event, lambda message_id: cards.compare_with(event.chat_id, message_id, _term(event), event.live.names)
    )


async def on_topic(event: Event) -> Turn:
    """The terms of a topic, page by page."""
    topic = event.live.topics.get(event.arg(0))
    if topic is None:
        raise Gone("term")
    page = event.number(1) if len(event.args) > 1 else 0
    terms = sorted((t for t in event.live.course.terms if t.topic == topic.id), key=lambda t: t.name.lower())
    return _edited(
        event,
        lambda message_id: cards.topic(event.chat_id, message_id, topic.name, terms, topic_id=topic.id, page=page),
    )


async def on_none(event: Event) -> Turn:
    """None of the offered terms was meant."""
    return _edited(event, lambda message_id: cards.none_of_these(event.chat_id, message_id))


async def on_as_look_up(event: Event) -> Turn:
    """[Just look it up]: what was marked was a question about a term."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        text = practise.take_back_answer(tx, event.chat_id)
        outcome = look_up_term.find(event.live, text)
        return show(tx, event, outcome, note="<i>Your question is open again.</i>")

    return Turn(work)


def _term(event: Event) -> Term:
    term = event.live.terms.get(event.arg(0))
    if term is None:
        raise Gone("term")
    return term


def _edited(event: Event, view: Callable[[int], Outgoing]) -> Turn:
    if event.message_id is None:
        return IGNORED
    message = view(event.message_id)
    return Turn(lambda _tx: (message,))


ROUTES: tuple[Route, ...] = (
    command("term", on_term_command, groups=True),
    button("term", on_term, groups=True),
    button("card", on_term, groups=True),
    button("rel", on_related, groups=True),
    button("cmp", on_compare, groups=True),
    button("vs", on_versus, groups=True),
    button("topic", on_topic, groups=True),
    button("none", on_none, groups=True),
    button("aslook", on_as_look_up),
)
