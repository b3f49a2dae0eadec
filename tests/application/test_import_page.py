"""A tutor's topic page as a use case, on both engines: what is read, what waits, what is added and taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.application import import_page
from bot.application.export_learner import export
from bot.application.import_page import Added, NotAPage, NothingNew, ReadPage, Waiting, read_page, refused_file, text_of
from bot.application.live_course import CoursesFromStore, LiveCourse
from bot.domain.errors import Gone
from bot.storage import Store, Tx, erasure, overlay, page_imports
from knowledge.loader import load_course
from knowledge.overlay import NewTerm
from tests.application.classroom import NOON, OTHER_TUTOR, TUTOR, at, make_class, make_tutor

SMALL = LiveCourse(load_course(Path(__file__).resolve().parents[1] / "delivery" / "small_course"), revision=0)
ADMIN = 800
PAGE = """Parcels

Key Terms
- Zorbing slot: The hour in which a van has promised to ring the bell.
- Flumpet: A note on the door when nobody was in.

Revision Tips
- Draw the route of one parcel before you write about it.

Famous Depots
- Leeds has the largest one.
"""


def read(text: str = PAGE, live: LiveCourse = SMALL) -> ReadPage:
    """Read a page that can be read."""
    page = read_page(live, text, name="page")
    assert isinstance(page, ReadPage)
    return page


async def keep(store: Store, *, author: int = TUTOR, text: str = PAGE, live: LiveCourse = SMALL) -> Waiting:
    """Keep a page until its author decides."""
    page = read(text, live)
    return await store.write(lambda tx: import_page.keep(tx, author, page, now=NOON))


def add(tx: Tx, number: int, *, author: int = TUTOR, admin: bool = False, live: LiveCourse = SMALL) -> Added:
    """Add a page that has something new."""
    outcome = import_page.add(tx, live, author, number, admin=admin, now=NOON)
    assert isinstance(outcome, Added)
    return outcome


async def current(courses: CoursesFromStore, *tutors: int) -> LiveCourse:
    """The course of somebody who learns with some tutors, as the next message would see it."""
    revision = await courses.store.read(overlay.revision)
    return await courses.current(revision, tutors)


@pytest.fixture
def courses(store: Store) -> CoursesFromStore:
    """The small course over a store without additions."""
    return CoursesFromStore(store, SMALL, admins=frozenset())


async def test_a_page_that_waits_reads_as_it_was_kept(store: Store) -> None:
    kept = await keep(store)
    found = await store.write(lambda tx: import_page.waiting(tx, TUTOR, kept.id, now=at(23)))
    assert found == kept
    assert found.page.headings == ("Famous Depots",)
    assert len(found.page.drafts) == 3


async def test_a_page_waits_for_its_author_for_a_day(store: Store) -> None:
    kept = await keep(store)
    for chat_id, now in ((OTHER_TUTOR, NOON), (TUTOR, at(25))):
        with pytest.raises(Gone, match="import"):
            await store.write(lambda tx, c=chat_id, n=now: import_page.waiting(tx, c, kept.id, now=n))
    assert await store.write(lambda tx: import_page.sweep(tx, now=at(25))) == 1
    assert await store.write(lambda tx: import_page.sweep(tx, now=at(25))) == 0


async def test_a_tutors_drafts_are_for_their_classes_and_an_admins_for_everyone(
    store: Store, courses: CoursesFromStore
) -> None:
    kept = await keep(store)
    await store.write(lambda tx: add(tx, kept.id))
    assert "term.zorbing-slot" in (await current(courses, TUTOR)).terms
    assert "term.zorbing-slot" not in (await current(courses, OTHER_TUTOR)).terms
    assert await current(courses, OTHER_TUTOR) is SMALL
    others = await keep(store, author=ADMIN, text=PAGE.replace("Zorbing", "Wobbling"))
    await store.write(lambda tx: add(tx, others.id, author=ADMIN, admin=True))
    assert {"term.zorbing-slot", "term.wobbling-slot"} <= set((await current(courses, TUTOR)).terms)
    assert "term.wobbling-slot" in (await current(courses)).terms


async def test_drafts_are_unconfirmed_and_bring_no_question(store: Store, courses: CoursesFromStore) -> None:
    kept = await keep(store)
    await store.write(lambda tx: add(tx, kept.id))
    live = await current(courses, TUTOR)
    assert live.course.questions is SMALL.course.questions
    assert not live.terms["term.zorbing-slot"].confirmed
    assert not live.terms["term.flumpet"].confirmed


async def test_undo_restores_exactly_what_was_there(store: Store, courses: CoursesFromStore) -> None:
    first = await keep(store, text="Key Terms\n- Gate bell: A bell at the gate.")
    await store.write(lambda tx: add(tx, first.id))
    before = await current(courses, TUTOR)
    second = await keep(store, live=before)
    added = await store.write(lambda tx: add(tx, second.id, live=before))
    assert (await current(courses, TUTOR)).course != before.course
    await store.write(lambda tx: import_page.undo(tx, TUTOR, added.id, admin=False, now=NOON))
    assert (await current(courses, TUTOR)).course == before.course
    with pytest.raises(Gone, match="import"):
        await store.write(lambda tx: import_page.undo(tx, TUTOR, added.id, admin=False, now=NOON))


async def test_only_the_author_or_an_admin_takes_a_page_back(store: Store) -> None:
    kept = await keep(store)
    added = await store.write(lambda tx: add(tx, kept.id))
    with pytest.raises(Gone, match="import"):
        await store.write(lambda tx: import_page.undo(tx, OTHER_TUTOR, added.id, admin=False, now=NOON))
    await store.write(lambda tx: import_page.undo(tx, ADMIN, added.id, admin=True, now=NOON))


async def test_a_second_yes_adds_nothing_and_says_the_same(store: Store) -> None:
    kept = await keep(store)
    first = await store.write(lambda tx: add(tx, kept.id))
    assert await store.write(lambda tx: add(tx, kept.id)) == first
    assert len(await store.read(overlay.live)) == 3


async def test_what_came_in_meanwhile_is_left_out(store: Store, courses: CoursesFromStore) -> None:
    kept, same = await keep(store), await keep(store)
    longer = await keep(store, text=PAGE + "\n\nKey Concepts\n- Gate bell: A bell at the gate.")
    await store.write(lambda tx: add(tx, kept.id))
    live = await current(courses, TUTOR)
    outcome = await store.write(lambda tx: import_page.add(tx, live, TUTOR, same.id, admin=False, now=NOON))
    assert outcome == NothingNew("Parcels")
    assert (await store.write(lambda tx: add(tx, longer.id, live=live))).number == 1


async def test_two_tutors_drafts_of_one_name_stay_two_and_equal_ones_share_an_id(
    store: Store, courses: CoursesFromStore
) -> None:
    for author, text in ((TUTOR, PAGE), (OTHER_TUTOR, PAGE.replace("ring the bell", "knock")), (ADMIN, PAGE)):
        kept = await keep(store, author=author, text=text)
        await store.write(lambda tx, k=kept, a=author: add(tx, k.id, author=a))
    both = (await current(courses, TUTOR, OTHER_TUTOR)).terms
    assert both["term.zorbing-slot"].definition.endswith("ring the bell.")
    assert both["term.zorbing-slot-2"].definition.endswith("knock.")
    assert "term.flumpet-2" not in both
    assert "term.zorbing-slot-2" not in (await current(courses, TUTOR, ADMIN)).terms


async def test_a_promoted_page_counts_for_everyone(store: Store, courses: CoursesFromStore) -> None:
    kept = await keep(store)
    added = await store.write(lambda tx: add(tx, kept.id))
    await store.write(lambda tx: import_page.promote(tx, added.id))
    assert "term.flumpet" in (await current(courses)).terms
    await store.write(lambda tx: import_page.undo(tx, TUTOR, added.id, admin=False, now=NOON))
    with pytest.raises(Gone, match="import"):
        await store.write(lambda tx: import_page.promote(tx, added.id))


async def test_a_draft_that_was_reviewed_into_the_files_is_over(store: Store) -> None:
    kept = await keep(store)
    await store.write(lambda tx: add(tx, kept.id))
    draft = next(each.item for each in kept.page.drafts if isinstance(each, NewTerm))
    reviewed = draft.model_copy(update={"definition": "The hour that was promised.", "confirmed": True})
    course = SMALL.course.model_copy(update={"terms": (*SMALL.course.terms, reviewed)})
    newer = CoursesFromStore(store, LiveCourse(course, revision=0), admins=frozenset())
    live = await current(newer, TUTOR)
    assert live.terms[draft.id].definition == "The hour that was promised."
    assert "term.flumpet" in live.terms


async def test_classes_with_the_same_additions_share_one_course(store: Store, courses: CoursesFromStore) -> None:
    kept = await keep(store)
    await store.write(lambda tx: add(tx, kept.id))
    one, other = await current(courses, TUTOR), await current(courses, TUTOR, OTHER_TUTOR)
    assert one is other
    assert one.marker is SMALL.marker


async def test_drafts_move_to_another_topic_with_their_ids(store: Store) -> None:
    other = SMALL.course.topics[0].model_copy(update={"id": "zz", "name": "Vans"})
    live = LiveCourse(SMALL.course.model_copy(update={"topics": (*SMALL.course.topics, other)}), revision=0)
    kept = await keep(store)
    moved = await store.write(lambda tx: import_page.file_under(tx, live, TUTOR, kept.id, "zz", now=NOON))
    assert {draft.item.topic for draft in moved.page.drafts} == {"zz"}
    assert moved.page.drafts[-1].item.id.startswith("tip.zz.draw")
    with pytest.raises(Gone, match="import"):
        await store.write(lambda tx: import_page.file_under(tx, live, TUTOR, kept.id, "gone", now=NOON))


async def test_the_list_shows_live_pages_first_a_few_at_a_time(store: Store) -> None:
    await store.write(lambda tx: make_tutor(tx, TUTOR, name="Mr Bell"))
    numbers = []
    for place in range(7):
        kept = await keep(store, text=PAGE.replace("Zorbing", f"Zorb{place}"))
        numbers.append((await store.write(lambda tx, k=kept: add(tx, k.id))).id)
    await store.write(lambda tx: import_page.undo(tx, TUTOR, numbers[6], admin=False, now=NOON))
    first = await store.read(lambda tx: import_page.listing(tx, TUTOR, admin=False, page=0))
    last = await store.read(lambda tx: import_page.listing(tx, TUTOR, admin=False, page=9))
    assert [row.page.id for row in (*first.rows, *last.rows)] == [*reversed(numbers[:6]), numbers[6]]
    assert (first.pages, last.page, first.rows[0].author) == (2, 1, None)
    seen = await store.read(lambda tx: import_page.listing(tx, ADMIN, admin=True, page=0))
    assert seen.rows[0].author == "Mr Bell"
    nothing = await store.read(lambda tx: import_page.listing(tx, OTHER_TUTOR, admin=False, page=0))
    assert nothing.rows == ()


async def test_a_discarded_page_is_gone_and_an_added_one_cannot_be_discarded(store: Store) -> None:
    kept, other = await keep(store), await keep(store)
    await store.write(lambda tx: add(tx, other.id))
    for number in (kept.id, other.id, 9_999):
        await store.write(lambda tx, n=number: import_page.discard(tx, TUTOR, n))
    states = [each.state for each in await store.read(lambda tx: page_imports.of_author(tx, TUTOR))]
    assert states == ["added"]


async def test_the_number_of_a_forgotten_page_never_means_another(store: Store) -> None:
    kept = await keep(store)
    await store.write(lambda tx: import_page.sweep(tx, now=at(25)))
    assert (await keep(store)).id != kept.id


async def test_a_copy_of_my_data_names_my_pages_and_erasing_me_forgets_whose_they_were(store: Store) -> None:
    await store.write(lambda tx: make_tutor(tx, TUTOR))
    await store.write(make_class)
    added, _waits = await keep(store), await keep(store)
    await store.write(lambda tx: add(tx, added.id))
    mine = json.loads(await store.read(lambda tx: export(tx, SMALL, TUTOR)))["topic_pages_you_sent"]
    assert [(page["stands"], page["drafts_added"]) for page in mine] == [("added", 3), ("waiting", 0)]
    await store.write(lambda tx: erasure.erase(tx, TUTOR, now=NOON))
    assert await store.read(lambda tx: page_imports.of_author(tx, TUTOR)) == []
    rows = (await store.read(lambda tx: import_page.listing(tx, ADMIN, admin=True, page=0))).rows
    assert [(row.page.id, row.author) for row in rows] == [(added.id, "somebody who is no tutor any more")]


async def test_a_file_on_offer_becomes_the_page_that_was_read_from_it(store: Store) -> None:
    number = await store.write(lambda tx: import_page.offer(tx, TUTOR, file_id="F", name="page.md", size=9, now=NOON))
    file = await store.write(lambda tx: import_page.offered(tx, TUTOR, number, now=NOON))
    assert (file["file"], file["name"]) == ("F", "page.md")
    kept = await store.write(lambda tx: import_page.keep(tx, TUTOR, read(), now=NOON, instead_of=number))
    assert kept.id != number
    with pytest.raises(Gone, match="import"):
        await store.write(lambda tx: import_page.offered(tx, TUTOR, number, now=NOON))


@pytest.mark.parametrize(
    ("name", "size", "why"),
    [
        ("page.md", 10, None),
        ("PAGE.TXT", 256 * 1024, None),
        ("page.md", 256 * 1024 + 1, "large"),
        ("a.docx", 1, "ending"),
    ],
)
def test_a_file_is_judged_by_its_name_and_size_before_it_is_fetched(name: str, size: int, why: str | None) -> None:
    refused = refused_file(name, size)
    assert (refused.why if refused else None) == why


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Key Terms", "Key Terms"),
        (b"\xef\xbb\xbfKey Terms", "Key Terms"),
        ("– “é”".encode(), "– “é”"),
        ("– “é” £".encode("cp1252"), "– “é” £"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NotAPage("binary")),
        ("Key Terms".encode("utf-16"), NotAPage("binary")),
        (b"\x81\x8d\xff", NotAPage("binary")),
        (b"x" * (256 * 1024 + 1), NotAPage("large")),
    ],
)
def test_files_of_every_usual_encoding_are_read_and_others_refused(raw: bytes, text: str | NotAPage) -> None:
    assert text_of(raw) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "empty"), (" \n", "empty"), ("Dear all", "headings"), ("- x\n" * 5_001, "long"), ("x" * 300_000, "large")],
)
def test_what_is_no_page_is_refused_with_a_reason(text: str, why: str) -> None:
    assert read_page(SMALL, text, name="page") == NotAPage(why)  # type: ignore[arg-type]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reading_fail(raw: bytes) -> None:
    text = text_of(raw)
    if isinstance(text, str):
        assert isinstance(read_page(SMALL, text, name="page"), ReadPage | NotAPage)


@given(
    st.lists(
        st.sampled_from(["Key Terms", "Revision Tips", "Common Mistakes", "- A: B", "- a b c", "Odd", "", "é: É"]),
        max_size=12,
    )
)
def test_each_line_of_a_page_is_accounted_for(lines: list[str]) -> None:
    page = read_page(SMALL, "\n".join(lines), name="page")
    if isinstance(page, ReadPage):
        found = sum(page.found.values())
        assert found == len(page.drafts) + len(page.known) + len(page.unfit)


def test_waiting_lasts_a_day() -> None:
    assert timedelta(hours=24) == import_page.WAITS
