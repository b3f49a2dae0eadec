"""First meeting, /start, /help, /cancel: at most four taps, each of them skippable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.application import arrange, follow_plan, practise
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event, joined
from bot.chat.handlers import joining
from bot.chat.routing import Route, button, command
from bot.chat.views import groups, roleplay, start
from bot.chat.words import read_date, read_place, read_time
from bot.domain.delivery import Outgoing
from bot.domain.errors import Unreadable
from bot.domain.plan import local_date
from bot.storage import Tx, conversations


async def on_start(event: Event) -> Turn:
    """/start, with or without a payload from a link."""
    payload = joined(event.args)
    if payload not in ("", groups.START_PAYLOAD):
        return await joining.on_payload(event, payload)

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = event.learner
        conversations.leave(tx, event.chat_id)
        if learner is None:
            arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)
            return (start.hello(event.chat_id),)
        learner = arrange.welcome_back(tx, learner, now=event.now)
        if not learner.has_plan:
            return (start.hello(event.chat_id),)
        return (start.welcome_back(event.chat_id, follow_plan.where_i_am(tx, event.live, learner, now=event.now)),)

    return Turn(work)


async def on_help(event: Event) -> Turn:
    """/help."""
    view = start.help_text(event.chat_id, is_tutor=event.state.is_tutor, is_admin=event.state.role == "admin")
    return Turn(lambda _tx: (view,))


async def on_group_start(event: Event) -> Turn:
    """/start or /help in a group."""
    view = groups.welcome(event.chat_id, event.desk.bot_name, reply_to=event.message_id)
    return Turn(lambda _tx: (view,))


async def on_cancel(event: Event) -> Turn:
    """/cancel leaves a step that waits for text, or else the open question."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        if (step := event.state.conversation.step) is not None:
            conversations.leave(tx, event.chat_id)
            what = roleplay.LEFT_BY_CANCEL if step.startswith("play:") else "Cancelled."
            return (start.cancelled(event.chat_id, what=what),)
        if practise.close(tx, event.chat_id):
            return (start.cancelled(event.chat_id, what="The question is closed. It comes back another day."),)
        return (start.cancelled(event.chat_id, what=None),)

    return Turn(work)


async def on_meet(event: Event) -> Turn:
    """The buttons of the first meeting."""
    message_id = event.message_id
    if message_id is None or not event.args:
        return IGNORED
    what, *rest = event.args
    value = ":".join(rest)

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)
        conversations.leave(tx, event.chat_id)
        today = local_date(event.now, learner.zone)
        match what:
            case "look":
                return (start.just_look(event.chat_id, message_id),)
            case "time":
                return (start.ask_time(event.chat_id, message_id, learner, now=event.now),)
            case "zones":
                conversations.enter(tx, event.chat_id, "meet:place")
                return (start.ask_zone(event.chat_id, message_id),)
            case "zone":
                changed = arrange.change(tx, event.chat_id, now=event.now, zone=read_place(value))
                return (start.ask_time(event.chat_id, message_id, changed, now=event.now),)
            case "hour":
                return (start.ask_hour(event.chat_id, message_id),)
            case "othertime":
                conversations.enter(tx, event.chat_id, "meet:hour")
                return (start.ask_other_time(event.chat_id, message_id),)
            case "at":
                arrange.change(tx, event.chat_id, now=event.now, prompt_at=None if value == "none" else int(value))
                return (start.ask_assessment(event.chat_id, message_id, today=today),)
            case "date":
                conversations.enter(tx, event.chat_id, "meet:date")
                return (start.ask_date(event.chat_id, message_id),)
            case "in":
                on = None if value == "none" else today + timedelta(days=int(value))
                arrange.set_assessment(tx, event.chat_id, on, now=event.now)
                return (_plan(tx, event, message_id),)
        return ()

    return Turn(work)


def _plan(tx: Tx, event: Event, message_id: int | None) -> Outgoing:
    learner = follow_plan.begin(tx, practise.learner_of(tx, event.chat_id), now=event.now)
    where = follow_plan.where_i_am(tx, event.live, learner, now=event.now)
    return start.plan_ready(event.chat_id, message_id, where)


def typed(tx: Tx, event: Event, step: str) -> Sequence[Outgoing]:
    """Read what was typed at a step of the first meeting. Unreadable where it cannot be read."""
    learner = practise.learner_of(tx, event.chat_id)
    today = local_date(event.now, learner.zone)
    match step:
        case "meet:place":
            arrange.change(tx, event.chat_id, now=event.now, zone=read_place(event.text))
            conversations.leave(tx, event.chat_id)
            return (start.ask_hour(event.chat_id, None),)
        case "meet:hour":
            arrange.change(tx, event.chat_id, now=event.now, prompt_at=read_time(event.text))
            conversations.leave(tx, event.chat_id)
            return (start.ask_assessment(event.chat_id, None, today=today),)
        case "meet:date":
            arrange.set_assessment(tx, event.chat_id, read_date(event.text, today=today), now=event.now)
            conversations.leave(tx, event.chat_id)
            return (_plan(tx, event, None),)
    raise Unreadable("step", event.text)


ROUTES: tuple[Route, ...] = (
    command("start", on_start),
    command("help", on_help),
    command("cancel", on_cancel),
    button("meet", on_meet),
)
GROUP_ROUTES: tuple[Route, ...] = (
    command("start", on_group_start, groups=True),
    command("help", on_group_start, groups=True),
)
