"""A tip to a million people is going out: do prompts still come on time, and replies at once? Can it be held back?

Usage: python -m benchmarks.fairness [--quick] [--json]

The real bot is a process of its own beside the sandbox's Bot API server, which answers after 20 ms. The tip's
messages lie in the outbox already. Prompts come due five a second; five learners look terms up, one after the other,
and what they wait for right after the bot's start, together, is told apart.
Then the tip is paused, goes on, and is stopped. The usual way, reckoned rather than waited for: one queue at the same
rate, in which a prompt stands behind the tip.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.measuring import (
    FIRST,
    NOON,
    WORDS,
    Figure,
    arguments,
    begin_tip,
    bot_environment,
    folder,
    make_learners,
    plain_names,
    postgres,
    put_due,
    quantile,
    show,
    until_noon,
    vacuum,
    write_chunk,
)
from bot.application import broadcast_tip
from bot.sandbox.calls import Call
from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage import Store, Tx, open_store
from bot.storage.migrate import migrate

RATE = 25.0
LATENCY = 0.02
PROMPTS_A_SECOND = 5.0
TALKERS = 5
TUTOR = 700
WARM = 5.0
"""Seconds that a bot takes after its start to have everything built, while replies share the processor with that."""
AHEAD = 12.0
"""Seconds from the writing of the prompts to the first of them: the bot starts in between."""


async def _prepare(store: Store, *, rows: int, prompts: int) -> tuple[int, datetime]:
    """Write the tip's messages, and learners outside its class whose prompts come due; return its id and when."""
    await store.write(partial(make_learners, number=rows))
    key = await store.write(partial(begin_tip, number=rows))
    while (await store.write(partial(write_chunk, key=key, chunk=10_000))).status == "materialising":
        pass
    first = NOON + timedelta(seconds=AHEAD)

    def write_prompts(tx: Tx) -> None:
        for number in range(prompts):
            put_due(tx, FIRST + rows - 1 - number, after=AHEAD + number / PROMPTS_A_SECOND)

    await store.write(write_prompts)
    return key, first


class Watching:
    """What reached the server, and when."""

    def __init__(self, server: SandboxServer) -> None:
        self._world = server.world

    def sent(self, fits: Callable[[str], bool]) -> list[Call]:
        """Return the messages whose words fit, in order."""
        calls = self._world.calls_of("sendMessage")
        return [call for call in calls if fits(str(call.params.get("text", "")))]

    def tips(self) -> int:
        """Count the tip's messages so far."""
        return len(self.sent(lambda words: words == WORDS))


async def look_up(person: Person, term: str) -> float:
    """Look a term up; return how long the answer took."""
    person.read_all()
    began = time.monotonic()
    await person.say(f"/term {term}")
    await person.next_message(30)
    return time.monotonic() - began


async def talk(person: Person, terms: Sequence[str], until: float) -> list[float]:
    """Look terms up until a moment; return how long each answer took."""
    waits: list[float] = []
    for number in range(10_000):
        if time.monotonic() > until:
            return waits
        waits.append(await look_up(person, terms[number % len(terms)]))
        await asyncio.sleep(0.9)  # one message a second is what a chat may have
    return waits


async def held_back(store: Store, watching: Watching, act: Callable[[Tx], object]) -> float:
    """Return the seconds from a tutor's word until the tip's last message went out."""
    await store.write(act)
    began, last, seen = time.monotonic(), time.monotonic(), watching.tips()
    while time.monotonic() - last < 2.5:
        await asyncio.sleep(0.02)
        if (now := watching.tips()) > seen:
            seen, last = now, time.monotonic()
        if time.monotonic() - began > 30:
            return 30.0
    return max(0.0, last - began)


async def measure(url: str, home: Path, name: str, *, rows: int, seconds: float) -> list[Figure]:
    """Run the bot under the tip and measure what everybody else notices of it."""
    await asyncio.to_thread(migrate, url)
    store = open_store(url)
    prompts, terms = round(seconds * PROMPTS_A_SECOND), plain_names()
    key, first = await _prepare(store, rows=rows, prompts=prompts)
    if not store.exclusive:
        await asyncio.to_thread(vacuum, url, "learner", "enrolment", "outbox")  # the bot never writes a million at once
    world = World(everybody_started=True, calls_kept=1_000_000)
    async with SandboxServer(world=world) as server:
        world.faults.latency = LATENCY
        watching = Watching(server)
        offset = until_noon()
        environment = bot_environment(server, url, home, rate=RATE, ahead=offset)
        starts_at = first - timedelta(seconds=offset)
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment)
        try:
            while watching.tips() < 3:
                await asyncio.sleep(0.05)
            talkers = [world.person(f"Talker {number}", person_id=90_000 + number) for number in range(TALKERS)]
            at_first = await asyncio.gather(*(look_up(each, terms[0]) for each in talkers))
            await asyncio.sleep(WARM)
            before, since = watching.tips(), time.monotonic()
            until = since + max(0.0, (starts_at - _now()).total_seconds()) + seconds
            each_waited = await asyncio.gather(*(talk(each, terms, until) for each in talkers))
            waits = sorted(wait for waited in each_waited for wait in waited)
            await asyncio.sleep(3)
            came = watching.sent(lambda words: "of 14 ·" in words)
            late = sorted(call.at - _due(call, first, offset, rows) for call in came)
            pace = (watching.tips() - before) / (time.monotonic() - since)
            pause = await held_back(store, watching, lambda tx: broadcast_tip.pause(tx, TUTOR, key, now=_then(offset)))
            await store.write(lambda tx: broadcast_tip.go_on(tx, TUTOR, key, now=_then(offset)))
            await asyncio.sleep(3)
            stop = await held_back(store, watching, lambda tx: broadcast_tip.stop(tx, TUTOR, key, now=_then(offset)))
        finally:
            process.terminate()
            await process.wait()
    await store.close()
    behind = prompts - len(came)
    return [
        Figure(f"{name}: prompts that did not come", behind, "prompts", 0),
        Figure(f"{name}: lateness of prompts, median", quantile(late, 0.5), "s", 0.3),
        Figure(f"{name}: lateness of prompts, p99", quantile(late, 0.99), "s", PROMPTS_A_SECOND / RATE + 0.5),
        Figure(f"{name}: replies over the network's time, p99", (quantile(waits, 0.99) - LATENCY) * 1000, "ms", 100),
        Figure(f"{name}: the first replies after the start, longest", (max(at_first) - LATENCY) * 1000, "ms"),
        Figure(f"{name}: tip messages meanwhile", pace, "/s"),
        Figure(f"{name}: until a pause holds", pause, "s", 1),
        Figure(f"{name}: until a stop holds", stop, "s", 1),
    ]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- seconds of this run


def _then(offset: int) -> datetime:
    return _now() + timedelta(seconds=offset)


def _due(call: Call, first: datetime, offset: int, rows: int) -> float:
    """Return the moment at which the prompt of a call was due, by the clock of this machine."""
    assert isinstance(call.chat_id, int)
    number = FIRST + rows - 1 - call.chat_id
    return first.timestamp() - offset + number / PROMPTS_A_SECOND


def usual_lateness(*, rows: int, seconds: float) -> float:
    """Return how late a prompt is that stands behind the tip in one queue at the same rate: nobody waits to see it."""
    return (rows - seconds * RATE / 2) / RATE


async def main(*, quick: bool) -> list[Figure]:
    """Measure on both engines."""
    rows, seconds = (20_000, 6.0) if quick else (1_000_000, 40.0)
    told: list[Figure] = []
    with folder() as home:
        told += await measure(f"sqlite:///{home / 'f.sqlite3'}", home, "SQLite", rows=rows, seconds=seconds)
    if not quick:
        with postgres() as url, folder() as home:
            if url is not None:
                told += await measure(url, home, "PostgreSQL", rows=rows, seconds=seconds)
    late = max(each.value for each in told if "p99" in each.name and each.unit == "s")
    peer = usual_lateness(rows=rows, seconds=seconds)
    return [*told, Figure("the same prompt, against one queue for everything (reckoned)", late, "s", peer=peer)]


if __name__ == "__main__":
    chosen = arguments(__doc__).parse_args()
    show(asyncio.run(main(quick=chosen.quick)), as_json=chosen.json)
