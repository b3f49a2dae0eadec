"""Backups of SQLite: made in use, checked, put back; and moving to another database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from bot.domain.delivery import Outgoing
from bot.domain.learner import Learner
from bot.storage import Store, Tx, backup, heartbeats, learners, moving, open_store, outbox
from bot.storage.migrate import migrate
from bot.storage.tables import metadata
from tests.conftest import Postgres

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def fill(store: Store, number: int) -> None:
    """Write learners with the id 1 ... and a message to each, one of them to a group."""

    def work(tx: Tx) -> None:
        for chat_id in range(1, number + 1):
            learners.add(tx, Learner(chat_id=chat_id, zone="Europe/London", next_due=NOW), now=NOW)
            outbox.enqueue(tx, Outgoing(-chat_id * 10**9, "sendMessage", {"text": "£ – ü"}), now=NOW)

    await store.write(work)


def count(path: Path) -> int:
    """Count the learners in a file."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM learner").fetchone()[0])


async def test_a_database_in_use_is_copied_whole_into_one_private_file(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    await fill(store, 3)
    out = tmp_path / "copies" / "one.sqlite3"
    assert backup.back_up(sqlite_url, out=out) == out.stat().st_size
    await fill(store, 5)
    await store.close()
    assert count(out) == 3
    assert [each.name for each in out.parent.iterdir()] == ["one.sqlite3"]
    assert out.stat().st_mode & 0o077 == 0


async def test_a_backup_never_overwrites(sqlite_url: str, tmp_path: Path) -> None:
    out = tmp_path / "one.sqlite3"
    out.write_text("precious")
    with pytest.raises(backup.BackupRefused, match="there already"):
        backup.back_up(sqlite_url, out=out)
    assert out.read_text() == "precious"


async def test_a_copy_is_put_back_and_what_was_there_is_kept(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    await fill(store, 3)
    copy = tmp_path / "copy.sqlite3"
    backup.back_up(sqlite_url, out=copy)
    await fill(store, 9)
    await store.close()
    kept = backup.restore(sqlite_url, copy=copy, now=NOW)
    assert kept is not None
    assert (count(backup.file_of(sqlite_url)), count(kept)) == (3, 9)


async def test_nothing_is_put_back_under_a_running_bot(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    await store.write(lambda tx: heartbeats.beat(tx, worker="main", now=NOW))
    await store.close()
    copy = tmp_path / "copy.sqlite3"
    backup.back_up(sqlite_url, out=copy)
    with pytest.raises(backup.BackupRefused, match="running"):
        backup.restore(sqlite_url, copy=copy, now=NOW + timedelta(seconds=5))
    backup.restore(sqlite_url, copy=copy, now=NOW + timedelta(seconds=30))


@pytest.mark.parametrize("spoil", ["text", "cut", "other"])
def test_a_file_that_is_no_whole_database_of_ours_is_refused(spoil: str, sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    if spoil == "text":
        copy.write_text("no database " * 100)
    elif spoil == "cut":
        backup.back_up(sqlite_url, out=copy)
        whole = copy.read_bytes()
        copy.write_bytes(whole[: len(whole) // 2])
    else:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("CREATE TABLE something (word TEXT)")
    with pytest.raises(backup.BackupRefused):
        backup.restore(sqlite_url, copy=copy, now=NOW)


@pytest.mark.postgres
async def test_everything_moves_to_postgresql_and_new_rows_are_numbered_behind(
    sqlite_url: str, postgres: Postgres
) -> None:
    source = open_store(sqlite_url)
    await fill(source, 30)
    await source.close()
    target_url, told = postgres.new_database(), []
    counts = moving.move(sqlite_url, target_url, report=lambda *step: told.append(step))
    assert (counts["learner"], counts["outbox"]) == (30, 30)
    assert ("learner", 30, 30) in told
    target = open_store(target_url)
    kept = await target.read(lambda tx: learners.get(tx, 7))
    assert kept == Learner(chat_id=7, zone="Europe/London", next_due=NOW)
    letter = await target.write(lambda tx: outbox.enqueue(tx, Outgoing(1, "sendMessage", {}), now=NOW))
    assert letter is not None
    assert letter.id == 31
    await target.close()


@pytest.mark.postgres
async def test_a_target_that_holds_something_is_refused_and_stays_as_it_was(sqlite_url: str, postgres_url: str) -> None:
    for url, number in ((sqlite_url, 3), (postgres_url, 2)):
        store = open_store(url)
        await fill(store, number)
        await store.close()
    with pytest.raises(moving.MoveRefused, match="not empty"):
        moving.move(sqlite_url, postgres_url, report=lambda *_: None)
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(metadata.tables["learner"])).scalar_one() == 2
    engine.dispose()


def test_a_source_of_another_version_is_refused(tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    target = f"sqlite:///{tmp_path / 'target.sqlite3'}"
    migrate(target)
    with pytest.raises(moving.MoveRefused, match="schema None"):
        moving.move(empty, target, report=lambda *_: None)
