"""Tutors and admins: named in the settings, or made by a link that works once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application import claim_role
from bot.application.claim_role import Claimed, HadRole
from bot.domain.errors import Gone, NotAllowed
from bot.storage import Store, Tx, erasure, roles, tables
from tests.application.classroom import NOON, at, make_tutor

ADMIN, NEW, ANOTHER = 1, 2, 3
HOUR = timedelta(hours=1)


def offer(tx: Tx, role: str, code: str = "secret") -> None:
    """Write a claim link that lasts an hour."""
    claim_role.new_claim(tx, role=role, now=NOON, lifetime=HOUR, code=code)


async def test_a_claim_link_makes_one_admin_and_no_second(store: Store) -> None:
    def work(tx: Tx) -> None:
        offer(tx, "admin")
        assert claim_role.claim(tx, NEW, name="Sam", code="secret", now=at(0.5)) == Claimed("admin")
        assert roles.role_of(tx, NEW) == "admin"
        with pytest.raises(Gone, match="claim"):
            claim_role.claim(tx, ANOTHER, name="Kit", code="secret", now=at(0.6))
        assert roles.role_of(tx, ANOTHER) is None

    await store.write(work)


async def test_a_claim_link_is_dead_after_its_time_and_a_guess_opens_nothing(store: Store) -> None:
    def work(tx: Tx) -> None:
        offer(tx, "admin")
        for code, now in (("secret", at(1)), ("guess", at(0))):
            with pytest.raises(Gone, match="claim"):
                claim_role.claim(tx, NEW, name="Sam", code=code, now=now)

    await store.write(work)


async def test_the_code_itself_is_not_kept(store: Store) -> None:
    def work(tx: Tx) -> str:
        offer(tx, "admin", "secret")
        return str(tx.execute(tables.claim.select()).all())

    assert "secret" not in await store.write(work)


async def test_somebody_who_has_the_role_does_not_use_the_link_up(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx, ADMIN, admin=True)
        offer(tx, "tutor")
        assert claim_role.claim(tx, ADMIN, name="Ms Carter", code="secret", now=NOON) == HadRole("admin")
        assert claim_role.claim(tx, NEW, name="Sam", code="secret", now=NOON) == Claimed("tutor")

    await store.write(work)


async def test_a_tutor_can_become_an_admin(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx, NEW)
        offer(tx, "admin")
        assert claim_role.claim(tx, NEW, name="Sam", code="secret", now=NOON) == Claimed("admin")
        assert roles.role_of(tx, NEW) == "admin"

    await store.write(work)


async def test_those_whom_the_settings_name_are_admins_and_cannot_be_removed(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx, NEW, admin=True)
        claim_role.ensure_admins(tx, {ADMIN}, NOON)
        claim_role.ensure_admins(tx, {ADMIN}, at(1))
        assert [(each.tutor.chat_id, each.named) for each in claim_role.everyone(tx)] == [(ADMIN, True), (NEW, False)]
        with pytest.raises(NotAllowed):
            claim_role.remove(tx, ADMIN, by=NEW)
        assert roles.role_of(tx, ADMIN) == "admin"

    await store.write(work)


async def test_an_admin_no_longer_named_can_be_removed(store: Store) -> None:
    def work(tx: Tx) -> None:
        claim_role.ensure_admins(tx, {ADMIN, NEW}, NOON)
        claim_role.ensure_admins(tx, {ADMIN}, at(1))
        claim_role.remove(tx, NEW, by=ADMIN)
        assert roles.role_of(tx, NEW) is None

    await store.write(work)


async def test_nobody_removes_themselves(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx, NEW, admin=True)
        with pytest.raises(NotAllowed):
            claim_role.remove(tx, NEW, by=NEW)

    await store.write(work)


async def test_only_tutors_are_tutors_and_only_admins_are_admins(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx, NEW)
        assert claim_role.as_tutor(tx, NEW, "Sam").chat_id == NEW
        with pytest.raises(NotAllowed, match="admin"):
            claim_role.as_admin(tx, NEW, "Sam")
        with pytest.raises(NotAllowed, match="tutor"):
            claim_role.as_tutor(tx, ANOTHER, "Kit")

    await store.write(work)


async def test_a_tutor_goes_by_the_name_that_telegram_shows_now(store: Store) -> None:
    def work(tx: Tx) -> None:
        claim_role.ensure_admins(tx, {ADMIN}, NOON)
        claim_role.as_admin(tx, ADMIN, "Ms Shah")
        assert claim_role.member(tx, ADMIN).tutor.name == "Ms Shah"

    await store.write(work)


async def test_erasing_an_admin_whom_the_settings_name_leaves_no_trace(store: Store) -> None:
    def work(tx: Tx) -> None:
        claim_role.ensure_admins(tx, {ADMIN, NEW}, NOON)
        erasure.erase(tx, ADMIN, now=NOON)
        assert roles.get(tx, ADMIN) is None
        assert roles.named_admins(tx) == {NEW}

    await store.write(work)
