"""The outbox: leases, tokens, lanes, retries, and edits that wait for their message."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

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
from bot.storage import Store, Tx, broadcasts, claims, cohorts, erasure, learners, open_store, outbox, tables

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


async def tip(store: Store, chats: Iterable[int]) -> int:
    """Write a tip to a class of these learners into the outbox and return its id."""

    def work(tx: Tx) -> int:
        class_id = cohorts.add(tx, tutor_id=700, name="2B", code=f"code-{len(cohorts.of_tutor(tx, 700))}", now=NOW)
        for chat_id in chats:
            learners.add(tx, Learner(chat_id=chat_id, zone="UTC"), now=NOW)
            cohorts.enrol(tx, cohort_id=class_id, chat_id=chat_id, name="Somebody", now=NOW)
        key = broadcasts.add_draft(tx, tutor_id=700, cohort_ids=[class_id], body="{}", now=NOW)
        broadcasts.start(tx, key, total=0, now=NOW)
        written = broadcasts.get(tx, key)
        assert written is not None
        broadcasts.materialise(tx, written, now=NOW, chunk=1000)
        return key

    return await store.write(work)


async def claim(
    store: Store, *, now: datetime = NOW, limit: int = 100, owed: int = 0, worker: str = ME
) -> list[Letter]:
    """Claim with room for ten messages a second, two of them kept from broadcasts."""
    claimed = await store.write(
        lambda tx: claims.claim(tx, worker=worker, now=now, limit=limit, rate=10, burst=10, reserve=2, owed=owed)
    )
    return claimed.letters


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
    await tip(store, range(1, 21))
    await put(store, *(message(n) for n in range(50, 53)))
    letters = await claim(store)
    assert [letter.lane for letter in letters] == [Lane.PROMPT] * 3 + [Lane.BROADCAST] * 5
    assert await claim(store) == []


async def test_tokens_come_back_with_time_and_replies_are_paid_first(store: Store) -> None:
    await put(store, *(message(n) for n in range(40)))
    assert len(await claim(store)) == 10
    assert await claim(store) == []
    assert len(await claim(store, now=NOW + timedelta(seconds=0.5))) == 5
    assert len(await claim(store, now=NOW + timedelta(seconds=1.5), owed=7)) == 3


async def test_time_is_given_out_once_however_late_a_worker_gets_to_the_bucket(store: Store) -> None:
    """Each looks at the clock before it waits for the other's claim."""
    await put(store, *(message(n) for n in range(60)))
    assert len(await claim(store)) == 10
    letters = 0
    for tenths in range(1, 21):
        now = NOW + timedelta(seconds=tenths / 10)
        letters += len(await claim(store, now=now, worker="first"))
        letters += len(await claim(store, now=now - timedelta(seconds=0.9), worker="second"))
    assert letters == 20


@pytest.mark.postgres
async def test_workers_that_start_together_share_one_burst(postgres_url: str) -> None:
    stores = [open_store(postgres_url) for _ in range(4)]
    try:
        await put(stores[0], *(message(n) for n in range(60)))
        both = await asyncio.gather(*(claim(each, worker=f"w{n}") for n, each in enumerate(stores)))
        assert sum(map(len, both)) == 10
    finally:
        for each in stores:
            await each.close()


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
    await tip(store, [5])
    await put(store, message(5))
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


def tips_in(letters: list[Letter]) -> list[int | None]:
    """Return which tip each letter belongs to."""
    return [letter.broadcast_id for letter in letters]


async def test_broadcasts_take_turns_however_long_the_first_one_is(store: Store) -> None:
    long = await tip(store, range(1, 61))
    await claim(store)
    short = await tip(store, range(61, 64))
    later = await claim(store, now=NOW + timedelta(seconds=1))
    assert sorted(tips_in(later)) == [long] * 5 + [short] * 3
    again = await claim(store, now=NOW + timedelta(seconds=2))
    assert tips_in(again) == [long] * 8


async def test_the_broadcast_served_last_is_served_last_again_where_there_is_one_token(store: Store) -> None:
    keys = [await tip(store, range(first, first + 9)) for first in (1, 11, 21)]
    served = []
    for second in range(6):
        served += tips_in(await claim(store, now=NOW + timedelta(seconds=second), limit=1))
    assert served == keys * 2


async def test_a_chat_gets_no_two_background_messages_within_a_second(store: Store) -> None:
    await put(store, *(message(5, on_sent=None) for _ in range(3)), message(6))
    first = await claim(store)
    assert sorted(letter.chat_id for letter in first) == [5, 6]
    for letter in first:
        await outcome(store, letter, Sent(1))
    assert await claim(store, now=NOW + timedelta(seconds=0.9)) == []
    (second,) = await claim(store, now=NOW + timedelta(seconds=1.1))
    assert second.chat_id == 5
    await outcome(store, second, Sent(2), now=NOW + timedelta(seconds=1.1))
    assert len(await claim(store, now=NOW + timedelta(seconds=2.2))) == 1


async def test_a_reply_that_was_left_over_waits_for_no_second(store: Store) -> None:
    await put(store, *(message(5, lane=Lane.REPLY) for _ in range(3)))
    assert len(await claim(store)) == 3


async def test_a_group_gets_no_more_than_twenty_messages_in_a_minute(store: Store) -> None:
    await put(store, *(message(-5, lane=Lane.REPLY) for _ in range(25)))
    sent = []
    for second in range(70):
        now = NOW + timedelta(seconds=second)
        for letter in await claim(store, now=now):
            await outcome(store, letter, Sent(letter.id), now=now)
            sent.append(second)
    assert len(sent) == 25
    assert sum(second < 60 for second in sent) == 20


async def test_a_clock_that_steps_back_holds_no_chat_back(store: Store) -> None:
    await put(store, message(5), message(5))
    (first,) = await claim(store)
    await outcome(store, first, Sent(1))
    before = NOW - timedelta(hours=1)
    await put(store, replace(message(5), not_before=before))
    assert len(await claim(store, now=before)) == 1


async def share(store: Store) -> float:
    """Return the part of the rate that is used."""
    return await store.read(lambda tx: tx.execute(tables.bucket.select()).one().share)


async def flood(store: Store, *, at: datetime, seconds: int = 3) -> None:
    """Receive a flood warning."""
    await store.write(lambda tx: claims.block(tx, until=at + timedelta(seconds=seconds), now=at))


async def test_warnings_of_requests_that_were_under_way_together_count_once_and_a_second_one_halves_the_rate(
    store: Store,
) -> None:
    await put(store, *(message(n) for n in range(1, 60)))
    for _ in range(8):
        await flood(store, at=NOW)
    assert await share(store) == 1.0
    await flood(store, at=NOW + timedelta(seconds=10))
    assert await share(store) == 0.5
    assert len(await claim(store, now=NOW + timedelta(seconds=14))) == 5


async def test_the_rate_comes_back_slowly(store: Store) -> None:
    await flood(store, at=NOW)
    await flood(store, at=NOW + timedelta(seconds=10))
    for minute in (1, 2, 3):
        await claim(store, now=NOW + timedelta(seconds=10, minutes=minute))
    assert await share(store) == pytest.approx(0.65)
    await claim(store, now=NOW + timedelta(hours=1))
    assert await share(store) == 1.0


async def test_nothing_is_saved_up_while_a_flood_warning_lasts(store: Store) -> None:
    await put(store, *(message(n) for n in range(1, 60)))
    await flood(store, at=NOW, seconds=60)
    assert await claim(store, now=NOW + timedelta(seconds=60.01)) == []
    assert len(await claim(store, now=NOW + timedelta(seconds=60.51))) == 5


async def test_a_clock_that_steps_back_does_not_lengthen_a_flood_warning(store: Store) -> None:
    await put(store, *(message(n) for n in range(1, 5)))
    await flood(store, at=NOW, seconds=5)
    earlier = NOW - timedelta(hours=1)
    await put(store, replace(message(9), not_before=earlier))
    await claim(store, now=earlier)
    assert len(await claim(store, now=earlier + timedelta(seconds=6))) == 1


async def test_a_claim_says_when_to_come_again(store: Store) -> None:
    await put(store, *(message(n) for n in range(1, 30)))
    await claim(store)
    nothing = await store.write(
        lambda tx: claims.claim(tx, worker=ME, now=NOW, limit=5, rate=10, burst=10, reserve=2, owed=0)
    )
    assert (nothing.letters, nothing.again_in) == ([], pytest.approx(0.3))


@pytest.mark.parametrize("rows", [3, 40])
async def test_a_claim_takes_few_statements_whatever_it_leases(store: Store, rows: int) -> None:
    await put(store, *(message(n) for n in range(1, rows + 1)))
    seen = 0

    def work(tx: Tx) -> list[Letter]:
        nonlocal seen
        event.listen(tx.connection, "before_cursor_execute", lambda *_: count())
        return claims.claim(tx, worker=ME, now=NOW, limit=64, rate=64, burst=64, reserve=0, owed=0).letters

    def count() -> None:
        nonlocal seen
        seen += 1

    assert len(await store.write(work)) == rows
    assert seen <= 9


async def test_the_fate_of_an_erased_message_is_not_taken_for_that_of_the_next(store: Store) -> None:
    gone = await store.write(lambda tx: outbox.enqueue(tx, message(41), now=NOW, worker=ME))
    await store.write(lambda tx: erasure.erase(tx, 41, now=NOW))
    mine = await store.write(lambda tx: outbox.enqueue(tx, message(42), now=NOW, worker=ME))
    assert gone is not None
    assert mine is not None
    assert mine.id != gone.id

    def ended(tx: Tx, letter: Letter, state: State) -> bool:
        return outbox.end_attempt(tx, letter, worker=ME, state=state, reason=None, now=NOW, message_id=9)

    assert not await store.write(lambda tx: ended(tx, gone, State.FAILED))
    assert await store.write(lambda tx: ended(tx, mine, State.SENT))


@pytest.mark.parametrize("left", [1.0, 0.1])
async def test_a_claim_reads_no_more_however_many_messages_were_counted(store: Store, left: float) -> None:
    """A planner that knows how many rows fit may think that reading all of them is as good as asking the index."""
    number, first = 20_000, 1_000_000

    def write(tx: Tx) -> int:
        key = broadcasts.add_draft(tx, tutor_id=700, cohort_ids=[1], body="{}", now=NOW)
        broadcasts.start(tx, key, total=number, now=NOW)
        moment = {"not_before": NOW, "created_at": NOW}
        same = {"lane": Lane.BROADCAST, "method": "sendMessage", "edits": False, "broadcast_id": key, **moment}
        tx.execute(
            insert(tables.outbox),
            [
                {
                    **same,
                    "chat_id": first + each,
                    "attempts": 0,
                    "ambiguous": 0,
                    "state": State.PENDING if each >= number * (1 - left) else State.SENT,
                }
                for each in range(number)
            ],
        )
        tx.execute(text("ANALYZE"))
        return key

    key = await store.write(write)
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, words: str, values: Any, *_: Any) -> None:
        seen.append((words, values))

    def work(tx: Tx) -> str:
        event.listen(tx.connection, "before_cursor_execute", note)
        assert claims.has_work(tx, now=NOW)
        assert len(claims.claim(tx, worker=ME, now=NOW, limit=8, rate=25, burst=9, reserve=1, owed=0).letters) == 0
        assert broadcasts.is_under_way(tx, key)
        assert broadcasts.has_room(tx, key, now=NOW, up_to=1000) is False
        assert broadcasts.count_put_off(tx, key, now=NOW) == 0
        assert broadcasts.cancel_rest(tx, key, now=NOW, chunk=10) == 10
        event.remove(tx.connection, "before_cursor_execute", note)
        explain = "EXPLAIN QUERY PLAN " if tx.exclusive else "EXPLAIN "
        plans = (tx.connection.exec_driver_sql(explain + words, values) for words, values in seen)
        return "\n".join(str(tuple(row)) for plan in plans for row in plan)

    plan = await store.write(work)
    assert "ix_outbox_pending" in plan
    assert not re.findall(r"Seq Scan on outbox.*|SCAN outbox(?! USING).*", plan)
