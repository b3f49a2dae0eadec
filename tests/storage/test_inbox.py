"""The inbox: an update is admitted once, runs in order within its chat, and cannot crash the process for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.delivery import InboxRow, Incoming
from bot.storage import Store, inbox

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def update(number: int, chat_id: int = 5) -> Incoming:
    """An update with nothing in it."""
    return Incoming(number, chat_id, "{}")


async def admit(store: Store, *updates: Incoming, worker: str = "me") -> list[InboxRow]:
    """Admit updates and return what may run now."""
    rows, _ = await store.write(lambda tx: inbox.admit(tx, updates, worker=worker, now=NOW, lease=LEASE))
    return rows


async def claim(store: Store, *, at: datetime = NOW, worker: str = "me") -> list[InboxRow]:
    """Claim what waits."""
    return await store.write(lambda tx: inbox.claim_waiting(tx, worker=worker, now=at, lease=LEASE))


async def test_a_redelivered_update_is_not_admitted_again(store: Store) -> None:
    assert len(await admit(store, update(1), update(2, chat_id=6), update(1))) == 2
    assert await admit(store, update(2, chat_id=6), update(1)) == []


async def test_a_finished_update_keeps_its_number_but_neither_words_nor_chat(store: Store) -> None:
    (row,) = await admit(store, update(1))
    assert await store.write(lambda tx: inbox.finish(tx, row))
    assert await admit(store, update(1)) == []
    assert not await store.write(lambda tx: inbox.finish(tx, row))


async def test_one_chat_runs_in_order_even_with_several_workers(store: Store) -> None:
    if store.exclusive:
        return
    (first,) = await admit(store, update(1), worker="one")
    assert await admit(store, update(2), worker="two") == []
    assert await claim(store, worker="two") == []
    await store.write(lambda tx: inbox.finish(tx, first))
    (second,) = await claim(store, worker="two")
    assert second.update_id == 2


async def test_a_postponed_update_comes_back_after_its_wait(store: Store) -> None:
    (row,) = await admit(store, update(1))
    await store.write(lambda tx: inbox.postpone(tx, row, until=NOW + timedelta(seconds=5), reason="database"))
    assert await claim(store) == []
    (again,) = await claim(store, at=NOW + timedelta(seconds=6))
    assert again.attempt == 2


async def test_the_fourth_start_never_happens(store: Store) -> None:
    await admit(store, update(1))
    at = NOW
    for attempt in (2, 3):
        at += LEASE + timedelta(seconds=1)
        (again,) = await claim(store, at=at)
        assert again.attempt == attempt
    assert await claim(store, at=at + LEASE + timedelta(seconds=1)) == []
    assert await store.read(inbox.count_dead) == 1


async def test_what_a_second_death_struck_alone_waits_for_what_only_one_struck(store: Store) -> None:
    await admit(store, update(1, chat_id=1), update(2, chat_id=2))
    at = NOW + LEASE + timedelta(seconds=1)
    assert [row.update_id for row in await claim(store, at=at)] == [1]
    at += LEASE + timedelta(seconds=1)  # and the process died again
    (other,) = await claim(store, at=at)
    assert other.update_id == 2
    await store.write(lambda tx: inbox.finish(tx, other))
    assert [row.update_id for row in await claim(store, at=at)] == [1]


async def test_a_worker_that_starts_takes_back_what_it_held(store: Store) -> None:
    await admit(store, update(1))
    await store.write(lambda tx: inbox.release(tx, worker="me", now=NOW))
    assert [row.update_id for row in await claim(store)] == [1]


async def test_what_was_handed_back_is_not_counted_as_a_start(store: Store) -> None:
    rows = await admit(store, update(1))
    await store.write(lambda tx: inbox.hand_back(tx, rows))
    (again,) = await claim(store)
    assert again.attempt == 1


async def test_old_numbers_go_but_not_within_two_days(store: Store) -> None:
    (row,) = await admit(store, update(1))
    await store.write(lambda tx: inbox.finish(tx, row))
    keep = timedelta(hours=72)
    assert await store.write(lambda tx: inbox.sweep(tx, now=NOW + timedelta(hours=48), keep=keep)) == 0
    assert await store.write(lambda tx: inbox.sweep(tx, now=NOW + timedelta(hours=73), keep=keep)) == 1


async def test_of_those_whose_worker_died_one_runs_at_a_time_and_fresh_ones_beside_it(store: Store) -> None:
    await admit(store, *(update(number, chat_id=number) for number in (1, 2, 3)))
    later = NOW + LEASE + timedelta(seconds=1)
    rows, _ = await store.write(lambda tx: inbox.admit(tx, [update(4, chat_id=4)], worker="gone", now=NOW, lease=LEASE))
    await store.write(lambda tx: inbox.hand_back(tx, rows))
    first = await claim(store, at=later)
    assert sorted(row.update_id for row in first) == [1, 4]
    assert await claim(store, at=later) == []
    (watched,) = [row for row in first if row.update_id == 1]
    await store.write(lambda tx: inbox.finish(tx, watched))
    assert [row.update_id for row in await claim(store, at=later)] == [2]


async def test_what_died_beside_a_poisoned_update_is_run_after_all(store: Store) -> None:
    await admit(store, update(1, chat_id=1), update(2, chat_id=2))
    at = NOW
    done = []
    for _ in range(4):
        at += LEASE + timedelta(seconds=1)
        for row in await claim(store, at=at):
            if row.update_id == 2:  # the first one kills the process whenever it runs
                await store.write(lambda tx, row=row: inbox.finish(tx, row))
                done.append(row.update_id)
    assert done == [2]
    assert await store.read(inbox.count_dead) == 1
