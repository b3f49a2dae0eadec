"""Look-ups that found nothing, without the people who asked.

A row carries a ``mark`` of the only person who asked so far, made by whoever calls; it is emptied as soon as a second
person has asked, and from then on the row is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, func, select, update

from bot.storage.tables import missed
from bot.storage.tx import Tx

ANSWERED, DISMISSED = "answered", "dismissed"


@dataclass(frozen=True, slots=True)
class Missed:
    """What two people or more looked for and did not find: a question's ``text``, or ``terms`` nobody compared yet."""

    id: int
    text: str | None
    terms: tuple[str, str] | None
    times: int
    last_at: datetime


def note(
    tx: Tx, key: str, *, text: str | None, terms: Sequence[str] | None, mark: Callable[[str], str], now: datetime
) -> None:
    """Count one look-up that found nothing. ``mark`` gives the asker's mark for a key.

    What was dismissed stays so. What was answered counts anew: the answer did not reach these learners.
    """
    first = {"text": text, "terms": terms, "times": 1, "mark": mark(key), "last_at": now}
    if tx.insert_new(missed, {"key": key, **first}, key=["key"]):
        return
    row = tx.execute(select(missed).where(missed.c.key == key).with_for_update()).one_or_none()
    if row is None or row.settled_as == DISMISSED:  # swept in this moment, or dealt with
        return
    changes: dict[str, object] = {"times": row.times + 1, "last_at": now}
    if row.settled_as == ANSWERED:
        changes = {**first, "settled_as": None, "entry_id": None}
    elif row.mark != first["mark"]:
        changes["mark"] = None
    tx.execute(update(missed).where(missed.c.id == row.id).values(changes))


_SHOWN = missed.c.mark.is_(None) & missed.c.settled_as.is_(None)


def shown(tx: Tx, *, offset: int, limit: int) -> list[Missed]:
    """Return a part of what two people or more missed and nobody has dealt with, the most wanted first."""
    rows = tx.execute(
        select(missed)
        .where(_SHOWN)
        .order_by(missed.c.times.desc(), missed.c.last_at.desc(), missed.c.id)
        .offset(offset)
        .limit(limit)
    )
    return [_missed(row) for row in rows]


def count_shown(tx: Tx) -> int:
    """Count what waits for a tutor."""
    return int(tx.execute(select(func.count()).select_from(missed).where(_SHOWN)).scalar_one())


def get(tx: Tx, missed_id: int, *, lock: bool = False) -> Missed | None:
    """Return one that waits for a tutor; with ``lock`` nobody else deals with it at the same time."""
    query = select(missed).where(_SHOWN, missed.c.id == missed_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _missed(row)


def settle(tx: Tx, missed_id: int, how: str, *, entry_id: int | None, now: datetime) -> None:
    """Take one off the list: answered by an entry of the overlay, or dismissed."""
    values = {"settled_as": how, "entry_id": entry_id, "last_at": now}
    tx.execute(update(missed).where(missed.c.id == missed_id).values(values))


def entry_of(tx: Tx, missed_id: int) -> int | None:
    """Return the overlay's entry that answered one; None where none does."""
    found: int | None = tx.execute(
        select(missed.c.entry_id).where(missed.c.id == missed_id, missed.c.settled_as == ANSWERED)
    ).scalar()
    return found


def reopen(tx: Tx, missed_id: int) -> None:
    """Put one back on the list."""
    tx.execute(update(missed).where(missed.c.id == missed_id).values(settled_as=None, entry_id=None))


def forget_asker(tx: Tx, mark: Callable[[str], str]) -> None:
    """Delete what nobody but this person asked, which their mark tells."""
    waiting = tx.execute(select(missed.c.id, missed.c.key, missed.c.mark).where(missed.c.mark.is_not(None)))
    theirs = [row.id for row in waiting if row.mark == mark(row.key)]
    for start in range(0, len(theirs), 500):
        tx.execute(delete(missed).where(missed.c.id.in_(theirs[start : start + 500])))


def sweep(tx: Tx, *, now: datetime, keep: timedelta, limit: int = 1000) -> int:
    """Delete what was last asked, or was dealt with, longer ago than ``keep``."""
    old = select(missed.c.id).where(missed.c.last_at < now - keep).order_by(missed.c.last_at).limit(limit)
    return tx.execute(delete(missed).where(missed.c.id.in_(old))).rowcount


def _missed(row: Row[tuple[object, ...]]) -> Missed:
    terms = None if row.terms is None else (str(row.terms[0]), str(row.terms[1]))
    return Missed(row.id, row.text, terms, row.times, row.last_at)
