"""The store: transactions on both engines, group commit, and what happens when work fails."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import StorageUnavailable
from bot.domain.learner import Learner
from bot.storage import Store, Tx, learners, open_store
from bot.storage.store import sqlite_engine

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def test_what_is_written_can_be_read(store: Store) -> None:
    someone = Learner(chat_id=5, zone="Europe/London", prompt_at=450, days_off=frozenset({5, 6}), next_due=NOW)
    await store.write(lambda tx: learners.add(tx, someone, now=NOW))
    assert await store.read(lambda tx: learners.get(tx, 5)) == someone


async def test_work_that_fails_leaves_nothing_behind(store: Store) -> None:
    def work(tx: Tx) -> None:
        learners.add(tx, Learner(chat_id=5, zone="UTC"), now=NOW)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await store.write(work)
    assert await store.read(lambda tx: learners.get(tx, 5)) is None


async def test_one_failing_function_does_not_undo_its_neighbours(store: Store) -> None:
    def work(number: int) -> None:
        def run(tx: Tx) -> int:
            learners.add(tx, Learner(chat_id=number, zone="UTC"), now=NOW)
            if number % 7 == 0:
                raise RuntimeError(str(number))
            return number

        return run  # type: ignore[return-value]  # a work function

    results = await asyncio.gather(*(store.write(work(n)) for n in range(1, 50)), return_exceptions=True)  # type: ignore[func-returns-value, arg-type]
    failed = {str(result) for result in results if isinstance(result, RuntimeError)}
    assert failed == {"7", "14", "21", "28", "35", "42", "49"}
    assert await store.read(learners.count) == 42


async def test_an_id_is_learnt_once_however_often_it_is_added(store: Store) -> None:
    first, second = Learner(chat_id=5, zone="Europe/London"), Learner(chat_id=5, zone="Asia/Dubai")
    await store.write(lambda tx: learners.add(tx, first, now=NOW))
    await store.write(lambda tx: learners.add(tx, second, now=NOW))
    kept = await store.read(lambda tx: learners.get(tx, 5))
    assert kept is not None
    assert kept.zone == "Europe/London"


async def test_the_due_are_found_by_their_moment(store: Store) -> None:
    for number in range(1, 6):
        due = None if number == 3 else NOW.replace(minute=number)
        someone = Learner(chat_id=number, zone="UTC", next_due=due)
        await store.write(lambda tx, someone=someone: learners.add(tx, someone, now=NOW))
    found = await store.write(lambda tx: learners.due(tx, now=NOW.replace(minute=4), limit=10))
    assert [each.chat_id for each in found] == [1, 2, 4]


async def test_a_database_that_another_program_holds_is_unavailable_and_then_there_again(
    sqlite_url: str,
) -> None:
    opened = open_store(sqlite_url)
    try:
        await opened.write(lambda tx: tx.execute(text("PRAGMA busy_timeout=50")))
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailable, match="locked"):
                await opened.write(lambda tx: learners.add(tx, Learner(chat_id=5, zone="UTC"), now=NOW))
        await opened.write(lambda tx: learners.add(tx, Learner(chat_id=5, zone="UTC"), now=NOW))
        assert await opened.read(learners.count) == 1
    finally:
        await opened.close()


def test_a_transaction_that_cannot_begin_fails_as_any_statement_does(sqlite_url: str) -> None:
    engine = sqlite_engine(sqlite_url, begin="BEGIN EXCLUSIVE")
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with engine.connect() as connection:
            dbapi: Any = connection.connection.dbapi_connection
            dbapi.execute("PRAGMA busy_timeout=50")
            with pytest.raises(SQLAlchemyError, match="locked"):
                connection.begin()
    engine.dispose()
