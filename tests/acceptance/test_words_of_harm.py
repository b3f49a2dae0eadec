"""Words of harm bring a kind reply wherever somebody writes them: behind a command, under a picture, in an edit."""

from __future__ import annotations

import pytest

from tests.acceptance.classroom import follow
from tests.acceptance.conftest import Tutor, ask, press
from tests.acceptance.test_import_in_the_chat import PAGE
from tests.acceptance.test_tutor_roles import invite

HARM = "I want to die"
KIND = "I have not kept or passed on what you wrote"
ABOUT_ABUSE = PAGE.replace(
    "Revision Tips", "- Refusal note: A line that says why abuse at home is reported.\n\nRevision Tips"
)


@pytest.mark.parametrize("command", ["/help", "/start", "/practise", "/term", "/nonsense", "/cancel"])
async def test_behind_a_command(tutor: Tutor, command: str) -> None:
    aisha = tutor.person("Aisha")
    assert KIND in (await ask(aisha, f"{command} {HARM}")).text


async def test_under_a_picture_and_a_file(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await aisha.send_photo(b"picture", caption=HARM)
    assert KIND in (await aisha.next_message(30)).text
    await aisha.send_document(b"text", "notes.txt", caption=HARM)
    assert KIND in (await aisha.next_message(30)).text


async def test_in_an_edit_and_in_a_role_play(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    first = await aisha.say("nps")
    await aisha.next_message(30)
    await aisha.edit(first, HARM)
    assert KIND in (await aisha.next_message(30)).text
    await ask(aisha, "/roleplay")
    await press(aisha, aisha.last.buttons[0])
    await press(aisha, "Begin")
    assert KIND in (await ask(aisha, HARM)).text


async def test_from_somebody_outside_every_class(tutor: Tutor) -> None:
    await tutor.restart(open_to="class")
    stranger = tutor.person("Dana")
    assert KIND in (await ask(stranger, HARM)).text
    assert "invited classes" in (await ask(stranger, "nps")).text


async def test_a_tutors_page_may_name_what_it_teaches_about(tutor: Tutor) -> None:
    teacher = tutor.person("Sam")
    await follow(teacher, await invite(await tutor.admin()))
    assert KIND in (await ask(teacher, ABOUT_ABUSE)).text
    await ask(teacher, "/import")
    assert "Parcels that arrive late" in (await ask(teacher, ABOUT_ABUSE)).text
    await press(teacher, "Cancel")
    assert "Parcels that arrive late" in (await ask(teacher, f"/import\n{ABOUT_ABUSE}")).text
    await ask(teacher, "/import")
    assert KIND in (await ask(teacher, HARM)).text
