"""What was tapped so far: kept on both engines, forgotten with its answer and with its learner."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.storage import Store, attempts, erasure, taps
from bot.storage.attempts import Attempt

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CHAT, OTHER = 5, 6


async def put(store: Store, chat_id: int = CHAT) -> Attempt:
    """Put a question."""
    shared = {"question_id": "q.one", "source": "practise", "plan_day": None, "now": NOW}
    number = await store.write(lambda tx: attempts.add(tx, chat_id=chat_id, **shared))
    found = await store.read(lambda tx: attempts.get(tx, number))
    assert found is not None
    return found


async def test_taps_are_read_back_in_their_order_and_replaced(store: Store) -> None:
    attempt = await put(store)
    assert await store.read(lambda tx: taps.get(tx, attempt.id)) == ()
    for picked in ((2,), (2, 0), (2, 0, 1)):
        await store.write(lambda tx, picked=picked: taps.save(tx, attempt, picked))
        assert await store.read(lambda tx: taps.get(tx, attempt.id)) == picked
    await store.write(lambda tx: taps.drop(tx, attempt.id))
    assert await store.read(lambda tx: taps.of_learner(tx, CHAT)) == {}


async def test_nothing_of_an_erased_learner_is_left(store: Store) -> None:
    mine, theirs = await put(store), await put(store, OTHER)
    for attempt in (mine, theirs):
        await store.write(lambda tx, attempt=attempt: taps.save(tx, attempt, (1,)))
    await store.write(lambda tx: erasure.erase(tx, CHAT, now=NOW))
    assert await store.read(lambda tx: taps.of_learner(tx, CHAT)) == {}
    assert await store.read(lambda tx: taps.of_learner(tx, OTHER)) == {theirs.id: (1,)}


async def test_what_was_put_last_comes_first(store: Store) -> None:
    for question_id, source in (("q.one", "practise"), ("q.two", "prompt"), ("q.three", "kind:sum")):
        shared = {"chat_id": CHAT, "plan_day": None, "now": NOW}
        await store.write(
            lambda tx, q=question_id, s=source, shared=shared: attempts.add(tx, question_id=q, source=s, **shared)
        )
    assert await store.read(lambda tx: attempts.last_put(tx, CHAT, 2)) == [("q.three", "kind:sum"), ("q.two", "prompt")]
