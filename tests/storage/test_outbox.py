"""The outbox: leases, tokens, lanes, retries, and edits that wait for their message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.application.record_delivery import record
from bot.domain.delivery import (
    LEASE,
    MAX_ATTEMPTS,
    Ambiguous,
    Blocked,
    Lane,
    Letter,
    Outgoing,
    Refused,
    RetryLater,
    Sent,
    State,
)
from bot.domain.learner import Learner, Status
from bot.storage import Store, Tx, learners, outbox, tables

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ME = "me"


def message(chat_id: int = 5, *, lane: Lane = Lane.PROMPT, **more: object) -> Outgoing:
    """A message that says its chat."""
    return Outgoing(chat_id, "sendMessage", {"text": str(chat_id)}, lane=lane, **more)  # type: ignore[arg-type]


async def put(store: Store, *messages: Outgoing) -> None:
    """Write messages."""

    def work(tx: Tx) -> None:
        for each in messages:
            outbox.enqueue(tx, each, now=NOW)

    await store.write(work)


async def claim(
    store: Store, *, now: datetime = NOW, limit: int = 100, owed: int = 0, worker: str = ME
) -> list[Letter]:
    """Claim with room for ten messages a second, two of them kept from broadcasts."""
    return await store.write(
        lambda tx: outbox.claim(tx, worker=worker, now=now, limit=limit, rate=10, burst=10, reserve=2, owed=owed)
    )


async def outcome(store: Store, letter: Letter, result: object, *, now: datetime = NOW, worker: str = ME) -> None:
    """Record the outcome of an attempt."""
    await store.write(lambda tx: record(tx, letter, result, worker=worker, now=now))  # type: ignore[arg-type]


async def state_of(store: Store, row_id: int) -> State:
    """Return where a row stands."""
    query = tables.outbox.select().where(tables.outbox.c.id == row_id)
    return State(await store.read(lambda tx: tx.execute(query).one().state))


async def test_a_claimed_row_is_not_claimed_again_while_its_lease_lasts(store: Store) -> None:
    await put(store, message())
    assert len(await claim(store)) == 1
    assert await claim(store, worker="another") == []


async def test_prompts_go_before_broadcasts_and_broadcasts_leave_a_reserve(store: Store) -> None:
    await put(store, *(message(n, lane=Lane.BROADCAST) for n in range(20)), *(message(n) for n in range(50, 53)))
    letters = await claim(store)
    assert [letter.lane for letter in letters] == [Lane.PROMPT] * 3 + [Lane.BROADCAST] * 5
    assert await claim(store) == []


async def test_tokens_come_back_with_time_and_replies_are_paid_first(store: Store) -> None:
    await put(store, *(message(n) for n in range(40)))
    assert len(await claim(store)) == 10
    assert await claim(store) == []
    assert len(await claim(store, now=NOW + timedelta(seconds=0.5))) == 5
    assert len(await claim(store, now=NOW + timedelta(seconds=1.5), owed=7)) == 3


async def test_a_clock_that_steps_back_gives_no_tokens(store: Store) -> None:
    await put(store, *(message(n) for n in range(40)))
    await claim(store)
    assert await claim(store, now=NOW - timedelta(hours=1)) == []


async def test_a_flood_warning_stops_the_background_for_everybody(store: Store) -> None:
    await put(store, *(message(n) for n in range(3)))
    first, *_ = await claim(store, limit=1)
    await outcome(store, first, RetryLater(timedelta(seconds=30), "flood", everyone=True, counts=False))
    assert await claim(store, now=NOW + timedelta(seconds=29), worker="another") == []
    later = await claim(store, now=NOW + timedelta(seconds=31))
    assert {letter.id for letter in later} >= {first.id}
    assert next(letter for letter in later if letter.id == first.id).attempt == 1


async def test_an_ambiguous_outcome_is_resent_once_and_then_unknown(store: Store) -> None:
    await put(store, message())
    (letter,) = await claim(store)
    await outcome(store, letter, Ambiguous("time-out"))
    (again,) = await claim(store, now=NOW + timedelta(minutes=1))
    assert again.id == letter.id
    await outcome(store, again, Ambiguous("time-out"), now=NOW + timedelta(minutes=1))
    assert await state_of(store, letter.id) is State.UNKNOWN


async def test_a_lease_that_runs_out_counts_as_ambiguous(store: Store) -> None:
    await put(store, message())
    await claim(store, worker="dead")
    (again,) = await claim(store, now=NOW + LEASE + timedelta(seconds=1))
    assert again.ambiguous == 1
    assert await claim(store, now=NOW + 3 * LEASE) == []
    assert await state_of(store, again.id) is State.UNKNOWN


async def test_a_late_worker_cannot_overwrite_a_new_lease(store: Store) -> None:
    await put(store, message())
    (mine,) = await claim(store, worker="slow")
    (theirs,) = await claim(store, now=NOW + LEASE + timedelta(seconds=1), worker="quick")
    await outcome(store, mine, Refused("late"), worker="slow")
    assert await state_of(store, mine.id) is State.LEASED
    await outcome(store, theirs, Sent(7), worker="quick")
    assert await state_of(store, mine.id) is State.SENT


async def test_somebody_who_blocked_the_bot_gets_nothing_more(store: Store) -> None:
    someone = Learner(chat_id=5, zone="UTC", next_due=NOW)
    await store.write(lambda tx: learners.add(tx, someone, now=NOW))
    await put(store, message(5), message(5, lane=Lane.BROADCAST))
    (letter, *_) = await claim(store, limit=1)
    await outcome(store, letter, Blocked("blocked"))
    kept = await store.read(lambda tx: learners.get(tx, 5))
    assert kept is not None
    assert (kept.status, kept.next_due) == (Status.BLOCKED, None)
    assert await store.read(outbox.pending) == 0


async def test_the_same_key_is_written_once(store: Store) -> None:
    await put(store, message(dedupe_key="prompt:5:1:2026-11-22"), message(dedupe_key="prompt:5:1:2026-11-22"))
    assert await store.read(outbox.pending) == 1


async def test_a_row_that_is_too_late_expires_instead_of_going_out(store: Store) -> None:
    await put(store, message(expires_at=NOW + timedelta(hours=1)))
    assert await claim(store, now=NOW + timedelta(hours=2)) == []
    assert await store.read(outbox.pending) == 0


async def test_trying_for_ever_ends(store: Store) -> None:
    await put(store, message())
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        (letter,) = await claim(store, now=now)
        await outcome(store, letter, RetryLater(timedelta(seconds=1), "busy"), now=now)
        now += timedelta(minutes=1)
    assert await claim(store, now=now) == []
    assert await state_of(store, letter.id) is State.DEAD


async def test_an_edit_waits_for_the_message_of_its_slot_and_only_the_newest_goes(store: Store) -> None:
    first = message(slot="progress:1")
    edits = [
        Outgoing(5, "editMessageText", {"text": str(n)}, lane=Lane.PROMPT, slot="progress:1", edits=True)
        for n in range(3)
    ]
    await put(store, first, *edits)
    (letter,) = await claim(store)
    assert letter.slot == "progress:1"
    assert not letter.edits
    await outcome(store, letter, Sent(77))
    (edit,) = await claim(store, now=NOW + timedelta(seconds=2))
    assert (edit.message_id, edit.payload) == (77, {"text": "2"})


async def test_an_edit_that_was_put_back_does_not_overwrite_a_newer_one(store: Store) -> None:
    edit = Outgoing(
        5, "editMessageText", {"text": "old"}, lane=Lane.PROMPT, slot="progress:1", edits=True, message_id=7
    )
    await put(store, edit)
    (old,) = await claim(store)
    await put(store, replace(edit, payload={"text": "new"}))
    await outcome(store, old, RetryLater(timedelta(seconds=1), "flood", counts=False))
    (new,) = await claim(store, now=NOW + timedelta(seconds=5))
    assert new.payload == {"text": "new"}
    await outcome(store, new, Sent(7))
    assert await claim(store, now=NOW + timedelta(minutes=5)) == []


@pytest.mark.parametrize("kept", [timedelta(hours=1), timedelta(hours=48)])
async def test_rows_go_when_they_are_old(store: Store, kept: timedelta) -> None:
    await put(store, message())
    (letter,) = await claim(store)
    await outcome(store, letter, Sent(7))
    later = NOW + timedelta(hours=25)
    swept = await store.write(lambda tx: outbox.sweep(tx, now=later, keep=kept))
    assert swept == int(kept < timedelta(hours=25))
