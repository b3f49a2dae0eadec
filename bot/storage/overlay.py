"""What tutors added to the course at run time, and the revision that tells processes to read it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.storage.tables import overlay_entry, setting
from bot.storage.tx import Tx

REVISION = "content_revision"

OWN_CLASSES = 0
"""Stands in place of a cohort where an addition counts in every class of its author."""

_REVISION = select(setting.c.value).where(setting.c.name == bindparam("setting_name"))
_REVISION_HELD = select(setting.c.value).where(setting.c.name == REVISION).with_for_update()


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One addition: ``entry`` is the JSON of :mod:`knowledge.overlay`; without a cohort it is live for everybody.

    With any cohort, or with :data:`OWN_CLASSES`, it counts for its author and in every class of theirs.
    """

    id: int
    entry: Mapping[str, Any]
    author: int | None
    cohort_id: int | None
    created_at: datetime


def revision(tx: Tx) -> int:
    """Return the number that moves with every change of the overlay."""
    return int(tx.execute(_REVISION, {"setting_name": REVISION}).scalar() or 0)


def hold(tx: Tx) -> int:
    """Keep everybody else from changing the overlay until this transaction ends, and return its revision."""
    tx.insert_new(setting, {"name": REVISION, "value": 0}, key=["name"])
    return int(tx.execute(_REVISION_HELD).scalar_one())


def _move_revision(tx: Tx) -> None:
    """Two changes at once move it twice: a process that has read the first must see that there is a second."""
    tx.upsert(setting, {"name": REVISION, "value": hold(tx) + 1}, key=["name"])


def add(tx: Tx, *, entry: Mapping[str, Any], author: int, cohort_id: int | None, now: datetime) -> int:
    """Write an entry and move the revision."""
    return add_all(tx, entries=[entry], author=author, cohort_id=cohort_id, now=now)[0]


def add_all(
    tx: Tx, *, entries: Sequence[Mapping[str, Any]], author: int, cohort_id: int | None, now: datetime
) -> list[int]:
    """Write entries that belong together, move the revision once, and return their ids in order."""
    ids = []
    for entry in entries:
        values = {"entry": dict(entry), "author": author, "cohort_id": cohort_id, "created_at": now}
        key = tx.execute(overlay_entry.insert(), values).inserted_primary_key
        assert key is not None
        ids.append(int(key[0]))
    _move_revision(tx)
    return ids


def undo(tx: Tx, entry_id: int, *, now: datetime) -> bool:
    """Take an entry back; what was there before shows again."""
    return undo_all(tx, [entry_id], now=now) == 1


def undo_all(tx: Tx, entry_ids: Sequence[int], *, now: datetime) -> int:
    """Take entries back together, and return how many of them counted until now."""
    undone = tx.execute(
        update(overlay_entry)
        .where(overlay_entry.c.id.in_(entry_ids), overlay_entry.c.undone_at.is_(None))
        .values(undone_at=now)
    ).rowcount
    if undone:
        _move_revision(tx)
    return undone


def promote(tx: Tx, entry_ids: Sequence[int]) -> None:
    """Make entries count for everybody."""
    tx.execute(update(overlay_entry).where(overlay_entry.c.id.in_(entry_ids)).values(cohort_id=None))
    _move_revision(tx)


def live(tx: Tx) -> list[StoredEntry]:
    """Return the entries that count, in the order they were made."""
    rows = tx.execute(select(overlay_entry).where(overlay_entry.c.undone_at.is_(None)).order_by(overlay_entry.c.id))
    return [StoredEntry(row.id, row.entry, row.author, row.cohort_id, row.created_at) for row in rows]


def of_author(tx: Tx, chat_id: int) -> list[StoredEntry]:
    """Return the entries of one person that count, in the order they were made."""
    return [each for each in live(tx) if each.author == chat_id]


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Keep what a tutor added, forget by whom."""
    tx.execute(update(overlay_entry).where(overlay_entry.c.author == chat_id).values(author=None))
