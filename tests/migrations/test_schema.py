"""The migrated schema is the schema of the code, to the letter, on both engines."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text

from bot.storage.migrate import _config, current, head, migrate
from bot.storage.tables import metadata
from tests.conftest import Postgres


def _sqlite_schema(path: Path) -> dict[str, str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: " ".join(sql.split()) for name, sql in rows if not name.startswith("alembic")}


def make_tables(engine: Engine) -> None:
    """Make the tables of the code, with the condition of each partial index in the engine's own terms."""
    for table in metadata.tables.values():
        if engine.dialect.name == "sqlite":
            table.dialect_options["sqlite"]["autoincrement"] = table.info.get("numbers_once", False)
        for index in table.indexes:
            if where := index.info.get("where"):
                index.dialect_options[engine.dialect.name]["where"] = text(where)
    metadata.create_all(engine)


def test_migrating_sqlite_gives_the_tables_of_the_code(tmp_path: Path) -> None:
    migrated, made = tmp_path / "migrated.sqlite3", tmp_path / "made.sqlite3"
    migrate(f"sqlite:///{migrated}")
    engine = create_engine(f"sqlite:///{made}")
    make_tables(engine)
    engine.dispose()
    assert _sqlite_schema(migrated) == _sqlite_schema(made)


_COLUMNS = """
    SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '-')
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
"""
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"


def _postgres_schema(url: str) -> dict[str, str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {row[0]: row[1] for query in (_COLUMNS, _INDEXES) for row in connection.execute(text(query))}
    engine.dispose()
    return found


@pytest.mark.postgres
def test_migrating_postgresql_gives_the_tables_of_the_code(postgres: Postgres) -> None:
    migrated, made = postgres.new_database(), postgres.new_database()
    migrate(migrated)
    engine = create_engine(made)
    make_tables(engine)
    engine.dispose()
    assert _postgres_schema(migrated) == _postgres_schema(made)


def test_migrating_twice_changes_nothing(sqlite_url: str, tmp_path: Path) -> None:
    before = _sqlite_schema(tmp_path / "bot.sqlite3")
    assert migrate(sqlite_url) is None
    assert current(sqlite_url) == head()
    assert _sqlite_schema(tmp_path / "bot.sqlite3") == before


def test_an_sqlite_file_is_copied_before_its_schema_changes(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("CREATE TABLE keepsake (word TEXT)")
        connection.execute("INSERT INTO keepsake VALUES ('kept')")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    with pytest.raises(Exception, match="0000"):
        migrate(f"sqlite:///{path}")
    copies = list(tmp_path.glob("old-before-*.sqlite3"))
    assert len(copies) == 1
    with sqlite3.connect(copies[0]) as connection:
        assert connection.execute("SELECT word FROM keepsake").fetchall() == [("kept",)]


_PEOPLE_AND_MESSAGES = (
    """INSERT INTO learner (chat_id, status, zone, prompt_at, quiet_from, quiet_until, days_off, track, plan_run,
    last_plan_day, paused_days, next_due, created_at, second_reader_at)
    VALUES (41, 'active', 'Europe/London', 480, 1260, 420, 96, 'fast', 2, 5, 1, 77, 7, 'reader.example')""",
    """INSERT INTO outbox (lane, chat_id, method, payload, edits, dedupe_key, broadcast_id, state, attempts, ambiguous,
    not_before, created_at)
    VALUES (1, 41, 'sendMessage', '{"text":"Hello"}', false, 'prompt:41', NULL, 0, 0, 0, 5, 5),
    (2, 41, 'sendMessage', NULL, false, 'tip:1:41', 1, 0, 0, 0, 5, 5),
    (2, 41, 'sendMessage', NULL, false, 'tip:2:41', 2, 4, 2, 2, 5, 5),
    (0, 41, 'sendMessage', '{"text":"Yes"}', false, NULL, NULL, 2, 1, 0, 5, 5),
    (0, 41, 'sendMessage', '{"text":"Yes"}', false, NULL, NULL, 2, 1, 0, 5, 5)""",
)


def _kept(connection: Connection) -> list[tuple[object, ...]]:
    queries = ("SELECT * FROM learner ORDER BY chat_id", "SELECT * FROM outbox ORDER BY id")
    return [tuple(row) for query in queries for row in connection.execute(text(query))]


def test_nothing_is_lost_where_tables_are_made_anew(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        command.downgrade(_config(connection), "0011")
        for statement in _PEOPLE_AND_MESSAGES:
            connection.execute(text(statement))
        before = _kept(connection)
        command.upgrade(_config(connection), "head")
        assert _kept(connection) == before
        command.downgrade(_config(connection), "0011")
        assert _kept(connection) == before
    engine.dispose()
    assert len(before) == 6
