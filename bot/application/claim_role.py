"""Who is a tutor and who is an admin: named in the settings, or made by a link that works once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.errors import Gone, NotAllowed
from bot.storage import Tx, roles
from bot.storage.roles import Tutor

INVITATION_LASTS = timedelta(days=7)
"""How long a link works that an admin gives to a new tutor."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A link gave somebody a role: ``admin`` or ``tutor``."""

    role: str


@dataclass(frozen=True, slots=True)
class HadRole:
    """Somebody opened a link to a role that they have already: the link still works for another."""

    role: str


@dataclass(frozen=True, slots=True)
class Member:
    """A tutor in the admins' list. ``named`` is set where the operator's settings name them."""

    tutor: Tutor
    named: bool


def ensure_admins(tx: Tx, ids: Collection[int], now: datetime) -> None:
    """Make those admins whom the settings name."""
    roles.name_admins(tx, ids)
    for chat_id in sorted(ids):
        roles.add(tx, Tutor(chat_id, "", admin=True, added_at=now))


def new_claim(tx: Tx, *, role: str, now: datetime, lifetime: timedelta, code: str) -> None:
    """Remember a link that gives ``role`` to the first person who opens it. Only a hash of its code is kept."""
    roles.add_claim(tx, code_hash=_hashed(code), role=role, expires_at=now + lifetime)


def _hashed(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def claim(tx: Tx, chat_id: int, *, name: str, code: str, now: datetime) -> Claimed | HadRole:
    """Take the role that a link gives. Gone where the link is unknown, used or too old."""
    offered = roles.claim_role(tx, code_hash=_hashed(code), now=now)
    if offered is None:
        raise Gone("claim")
    held = roles.role_of(tx, chat_id)
    if held is not None and (held == "admin" or held == offered):
        return HadRole(held)
    if roles.use_claim(tx, code_hash=_hashed(code), now=now) is None:
        raise Gone("claim")
    roles.add(tx, Tutor(chat_id, name, admin=offered == "admin", added_at=now))
    roles.rename(tx, chat_id, name)
    return Claimed(offered)


def as_tutor(tx: Tx, chat_id: int, name: str) -> Tutor:
    """Return the tutor of a chat, under the name that they go by now. NotAllowed for anybody else."""
    tutor = roles.get(tx, chat_id)
    if tutor is None:
        raise NotAllowed("tutor")
    if name and tutor.name != name:
        roles.rename(tx, chat_id, name)
    return tutor


def as_admin(tx: Tx, chat_id: int, name: str) -> Tutor:
    """Return the admin of a chat. NotAllowed for anybody else, tutors included."""
    tutor = roles.get(tx, chat_id)
    if tutor is None or not tutor.admin:
        raise NotAllowed("admin")
    return as_tutor(tx, chat_id, name)


def everyone(tx: Tx) -> list[Member]:
    """Return all tutors in the order they came."""
    named = roles.named_admins(tx)
    return [Member(tutor, tutor.chat_id in named) for tutor in roles.everyone(tx)]


def member(tx: Tx, chat_id: int) -> Member:
    """Return one tutor. Gone where there is none."""
    tutor = roles.get(tx, chat_id)
    if tutor is None:
        raise Gone("tutor")
    return Member(tutor, chat_id in roles.named_admins(tx))


def may_be_removed(who: Member, *, by: int) -> bool:
    """Tell whether an admin may take a role away: not their own, and not one that the settings give."""
    return not who.named and who.tutor.chat_id != by


def remove(tx: Tx, chat_id: int, *, by: int) -> Member:
    """Take a role away; the classes wait for the same person to come back. NotAllowed where that is refused."""
    who = member(tx, chat_id)
    if not may_be_removed(who, by=by):
        raise NotAllowed("admin")
    roles.remove(tx, chat_id)
    return who
