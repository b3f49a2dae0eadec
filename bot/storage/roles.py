"""Tutors, admins and the one-time links that make them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from bot.storage.tables import claim, setting, tutor
from bot.storage.tx import Tx

NAMED_ADMINS = "named_admins"

_ONE = select(tutor.c.admin).where(tutor.c.chat_id == bindparam("chat"))


@dataclass(frozen=True, slots=True)
class Tutor:
    """Somebody who may run classes; an admin may also make tutors."""

    chat_id: int
    name: str
    admin: bool
    added_at: datetime


def role_of(tx: Tx, chat_id: int) -> str | None:
    """Return ``admin``, ``tutor`` or None."""
    admin = tx.execute(_ONE, {"chat": chat_id}).scalar()
    if admin is None:
        return None
    return "admin" if admin else "tutor"


def get(tx: Tx, chat_id: int) -> Tutor | None:
    """Return one tutor or admin."""
    row = tx.execute(select(tutor).where(tutor.c.chat_id == chat_id)).one_or_none()
    return None if row is None else Tutor(row.chat_id, row.name, row.admin, row.added_at)


def rename(tx: Tx, chat_id: int, name: str) -> None:
    """Keep the name that a tutor goes by now."""
    tx.execute(update(tutor).where(tutor.c.chat_id == chat_id).values(name=name))


def name_admins(tx: Tx, chat_ids: Collection[int]) -> None:
    """Remember whom the operator's settings name as admins: nobody can remove them in the chat."""
    tx.upsert(setting, {"name": NAMED_ADMINS, "value": sorted(chat_ids)}, key=["name"])


def named_admins(tx: Tx) -> frozenset[int]:
    """Return whom the operator's settings name as admins."""
    found = tx.execute(select(setting.c.value).where(setting.c.name == NAMED_ADMINS)).scalar()
    return frozenset(found or ())


def add(tx: Tx, value: Tutor) -> None:
    """Make somebody a tutor, or raise a tutor to admin; never takes a role away."""
    if tx.insert_new(
        tutor,
        {"chat_id": value.chat_id, "name": value.name, "admin": value.admin, "added_at": value.added_at},
        key=["chat_id"],
    ):
        return
    if value.admin:
        tx.execute(update(tutor).where(tutor.c.chat_id == value.chat_id).values(admin=True))


def remove(tx: Tx, chat_id: int) -> bool:
    """Take the role away; False where there was none."""
    if chat_id in (named := named_admins(tx)):
        name_admins(tx, named - {chat_id})
    return tx.execute(delete(tutor).where(tutor.c.chat_id == chat_id)).rowcount == 1


def everyone(tx: Tx) -> list[Tutor]:
    """Return all tutors in the order they came."""
    rows = tx.execute(select(tutor).order_by(tutor.c.added_at, tutor.c.chat_id))
    return [Tutor(row.chat_id, row.name, row.admin, row.added_at) for row in rows]


def has_admin(tx: Tx) -> bool:
    """Tell whether anybody was made an admin through a link."""
    return bool(tx.execute(select(func.count()).select_from(tutor).where(tutor.c.admin.is_(True))).scalar_one())


def add_claim(tx: Tx, *, code_hash: str, role: str, expires_at: datetime) -> None:
    """Remember a one-time link by the hash of its code."""
    tx.execute(claim.insert(), {"code_hash": code_hash, "role": role, "expires_at": expires_at})


def claim_role(tx: Tx, *, code_hash: str, now: datetime) -> str | None:
    """Return the role that a link would give, without spending it; None where it is unknown, used or too old."""
    row = tx.execute(select(claim).where(claim.c.code_hash == code_hash)).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= now:
        return None
    return str(row.role)


def use_claim(tx: Tx, *, code_hash: str, now: datetime) -> str | None:
    """Spend a link and return the role it gives; None where it is unknown, used or too old."""
    row = tx.execute(select(claim).where(claim.c.code_hash == code_hash).with_for_update()).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= now:
        return None
    tx.execute(update(claim).where(claim.c.code_hash == code_hash).values(used_at=now))
    return str(row.role)


def sweep_claims(tx: Tx, *, now: datetime) -> int:
    """Delete links that have run out."""
    return tx.execute(delete(claim).where(claim.c.expires_at < now)).rowcount
