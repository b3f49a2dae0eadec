"""Daily prompts of many learners: what ten thousand at once do to the event loop, what learners cost, a cold start.

Usage: python -m benchmarks.schedule [--quick] [--json]

The prompts are the real ones, written into the outbox on SQLite; a question is chosen from the whole course and the
message composed when each is claimed, which is measured by itself. The usual way: one APScheduler job per learner in
its SQLAlchemy job store, as many due at once, each doing nothing. The start is a whole ``python -m bot run`` beside a
stand-in for Telegram, from the call to its first message.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from benchmarks.measuring import NOON, Figure, arguments, begin_tip, claim, folder, make_learners, show, write_chunk
from bot.application import prompt_learners
from bot.application.live_course import LiveCourse
from bot.chat.views import practice as practice_views
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage import Store, Tx, learners, open_store, outbox
from bot.storage.migrate import migrate
from bot.storage.store import sqlite_engine
from knowledge.loader import load_course

LOOK = 0.001
AT_ONCE = 8
"""Prompts in one claim, as at the usual rate."""
RATE = 25.0


class Watch:
    """Notes for how long the event loop did nothing else: how late a sleep of a millisecond ends."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LOOK)
            self.longest = max(self.longest, time.perf_counter() - before - LOOK)

    def stop(self) -> None:
        """Stop looking."""
        self._task.cancel()


async def hand_over(store: Store) -> None:
    """Write every prompt that is due, as the bot's job does."""
    await prompt_learners.prompt_everybody_due(
        store, now=lambda: NOON, rate=RATE, classes_only=False, written=lambda: None
    )


async def compose(store: Store, live: LiveCourse, number: int) -> float:
    """Claim and compose as many prompts, as the bot's sender does; return the CPU seconds of it all."""
    choose, now = Random(0).choice, NOON + timedelta(seconds=number / RATE)

    def compose_some(tx: Tx) -> int:
        letters = claim(tx, worker="bench", now=now, limit=AT_ONCE)
        return len(
            prompt_learners.compose(
                tx,
                live,
                letters,
                now=now,
                choose=choose,
                render=lambda prompt: practice_views.daily(prompt, live.topics),
            )
        )

    began, composed = time.process_time(), 0
    while composed < number:
        composed += await store.write(compose_some)
    return time.process_time() - began


async def due_at_once(home: Path, number: int) -> tuple[float, float, int, float]:
    """Return the longest block of the loop, the seconds until all were handed over, and how many were.

    The last number is the CPU seconds that claiming and composing them took afterwards.
    """
    url = f"sqlite:///{home / 'due.sqlite3'}"
    await asyncio.to_thread(migrate, url)
    live = await asyncio.to_thread(lambda: LiveCourse.build(load_course(), revision=0))
    store = open_store(url)
    await store.write(partial(make_learners, number=number, due=NOON))
    gc.collect()
    await asyncio.sleep(0.5)
    watch, began = Watch(), time.perf_counter()
    await hand_over(store)
    seconds = time.perf_counter() - began
    watch.stop()
    written = await store.read(outbox.pending)
    composing = await compose(store, live, written)
    await store.close()
    return watch.longest, seconds, written, composing


DONE: list[int] = []


async def note(number: int) -> None:
    """Do what a job per learner does at least."""
    DONE.append(number)


async def usual_way(home: Path, number: int) -> tuple[float, float, int]:
    """Do the same with a job per learner."""
    DONE.clear()
    path = home / "jobs.sqlite3"
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(engine=sqlite_engine(f"sqlite:///{path}", begin="BEGIN"))},
        job_defaults={"misfire_grace_time": None},
    )
    scheduler.start(paused=True)
    at = datetime.now(UTC) - timedelta(seconds=1)  # noqa: TID251 -- APScheduler reads the clock too
    for each in range(number):
        scheduler.add_job(note, "date", run_date=at, args=[each], id=str(each))
    await asyncio.sleep(0.5)
    watch, began = Watch(), time.perf_counter()
    scheduler.resume()
    while len(DONE) < number and time.perf_counter() - began < 300:
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - began
    watch.stop()
    scheduler.shutdown(wait=False)
    return watch.longest, seconds, len(DONE)


def footprint(home: Path, number: int) -> tuple[float, float, float]:
    """Return the megabytes of memory and database that silent learners take, and those of being in a class."""
    url = f"sqlite:///{home / 'many.sqlite3'}"
    migrate(url)
    empty = _size(home / "many.sqlite3")
    asyncio.run(_write_learners(url, number))
    asyncio.run(_look(url))  # what the first store brings with it is not the learners'
    before = _memory()
    asyncio.run(_look(url))
    memory = max(0.0, _memory() - before)
    in_a_class = _size(home / "many.sqlite3")
    with closing(sqlite3.connect(home / "many.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM enrolment")
    alone = _size(home / "many.sqlite3")
    return memory, alone - empty, in_a_class - alone


async def _write_learners(url: str, number: int) -> None:
    store = open_store(url)
    await store.write(partial(make_learners, number=number, due=NOON + timedelta(days=1)))
    await store.close()


async def _look(url: str) -> None:
    store = open_store(url)
    for _ in range(20):
        await store.read(partial(learners.count_due, now=NOON))
    await store.close()


def _memory() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 1e6


def _size(path: Path) -> float:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size / 1e6


async def start(home: Path, people: int, tips: int) -> tuple[float, float]:
    """Return the seconds and CPU seconds from a cold start to the first message sent, with tips waiting for all."""
    url = f"sqlite:///{home / 'revision-bot.sqlite3'}"
    await asyncio.to_thread(migrate, url)
    store = open_store(url)
    await store.write(partial(make_learners, number=people))
    for _ in range(tips):
        key = await store.write(partial(begin_tip, number=people))
        while (await store.write(partial(write_chunk, key=key, chunk=10_000))).status == "materialising":
            pass
    await store.close()
    offset = round((NOON - datetime.now(UTC)).total_seconds()) + 1  # noqa: TID251 -- the bot's clock starts at noon
    async with SandboxServer(world=World(everybody_started=True)) as server:
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.api_url,
            "DATA_DIR": str(home),
            "ADMIN_IDS": "1",
            "LOG_LEVEL": "WARNING",
            "CLOCK_OFFSET": f"{offset}s",
        }
        found = (0.0, 0.0)
        for _ in range(2):  # the first start reads the course and keeps it
            already = len(server.world.calls_of("sendMessage"))
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment)
            while len(server.world.calls_of("sendMessage")) == already and time.perf_counter() - began < 120:
                await asyncio.sleep(0.005)
            found = time.perf_counter() - began, _cpu(process.pid)
            process.terminate()
            await process.wait()
    return found


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def main(*, quick: bool) -> list[Figure]:
    """Measure all of it."""
    due, jobs, people, tips = (300, 300, 2_000, 2) if quick else (10_000, 10_000, 100_000, 10)
    with folder() as home:
        block, seconds, written, composing = await due_at_once(home, due)
        jobs_block, jobs_seconds, jobs_done = await usual_way(home, jobs)
        begun, cpu = await start(home, people, tips)
    many = 100_000 / people
    with folder() as home:
        memory, database, classes = await asyncio.to_thread(footprint, home, people)
    waiting = f"start with {people:,} learners and {people * tips:,} messages waiting"
    return [
        Figure(f"{due:,} due at once: longest block of the event loop", block * 1000, "ms", 20, peer=jobs_block * 1000),
        Figure("as many: times less block than a job per learner", jobs_block / block, "x", 100, at_least=True),
        Figure("as many: all handed over", seconds, "s", 1, peer=jobs_seconds),
        Figure("as many: dropped", due - written, "prompts", 0, peer=jobs - jobs_done),
        Figure("as many: CPU of claiming and composing one, when its turn comes", composing / due * 1000, "ms"),
        Figure("100,000 learners: memory", memory * many, "MB", 5),
        Figure("100,000 learners: database", database * many, "MB", 15),
        Figure("100,000 learners: database for being in a class", classes * many, "MB"),
        Figure(f"{waiting}: first message", begun, "s", 2),
        Figure(f"{waiting}: CPU until then", cpu, "s"),
    ]


if __name__ == "__main__":
    chosen = arguments(__doc__).parse_args()
    show(asyncio.run(main(quick=chosen.quick)), as_json=chosen.json)
