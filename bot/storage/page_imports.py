"""Topic pages that tutors sent: offered, waiting for a yes, added, or taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, delete, func, select, update

from bot.storage.tables import page_import
from bot.storage.tx import Tx

State = Literal["offered", "waiting", "added", "undone", "gone"]
"""``offered``: a file that has not been read; ``waiting``: drafts that nobody has agreed to yet.

What is ``gone`` keeps its row, empty: its number must not come to mean another page, for old buttons name it.
"""


@dataclass(frozen=True, slots=True)
class PageImport:
    """One page. ``body`` is the file or the drafts while it is undecided; ``entries`` are ids of the overlay."""

    id: int
    author: int | None
    name: str
    state: State
    body: Mapping[str, Any] | None
    entries: Sequence[int]
    everyone: bool
    created_at: datetime
    added_at: datetime | None
    undone_at: datetime | None


def add(tx: Tx, *, author: int, name: str, state: State, body: Mapping[str, Any], now: datetime) -> int:
    """Keep a page that somebody has to decide about."""
    key = tx.execute(
        page_import.insert(),
        {
            "author": author,
            "name": name,
            "state": state,
            "body": dict(body),
            "entries": [],
            "everyone": False,
            "created_at": now,
        },
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def get(tx: Tx, import_id: int) -> PageImport | None:
    """Return one page. It is held until the transaction ends, so that two presses cannot both decide."""
    query = select(page_import).where(page_import.c.id == import_id)
    row = tx.execute(query if tx.exclusive else query.with_for_update()).one_or_none()
    return None if row is None else PageImport(*tuple(row))


def change(tx: Tx, import_id: int, **values: Any) -> None:
    """Set some columns of a page."""
    tx.execute(update(page_import).where(page_import.c.id == import_id).values(**values))


def remove(tx: Tx, import_id: int) -> None:
    """Forget a page that was not added."""
    change(tx, import_id, state="gone", body=None, name="")


def decided(tx: Tx, *, author: int | None, offset: int, limit: int) -> tuple[list[PageImport], int]:
    """Return pages that were added, taken back or not, and how many there are: live ones first, then the newest.

    With an author only that person's. Their bodies are empty by then.
    """
    mine: list[ColumnElement[bool]] = [page_import.c.state.in_(("added", "undone"))]
    if author is not None:
        mine.append(page_import.c.author == author)
    live_first = case((page_import.c.state == "added", 0), else_=1)
    rows = tx.execute(
        select(page_import).where(*mine).order_by(live_first, page_import.c.id.desc()).offset(offset).limit(limit)
    )
    number = tx.execute(select(func.count()).select_from(page_import).where(*mine)).scalar_one()
    return [PageImport(*tuple(row)) for row in rows], int(number)


def of_author(tx: Tx, chat_id: int) -> list[PageImport]:
    """Return everything that somebody sent and that is not forgotten, oldest first."""
    mine = (page_import.c.author == chat_id) & (page_import.c.state != "gone")
    rows = tx.execute(select(page_import).where(mine).order_by(page_import.c.id))
    return [PageImport(*tuple(row)) for row in rows]


def sweep(tx: Tx, *, before: datetime) -> int:
    """Forget pages from before a moment that nobody decided about."""
    old = page_import.c.state.in_(("offered", "waiting")) & (page_import.c.created_at < before)
    return tx.execute(update(page_import).where(old).values(state="gone", body=None, name="")).rowcount


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Forget what is undecided; keep what was added, forget by whom."""
    mine = page_import.c.author == chat_id
    tx.execute(delete(page_import).where(mine, page_import.c.state.in_(("offered", "waiting", "gone"))))
    tx.execute(update(page_import).where(mine).values(author=None))
