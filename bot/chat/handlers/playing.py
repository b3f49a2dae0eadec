"""Role-plays: /roleplay, the buttons of a turn, and what is typed while a customer waits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.application import arrange, look_up_term, play_role
from bot.application.look_up_term import Card, Found, SideBySide
from bot.application.play_role import OnStage, TooLate
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers import looking_up
from bot.chat.routing import Route, button, command
from bot.chat.views import roleplay
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.domain.roleplay import PLACES
from bot.storage import Tx, conversations

HEAT = "term.heat"
SAME_WORDS = 85
"""How alike typed words and an option must be, from 0 to 100, to count as that option."""
FEW_WORDS = 4
"""Up to so many words may be a term's name; more are an answer in one's own words."""

_LETTER = re.compile(r"(?:(?:option|answer|choice|i say|i choose|number)\s+)?\(?([abc])\)?[.!:)]?", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")


def read_choice(text: str, options: Sequence[str]) -> int | None:
    """Read which option is meant: its letter, its words, or how it begins. None where that is not clear."""
    if found := _LETTER.fullmatch(text.strip()):
        return PLACES.index(found[1].upper())
    typed = _folded(text)
    if len(typed.split()) < 3:
        return None
    same = [place for place, option in enumerate(map(_folded, options)) if _is(typed, option)]
    return same[0] if len(same) == 1 else None


def _is(typed: str, option: str) -> bool:
    return option.startswith(typed) or fuzz.ratio(typed, option) >= SAME_WORDS


def _folded(text: str) -> str:
    return " ".join(_WORDS.findall(text.lower().replace("’", "").replace("'", "")))


async def on_roleplay(event: Event) -> Turn:
    """/roleplay shows who waits; a button names one, or asks for the next."""
    what = event.args[0] if event.pressed and event.args else ""

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)
        arrange.notice(tx, learner, now=event.now)
        if what not in ("", "next"):
            return (_opening(event, what),)
        found = play_role.customers(tx, event.live, learner, now=event.now, not_again=_just_met(tx, event))
        if what == "next" and found.suggested is not None:
            return (_opening(event, found.suggested.id),)
        return (roleplay.menu(event.chat_id, found, event.live.course.roleplays),)

    return Turn(work)


def _just_met(tx: Tx, event: Event) -> str | None:
    if not event.pressed or len(event.args) < 2:
        return None
    return play_role.met(tx, event.chat_id, event.number(1))


def _opening(event: Event, roleplay_id: str) -> Outgoing:
    play = play_role.find(event.live, roleplay_id)
    return roleplay.opening(event.chat_id, play, heat_known=HEAT in event.live.terms)


async def on_play(event: Event) -> Turn:
    """The buttons of a role-play."""
    match event.args[0] if event.args else "":
        case "heat":
            return _card(event, HEAT)
        case "read":
            return await _read_up(event)
        case "new":
            roleplay_id = event.arg(1)
            return Turn(lambda tx: _begin(tx, event, roleplay_id))
        case "say":
            play_id, turn, shown = event.number(1), event.number(2), event.number(3)
            if not 0 <= shown < len(PLACES):
                raise Gone("button")
            return Turn(lambda tx: _say(tx, event, play_id, turn=turn, shown=shown))
        case verb:
            return _button(event, verb)


def _button(event: Event, verb: str) -> Turn:
    """The buttons that carry nothing but their role-play."""
    play_id, message_id = event.number(1), event.message_id
    if message_id is None:
        return IGNORED
    chat_id, live, now = event.chat_id, event.live, event.now

    def work(tx: Tx) -> Sequence[Outgoing]:
        match verb:
            case "hint":
                return (_hint(tx, event, play_id, message_id),)
            case "go":
                return (roleplay.turn(chat_id, play_role.resume(tx, live, chat_id, play_id, now=now)),)
            case "again":
                again = play_role.again(tx, live, chat_id, play_id, seed=_seed(event), now=now)
                return (roleplay.turn(chat_id, again),)
            case "pause":
                return (roleplay.paused(chat_id, play_role.pause(tx, live, chat_id, play_id)),)
            case "stop":
                return (roleplay.stopped(chat_id, play_role.stop(tx, live, chat_id, play_id)),)
            case "think":
                return (roleplay.think(chat_id, play_role.look_back(tx, live, chat_id, play_id)),)
        raise Gone("button")

    return Turn(work)


def _begin(tx: Tx, event: Event, roleplay_id: str) -> Sequence[Outgoing]:
    learner = arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)
    arrange.notice(tx, learner, now=event.now)
    begun = play_role.begin(tx, event.live, event.chat_id, roleplay_id, seed=_seed(event), now=event.now)
    return (roleplay.turn(event.chat_id, begun),)


def _seed(event: Event) -> int:
    return event.desk.chance.getrandbits(31)


def _say(tx: Tx, event: Event, play_id: int, *, turn: int, shown: int) -> Sequence[Outgoing]:
    outcome = play_role.say(tx, event.live, event.chat_id, play_id, turn=turn, shown=shown, now=event.now)
    match outcome:
        case TooLate(stage):
            return (roleplay.too_late(event.chat_id, stage),)
        case OnStage(scene=scene) if scene.over:
            ended = roleplay.ended(event.chat_id, outcome)
            return (ended, roleplay.score(event.chat_id, outcome, event.live.names))
    return (roleplay.turn(event.chat_id, outcome),)


def _hint(tx: Tx, event: Event, play_id: int, message_id: int) -> Outgoing:
    stage = play_role.show(tx, event.live, event.chat_id, play_id)
    if stage.scene.turn != event.number(2):
        return roleplay.too_late(event.chat_id, stage)
    return roleplay.turn(event.chat_id, stage, message_id=message_id, hint=True)


async def _read_up(event: Event) -> Turn:
    play_id = event.number(1)
    stage = await event.desk.store.read(lambda tx: play_role.look_back(tx, event.live, event.chat_id, play_id))
    return _card(event, stage.scene.roleplay.terms[0])


def _card(event: Event, term_id: str) -> Turn:
    """A term's card as a message of its own, so that what it is about stays in sight."""
    if term_id not in event.live.terms:
        raise Gone("term")
    shown = looking_up.seen(event, Card(event.live.terms[term_id]))
    return Turn(lambda tx: looking_up.show(tx, event, shown))


async def on_typed(event: Event, step: str) -> Turn:
    """Words while a customer waits: one of the three options, else a question about a term, else a kind reminder."""
    play_id = int(step.partition(":")[2])
    try:
        stage = await event.desk.store.read(lambda tx: play_role.show(tx, event.live, event.chat_id, play_id))
    except Gone:
        return await _nobody_waits(event)
    shown = read_choice(event.text, [option.text for option in stage.scene.options])
    if shown is not None:
        return Turn(lambda tx: _say(tx, event, play_id, turn=stage.scene.turn, shown=shown))
    found = _about_a_term(event)
    if found is None:
        reminder = roleplay.choose_one(event.chat_id, stage)
        return Turn(lambda _tx: (reminder,))
    seen = looking_up.seen(event, found)
    return Turn(lambda tx: looking_up.show(tx, event, seen, extra=roleplay.back(stage), note=roleplay.WAITS))


def _about_a_term(event: Event) -> Found | None:
    """Return what a text names or asks about: a question about a term, or a name in a few words."""
    if (asked := look_up_term.about_a_term(event.live, event.text)) is not None:
        return asked
    if len(event.text.split()) > FEW_WORDS:
        return None
    found = look_up_term.find(event.live, event.text)
    return found if isinstance(found, Card | SideBySide) else None


async def _nobody_waits(event: Event) -> Turn:
    """The role-play is no longer in the course: what was typed is looked up."""
    turn = await looking_up.on_words(event)

    def work(tx: Tx) -> Sequence[Outgoing]:
        conversations.leave(tx, event.chat_id)
        return turn.work(tx)

    return Turn(work)


ROUTES: tuple[Route, ...] = (
    command("roleplay", on_roleplay),
    button("roleplay", on_roleplay),
    button("play", on_play),
)
