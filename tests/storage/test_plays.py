"""Role-plays in storage: one is open at most, what ended is kept, what is erased is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.storage import Store, Tx, erasure, plays
from bot.storage.plays import ENDED, LEFT, OPEN, Play
from bot.storage.tables import play

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CHAT, OTHER = 5, 6


async def begin(store: Store, roleplay_id: str = "rp.one", chat_id: int = CHAT) -> Play:
    """Begin a role-play."""
    return await store.write(
        lambda tx: plays.add(tx, chat_id=chat_id, roleplay_id=roleplay_id, seed=2**31 - 1, now=NOW)
    )


async def test_what_is_written_is_read_back(store: Store) -> None:
    begun = await begin(store)
    assert await store.read(lambda tx: plays.get(tx, begun.id)) == begun
    later = NOW + timedelta(minutes=3)
    values = {"choices": [2, 0], "letters": {"hear": 2}, "mood": 8, "moved_at": later}
    await store.write(lambda tx: plays.change(tx, begun.id, **values))
    found = await store.read(lambda tx: plays.open_of(tx, CHAT))
    assert found is not None
    assert (found.choices, found.letters, found.mood, found.moved_at) == ((2, 0), {"hear": 2}, 8, later)


async def test_beginning_another_leaves_the_first_and_nobody_elses(store: Store) -> None:
    first, theirs = await begin(store), await begin(store, chat_id=OTHER)
    second = await begin(store, "rp.two")
    states = {each.id: each.state for each in await store.read(lambda tx: plays.of_learner(tx, CHAT))}
    assert states == {first.id: LEFT, second.id: OPEN}
    assert await store.read(lambda tx: plays.open_of(tx, OTHER)) == theirs


async def test_the_database_itself_refuses_a_second_open_one(store: Store) -> None:
    await begin(store)

    def force(tx: Tx) -> None:
        values = {"roleplay_id": "rp.two", "seed": 1, "state": OPEN, "choices": [], "started_at": NOW, "moved_at": NOW}
        tx.execute(insert(play), {"chat_id": CHAT, **values})

    with pytest.raises(IntegrityError):
        await store.write(force)


async def test_only_what_was_played_to_the_end_counts_as_ended(store: Store) -> None:
    done = await begin(store)
    await store.write(lambda tx: plays.change(tx, done.id, state=ENDED, ending="neutral", ended_at=NOW))
    await begin(store, "rp.two")
    assert [each.ending for each in await store.read(lambda tx: plays.ended_of(tx, CHAT))] == ["neutral"]


async def test_nothing_of_an_erased_learner_is_left(store: Store) -> None:
    await begin(store)
    theirs = await begin(store, chat_id=OTHER)
    await store.write(lambda tx: erasure.erase(tx, CHAT, now=NOW))
    assert await store.read(lambda tx: plays.of_learner(tx, CHAT)) == []
    assert await store.read(lambda tx: plays.of_learner(tx, OTHER)) == [theirs]
