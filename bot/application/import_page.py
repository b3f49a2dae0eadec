"""A tutor's topic page: read, previewed, added to the course as drafts, and taken back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.application.live_course import LiveCourse, readable
from bot.domain.errors import Gone
from bot.storage import Tx, cohorts, overlay, page_imports, roles
from bot.storage.overlay import OWN_CLASSES
from bot.storage.page_imports import PageImport
from knowledge.importer import Imported, Page, PagesRefused, read_pages
from knowledge.importing.entries import (
    Known,
    Unfit,
    filed_under,
    likely_topic,
    page_drafts,
    still_new,
    with_free_ids,
)
from knowledge.importing.lines import ItemKind, heading_text
from knowledge.overlay import Draft, NewTerm, NewTip, entry_from_json
from knowledge.schema import Term, Tip

LARGEST = 256 * 1024
"""Bytes of a page that somebody sends."""
ENDINGS = (".txt", ".md", ".markdown", ".text")
WAITS = timedelta(hours=24)
"""How long a page waits for a decision."""
ON_A_PAGE = 5
"""Imports listed at a time."""
LONGEST_NAME = 60

_HEADINGS_USED = ("the heading over", "the title")
"""How the importer's reasons begin where a line was used rather than lost."""
_UNKNOWN = "a heading that is not known"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class NotAPage:
    """What was sent cannot be imported. ``why`` names the reason."""

    why: Literal["ending", "large", "binary", "headings", "long", "empty"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line of which nothing was made."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that was read: what was found in it, what of that is new, and what was left out and why."""

    name: str
    topic: str
    found: Mapping[ItemKind, int]
    drafts: tuple[Draft, ...]
    known: tuple[Known, ...]
    unfit: tuple[Unfit, ...]
    headings: tuple[str, ...]
    """Headings that are not known. What stands under them is in ``dropped``."""
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that waits for a yes."""

    id: int
    page: ReadPage


@dataclass(frozen=True, slots=True)
class Added:
    """A page whose drafts can be looked up. ``classes`` counts the author's; ``everyone`` needs none."""

    id: int
    name: str
    number: int
    everyone: bool
    classes: int


@dataclass(frozen=True, slots=True)
class NothingNew:
    """Everything on the page is in the course by now."""

    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of imports. ``author`` is named where it is somebody else's."""

    page: PageImport
    author: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Some of the imports that were added, live ones first."""

    rows: tuple[Row, ...]
    page: int
    pages: int
    admin: bool


# ------------------------------------------------------------------------------------------------------------ reading


def refused_file(name: str, size: int) -> NotAPage | None:
    """Say why a file is not even fetched, judged by its name and its size in bytes."""
    if not name.lower().endswith(ENDINGS):
        return NotAPage("ending")
    return NotAPage("large") if size > LARGEST else None


def text_of(raw: bytes) -> str | NotAPage:
    """Decode a file: UTF-8 with or without a mark in front, or Windows-1252 as older editors write it."""
    if len(raw) > LARGEST:
        return NotAPage("large")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            return NotAPage("binary")
    return NotAPage("binary") if _CONTROL.search(text) else text


def read_page(live: LiveCourse, text: str, *, name: str) -> ReadPage | NotAPage:
    """Read a page and draft what it has. Takes up to a second for a long page, so not on the event loop."""
    if len(text.encode("utf-8", "replace")) > LARGEST:
        return NotAPage("large")
    if not text.strip():
        return NotAPage("empty")
    try:
        imported = read_pages([Page(name[:LONGEST_NAME], text)])
    except PagesRefused as error:
        return NotAPage(_why(str(error)))
    topic = likely_topic(live.course, imported)
    made = page_drafts(live.course, imported, topic)
    return ReadPage(
        name=imported.topics[0].name[:LONGEST_NAME],
        topic=topic,
        found=Counter(item.kind for item in imported.items),
        drafts=made.drafts,
        known=made.known,
        unfit=made.unfit,
        headings=_unknown_headings(imported),
        dropped=tuple(Dropped(drop.text, drop.why) for drop in imported.dropped if not _was_used(drop.why)),
    )


def _why(words: str) -> Literal["binary", "headings", "long"]:
    if "binary" in words or "UTF-8" in words:
        return "binary"
    return "long" if "lines" in words else "headings"


def _was_used(why: str) -> bool:
    return why.startswith(_HEADINGS_USED)


def _unknown_headings(imported: Imported) -> tuple[str, ...]:
    return tuple(heading_text(drop.text) for drop in imported.dropped if drop.why == _UNKNOWN)


# ----------------------------------------------------------------------------------------------------------- deciding


def offer(tx: Tx, chat_id: int, *, file_id: str, name: str, size: int, now: datetime) -> int:
    """Remember a file that may be a page, until its sender says whether to read it."""
    body = {"file": file_id, "name": name, "size": size}
    return page_imports.add(tx, author=chat_id, name=name[:LONGEST_NAME], state="offered", body=body, now=now)


def offered(tx: Tx, chat_id: int, import_id: int, *, now: datetime) -> Mapping[str, Any]:
    """Return the file that was offered: ``file`` (its id), ``name`` and ``size``. Gone where it no longer waits."""
    return _undecided(tx, chat_id, import_id, "offered", now=now)


def keep(tx: Tx, chat_id: int, page: ReadPage, *, now: datetime, instead_of: int | None = None) -> Waiting:
    """Keep a page until its sender has looked at it; ``instead_of`` the file that it was read from."""
    if instead_of is not None:
        page_imports.remove(tx, instead_of)
    number = page_imports.add(tx, author=chat_id, name=page.name, state="waiting", body=_as_json(page), now=now)
    return Waiting(number, page)


def waiting(tx: Tx, chat_id: int, import_id: int, *, now: datetime) -> Waiting:
    """Return a page that waits. Gone where it was decided, is older than a day, or is somebody else's."""
    return Waiting(import_id, _from_json(_undecided(tx, chat_id, import_id, "waiting", now=now)))


def _undecided(tx: Tx, chat_id: int, import_id: int, state: str, *, now: datetime) -> Mapping[str, Any]:
    found = page_imports.get(tx, import_id)
    if found is None or found.author != chat_id or found.state != state or now - found.created_at > WAITS:
        raise Gone("import")
    assert found.body is not None
    return found.body


def file_under(tx: Tx, live: LiveCourse, chat_id: int, import_id: int, topic: str, *, now: datetime) -> Waiting:
    """Put the drafts of a page under another topic."""
    if topic not in live.topics:
        raise Gone("import")
    page = waiting(tx, chat_id, import_id, now=now).page
    moved = replace(page, topic=topic, drafts=tuple(filed_under(draft, topic) for draft in page.drafts))
    page_imports.change(tx, import_id, body=_as_json(moved))
    return Waiting(import_id, moved)


def discard(tx: Tx, chat_id: int, import_id: int) -> None:
    """Forget a page that nobody has agreed to."""
    found = page_imports.get(tx, import_id)
    if found is not None and found.author == chat_id and found.state in ("offered", "waiting"):
        page_imports.remove(tx, import_id)


def add(tx: Tx, live: LiveCourse, chat_id: int, import_id: int, *, admin: bool, now: datetime) -> Added | NothingNew:
    """Add the drafts of a page: a tutor's for their classes, an admin's for everyone. A second press changes nothing.

    What the course has got since the page was read is left out.
    """
    found = page_imports.get(tx, import_id)
    if found is not None and found.author == chat_id and found.state == "added":
        return _added(tx, found)
    page = waiting(tx, chat_id, import_id, now=now).page
    new = still_new(live.course, page.drafts)
    drafts = with_free_ids(new, _ids_in_use(tx, live, {draft.item.id for draft in new}))
    if not drafts:
        page_imports.remove(tx, import_id)
        return NothingNew(page.name)
    entries = [draft.model_dump(mode="json", exclude_defaults=True) | {"kind": draft.kind} for draft in drafts]
    cohort_id = None if admin else OWN_CLASSES
    ids = overlay.add_all(tx, entries=entries, author=chat_id, cohort_id=cohort_id, now=now)
    page_imports.change(tx, import_id, state="added", body=None, entries=ids, everyone=admin, added_at=now)
    found = page_imports.get(tx, import_id)
    assert found is not None
    return _added(tx, found)


def _ids_in_use(tx: Tx, live: LiveCourse, wanted: Collection[str]) -> dict[str, Draft | None]:
    """Ids of the course and of everybody's drafts: two tutors' terms must stay two where somebody learns with both.

    Drafts are read where they have an id that is ``wanted``. The ids stay in use until the transaction ends.
    """
    overlay.hold(tx)
    course = live.course
    taken: dict[str, Draft | None] = {}
    for items in (course.terms, course.tips, course.questions, course.comparisons, course.misconceptions):
        taken |= dict.fromkeys((item.id for item in items), None)
    entries = [each for each in overlay.live(tx) if each.entry["kind"] in ("new_term", "new_tip")]
    taken |= dict.fromkeys(each.entry["item"]["id"] for each in entries)
    drafts = readable([each for each in entries if each.entry["item"]["id"] in wanted])
    return taken | {draft.item.id: draft for draft in drafts if isinstance(draft, Draft)}


def _added(tx: Tx, found: PageImport) -> Added:
    classes = 0 if found.author is None else len(cohorts.of_tutor(tx, found.author))
    return Added(found.id, found.name, len(found.entries), found.everyone, classes)


# ---------------------------------------------------------------------------------------------------------- afterwards


def undo(tx: Tx, chat_id: int, import_id: int, *, admin: bool, now: datetime) -> PageImport:
    """Take a page back: what was there before it shows again. Gone where it was, or belongs to somebody else."""
    found = _live(tx, import_id)
    if found.author != chat_id and not admin:
        raise Gone("import")
    overlay.undo_all(tx, found.entries, now=now)
    page_imports.change(tx, import_id, state="undone", undone_at=now)
    return found


def promote(tx: Tx, import_id: int) -> PageImport:
    """Make a tutor's page count for everyone. Only for admins. Gone where it was taken back."""
    found = _live(tx, import_id)
    if not found.everyone:
        overlay.promote(tx, found.entries)
        page_imports.change(tx, import_id, everyone=True)
    return found


def _live(tx: Tx, import_id: int) -> PageImport:
    found = page_imports.get(tx, import_id)
    if found is None or found.state != "added":
        raise Gone("import")
    return found


def listing(tx: Tx, chat_id: int, *, admin: bool, page: int) -> Listing:
    """List a tutor's imports; for an admin everybody's."""
    author = None if admin else chat_id
    _, number = page_imports.decided(tx, author=author, offset=0, limit=0)
    pages = max(1, -(-number // ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    found, _ = page_imports.decided(tx, author=author, offset=page * ON_A_PAGE, limit=ON_A_PAGE)
    rows = tuple(Row(each, _author(tx, each) if each.author != chat_id else None) for each in found)
    return Listing(rows, page, pages, admin)


def _author(tx: Tx, found: PageImport) -> str:
    tutor = None if found.author is None else roles.get(tx, found.author)
    return "somebody who is no tutor any more" if tutor is None else tutor.name or "a tutor"


def sweep(tx: Tx, *, now: datetime) -> int:
    """Forget pages that nobody decided about in time."""
    return page_imports.sweep(tx, before=now - WAITS)


# ------------------------------------------------------------------------------------------------------ in the database


def _as_json(page: ReadPage) -> dict[str, Any]:
    return {
        "name": page.name,
        "topic": page.topic,
        "found": dict(page.found),
        "drafts": [draft.model_dump(mode="json") for draft in page.drafts],
        "known": [list(each) for each in page.known],
        "unfit": [list(each) for each in page.unfit],
        "headings": list(page.headings),
        "dropped": [[drop.text, drop.why] for drop in page.dropped],
    }


def _from_json(body: Mapping[str, Any]) -> ReadPage:
    return ReadPage(
        name=body["name"],
        topic=body["topic"],
        found=body["found"],
        drafts=tuple(map(_draft, body["drafts"])),
        known=tuple(Known(*each) for each in body["known"]),
        unfit=tuple(Unfit(*each) for each in body["unfit"]),
        headings=tuple(body["headings"]),
        dropped=tuple(Dropped(*each) for each in body["dropped"]),
    )


def _draft(entry: Mapping[str, Any]) -> Draft:
    draft = entry_from_json(json.dumps(entry))
    assert isinstance(draft, Draft)
    return draft


def items(drafts: Sequence[Draft]) -> tuple[list[Term], list[Tip]]:
    """Return the terms and the tips among drafts."""
    terms = [draft.item for draft in drafts if isinstance(draft, NewTerm)]
    return terms, [draft.item for draft in drafts if isinstance(draft, NewTip)]
