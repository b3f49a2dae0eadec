"""Look-up: typed words, /term, and the buttons on cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from telegram.constants import MessageEntityType
from telegram.ext import filters

from bot.application import answer_missed, arrange, improve_answer, look_up_term, practise
from bot.application.answer_missed import Miss
from bot.application.look_up_term import Card, DidYouMean, Found, NotInCourse, SideBySide, WithWhat
from bot.application.turn import IGNORED, Turn
from bot.chat.callbacks import encode
from bot.chat.event import Event, joined
from bot.chat.messages import Button, Rows
from bot.chat.routing import Route, button, command, message
from bot.chat.views import cards, safety
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


_ENDS: Mapping[type[Found], str] = {
    Card: "card",
    SideBySide: "comparison",
    DidYouMean: "list",
    NotInCourse: "nothing",
}
"""What a look-up ended in -> its name on the metrics page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found, and what to note where nothing was."""

    outcome: Found
    miss: Miss | None


def look(event: Event, text: str) -> Shown:
    """Look words up. Computes only: it is recorded when it is shown."""
    return seen(event, look_up_term.find(event.live, text))


def seen(event: Event, outcome: Found) -> Shown:
    """Add to an outcome what is to be noted of it."""
    return Shown(outcome, answer_missed.miss_of(event.live, outcome))


def show(
    tx: Tx, event: Event, shown: Shown, *, message_id: int | None = None, extra: Rows = (), note: str = ""
) -> Sequence[Outgoing]:
    """Record what was opened or missed, and say what was found."""
    event.desk.lookups[_ENDS[type(shown.outcome)]] += 1
    if not event.in_group:
        arrange.notice(tx, event.learner or _met(tx, event), now=event.now)
    look_up_term.record_card(tx, event.person, term_ids(shown.outcome), now=event.now)
    _note(tx, event, shown.miss)
    return (
        cards.found(
            event.chat_id,
            shown.outcome,
            names=event.live.names,
            pictured=event.live.pictures,
            message_id=message_id,
            extra=extra,
            note=note,
            reply_to=_reply_to(event),
        ),
    )


def _met(tx: Tx, event: Event) -> Learner:
    return arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)


def _note(tx: Tx, event: Event, miss: Miss | None) -> None:
    answer_missed.note(tx, miss, person=event.person, asker_key=event.desk.asker_key, now=event.now)


def _reply_to(event: Event) -> int | None:
    """Return the message to answer: in a group it says who is meant."""
    return event.message_id if event.in_group and not event.pressed else None


async def on_words(event: Event) -> Turn:
    """Words that are neither a command nor an answer: look them up."""
    shown = look(event, event.text)
    return Turn(lambda tx: show(tx, event, shown))


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
    found = seen(event, outcome)

    def work(tx: Tx) -> Sequence[Outgoing]:
        shown = show(tx, event, found, extra=extra, note="<i>Your question is still open.</i>")
        look_up_term.remember_reading(tx, event.chat_id, event.text, attempt_id=attempt.id, term_ids=term_ids(outcome))
        return shown

    return Turn(work)


async def on_term_command(event: Event) -> Turn:
    """/term X, in private chats and in groups."""
    asked = joined(event.args)
    if not asked:
        return Turn(lambda _tx: (cards.ask_which_term(event.chat_id, reply_to=_reply_to(event)),))
    if (concern := _concern(event, asked)) is not None:
        return concern
    shown = look(event, asked)
    return Turn(lambda tx: show(tx, event, shown))


async def on_compare_command(event: Event) -> Turn:
    """/compare A and B, in private chats and in groups."""
    asked = joined(event.args)
    if not asked:
        return Turn(lambda _tx: (cards.ask_which_two(event.chat_id, reply_to=_reply_to(event)),))
    if (concern := _concern(event, asked)) is not None:
        return concern
    outcome = look_up_term.compare(event.live, asked)
    if isinstance(outcome, WithWhat):
        miss = None if outcome.unknown is None else answer_missed.miss_of_words(event.live, outcome.unknown)
        return Turn(lambda tx: _with_what(tx, event, outcome, miss))
    shown = seen(event, outcome)
    return Turn(lambda tx: show(tx, event, shown))


def _with_what(tx: Tx, event: Event, outcome: WithWhat, miss: Miss | None) -> Sequence[Outgoing]:
    _note(tx, event, miss)
    return (cards.with_what(event.chat_id, outcome, reply_to=_reply_to(event)),)


def _concern(event: Event, text: str) -> Turn | None:
    """Words of harm are answered with where help is; they are neither looked up nor said back."""
    if event.live.safety is None or not event.live.safety.concerns(text):
        return None
    view = safety.concern(event.chat_id, event.live.course, event.desk.safeguarding_contact)
    return Turn(lambda _tx: (view,))


async def on_group_reply(event: Event) -> Turn:
    """A reply to the bot in a group: looked up where it asks for something that is here, else left alone.

    People thank a bot, or talk about its card among themselves; "that is not in this unit" would be a nuisance.
    """
    message = event.update.message
    replied = None if message is None else message.reply_to_message
    author = None if replied is None else replied.from_user
    if author is None or author.username != event.desk.bot_name:
        return IGNORED
    if (concern := _concern(event, event.text)) is not None:
        return concern
    shown = look(event, event.text)
    if isinstance(shown.outcome, NotInCourse):
        return IGNORED
    return Turn(lambda tx: show(tx, event, shown))


async def on_own_card(_event: Event) -> Turn:
    """A card that somebody chose in inline mode, in this very chat: it says what it says."""
    return IGNORED


async def on_term(event: Event) -> Turn:
    """A term chosen from a list, in the list's own message."""
    shown = Shown(Card(_term(event)), None)
    return Turn(lambda tx: show(tx, event, shown, message_id=event.message_id))


async def on_back(event: Event) -> Turn:
    """[Back to the card]: the same card again, which is no second look-up. A picture stays, and the card follows it."""
    message = event.update.effective_message
    view = cards.found(
        event.chat_id,
        Card(_term(event)),
        names=event.live.names,
        pictured=event.live.pictures,
        message_id=None if message is None or message.photo else message.message_id,
    )
    return Turn(lambda _tx: (view,))


async def on_versus(event: Event) -> Turn:
    """Two terms side by side."""
    first, second = event.arg(0), event.arg(1)
    if first not in event.live.terms or second not in event.live.terms:
        raise Gone("term")
    shown = seen(event, look_up_term.side_by_side(event.live, first, second))
    return Turn(lambda tx: show(tx, event, shown, message_id=event.message_id))


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
    """None of the offered terms was meant: as good as nothing found."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    asked = _said_back(event)
    miss = None if asked is None else answer_missed.miss_of_words(event.live, asked)

    def work(tx: Tx) -> Sequence[Outgoing]:
        _note(tx, event, miss)
        return (cards.none_of_these(event.chat_id, message_id),)

    return Turn(work)


def _said_back(event: Event) -> str | None:
    """Return the words that a list says back as code."""
    message = event.update.effective_message
    if message is None or not message.text:
        return None
    return next(iter(message.parse_entities([MessageEntityType.CODE]).values()), None)


async def on_as_look_up(event: Event) -> Turn:
    """[Just look it up]: what was marked was a question about a term."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        taken = improve_answer.take_back_improvement(tx, event.chat_id)
        text, is_open = taken or practise.take_back_answer(tx, event.chat_id)
        note = "Your question is open again." if is_open else "It no longer counts as an answer."
        return show(tx, event, look(event, text), note=f"<i>{note}</i>")

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
    message(filters.VIA_BOT & filters.UpdateType.MESSAGE, on_own_card),
    command("term", on_term_command, groups=True),
    command("compare", on_compare_command, groups=True),
    button("term", on_term, groups=True),
    button("card", on_back, groups=True),
    button("rel", on_related, groups=True),
    button("cmp", on_compare, groups=True),
    button("vs", on_versus, groups=True),
    button("topic", on_topic, groups=True),
    button("none", on_none, groups=True),
    button("aslook", on_as_look_up),
    message(
        filters.ChatType.GROUPS & filters.REPLY & filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE,
        on_group_reply,
    ),
)
