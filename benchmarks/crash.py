"""kill -9 again and again, while prompts, tips and chat go on and Telegram misbehaves: what is lost, what comes twice.

Usage: python -m benchmarks.crash [--quick] [--json]

The real bot runs as processes of its own (SQLite: one that polls; PostgreSQL: two and four behind one webhook). The
sandbox's Bot API server floods (429), fails (502), hangs, takes a message and drops the connection, and knows a learner
who blocked the bot (403). Before each kill the process is stopped, so that what it holds can be counted. Then the same
without faults and with SIGTERM. The usual way: python-telegram-bot, with a loop that sends a tip, killed likewise.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from benchmarks.measuring import (
    FIRST,
    Figure,
    arguments,
    begin_tip,
    bot_environment,
    folder,
    make_learners,
    plain_names,
    postgres,
    put_due,
    show,
    until_noon,
)
from bot.domain.delivery import State
from bot.sandbox.faults import Kind
from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World
from bot.storage import Store, Tx, open_store
from bot.storage.migrate import migrate

SHORT_LEASE = timedelta(seconds=6)
"""Of what a dead worker held, so that a run takes minutes; longer than a request may take, as in earnest."""
SHORT_READ = 3.0
RATE = 12
PACE = 3.0
"""Seconds between the messages of one learner."""
SETTLE = 900.0
"""Seconds after which what has not come is lost; what waits is sent at the rate that floods left over."""
TERMS = 30


def main_of_bot() -> int:
    """Be the bot, with leases and patience cut short alike."""
    from bot import bootstrap
    from bot.chat.http import AiohttpRequest
    from bot.config import read_settings
    from bot.delivery import inbox as intake
    from bot.storage import claims, outbox

    for module in (intake, outbox, claims):
        vars(module)["LEASE"] = SHORT_LEASE
    vars(bootstrap)["AiohttpRequest"] = partial(AiohttpRequest, read_timeout=SHORT_READ)
    return asyncio.run(bootstrap.run(read_settings()))


@dataclass
class Fleet:
    """The bot's processes."""

    environment: dict[str, str]
    size: int
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def start(self) -> None:
        """Bring it to its size."""
        while len(self.running) < self.size:
            command = (sys.executable, "-m", "benchmarks.crash", "--bot")
            self.running.append(await asyncio.create_subprocess_exec(*command, env=self.environment))

    async def end(self, process: asyncio.subprocess.Process, number: signal.Signals) -> None:
        """End one of them and wait until it is gone."""
        with suppress(ProcessLookupError):
            process.send_signal(number)
        await process.wait()
        self.running.remove(process)

    async def stop(self) -> None:
        """End them all in an orderly way."""
        for process in list(self.running):
            await self.end(process, signal.SIGTERM)


@dataclass
class Tally:
    """What became of everything that was said or due."""

    kills: int
    expected: int
    lost: int
    given_up: int
    extra: int
    most: int
    held: int
    doubtful: int
    updates_lost: int
    effects_twice: int


@dataclass
class Scene:
    """One run: who is there and what they should get."""

    url: str
    server: SandboxServer
    learners: Sequence[Person]
    blocked: Person
    names: Sequence[str]
    tips: int
    asked: list[tuple[int, int]] = field(default_factory=list)
    """Learner and term, by their places, in the order in which they asked."""

    async def talk(self, place: int, chatting: asyncio.Event) -> None:
        """Ask one term after the other, whether or not the one before was answered."""
        chance = Random(place)
        for number in range(len(self.names)):
            await asyncio.sleep(PACE * (0.7 + 0.6 * chance.random()))
            if not chatting.is_set():
                return
            await self.learners[place].say(f"/term {self.names[number]}")  # the prompt opens a question
            self.asked.append((place, number))

    def copies(self) -> Counter[tuple[str, int, int]]:
        """Count what each learner got: answers by term, tips by number, prompts."""
        found: Counter[tuple[str, int, int]] = Counter()
        by_name = {name.lower(): number for number, name in enumerate(self.names)}
        for place, learner in enumerate(self.learners):
            for message in learner.chat.from_bot():
                line = message.text.splitlines()[0]
                if line.startswith("Tip number "):
                    found["tip", place, int(line.rpartition(" ")[2])] += 1
                elif line.startswith("Day 3 of 14"):
                    found["prompt", place, 0] += 1
                elif (number := by_name.get(line.partition(" (")[0].lower())) is not None:
                    found["answer", place, number] += 1
        return found

    def expected(self) -> set[tuple[str, int, int]]:
        """Return what everybody who has not blocked the bot should get."""
        there = [place for place, learner in enumerate(self.learners) if learner is not self.blocked]
        return {
            *(("prompt", place, 0) for place in there),
            *(("tip", place, number) for place in there for number in range(self.tips)),
            *(("answer", place, number) for place, number in self.asked if place in there),
        }


class Looking:
    """Looks into the database from outside."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool)

    def number(self, query: str, **values: object) -> int:
        """Return the number that a query gives."""
        with self._engine.connect() as connection:
            return int(connection.execute(text(query), values).scalar() or 0)

    def by_chat(self, query: str, **values: object) -> Counter[int]:
        """Return numbers by chat."""
        with self._engine.connect() as connection:
            found = connection.execute(text(query), values).all()
            return Counter({row[0]: row[1] for row in found})


async def _prepare(store: Store, *, learners: int, tips: int, lasts: float) -> None:
    """Write learners whose prompts come due one after the other while it lasts, and tips to all of them."""

    def write(tx: Tx) -> None:
        make_learners(tx, learners)
        for place in range(learners):
            put_due(tx, FIRST + place, after=3 + place * lasts / learners)
        for number in range(tips):
            begin_tip(tx, learners, says={"text": f"Tip number {number}"})

    await store.write(write)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _environment(server: SandboxServer, url: str, home: Path, *, workers: int) -> dict[str, str]:
    environment = bot_environment(server, url, home, rate=RATE, ahead=until_noon())
    if workers > 1:
        port = _free_port()
        environment |= {
            "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "WEBHOOK_PORT": str(port),
            "WEBHOOK_SECRET": "a-secret-for-crashes",
        }
    return environment


async def endure(
    url: str, home: Path, *, workers: int, kills: int, learners: int, ending: signal.Signals, faults: bool
) -> Tally:
    """Let the bot live through its ends and count what came of it."""
    lasts = 2.2 * kills
    tips = max(2, round(RATE * 0.6 * lasts / learners))
    await asyncio.to_thread(migrate, url)
    store = open_store(url)
    await _prepare(store, learners=learners, tips=tips, lasts=lasts)
    await store.close()
    looking, chance = Looking(url), Random(kills)
    async with SandboxServer(world=World(everybody_started=True)) as server:
        people = [server.world.person(f"Learner {place}", person_id=FIRST + place) for place in range(learners)]
        scene = Scene(url, server, people, people[-1], plain_names()[:TERMS], tips)
        server.world.faults.add("forbidden", chat_id=scene.blocked.id)
        doubtful = []
        if faults:
            sends = "send*|edit*"
            server.world.faults.add("flood", method=sends, chance=0.002, retry_after=1)
            kinds: tuple[tuple[Kind, float], ...] = (("bad_gateway", 0.01), ("hang", 0.004), ("drop", 0.01))
            doubtful = [server.world.faults.add(kind, method=sends, chance=often) for kind, often in kinds]
        fleet = Fleet(_environment(server, url, home, workers=workers), workers)
        chatting = asyncio.Event()
        chatting.set()
        await fleet.start()
        await _until(lambda: bool(server.world.calls_of("setMyCommands")), 60)
        talks = [asyncio.create_task(scene.talk(place, chatting)) for place in range(learners)]
        held = 0
        for _ in range(kills):
            ready = len(server.world.calls_of("setMyCommands"))
            await asyncio.sleep(0.2 + 1.6 * chance.random())
            dying = chance.choice(fleet.running)
            if ending is signal.SIGKILL:
                dying.send_signal(signal.SIGSTOP)
                held += looking.number(LEASED, worker=f"%-{dying.pid}-%" if workers > 1 else "%")
            await fleet.end(dying, ending)
            await fleet.start()
            if chance.random() < 0.8:  # sometimes it is killed while it starts
                await _until(_called_again(server, "setMyCommands", more=2, than=ready), 30)
        chatting.clear()
        await asyncio.gather(*talks)
        server.world.faults.clear()
        server.world.faults.add("forbidden", chat_id=scene.blocked.id)
        with suppress(TimeoutError):
            await _until(lambda: not server.world.updates.pending and looking.number(WAITING) == 0, SETTLE, every=0.5)
        await asyncio.sleep(float(SHORT_LEASE.total_seconds()) + 2)
        await fleet.stop()
        return _count(scene, looking, kills=kills, held=held, doubtful=sum(each.used for each in doubtful))


WAITING = (
    "SELECT (SELECT count(*) FROM inbox WHERE state < 2) + (SELECT count(*) FROM outbox WHERE state < 2)"
    " + (SELECT count(*) FROM broadcast WHERE ended_at IS NULL) + (SELECT count(*) FROM learner"
    " WHERE next_due IS NOT NULL AND last_prompt_on IS NULL)"
)
LEASED = "SELECT count(*) FROM outbox WHERE state = 1 AND worker LIKE :worker"
GIVEN_UP = (
    f"SELECT chat_id, count(*) FROM outbox WHERE state IN ({State.UNKNOWN:d}, {State.DEAD:d}, {State.EXPIRED:d})"
    " AND chat_id <> :blocked GROUP BY chat_id"
)


def _count(scene: Scene, looking: Looking, *, kills: int, held: int, doubtful: int) -> Tally:
    expected, copies = scene.expected(), scene.copies()
    counted = "SELECT count(*) FROM looked_up"
    kept = looking.number(f"{counted} WHERE chat_id <> :blocked", blocked=scene.blocked.id)
    given_up = looking.by_chat(GIVEN_UP, blocked=scene.blocked.id)
    missing = Counter(scene.learners[place].id for _, place, _ in expected - set(copies))
    answers = sum(each[0] == "answer" for each in expected)
    return Tally(
        kills=kills,
        expected=len(expected),
        lost=sum(max(0, number - given_up[chat]) for chat, number in missing.items()),
        given_up=sum(given_up.values()),
        extra=sum(number - 1 for number in copies.values() if number > 1),
        most=max(copies.values(), default=0),
        held=held,
        doubtful=doubtful,
        updates_lost=max(0, answers - kept),
        effects_twice=looking.number(f"{counted} WHERE times > 1"),
    )


def _called_again(server: SandboxServer, method: str, *, more: int, than: int) -> Callable[[], bool]:
    """Tell whether a method was called so many times more than before: each start calls it."""
    return lambda: len(server.world.calls_of(method)) >= than + more


async def _until(happened: Callable[[], bool], within: float, *, every: float = 0.05) -> None:
    async with asyncio.timeout(within):
        while not happened():
            await asyncio.sleep(every)


USUAL = """
import asyncio, os
from telegram.ext import Application, MessageHandler, filters

async def answer(update, context):
    await update.effective_message.reply_text(update.effective_message.text)

async def tip(app):
    async def loop():
        for place in range({learners}):
            await app.bot.send_message({first} + place, "Tip number 0")
            await asyncio.sleep(1 / {rate})
    if not os.path.exists({once!r}):
        open({once!r}, "w").close()
        app.create_task(loop())

app = (
    Application.builder().token("{token}").base_url("{api}/bot").concurrent_updates(True).post_init(tip).build()
)
app.add_handler(MessageHandler(filters.TEXT, answer))
app.run_polling()
"""


async def usual_way(home: Path, *, kills: int, learners: int) -> tuple[int, int]:
    """Return how much of what was said or due an ordinary bot loses over kills, and how much there was."""
    chance = Random(kills)
    async with SandboxServer(world=World(everybody_started=True)) as server:
        server.world.faults.latency = 0.05
        people = [server.world.person(f"Learner {place}", person_id=FIRST + place) for place in range(learners)]
        code = USUAL.format(
            learners=learners, first=FIRST, rate=RATE, token=server.token, api=server.api_url, once=str(home / "once")
        )
        said = 0

        async def start() -> asyncio.subprocess.Process:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, stderr=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
            )

        process = await start()
        await _until(lambda: bool(server.world.calls_of("getUpdates")), 60)
        for _ in range(kills):
            polls = len(server.world.calls_of("getUpdates"))
            end = time.monotonic() + 0.5 + chance.random()
            while time.monotonic() < end:
                for person in people:
                    await person.say(f"word {said}")
                    said += 1
                await asyncio.sleep(0.1)
            process.kill()
            await process.wait()
            process = await start()
            await _until(_called_again(server, "getUpdates", more=1, than=polls), 30)
        await asyncio.sleep(6)
        process.terminate()
        await process.wait()
        texts = [{message.text for message in person.chat.from_bot()} for person in people]
        answered = sum(each.startswith("word ") for found in texts for each in found)
        told = sum("Tip number 0" in found for found in texts)
    return said - answered + learners - told, said + learners


def figures(name: str, found: Tally, *, orderly: bool) -> list[Figure]:
    """Return what a run showed."""
    bound = 0 if orderly else found.held + found.doubtful
    told = f"{name}, {found.kills} {'SIGTERM' if orderly else 'kill -9'}"
    return [
        Figure(f"{told}: messages expected", found.expected, "messages"),
        Figure(f"{told}: lost without a word", found.lost, "messages", 0),
        Figure(f"{told}: given up, on record", found.given_up, "messages"),
        Figure(f"{told}: extra copies (held at a kill + doubtful)", found.extra, "messages", bound),
        Figure(f"{told}: most copies of one", found.most, "copies", 1 if orderly else 2),
        Figure(f"{told}: acknowledged updates lost", found.updates_lost, "updates", 0),
        Figure(f"{told}: effects that happened twice", found.effects_twice, "effects", 0),
    ]


async def main(*, quick: bool) -> list[Figure]:
    """Crash on SQLite, then on PostgreSQL with several processes, and let the usual way do the same."""
    kills, learners = (3, 6) if quick else (40, 40)
    told: list[Figure] = []
    size = {"kills": kills, "learners": learners}
    for ending, faults in ((signal.SIGKILL, True), (signal.SIGTERM, False))[: 1 if quick else 2]:
        with folder() as home:
            found = await endure(
                f"sqlite:///{home / 'crash.sqlite3'}", home, workers=1, ending=ending, faults=faults, **size
            )
        told += figures("SQLite", found, orderly=ending is signal.SIGTERM)
    for workers in () if quick else (2, 4):
        with postgres() as url, folder() as home:
            if url is not None:
                found = await endure(url, home, workers=workers, ending=signal.SIGKILL, faults=True, **size)
                told += figures(f"PostgreSQL, {workers} processes", found, orderly=False)
    with folder() as home:
        lost, there = await usual_way(home, kills=1 if quick else kills, learners=learners)
    ours = sum(each.value for each in told if "lost" in each.name)
    return [*told, Figure(f"lost in all, of {there} the usual way", ours, "messages", 0, peer=lost)]


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--bot", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.bot:
        sys.exit(main_of_bot())
    show(asyncio.run(main(quick=chosen.quick)), as_json=chosen.json)
