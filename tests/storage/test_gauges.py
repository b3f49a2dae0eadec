"""What the database says about the work that waits, and what a check-up makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application.record_delivery import record
from bot.domain.delivery import Incoming, Lane, Outgoing, Refused, State
from bot.domain.finding import Health
from bot.storage import Store, Tx, claims, gauges, heartbeats, inbox, outbox, tables
from bot.storage.checkup import check_database
from bot.storage.gauges import Gauges

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def read(store: Store, *, now: datetime = NOW) -> Gauges:
    """Read the numbers."""
    return await store.read(lambda tx: gauges.read(tx, now=now))


async def test_an_empty_database_has_nothing_to_say(store: Store) -> None:
    found = await read(store)
    assert set(found.waiting.values()) == {0}
    assert set(found.late.values()) == {0.0}
    assert (found.inbox_waiting, found.inbox_lag, found.rate_share, found.workers) == (0, 0.0, 1.0, 0)
    assert found.undelivered == found.updates_given_up == found.answers == {}


async def test_what_waits_is_counted_by_lane_with_the_lateness_of_the_oldest(store: Store) -> None:
    def work(tx: Tx) -> None:
        for seconds in (5, 60, -60):
            at = NOW - timedelta(seconds=seconds)
            outbox.enqueue(tx, Outgoing(seconds, "sendMessage", {}, lane=Lane.PROMPT, not_before=at), now=NOW)
        inbox.admit(tx, [Incoming(1, 5, "{}")], worker="w", now=NOW - timedelta(seconds=7), lease=timedelta(minutes=1))

    await store.write(work)
    found = await read(store)
    assert found.waiting == {"reply": 0, "prompt": 3, "broadcast": 0}
    assert found.late == {"reply": 0.0, "prompt": 60.0, "broadcast": 0.0}
    assert (found.inbox_waiting, found.inbox_lag) == (1, 7.0)


async def test_what_reached_nobody_is_counted_by_its_reason(store: Store) -> None:
    def work(tx: Tx) -> None:
        outbox.enqueue(tx, Outgoing(5, "sendMessage", {}, lane=Lane.PROMPT), now=NOW)
        (letter,) = claims.claim(tx, worker="w", now=NOW, limit=5, rate=9, burst=9, reserve=0, owed=0).letters
        record(tx, letter, Refused("can't parse entities"), worker="w", now=NOW)

    await store.write(work)
    assert (await read(store)).undelivered == {("failed", "can't parse entities"): 1}


async def test_the_last_answers_are_counted_by_the_gate_that_turned_them_back(store: Store) -> None:
    def work(tx: Tx) -> None:
        for gate in (None, None, "echo"):
            row = {"chat_id": 5, "question_id": "q", "source": "asked", "state": "answered", "hints": 0}
            tx.execute(tables.attempt.insert(), {**row, "result": {"gate": gate, "points": []}, "created_at": NOW})

    await store.write(work)
    assert (await read(store)).answers == {"marked": 2, "echo": 1}


async def test_a_check_up_finds_what_is_stuck(store: Store, database_url: str) -> None:
    def work(tx: Tx) -> None:
        heartbeats.beat(tx, worker="w", now=NOW)
        inbox.admit(tx, [Incoming(1, 5, "{}")], worker="w", now=NOW, lease=timedelta(minutes=1))
        tx.execute(tables.inbox.update().values(state=inbox.Standing.DEAD))
        outbox.enqueue(tx, Outgoing(5, "sendMessage", {}, lane=Lane.PROMPT), now=NOW)
        tx.execute(tables.outbox.update().values(state=State.DEAD, reason="no connection", ended_at=NOW))

    await store.write(work)
    found = [each for each in check_database(database_url, now=NOW) if each.health is not Health.FINE]
    said = " ".join(each.what for each in found)
    assert "1 updates of the last three days are dead" in said
    assert "1 messages were given up after many tries: no connection" in said
    assert all(each.remedy for each in found)


@pytest.mark.parametrize("spoil", [b"", b"no database at all, but some text that is long enough to be read as a page"])
def test_a_damaged_or_empty_file_is_found(spoil: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    path.write_bytes(spoil)
    found = list(check_database(f"sqlite:///{path}", now=NOW))
    assert any(each.health is not Health.FINE and "database" in each.what for each in found)
