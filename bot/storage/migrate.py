"""Brings a database to the newest schema: under a lock, and after copying an SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text

from bot.storage.store import sqlite_engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LOCK = 7_203_114
"""Key of the advisory lock under which PostgreSQL workers migrate one after the other."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def head() -> str:
    """Return the newest revision that this version of the program knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None
    return newest


def current(url: str) -> str | None:
    """Return the revision that a database is at; None for an empty one."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


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
    copy = None
    if at is not None and at != head():
        copy = path.with_name(f"{path.stem}-before-{head()}{path.suffix}")
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    if at != head():
        engine = sqlite_engine(url, begin="BEGIN EXCLUSIVE")
        try:
            with engine.connect() as connection:
                _upgrade(connection)
        finally:
            engine.dispose()
    return copy


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
