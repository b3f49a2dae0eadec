"""The store: SQLite with one writer thread and group commit, or PostgreSQL with a small pool of threads."""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from bot.domain.errors import StorageUnavailable
from bot.storage.tx import Tx

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[Tx], T]

GROUP = 64
"""Functions committed together at most. A group costs one fsync, whatever its size."""
WAITS = 0.01
"""Seconds for which work that need not be durable waits for company, the mark of a reply for the next update, while so
little happens that it would be committed alone."""
TRUSTED = 2.0
"""Seconds for which a connection to PostgreSQL that was used is taken to be alive."""
CACHE = 16_384
"""Kilobytes of pages that a connection to SQLite keeps at most: what a tip to many touches at once has room."""


class Store(Protocol):
    """All that the rest of the code sees of the database."""

    exclusive: bool

    async def write(self, work: Work[T], *, durable: bool = True) -> T:
        """Run ``work`` in one transaction and return what it returns once that is on disk.

        Without ``durable`` a power cut may undo it, though a killed process may not: for what can safely be repeated.
        """

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` without writing."""

    async def time(self) -> tuple[datetime, float] | None:
        """Return the database's time and the monotonic seconds of this process at which it was that.

        None where the database has no clock of its own.
        """

    async def close(self) -> None:
        """Finish what is queued and close every connection."""


def open_store(url: str) -> Store:
    """Open the store that ``url`` names: ``sqlite:///path`` or ``postgresql+psycopg://...``."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteStore(url)
    return PostgresStore(url)


def sqlite_engine(url: str, *, begin: str | None, read_only: bool = False) -> Engine:
    """Return an engine whose transactions start with ``begin``; pysqlite's own handling is switched off.

    With None nothing is begun: every statement is a transaction of its own.
    """
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=5000",
            "foreign_keys=ON",
            f"cache_size=-{CACHE}",
            f"query_only={'ON' if read_only else 'OFF'}",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    if begin is not None:

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            dbapi: Any = connection.connection.dbapi_connection
            try:
                dbapi.execute(begin)  # past the engine's machinery, which costs more than the statement
            except sqlite3.OperationalError as error:
                raise OperationalError(begin, None, error) from error

    return engine


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    durable: bool
    result: Any = None
    error: BaseException | None = None


def _settle(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        if job.future.cancelled():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


def _as_ours(error: BaseException) -> BaseException:
    """Turn what the driver says of a lock, a lost connection or a full disk into :class:`StorageUnavailable`."""
    if isinstance(error, OperationalError | InternalError | PoolTimeout) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        unavailable = StorageUnavailable(str(getattr(error, "orig", None) or error))
        unavailable.__cause__ = error
        return unavailable
    return error


class SqliteStore:
    """One writer thread that owns the only writing connection; readers see the last commit.

    A read is a few rows of a local file and never waits for the writer, so it runs where it is asked for: a thread
    would cost more than the read. Each of its statements sees the last commit; what is decided on it is checked again
    by the write that records it. One writer also avoids SQLite's WAL-reset corruption, which needs two (and is fixed
    in 3.51.3).
    """

    exclusive = True

    def __init__(self, url: str) -> None:
        if (path := make_url(url).database) and path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._writer_engine = sqlite_engine(url, begin=None)
        self._writer = self._writer_engine.connect()
        self._reader_engine = sqlite_engine(url, begin=None, read_only=True)
        self._reader = self._reader_engine.connect()
        self._full = True
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_for_ever, name="store-write", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T], *, durable: bool = True) -> T:
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future(), durable)
        self._jobs.put(job)
        result: T = await job.future
        return result

    async def read(self, work: Work[T]) -> T:
        try:
            return work(Tx(self._reader, exclusive=True))
        except Exception as error:
            self._reader.rollback()
            raise _as_ours(error) from error

    async def time(self) -> None:
        """One process has one clock."""

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._writer.close()
        self._writer_engine.dispose()
        self._reader.close()
        self._reader_engine.dispose()

    def _write_for_ever(self) -> None:
        busy = closing = False
        while not closing and (first := self._jobs.get()) is not None:
            group = [first]
            closing = not self._gather(group)
            if not (closing or busy or first.durable or len(group) > 1):
                closing = not self._gather(group, wait=WAITS)
            busy = len(group) > 1
            self._run_group(group)

    def _gather(self, group: list[_Job], *, wait: float = 0.0) -> bool:
        """Add to a group what is there already, or what comes first within ``wait`` seconds and then is there.

        Return whether there will be more.
        """
        while len(group) < GROUP:
            try:
                job = self._jobs.get(timeout=wait) if wait else self._jobs.get_nowait()
            except queue.Empty:
                return True
            if job is None:
                return False
            group.append(job)
            wait = 0.0
        return True

    def _run_group(self, group: Sequence[_Job]) -> None:
        begun = self._commit(group)
        if begun and len(group) > 1 and any(job.error for job in group):
            for job in group:
                job.error = job.result = None
                self._commit([job])
        by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        for job in group:
            by_loop.setdefault(job.loop, []).append(job)
        for loop, jobs in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, jobs)

    def _commit(self, group: Sequence[_Job]) -> bool:
        """Run a group in one transaction. Tell whether it was begun: where it was not, no job is at fault."""
        begun = False
        try:
            self._sync(full=any(job.durable for job in group))
            self._say("BEGIN IMMEDIATE")
            begun = True
            if not self._writer.in_transaction():  # what SQLAlchemy has not begun it may roll back in the middle
                self._writer.begin()
            tx = Tx(self._writer, exclusive=True)
            for job in group:
                job.result = job.work(tx)
            self._say("COMMIT")
        except BaseException as error:  # noqa: BLE001 -- handed to whoever awaits the job
            self._undo()
            for job in group:
                job.error = _as_ours(error)
        return begun

    def _say(self, words: str) -> None:
        """Begin or commit past the engine's machinery, which costs more than either."""
        dbapi: Any = self._writer.connection.dbapi_connection
        try:
            dbapi.execute(words)
        except sqlite3.Error as error:
            raise DBAPIError.instance(words, None, error, sqlite3.Error, dialect=self._writer.dialect) from error

    def _undo(self) -> None:
        """Roll back twice: what SQLAlchemy takes for a transaction, and the real one, of which it knows nothing.

        Where that fails too, the next BEGIN fails and comes here again; the thread that writes must not die of it.
        """
        try:
            self._writer.rollback()
            dbapi: Any = self._writer.connection.dbapi_connection
            dbapi.rollback()
        except Exception as error:  # noqa: BLE001 -- whatever it is, those who wait must be told of the first error
            log.error("a transaction could not be rolled back: %s", type(error).__name__)

    def _sync(self, *, full: bool) -> None:
        """Choose whether the next commit waits for the disk. Outside any transaction: inside one it has no effect."""
        if full != self._full:
            dbapi: Any = self._writer.connection.dbapi_connection
            dbapi.execute(f"PRAGMA synchronous={'FULL' if full else 'NORMAL'}")
            self._full = full


class PostgresStore:
    """The same functions in threads over a pool; many processes may share the database."""

    exclusive = False

    def __init__(self, url: str, *, threads: int = 8) -> None:
        self._engine = create_engine(
            url,
            hide_parameters=True,  # an error must not carry what somebody wrote into the log
            pool_size=threads,
            max_overflow=0,
            pool_timeout=10,
            connect_args={
                "options": "-c idle_in_transaction_session_timeout=10000 -c lock_timeout=5000 -c timezone=UTC",
                "connect_timeout": 5,
            },
        )
        _check_when_idle(self._engine)
        self._looking = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="store")

    async def write(self, work: Work[T], *, durable: bool = True) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, self._engine, work)

    async def read(self, work: Work[T]) -> T:
        """As on SQLite, each statement of ``work`` sees the last commit; none waits for a BEGIN and a COMMIT."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, self._looking, work)

    async def time(self) -> tuple[datetime, float]:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._time)

    def _time(self) -> tuple[datetime, float]:
        """Ask three times and take the quickest answer: it was given half-way between question and arrival."""
        answers = []
        try:
            with self._looking.connect() as connection:
                for _ in range(3):
                    asked = time.monotonic()
                    moment: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
                    took = time.monotonic() - asked
                    answers.append((took, moment, asked + took / 2))
        except Exception as error:
            raise _as_ours(error) from error
        _, moment, at = min(answers)
        return moment, at

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _run(self, engine: Engine, work: Work[T]) -> T:
        try:
            with engine.begin() as connection:
                return work(Tx(connection, exclusive=False))
        except Exception as error:
            raise _as_ours(error) from error


def _check_when_idle(engine: Engine) -> None:
    """Ask a connection whether it still lives before it is used, unless it was used a moment ago.

    ``pool_pre_ping`` asks each time, which is a fifth of what a short transaction waits for. A connection that is lost
    within the moment costs one turn, which is put back and run again.
    """

    @event.listens_for(engine, "checkin")
    def _note(_dbapi: Any, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _check(dbapi: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used", 0.0) > TRUSTED:
            try:
                engine.dialect.do_ping(dbapi)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error
