"""What tutors added to the course at run time, and the revision that tells processes to read it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.storage.tables import overlay_entry, setting
from bot.storage.tx import Tx

REVISION = "content_revision"

_REVISION = select(setting.c.value).where(setting.c.name == bindparam("setting_name"))


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One addition: ``entry`` is the JSON of :mod:`knowledge.overlay`; without a cohort it is live for everybody."""

    id: int
    entry: Mapping[str, Any]
    author: int | None
    cohort_id: int | None
    created_at: datetime


def revision(tx: Tx) -> int:
    """Return the number that moves with every change of the overlay."""
    return int(tx.execute(_REVISION, {"setting_name": REVISION}).scalar() or 0)


def _move_revision(tx: Tx) -> None:
    tx.upsert(setting, {"name": REVISION, "value": revision(tx) + 1}, key=["name"])


def add(tx: Tx, *, entry: Mapping[str, Any], author: int, cohort_id: int | None, now: datetime) -> int:
    """Write an entry and move the revision."""
    key = tx.execute(
        overlay_entry.insert(),
        {"entry": dict(entry), "author": author, "cohort_id": cohort_id, "created_at": now},
    ).inserted_primary_key
    assert key is not None
    _move_revision(tx)
    return int(key[0])


def undo(tx: Tx, entry_id: int, *, now: datetime) -> bool:
    """Take an entry back; what was there before shows again."""
    undone = tx.execute(
        update(overlay_entry)
        .where(overlay_entry.c.id == entry_id, overlay_entry.c.undone_at.is_(None))
        .values(undone_at=now)
    ).rowcount
    if undone:
        _move_revision(tx)
    return undone == 1


def live(tx: Tx) -> list[StoredEntry]:
    """Return the entries that count, in the order they were made."""
    rows = tx.execute(select(overlay_entry).where(overlay_entry.c.undone_at.is_(None)).order_by(overlay_entry.c.id))
    return [StoredEntry(row.id, row.entry, row.author, row.cohort_id, row.created_at) for row in rows]


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Keep what a tutor added, forget by whom."""
    tx.execute(update(overlay_entry).where(overlay_entry.c.author == chat_id).values(author=None))
