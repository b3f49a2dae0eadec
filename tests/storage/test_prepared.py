"""Prepared statements do what the engine would do with them, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from sqlalchemy import Dialect, bindparam, create_engine, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from bot import storage
from bot.domain.errors import StorageUnavailable
from bot.domain.learner import Learner
from bot.storage import Store, Tx, learners, open_store
from bot.storage.migrate import migrate
from bot.storage.prepared import Prepared, _Compiled
from bot.storage.tables import conversation, learner, outbox

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEA = Learner(
    chat_id=5,
    zone="Europe/London",
    plan_start=date(2026, 11, 20),
    next_due=NOW,
    second_reader=True,
    days_off=frozenset({6}),
)
ALL = select(learner).order_by(learner.c.chat_id)


async def with_lea(store: Store) -> None:
    await store.write(lambda tx: learners.add(tx, LEA, now=NOW))


async def test_a_row_says_what_the_engine_says_of_it(store: Store) -> None:
    await with_lea(store)

    def both(tx: Tx) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        return [row._asdict() for row in tx.rows(Prepared(ALL), {})], [row._asdict() for row in tx.execute(ALL)]

    prepared, executed = await store.read(both)
    assert prepared == executed
    assert prepared[0]["next_due"] == NOW
    assert prepared[0]["second_reader"] is True


async def test_what_a_statement_says_itself_is_converted_like_what_it_is_given(store: Store) -> None:
    await with_lea(store)
    later = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    move = Prepared(
        update(learner)
        .where(learner.c.chat_id == bindparam("chat"), learner.c.next_due == NOW)
        .values(next_due=later, plan_start=bindparam("start"), paused_on=bindparam("paused"))
    )
    given = {"chat": 5, "start": date(2026, 11, 24), "paused": None}
    assert await store.write(lambda tx: tx.changes(move, given)) == 1
    assert await store.write(lambda tx: tx.changes(move, given)) == 0
    assert await store.read(lambda tx: learners.get(tx, 5)) == replace(
        LEA, next_due=later, plan_start=date(2026, 11, 24)
    )


async def test_json_and_truth_go_in_and_come_out(store: Store) -> None:
    values = {"chat_id": 5, "version": 1, "step_data": {"name": "Zoë", "days": [1, 2]}, "reading": None}
    found = Prepared(select(conversation))

    def work(tx: Tx) -> Any:
        assert tx.insert_new(conversation, values, key=["chat_id"])
        return tx.row(found, {})

    row = await store.write(work)
    assert (row.step_data, row.reading) == (values["step_data"], None)


async def test_nothing_found_is_none(store: Store) -> None:
    assert await store.read(lambda tx: tx.row(Prepared(ALL), {})) is None


async def test_many_rows_are_changed_in_one_go(store: Store) -> None:
    await store.write(lambda tx: [learners.add(tx, replace(LEA, chat_id=each), now=NOW) for each in range(1, 8)])
    due = {each: datetime(2026, 11, 23 + each, 9, tzinfo=UTC) for each in range(1, 7)}
    moved = [replace(LEA, chat_id=each, next_due=at) for each, at in due.items()]
    await store.write(lambda tx: learners.move_on(tx, moved))
    rows = await store.read(lambda tx: tx.rows(Prepared(ALL), {}))
    assert {row.chat_id: row.next_due for row in rows} == {**due, 7: NOW}


async def test_trouble_is_said_as_the_engine_says_it_and_without_what_somebody_wrote(store: Store) -> None:
    insert = Prepared(conversation.insert(), columns=["chat_id", "version", "step"])

    def work(tx: Tx) -> None:
        for _ in range(2):
            tx.changes(insert, {"chat_id": 5, "version": 1, "step": "a secret"})

    with pytest.raises(IntegrityError) as caught:
        await store.write(work)
    assert "a secret" not in str(caught.value).replace(str(caught.value.orig), "")
    assert await store.read(lambda tx: tx.rows(Prepared(select(conversation)), {})) == []


async def test_a_database_that_is_away_is_unavailable(store: Store) -> None:
    def work(tx: Tx) -> None:
        tx.rows(Prepared(ALL), {})
        raise OperationalError("SELECT", None, Exception("gone"))

    with pytest.raises(StorageUnavailable):
        await store.write(work)
    await with_lea(store)  # and the next transaction is a new one


async def test_a_write_on_a_reader_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    migrate(url)
    store = open_store(url)
    insert = Prepared(conversation.insert(), columns=["chat_id", "version"])
    with pytest.raises(StorageUnavailable, match="readonly"):
        await store.read(lambda tx: tx.changes(insert, {"chat_id": 5, "version": 1}))
    await store.close()


def test_a_list_as_a_parameter_is_not_possible() -> None:
    among = Prepared(select(outbox.c.id).where(outbox.c.id.in_(bindparam("ids", expanding=True))))
    with create_engine("sqlite://").connect() as connection, pytest.raises(TypeError, match="cannot be prepared"):
        among.rows(connection, {"ids": [1]})


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_every_prepared_statement_of_the_storage_can_be_compiled(dialect: Dialect) -> None:
    modules = [import_module(found.name) for found in walk_packages(storage.__path__, "bot.storage.")]
    prepared = [value for module in modules for value in vars(module).values() if isinstance(value, Prepared)]
    assert len(prepared) > 10
    for statement in prepared:
        assert _Compiled(statement._statement, dialect, statement._columns).text
