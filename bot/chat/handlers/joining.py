"""Links with a payload: joining a class, claiming a role. And leaving a class."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application import join_cohort
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers import roles
from bot.chat.routing import Route, button, command
from bot.chat.views import joining
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx, conversations

NAMELESS = "Somebody"


async def on_payload(event: Event, payload: str) -> Turn:
    """/start with a payload from a link."""
    kind, _, code = payload.partition("_")
    if kind == "claim" and code:
        return await roles.on_claim(event, code)
    if kind == "join" and code:
        return _offer(event, code)
    view = joining.unknown_link(event.chat_id)
    return Turn(lambda _tx: (view,))


def _offer(event: Event, code: str) -> Turn:
    def work(tx: Tx) -> Sequence[Outgoing]:
        conversations.leave(tx, event.chat_id)
        found = join_cohort.offer(tx, event.chat_id, code)
        return (joining.offer(event.chat_id, found, name=event.first_name or NAMELESS),)

    return Turn(work)


async def on_join(event: Event) -> Turn:
    """[Join] and [Not now]."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    if event.arg(0) == "no":
        view = joining.not_now(event.chat_id, message_id)
        return Turn(lambda _tx: (view,))
    code = event.arg(1)

    def work(tx: Tx) -> Sequence[Outgoing]:
        found = join_cohort.join(
            tx,
            event.chat_id,
            code,
            name=event.first_name or NAMELESS,
            zone=event.desk.default_zone,
            now=event.now,
        )
        return (joining.joined(event.chat_id, message_id, found),)

    return Turn(work)


async def on_leave(event: Event) -> Turn:
    """/leave and its buttons."""
    message_id = event.message_id if event.pressed else None
    what = event.args[0] if event.pressed and event.args else ""

    def work(tx: Tx) -> Sequence[Outgoing]:
        match what, message_id:
            case "ask", int(menu):
                cohort = join_cohort.one_of_mine(tx, event.chat_id, event.number(1))
                return (joining.confirm_leave(event.chat_id, menu, cohort),)
            case "yes", int(menu):
                cohort = join_cohort.leave(tx, event.chat_id, event.number(1))
                return (joining.left(event.chat_id, menu, cohort),)
            case "", _:
                classes = join_cohort.classes_of(tx, event.chat_id)
                return (joining.mine(event.chat_id, classes, message_id=message_id),)
        raise Gone("button")

    return Turn(work)


ROUTES: tuple[Route, ...] = (
    command("leave", on_leave),
    button("leave", on_leave),
    button("join", on_join, strangers=True),
)
