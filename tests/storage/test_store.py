"""The store: transactions on both engines, group commit, and what happens when work fails."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.domain.errors import StorageUnavailable
from bot.domain.learner import Learner
from bot.storage import Store, Tx, learners, open_store
from bot.storage.prepared import Prepared
from bot.storage.store import SqliteStore, sqlite_engine

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


async def test_what_need_not_be_durable_waits_for_company_only_while_little_happens(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.store.WAITS", 30.0)
    opened = open_store(sqlite_url)
    assert isinstance(opened, SqliteStore)
    groups: list[int] = []
    commit = opened._commit

    def counted(group: Sequence[Any]) -> bool:
        groups.append(len(group))
        return commit(group)

    monkeypatch.setattr(opened, "_commit", counted)
    held = threading.Event()
    try:
        await opened.write(lambda _tx: None)
        mark = asyncio.create_task(opened.write(lambda _tx: None, durable=False))
        await asyncio.sleep(0.1)
        assert not mark.done()  # nothing else happens: the next update takes it along
        await asyncio.gather(mark, opened.write(lambda _tx: None))
        assert groups == [1, 2]
        many = [asyncio.create_task(opened.write(lambda _tx: held.wait(5))) for _ in range(8)]
        await asyncio.sleep(0.1)
        held.set()
        await asyncio.gather(*many)
        await asyncio.wait_for(opened.write(lambda _tx: None, durable=False), 10)
        assert groups[-1] == 1  # it was busy a moment ago, so the mark did not wait
    finally:
        held.set()
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


async def test_a_rollback_that_fails_does_not_end_the_thread_that_writes(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'small.sqlite3'}")
    assert isinstance(store, SqliteStore)
    rolled_back, trouble = store._writer.rollback, [sqlite3.OperationalError("disk I/O error")]

    def rollback() -> None:
        if trouble:
            raise trouble.pop()
        rolled_back()

    store._writer.rollback = rollback  # type: ignore[method-assign]  # the disk fails just then
    with pytest.raises(RuntimeError, match="first"):
        await store.write(_failing("first"))
    for _ in range(2):
        with suppress(StorageUnavailable):
            await asyncio.wait_for(store.write(lambda tx: tx.execute(text("SELECT 1")).scalar()), 5)
    assert await asyncio.wait_for(store.write(lambda tx: tx.execute(text("SELECT 1")).scalar()), 5) == 1
    await store.close()


async def test_what_a_job_writes_after_an_error_that_it_swallowed_is_undone_with_the_rest(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'small.sqlite3'}")
    await store.write(lambda tx: tx.execute(text("CREATE TABLE seen (id INTEGER)")))
    await store.write(lambda tx: tx.execute(text("INSERT INTO seen VALUES (0)")))

    def work(tx: Tx) -> None:
        tx.changes(_SEEN, {"id": 1})
        with suppress(SQLAlchemyError):
            tx.execute(text("INSERT INTO seen VALUES (:id)"), {"other": 1})
        tx.changes(_SEEN, {"id": 2})
        raise RuntimeError("after all")

    with pytest.raises((RuntimeError, StorageUnavailable)):
        await store.write(work)
    assert await store.read(lambda tx: tx.execute(text("SELECT id FROM seen")).scalars().all()) == [0]
    await store.close()


async def test_a_lock_that_another_program_holds_is_waited_for_once_and_not_by_each(tmp_path: Path) -> None:
    path = tmp_path / "small.sqlite3"
    store = open_store(f"sqlite:///{path}")
    await store.write(lambda tx: tx.execute(text("CREATE TABLE seen (id INTEGER)")))
    assert isinstance(store, SqliteStore)
    dbapi: Any = store._writer.connection.dbapi_connection
    dbapi.execute("PRAGMA busy_timeout=300")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        jobs = [store.write(lambda tx: tx.execute(text("SELECT 1")).scalar()) for _ in range(20)]
        begun = asyncio.get_running_loop().time()
        results = await asyncio.gather(*jobs, return_exceptions=True)
        assert asyncio.get_running_loop().time() - begun < 3  # alone, each of them would wait 0.3 s
        other.execute("ROLLBACK")
    assert all(isinstance(result, StorageUnavailable) for result in results)
    await store.close()


@pytest.mark.postgres
async def test_a_connection_that_was_lost_while_it_was_idle_is_replaced_unnoticed(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_store(postgres_url)
    try:
        await opened.write(lambda tx: learners.add(tx, Learner(chat_id=5, zone="UTC"), now=NOW))
        await asyncio.to_thread(_end_other_connections, postgres_url)
        with pytest.raises(StorageUnavailable):  # used a moment ago, so nobody asked whether it still lives
            await opened.write(learners.count)
        assert await opened.write(learners.count) == 1
        await asyncio.to_thread(_end_other_connections, postgres_url)
        monkeypatch.setattr("bot.storage.store.TRUSTED", 0.0)
        assert await opened.write(learners.count) == 1
    finally:
        await opened.close()


def _end_other_connections(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        ended = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    engine.dispose()
    assert ended >= 1


async def test_what_is_only_read_leaves_nothing_open_in_between(store: Store) -> None:
    """Nor does it begin anything: each statement sees the last commit, on either engine."""
    written = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look(tx: Tx) -> tuple[int, int]:
        before = learners.count(tx)
        loop.call_soon_threadsafe(written.set)
        if not tx.exclusive:
            assert asyncio.run_coroutine_threadsafe(add(), loop).result(10) is None
        return before, learners.count(tx)

    async def add() -> None:
        await written.wait()
        await store.write(lambda tx: learners.add(tx, Learner(chat_id=5, zone="UTC"), now=NOW))

    assert await store.read(look) == ((0, 0) if store.exclusive else (0, 1))


_SEEN = Prepared(insert(Table("seen", MetaData(), Column("id", Integer))), columns=["id"])


def _failing(words: str) -> Callable[[Tx], None]:
    def work(_tx: Tx) -> None:
        raise RuntimeError(words)

    return work
