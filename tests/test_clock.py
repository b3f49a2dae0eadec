"""The clock: the machine's, or the database's that several workers share."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.storage import Store

LONG_AGO = datetime(2001, 2, 3, 4, 5, 6, 789_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_clock_that_follows_counts_on_whatever_the_machine_shows() -> None:
    clock = Clock(timedelta(days=1))
    clock.follow(LONG_AGO, time.monotonic() - 60)
    assert timedelta(0) <= clock.now() - (LONG_AGO + timedelta(days=1, seconds=60)) < SECOND
    clock.follow(LONG_AGO, time.monotonic())
    assert timedelta(0) <= clock.now() - (LONG_AGO + timedelta(days=1)) < SECOND


async def test_only_a_database_that_is_shared_has_a_clock(store: Store) -> None:
    known = await store.time()
    assert (known is None) == store.exclusive
    if known is not None:
        moment, at = known
        assert abs((moment - Clock().now()).total_seconds() - (at - time.monotonic())) < 0.5
        assert moment.tzinfo is not None
