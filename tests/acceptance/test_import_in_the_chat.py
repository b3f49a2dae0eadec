"""A tutor imports a topic page in the chat, over real HTTP: text or file, report, preview, yes, and undo."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot import operations
from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from knowledge.lint import lint
from knowledge.lint.lock import check_lock, read_lock
from knowledge.loader import DEFAULT_COURSE, load, load_course
from tests.acceptance.classroom import follow, join, make_class
from tests.acceptance.conftest import StartTutor, Tutor, ask, press
from tests.acceptance.test_tutor_roles import invite

PAGE = """Parcels that arrive late

Topic Synopsis
Depots promise a day and an hour. Here you find out what they owe people when a van breaks down on the way.

Key Terms
- Zorbing slot: The hour in which a van has promised to ring the bell.
- Quillbox (QBX): A locked box at the gate where a parcel waits for its owner.
- NPS: A score about vans.
- Flumpet

Revision Tips
- Draw the route of one parcel before you write a word about it.

Common Mistakes
- Thinking that a tracking number moves the van.

Famous Depots
- Leeds has the largest one.
"""
FULL = """Parcels that arrive lateHome

    Topic Synopsis

    Depots promise a day and an hour. Here you find out what they owe people when a van breaks down on the way.

    Parcels that arrive late

    2
    Key Skills

    Key Concepts

    The ideas that hold it all up

    • **Zorbing slot:** The hour in which a van has promised to ring the bell.
    • **Quillbox (QBX):** A locked box at the gate where a parcel waits for its owner.

    Assessment Guidance

    Advice for people who aim high

    • 📌Draw the route of one parcel before you write a word about it.
"""


async def send_file(person: Person, content: bytes, name: str = "late-parcels.md") -> Message:
    """Send a file and return what is said to it."""
    person.read_all()
    await person.send_document(content, name)
    return await person.next_message(30)


async def import_page(person: Person, text: str = PAGE) -> Message:
    """Go as far as the report."""
    await ask(person, "/import")
    person.read_all()
    await person.say(text)
    return await person.next_message(30)


async def a_tutor(tutor: Tutor, admin: Person, name: str = "Mr Bell") -> Person:
    """Somebody whom the admin has made a tutor."""
    teacher = tutor.person(name)
    await follow(teacher, await invite(admin))
    return teacher


async def test_a_pasted_page_is_reported_previewed_added_and_found_at_once(tutor: Tutor) -> None:
    admin = await tutor.admin()
    teacher = await a_tutor(tutor, admin)
    link = await make_class(teacher)
    inside, outside = tutor.person("Aisha"), tutor.person("Ben")
    await join(inside, link)
    assert "not in this unit" in (await ask(inside, "zorbing slot")).text

    explained = await ask(teacher, "/import")
    assert explained.text.startswith("Send me a topic page.")
    assert "Key Terms" in explained.text
    report = await ask(teacher, PAGE)
    for words in (
        "Parcels that arrive late",
        "Found: 4 key terms, 1 tip, 1 common mistake.",
        "New: 2 terms and 1 tip.",
        "“Net Promoter Score",
        "Flumpet: only a name",
        "1 common mistake: each needs example answers",
        "Headings I do not know: “Famous Depots”",
    ):
        assert words in report.text, report.text
    shown = await press(teacher, "Look at them")
    assert "Draft 1 of 3" in shown.text
    assert "The hour in which a van has promised to ring the bell." in shown.text
    assert "Added by your tutor, not reviewed yet." in shown.text
    assert "QBX" in (await press(teacher, "Next")).text
    assert "A tip from your tutor" in (await press(teacher, "Next")).text
    assert "not in this unit" in (await ask(inside, "zorbing slot")).text
    added = await press(teacher, "Add 3 drafts")
    assert added.text.startswith("Added: 3 drafts from “Parcels that arrive late”.")
    assert "Learners in your class find them" in added.text

    card = await ask(inside, "what is a zorbing slot")
    assert card.text.startswith("Zorbing slot")
    assert card.text.endswith("Added by your tutor, not reviewed yet.")
    assert (await ask(inside, "qbx")).text.startswith("Quillbox (QBX)")
    assert "not in this unit" in (await ask(outside, "zorbing slot")).text
    assert (await ask(teacher, "zorbing slot")).text.startswith("Zorbing slot")
    assert "not in this unit" in (await ask(admin, "zorbing slot")).text


async def test_undo_brings_back_what_was_there_and_the_list_says_so(tutor: Tutor) -> None:
    admin = await tutor.admin()
    before = (await ask(admin, "zorbing slot")).text
    await import_page(admin)
    added = await press(admin, "Add 3 drafts")
    assert "Everybody finds them" in added.text
    assert (await ask(tutor.person("Aisha"), "zorbing slot")).text.startswith("Zorbing slot")
    assert (await press(admin, "Undo")).text.startswith("Taken back.")
    assert (await ask(admin, "zorbing slot")).text == before
    listed = (await ask(admin, "/imports")).text
    assert "3 drafts · taken back" in listed
    await import_page(admin)
    await press(admin, "Add 3 drafts")
    listed = await ask(admin, "/imports")
    assert "3 drafts · for everyone" in listed.text
    assert "Taken back: Parcels" in (await press(admin, "Undo: Parcels")).text
    assert (await ask(admin, "zorbing slot")).text == before


async def test_the_same_page_again_brings_nothing_new(tutor: Tutor) -> None:
    admin = await tutor.admin()
    first = await import_page(admin)
    await import_page(admin)
    await press(admin, "Add 3 drafts")
    again = await import_page(admin)
    assert "There is nothing new on this page." in again.text
    assert not any(button.startswith("Add") for button in again.buttons)
    admin.press(first, "Add 3 drafts")
    await admin.wait_for(lambda message: message.text.startswith("Nothing new on this page."), 8)
    assert (await ask(admin, "/imports")).text.count("3 drafts") == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PAGE.encode(), "page.md"),
        (b"\xef\xbb\xbf" + FULL.encode(), "page.txt"),
        (FULL.replace("📌", "").encode("cp1252"), "PAGE.TXT"),
    ],
    ids=["compact, UTF-8", "whole page, UTF-8 with a mark", "whole page, Windows-1252"],
)
async def test_a_file_is_read_in_either_layout(tutor: Tutor, content: bytes, name: str) -> None:
    admin = await tutor.admin()
    await ask(admin, "/import")
    report = await send_file(admin, content, name)
    assert "New: 2 terms and 1 tip." in report.text, report.text
    await press(admin, "Add 3 drafts")
    assert (await ask(admin, "zorbing slot")).text.startswith("Zorbing slot")


async def test_a_file_that_nobody_asked_for_is_offered(tutor: Tutor) -> None:
    admin = await tutor.admin()
    offered = await send_file(admin, PAGE.encode())
    assert offered.text.startswith("Is this a topic page?")
    report = await press(admin, "Read it")
    assert "New: 2 terms and 1 tip." in report.text
    await send_file(admin, PAGE.encode())
    assert "nothing was imported" in (await press(admin, "No")).text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7 \x00\x01", "page.pdf", "I read .txt and .md files."),
        (b"PK\x03\x04\x00\x00", "page.txt", "It is not plain text."),
        (PAGE.encode("utf-16"), "page.txt", "It is not plain text."),
        (b"- x\n" * 70_000, "page.txt", "It is larger than 256 KB."),
        (b"Dear all,\nthe staff room is closed.\n", "page.txt", "none of the headings I know"),
        (b"\n" * 6_000 + b"Key Terms\n" + b"- a b\n" * 5_001, "page.txt", "more than 5,000 lines"),
        (b"", "page.txt", "There is nothing in it."),
    ],
)
async def test_what_is_no_topic_page_is_refused_with_the_reason(
    tutor: Tutor, content: bytes, name: str, said: str
) -> None:
    admin = await tutor.admin()
    await ask(admin, "/import")
    answer = await send_file(admin, content, name)
    assert answer.text.startswith("I cannot read that as a topic page.")
    assert said in answer.text
    assert "New:" in (await ask(admin, PAGE)).text


async def test_a_text_that_was_cut_into_messages_is_put_together(tutor: Tutor) -> None:
    admin = await tutor.admin()
    terms = "\n".join(f"- Zorb{letter}: {'A thing that vans carry to the gate. ' * 8}" for letter in "abcdefghijklmnop")
    await ask(admin, "/import")
    admin.read_all()
    await admin.say(f"Key Terms\n{terms}\n\nRevision Tips\n- Draw the route of one parcel.")
    first = await admin.next_message(30)
    assert "waiting for the rest" in first.text
    report = await admin.wait_for(lambda message: "New:" in message.text, 15)
    assert "16 key terms, 1 tip" in report.text
    await ask(admin, "/import")
    assert "waiting for the rest" in (await ask(admin, f"Key Terms\n{terms}"[:3_900])).text
    assert "Found:" in (await press(admin, "That was all")).text


async def test_a_page_waits_through_a_restart_and_no_longer_than_a_day(start_tutor: StartTutor) -> None:
    tutor = await start_tutor()
    admin = await tutor.admin()
    await import_page(admin)
    await tutor.restart()
    assert "Draft 1 of 3" in (await press(admin, "Look at them")).text
    await tutor.later(timedelta(hours=25))
    gone = await press(admin, "Add 3 drafts")
    assert gone.text.startswith("That page no longer waits")
    assert "/import" in gone.text
    assert "not in this unit" in (await ask(admin, "zorbing slot")).text


async def test_two_presses_add_once_and_a_cancelled_page_says_what_to_do(tutor: Tutor) -> None:
    admin = await tutor.admin()
    report = await import_page(admin)
    admin.press(report, "Add 3 drafts")
    admin.press(report, "Add 3 drafts")
    await admin.wait_for(lambda message: message.text.startswith("Added: 3"), 8)
    await asyncio.sleep(0.3)
    assert (await ask(admin, "/imports")).text.count("3 drafts") == 1
    await press(admin, "Undo")
    second = await import_page(admin)
    await press(admin, "Cancel")
    assert second.text.startswith("Fine, nothing was imported.")
    assert not second.buttons


async def test_drafts_are_filed_under_another_topic_on_request(tutor: Tutor) -> None:
    admin = await tutor.admin()
    await import_page(admin)
    topics = await press(admin, "Another topic")
    chosen = topics.buttons[2]
    assert f"file it under {chosen}." in (await press(admin, chosen)).text
    left = await press(admin, "All that is left out")
    assert "Leeds has the largest one" in left.text
    await press(admin, "Back to the report")
    assert (await press(admin, "Add 3 drafts")).text.startswith("Added: 3 drafts")


async def test_an_admin_promotes_a_tutors_page_for_everyone(tutor: Tutor) -> None:
    admin = await tutor.admin()
    teacher = await a_tutor(tutor, admin)
    await import_page(teacher)
    added = await press(teacher, "Add 3 drafts")
    assert "You have no class yet, so only you find them." in added.text
    assert (await ask(teacher, "zorbing slot")).text.startswith("Zorbing slot")
    learner = tutor.person("Aisha")
    assert "not in this unit" in (await ask(learner, "zorbing slot")).text
    assert "Promote" not in " ".join((await ask(teacher, "/imports")).buttons)
    listed = await ask(admin, "/imports")
    assert "by Mr Bell · 3 drafts · for their classes" in listed.text
    assert "For everyone from now on" in (await press(admin, "Promote: Parcels")).text
    assert (await ask(learner, "zorbing slot")).text.startswith("Zorbing slot")


async def test_learners_cannot_import_and_are_told_so_kindly(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    assert (await ask(aisha, "/import")).text.startswith("That is for tutors.")
    assert (await ask(aisha, "/imports")).text.startswith("That is for tutors.")
    assert "cannot open files from learners" in (await send_file(aisha, PAGE.encode())).text


async def test_a_file_that_telegram_does_not_hand_over_is_asked_for_again(tutor: Tutor) -> None:
    admin = await tutor.admin()
    await ask(admin, "/import")
    tutor.world.faults.add("bad_gateway", method="getFile", count=1)
    assert "could not fetch that file" in (await send_file(admin, PAGE.encode())).text
    assert "New:" in (await send_file(admin, PAGE.encode())).text


async def test_what_was_added_comes_back_as_content_files(
    tutor: Tutor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = await tutor.admin()
    teacher = await a_tutor(tutor, admin)
    await make_class(teacher, "Class of secrets")
    await import_page(teacher)
    await press(teacher, "Add 3 drafts")
    out = tmp_path / "out"
    assert await operations.export_additions(tutor.settings(), out=out, force=False) == 0
    assert "3 additions" in capsys.readouterr().out
    course = tmp_path / "course"
    shutil.copytree(DEFAULT_COURSE, course)
    shutil.copytree(out, course, dirs_exist_ok=True)
    found = {each.name: each for each in load_course(course).terms}
    assert found["Quillbox"].abbreviations == ("QBX",)
    assert not found["Quillbox"].confirmed
    assert run_lint_problems(course) == set()  # as of the packaged course, which has tests of its own
    written = "".join(file.read_text() for file in out.rglob("*-from-tutors.yaml"))
    assert not any(name in written for name in ("Carter", "Bell", "secrets", str(teacher.id), str(admin.id)))
    assert await operations.export_additions(tutor.settings(), out=out, force=False) == 1
    assert "There already" in capsys.readouterr().err
    assert await operations.export_additions(tutor.settings(), out=out, force=True) == 0


def run_lint_problems(root: Path) -> set[str]:
    """What the lint says of a course, the record of ids included, whatever the line."""
    loaded = load(root)
    problems = [*loaded.problems, *lint(loaded.course), *check_lock(loaded.course, read_lock(root / "ids.lock"))]
    return {f"{problem.id}: {problem.message}" for problem in problems}


async def test_a_tutor_who_is_removed_while_a_page_is_waited_for_is_let_go(tutor: Tutor) -> None:
    admin, sam = await tutor.admin(), tutor.person("Sam")
    await follow(sam, await invite(admin))
    await ask(sam, "/import")
    assert "/cancel leaves this" in (await ask(sam, "what is nps")).text
    await ask(admin, "/tutors")
    await press(admin, "Remove Sam")
    await press(admin, "Remove")
    assert (await ask(sam, "what is nps")).text.startswith("That is for tutors")
    assert (await ask(sam, "what is nps")).text.startswith("Net Promoter Score")
