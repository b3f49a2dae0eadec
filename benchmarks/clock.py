"""Clocks that jump, and every zone's calendar: how long a tick is silent, and whether anybody is prompted twice.

Usage: python -m benchmarks.clock [--quick] [--json]

The wall clock that APScheduler and the bot read is stepped inside this process; the monotonic clock goes on, as it does
when a machine's clock is set. Prompts are the real ones, on SQLite. The usual way: the same job on APScheduler alone.
The calendar walks every zone through every local date of twelve years, one prompt after the other.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import available_timezones

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

import bot.clock
from benchmarks.measuring import NOON, Figure, arguments, folder, make_learners, show
from bot.application import prompt_learners
from bot.domain.learner import Learner
from bot.domain.plan import instant, next_due, take_due, with_next_due
from bot.scheduling import Job, Timetable
from bot.storage import Tx, open_store
from bot.storage.migrate import migrate

STEPS = (timedelta(hours=-1), timedelta(hours=3), timedelta(days=-2), timedelta(days=2))
LEARNERS = 40


class SteppedTime(dt.datetime):
    """A wall clock that can be set."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> SteppedTime:
        return dt.datetime.now(tz) + cls.ahead  # type: ignore[return-value]  # noqa: TID251 -- the clock that is stepped


@contextmanager
def stepped_clock() -> Iterator[None]:
    """Let APScheduler and the bot read the clock that can be set."""
    modules: tuple[Any, ...] = (
        apscheduler.schedulers.base,
        apscheduler.triggers.interval,
        apscheduler.executors.base,
        bot.clock,
    )
    for module in modules:
        module.datetime = SteppedTime
    try:
        yield
    finally:
        SteppedTime.ahead = timedelta()
        for module in modules:
            module.datetime = dt.datetime


def usual_silence(step: timedelta) -> float:
    """Return for how many seconds APScheduler's own job is silent after a step: until the wall clock shows its time."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.start(paused=True)
    job = scheduler.add_job(lambda: None, IntervalTrigger(seconds=1), misfire_grace_time=None, coalesce=True)
    SteppedTime.ahead += step
    silent: float = (job.next_run_time - SteppedTime.now(UTC)).total_seconds()
    SteppedTime.ahead -= step
    scheduler.shutdown(wait=False)
    return max(0.0, silent)


async def longest_gap(jobs: tuple[Job, ...], ran: list[float], *, watch: float) -> float:
    """Return the longest time without a run of a one-second job while the clock is stepped again and again."""
    timetable = Timetable(jobs, monotonic=time.monotonic)
    timetable.start()
    await asyncio.sleep(2)
    for step in STEPS:
        SteppedTime.ahead += step
        await asyncio.sleep(watch)
    await timetable.stop()
    return max(after - before for before, after in pairwise(ran))


async def prompts(home: Path, *, watch: float) -> tuple[float, Counter[tuple[int, int]]]:
    """Step the clock under a running timetable; return the longest gap, and the prompts by learner and day."""
    url = f"sqlite:///{home / 'clock.sqlite3'}"
    await asyncio.to_thread(migrate, url)
    store = open_store(url)
    SteppedTime.ahead = NOON - dt.datetime.now(UTC)  # noqa: TID251 -- learners are written for noon of that day
    clock = bot.clock.Clock()
    await store.write(partial(make_learners, number=LEARNERS, due=NOON))
    ran: list[float] = []

    async def tick() -> None:
        ran.append(time.monotonic())
        await prompt_learners.prompt_everybody_due(
            store, now=clock.now, rate=LEARNERS, classes_only=False, written=lambda: None
        )

    try:
        gap = await longest_gap((Job("prompts", 1, tick),), ran, watch=watch)
        return gap, await store.read(_by_date)
    finally:
        await store.close()


def _by_date(tx: Tx) -> Counter[tuple[int, int]]:
    """Count prompts by learner and day of the plan."""
    found: Counter[tuple[int, int]] = Counter()
    for chat_id, payload in tx.connection.execute(text("SELECT chat_id, payload FROM outbox")):
        found[chat_id, json.loads(payload)["day"]] += 1
    return found


def calendar(zones: list[str], years: range, *, minutes: Callable[[str], int]) -> tuple[int, int]:
    """Return how many local dates there were, and on how many there was not exactly one prompt."""
    dates = wrong = 0
    for name in zones:
        first, last = date(years.start, 1, 1), date(years.stop, 1, 1)
        at = minutes(name)
        learner = Learner(chat_id=1, zone=name, prompt_at=at, quiet_from=0, quiet_until=0, plan_start=first)
        learner = replace(learner, next_due=next_due(learner, after=_before(first)))
        wanted = {
            first + timedelta(days=offset)
            for offset in range((last - first).days)
            if instant(first + timedelta(days=offset), at, name) is not None
        }
        had: Counter[date] = Counter()
        while learner.next_due is not None:
            decision = take_due(learner, now=learner.next_due)
            if decision.on >= last:
                break
            had[decision.on] += 1
            again = replace(decision.learner, plan_start=decision.on, last_plan_day=0)  # a plan that never ends
            learner = with_next_due(again, after=learner.next_due)
        dates += len(wanted)
        wrong += sum(had[day] != 1 for day in wanted | set(had))
    return dates, wrong


def _before(day: date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), UTC) - timedelta(days=2)


async def main(*, quick: bool) -> list[Figure]:
    """Step the clock, then walk the calendar."""
    watch = 7.0
    with stepped_clock():
        usual = [usual_silence(step) for step in STEPS]
        with folder() as home:
            gap, had = await prompts(home, watch=watch)
    twice = sum(number - 1 for number in had.values())
    zones = sorted(available_timezones())
    years = range(2026, 2027) if quick else range(2024, 2036)
    asked = Random(1)
    dates, wrong = calendar(zones[:: 30 if quick else 1], years, minutes=lambda _name: asked.randrange(24 * 60))
    return [
        Figure("longest silence of a tick over steps of -1 h, +3 h, -2 d, +2 d", gap, "s", 6, peer=max(usual)),
        Figure("prompts given over all steps", sum(had.values()), "prompts", LEARNERS, at_least=True),
        Figure("second prompts for a day of the plan", twice, "prompts", 0),
        Figure(f"local dates with a prompt to come, {len(zones[:: 30 if quick else 1])} zones", dates, "dates"),
        Figure("of these without exactly one prompt", wrong, "dates", 0),
    ]


if __name__ == "__main__":
    chosen = arguments(__doc__).parse_args()
    show(asyncio.run(main(quick=chosen.quick)), as_json=chosen.json)
