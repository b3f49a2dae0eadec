"""Which files Telegram holds already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.storage import Store, uploads

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def test_a_file_goes_by_the_id_that_it_was_given_last(store: Store) -> None:
    assert await store.read(lambda tx: uploads.file_id(tx, "d1")) is None
    await store.write(lambda tx: uploads.keep(tx, "d1", "old", now=NOW))
    await store.write(lambda tx: uploads.keep(tx, "d1", "new", now=NOW + timedelta(days=1)))
    await store.write(lambda tx: uploads.keep(tx, "d2", "other", now=NOW))
    assert await store.read(lambda tx: uploads.file_id(tx, "d1")) == "new"
    assert await store.read(lambda tx: uploads.file_id(tx, "d2")) == "other"
