"""Which terms a learner looked up: what was looked up will be asked later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from datetime import datetime
from functools import cache

from sqlalchemy import Text, bindparam, delete, literal, select, update

from bot.storage.prepared import Prepared
from bot.storage.tables import Moment, learner, looked_up
from bot.storage.tx import Tx, dialect_insert


def record(tx: Tx, chat_id: int, term_id: str, *, now: datetime) -> None:
    """Count one opened card of a learner; nothing happens where the chat is none, or is being erased."""
    tx.changes(_counted(tx.connection.dialect.name), {"chat": chat_id, "term": term_id, "now": now})


@cache
def _counted(dialect: str) -> Prepared:
    """Look for the learner and count in one statement: this is written with most replies."""
    columns = looked_up.c
    who = select(learner.c.chat_id, bindparam("term", type_=Text), literal(1), bindparam("now", type_=Moment))
    insert = dialect_insert(dialect, looked_up).from_select(
        [columns.chat_id, columns.term_id, columns.times, columns.last_at],
        who.where(learner.c.chat_id == bindparam("chat")).with_for_update(),
    )
    return Prepared(
        insert.on_conflict_do_update(
            index_elements=[columns.chat_id, columns.term_id],
            set_={"times": columns.times + 1, "last_at": insert.excluded.last_at},
        )
    )


def take_back(tx: Tx, chat_id: int, term_id: str) -> None:
    """Undo one opened card, when the text was an answer after all."""
    mine = (looked_up.c.chat_id == chat_id) & (looked_up.c.term_id == term_id)
    tx.execute(delete(looked_up).where(mine, looked_up.c.times <= 1))
    tx.execute(update(looked_up).where(mine).values(times=looked_up.c.times - 1))


_OF_LEARNER = select(looked_up.c.term_id, looked_up.c.times).where(looked_up.c.chat_id == bindparam("chat"))


def of_learner(tx: Tx, chat_id: int) -> dict[str, int]:
    """Return how often a learner opened each term's card."""
    rows = tx.execute(_OF_LEARNER, {"chat": chat_id})
    return {row.term_id: row.times for row in rows}


_OF_LEARNERS = select(looked_up.c.chat_id, looked_up.c.term_id).where(
    looked_up.c.chat_id.in_(bindparam("chats", expanding=True))
)


def of_learners(tx: Tx, chat_ids: Collection[int]) -> Mapping[int, Set[str]]:
    """Return the terms whose cards each of some learners opened."""
    found: dict[int, set[str]] = {chat_id: set() for chat_id in chat_ids}
    for row in tx.execute(_OF_LEARNERS, {"chats": list(chat_ids)}):
        chat_id, term_id = tuple(row)
        found[chat_id].add(term_id)
    return found


def erase_chat(tx: Tx, chat_id: int) -> None:
    """Delete the look-ups of a chat."""
    tx.execute(delete(looked_up).where(looked_up.c.chat_id == chat_id))
