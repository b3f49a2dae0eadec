"""Becoming a tutor or an admin, over real HTTP."""

from __future__ import annotations

import re

import pytest

from bot import bootstrap
from bot.clock import Clock
from bot.sandbox.people import Person
from bot.storage import open_store
from tests.acceptance.classroom import follow, until
from tests.acceptance.conftest import StartTutor, Tutor, ask, press


def claim_payload(text: str) -> str:
    """Return the payload of the claim link in a text."""
    found = re.search(r"start=(claim_[A-Za-z0-9_-]+)", text)
    assert found is not None, text
    return found[1]


async def invite(admin: Person) -> str:
    """Ask for a link for a new tutor and return its payload."""
    await ask(admin, "/tutors")
    return claim_payload((await press(admin, "Invite a tutor")).text)


async def test_an_invitation_makes_one_tutor_and_then_is_used_up(tutor: Tutor) -> None:
    admin, sam, kit = await tutor.admin(), tutor.person("Sam"), tutor.person("Kit")
    link = await invite(admin)
    assert (await follow(admin, link)).startswith("You are an admin already")
    assert (await follow(sam, link)).startswith("You are a tutor now")
    assert "used or is too old" in await follow(kit, link)
    assert (await press(sam, "New class")).text.startswith("What is the class called?")
    assert (await ask(sam, "/tutors")).text.startswith("That is for admins")
    assert (await ask(kit, "/classes")).text.startswith("That is for tutors")


async def test_a_tutor_is_removed_after_asking_once_more_and_the_admin_of_the_settings_stays(tutor: Tutor) -> None:
    admin, sam, kit = await tutor.admin(), tutor.person("Sam"), tutor.person("Kit")
    await follow(sam, await invite(admin))
    store = open_store(tutor.settings().store_url)
    link = claim_payload(await bootstrap.new_claim_link(store, Clock(), "bot"))
    await store.close()
    assert (await follow(kit, link)).startswith("You are an admin now")
    await ask(kit, "/tutors")
    assert "Ms Carter · admin · named in the settings" in kit.last.text
    assert "ADMIN_IDS" in (await press(kit, "Remove Ms Carter")).text
    await press(kit, "All tutors")
    assert (await press(kit, "Remove Sam")).text.startswith("Take the role from Sam?")
    assert "Sam is no longer a tutor" in (await press(kit, "Remove")).text
    assert (await ask(sam, "/classes")).text.startswith("That is for tutors")


async def test_a_first_start_prints_a_link_that_makes_the_admin(
    start_tutor: StartTutor, capsys: pytest.CaptureFixture[str]
) -> None:
    tutor = await start_tutor(admin_ids=frozenset())
    printed: list[str] = []
    await until(lambda: "claim_" in (printed.append(capsys.readouterr().out) or printed[-1]))
    carter = tutor.person("Ms Carter")
    assert (await follow(carter, claim_payload(printed[-1]))).startswith("You are an admin now")
    assert (await ask(carter, "/tutors")).text.startswith("Tutors and admins")
