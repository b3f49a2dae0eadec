"""[Something wrong here], and /reports for the tutors who look at what came in."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application import claim_role, report_item
from bot.application.tell_learner import tell
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers.classes import leave_step
from bot.chat.routing import Route, button, command
from bot.chat.views import reports
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx, conversations

STEP = "wrong:note"


async def on_wrong(event: Event) -> Turn:
    """[Something wrong here] on a card, a question or a model answer."""
    item = report_item.item_of(event.live, event.arg(0))

    def work(tx: Tx) -> Sequence[Outgoing]:
        conversations.enter(tx, event.chat_id, STEP, {"item": item.id})
        return (reports.ask_note(event.chat_id, item),)

    return Turn(work)


def typed(tx: Tx, event: Event, _step: str) -> Sequence[Outgoing]:
    """Take what was typed as the note."""
    item_id = str(event.state.conversation.step_data["item"])
    conversations.leave(tx, event.chat_id)
    report_item.report(tx, event.live, event.chat_id, item_id, note=event.text, now=event.now)
    return (reports.thanks(event.chat_id),)


async def on_reports(event: Event) -> Turn:
    """/reports: the oldest that waits."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_tutor(tx, event.chat_id, event.first_name)
        return (reports.waiting(event.chat_id, report_item.next_waiting(tx, event.live, after=0)),)

    return Turn(work)


async def on_rep(event: Event) -> Turn:
    """The buttons under the question what is wrong, and those under a report."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    what = event.args[0] if event.args else ""

    def work(tx: Tx) -> Sequence[Outgoing]:
        match what:
            case "no":
                leave_step(tx, event, "wrong")
                return (reports.never_mind(event.chat_id, message_id),)
            case item_id if "." in item_id:
                leave_step(tx, event, "wrong")
                report_item.report(tx, event.live, event.chat_id, item_id, note=None, now=event.now)
                return (reports.thanks(event.chat_id, message_id=message_id),)
        claim_role.as_tutor(tx, event.chat_id, event.first_name)
        match what:
            case "":
                return (_next(tx, event, message_id, after=0),)
            case "next":
                return (_next(tx, event, message_id, after=event.number(1)),)
            case "done":
                return (_settle(tx, event, message_id),)
        raise Gone("button")

    return Turn(work)


def _next(tx: Tx, event: Event, message_id: int, *, after: int, note: str = "") -> Outgoing:
    found = report_item.next_waiting(tx, event.live, after=after)
    return reports.waiting(event.chat_id, found, message_id=message_id, note=note)


def _settle(tx: Tx, event: Event, message_id: int) -> Outgoing:
    chat_id, item = report_item.settle(tx, event.live, event.number(1), now=event.now)
    told = chat_id is not None and tell(tx, reports.dealt_with(chat_id, item), now=event.now)
    note = "Dealt with. I have told them." if told else "Dealt with. There was nobody to tell."
    return _next(tx, event, message_id, after=event.number(1), note=note)


ROUTES: tuple[Route, ...] = (command("reports", on_reports), button("wrong", on_wrong), button("rep", on_rep))
