"""Brings a database to the newest schema: under a lock, and after copying an SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, inspect, make_url, text

from bot.storage.store import sqlite_engine

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LOCK = 7_203_114
"""Key of the advisory lock under which PostgreSQL workers migrate one after the other."""


def head() -> str:
    """Return the newest revision that this version of the program knows: files are named by it, in order."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current(url: str) -> str | None:
    """Return the revision that a database is at; None for an empty one."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def migrate(url: str) -> Path | None:
    """Bring the database to the newest schema. Returns the copy made of an SQLite file before its schema changed."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        assert parsed.database is not None
        return _migrate_sqlite(url, Path(parsed.database))
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            connection.commit()
            try:
                _upgrade(connection)
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
                connection.commit()
    finally:
        engine.dispose()
    return None


def _migrate_sqlite(url: str, path: Path) -> Path | None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    at = current(url) if path.exists() else None
    if at == head():
        return None
    copy = None
    if at is not None:
        copy = path.with_name(f"{path.stem}-before-{head()}{path.suffix}")
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    engine = sqlite_engine(url, begin="BEGIN EXCLUSIVE")
    try:
        with engine.connect() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()
    return copy


def _upgrade(connection: Connection) -> None:
    if _revision(connection) == head():
        return
    connection.rollback()
    from alembic import command  # imported where it is needed: half a second that a usual start does without

    command.upgrade(_config(connection), "head")
    connection.commit()


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
