"""Tutors and admins: who they are, inviting one, taking a role away."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.claim_role import Claimed, HadRole, Member, may_be_removed
from bot.chat.callbacks import encode
from bot.chat.messages import Button, bold, cut, edit, esc, say
from bot.domain.delivery import Outgoing

_WHAT = {"admin": "an admin", "tutor": "a tutor"}
LIST = Button("All tutors", "tutor")


def claimed(chat_id: int, outcome: Claimed | HadRole) -> Outgoing:
    """What a claim link made of somebody, and what to do next."""
    who = _WHAT[outcome.role]
    if isinstance(outcome, HadRole):
        text = f"{bold(f'You are {who} already.')}\n\nThe link was not used up: pass it on to the person it is for."
        return say(chat_id, text, ((Button("My classes", "class"),),))
    more = "\n/tutors invites other tutors." if outcome.role == "admin" else ""
    text = (
        f"{bold(f'You are {who} now.')}\n\nMake a class, share its link, and send tips to whoever joins. "
        f"/help lists the rest.{more}"
    )
    return say(chat_id, text, ((Button("New class", "class:new"),),))


def listing(
    chat_id: int, members: Sequence[Member], *, by: int, message_id: int | None = None, note: str = ""
) -> Outgoing:
    """/tutors: everybody with a role."""
    lines = [bold("Tutors and admins"), *([f"<i>{esc(note)}</i>"] if note else []), ""]
    lines += [_line(each, by=by) for each in members]
    invite = (Button("Invite a tutor", "tutor:invite"),)
    remove = [
        (Button(f"Remove {cut(name(each), 30)}", encode("tutor", "ask", each.tutor.chat_id)),)
        for each in members
        if each.tutor.chat_id != by
    ]
    text, rows = "\n".join(lines), (invite, *remove)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def name(value: Member) -> str:
    """Return how a tutor is called; the id where they were never seen here."""
    return value.tutor.name or f"id {value.tutor.chat_id}"


def _line(value: Member, *, by: int) -> str:
    parts = [esc(name(value)), "admin" if value.tutor.admin else "tutor"]
    if value.named:
        parts.append("named in the settings")
    if value.tutor.chat_id == by:
        parts.append("you")
    return " · ".join(parts)


def invitation(chat_id: int, message_id: int, link: str) -> Outgoing:
    """A link that makes one person a tutor."""
    text = (
        f"{bold('A link for one new tutor')}\n\n{esc(link)}\n\n"
        "Send it to that person only: it works once, for whoever opens it first, and for 7 days."
    )
    return edit(chat_id, message_id, text, ((LIST,),))


def confirm(chat_id: int, message_id: int, who: Member, *, by: int) -> Outgoing:
    """Ask once more before a role is taken away, or say kindly why it cannot be."""
    if not may_be_removed(who, by=by):
        text = (
            f"{bold(f'{name(who)} stays for now.')}\n\nThis admin is named in the bot's settings (ADMIN_IDS). Whoever "
            "runs the bot can take the number out there; after a restart you can remove them here."
        )
        return edit(chat_id, message_id, text, ((LIST,),))
    text = (
        f"{bold(f'Take the role from {name(who)}?')}\n\nThey can send no more tips. Their classes stay as they are and "
        "wait for them, should they come back."
    )
    yes = Button("Remove", encode("tutor", "remove", who.tutor.chat_id))
    return edit(chat_id, message_id, text, ((Button("Keep", "tutor"), yes),))


def removed(who: Member) -> Outgoing:
    """Tell somebody that they are no tutor any more."""
    return say(who.tutor.chat_id, "You are no longer a tutor here. You can still look terms up and practise.")
