"""/today, /plan and their buttons."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application import arrange, follow_plan
from bot.application.turn import Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button, command
from bot.chat.views import plan
from bot.domain.delivery import Outgoing
from bot.domain.learner import Learner
from bot.storage import Tx


def _learner(tx: Tx, event: Event) -> Learner:
    return arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)


async def on_today(event: Event) -> Turn:
    """/today."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        where = follow_plan.where_i_am(tx, event.live, _learner(tx, event), now=event.now)
        return (plan.today(event.chat_id, where),)

    return Turn(work)


async def on_plan(event: Event) -> Turn:
    """/plan; from a button it edits the message it is on, and starts the plan over after asking once."""
    what = event.args[0] if event.pressed and event.args else "show"
    message_id = event.message_id if event.pressed else None

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = _learner(tx, event)
        if what == "restart" and message_id is not None:
            return (plan.confirm_restart(event.chat_id, message_id),)
        if what == "again":
            learner = follow_plan.begin(tx, learner, now=event.now)
            where = follow_plan.where_i_am(tx, event.live, learner, now=event.now)
            return (plan.today(event.chat_id, where),)
        where = follow_plan.where_i_am(tx, event.live, learner, now=event.now)
        days = follow_plan.plan_overview(event.live, learner)
        return (plan.overview(event.chat_id, where, days, message_id=message_id),)

    return Turn(work)


ROUTES: tuple[Route, ...] = (
    command("today", on_today),
    command("plan", on_plan),
    button("today", on_today),
    button("plan", on_plan),
)
