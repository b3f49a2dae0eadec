"""Copies of an SQLite database: made while the bot runs, checked, and put back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from bot.storage import heartbeats
from bot.storage.migrate import current, head
from bot.storage.store import sqlite_engine
from bot.storage.tx import Tx

RUNS = timedelta(seconds=15)


class BackupRefused(Exception):
    """A copy was not made or not put back, for the reason that it carries in words for an operator."""


def file_of(url: str) -> Path:
    """Return the file of an SQLite database. BackupRefused for any other."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BackupRefused("this is for SQLite; with PostgreSQL use pg_dump and pg_restore")
    return Path(parsed.database)


def back_up(url: str, *, out: Path) -> int:
    """Copy a database, in use or not, to a new file and check the copy. Returns its size in bytes."""
    path = file_of(url)
    if not path.exists():
        raise BackupRefused(f"there is no database at {path}")
    if out.exists():
        raise BackupRefused(f"{out} is there already")
    out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = out.with_name(out.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # it holds learners' answers
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
        _check(part)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return out.stat().st_size


def restore(url: str, *, copy: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the database. Returns where the database that was there is kept, if there was one."""
    path = file_of(url)
    if not copy.exists():
        raise BackupRefused(f"there is no file {copy}")
    _check(copy)
    at = current(f"sqlite:///{copy}")
    if at is None or at > head():
        raise BackupRefused(f"{copy} is no database of this version or an older one of the bot (schema {at})")
    _refuse_while_running(url, path, now=now)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    part.chmod(0o600)
    kept = None
    if path.exists():
        kept = path.with_name(f"{path.stem}-replaced-{now:%Y%m%d-%H%M%S}{path.suffix}")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path.replace(kept)
    for leftover in ("-wal", "-shm"):  # they belong to the database that was replaced
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    part.replace(path)
    return kept


def _check(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"{path} is no SQLite database: {error}") from error
    if found != ["ok"]:
        raise BackupRefused(f"{path} is damaged: {found[0]}")


def _refuse_while_running(url: str, path: Path, *, now: datetime) -> None:
    if not path.exists() or current(url) != head():
        return
    engine = sqlite_engine(url, begin=None, read_only=True)
    try:
        with engine.connect() as connection:
            latest = heartbeats.latest(Tx(connection, exclusive=True))
    finally:
        engine.dispose()
    if latest is not None and abs(now - latest) < RUNS:
        raise BackupRefused("the bot is running: stop it first, and wait fifteen seconds")
