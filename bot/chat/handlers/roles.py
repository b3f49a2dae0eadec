"""Tutors and admins: claim links and /tutors."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from bot.application import claim_role
from bot.application.tell_learner import tell
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button, command
from bot.chat.views import roles
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx, conversations


async def on_claim(event: Event, code: str) -> Turn:
    """/start with the code of a claim link."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        conversations.leave(tx, event.chat_id)
        outcome = claim_role.claim(tx, event.chat_id, name=event.first_name, code=code, now=event.now)
        return (roles.claimed(event.chat_id, outcome),)

    return Turn(work)


async def on_tutors(event: Event) -> Turn:
    """/tutors: the list."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_admin(tx, event.chat_id, event.first_name)
        return (roles.listing(event.chat_id, claim_role.everyone(tx), by=event.chat_id),)

    return Turn(work)


async def on_tutor(event: Event) -> Turn:
    """The buttons of the list."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    what = event.args[0] if event.args else ""
    code = secrets.token_urlsafe(18)

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_admin(tx, event.chat_id, event.first_name)
        match what:
            case "":
                return (_list(tx, event, message_id),)
            case "invite":
                claim_role.new_claim(tx, role="tutor", now=event.now, lifetime=claim_role.INVITATION_LASTS, code=code)
                return (roles.invitation(event.chat_id, message_id, event.desk.link(f"claim_{code}")),)
            case "ask":
                who = claim_role.member(tx, event.number(1))
                return (roles.confirm(event.chat_id, message_id, who, by=event.chat_id),)
            case "remove":
                who = claim_role.remove(tx, event.number(1), by=event.chat_id)
                tell(tx, roles.removed(who), now=event.now)
                return (_list(tx, event, message_id, note=f"{roles.name(who)} is no longer a tutor."),)
        raise Gone("button")

    return Turn(work)


def _list(tx: Tx, event: Event, message_id: int, *, note: str = "") -> Outgoing:
    members = claim_role.everyone(tx)
    return roles.listing(event.chat_id, members, by=event.chat_id, message_id=message_id, note=note)


ROUTES: tuple[Route, ...] = (command("tutors", on_tutors), button("tutor", on_tutor))
