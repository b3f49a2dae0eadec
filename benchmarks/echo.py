"""What an update costs: the whole bot beside a bare python-telegram-bot echo with its default client, in one run.

Usage: python benchmarks/echo.py [--updates N] [--rounds N]

Both are processes of their own that poll the same kind of loopback Bot API server. Learners send the committed mix of
look-ups (half exact, 35 % misspelt, 15 % described), each the next one when the last was answered: 32 side by side, and
one alone. Printed are the CPU milliseconds of the subject's process for one update, and the ratio of the medians.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer

HERE = Path(__file__).resolve().parent
LOOKUPS = (HERE / "lookups.txt").read_text(encoding="utf-8").splitlines()
TICKS = os.sysconf("SC_CLK_TCK")

ECHO = """
import os
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

async def echo(update, context):
    await update.effective_message.reply_text(update.effective_message.text)

app = (
    Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"])
    .base_url(os.environ["TELEGRAM_API_URL"] + "/bot").concurrent_updates(True).build()
)
app.add_handler(MessageHandler(filters.TEXT, echo))
app.run_polling(allowed_updates=Update.ALL_TYPES)
"""


@dataclass(frozen=True)
class Subject:
    """A program that answers every message."""

    name: str
    command: Sequence[str]


OURS = Subject("the whole bot", (sys.executable, "-m", "bot", "run"))
PEER = Subject("bare echo", (sys.executable, "-c", ECHO))


@dataclass(frozen=True)
class Measure:
    """CPU milliseconds of one update, updates a second, and seconds from a message to its answer."""

    cpu: float
    rate: float
    p95: float


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process so far, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def measure(subject: Subject, *, learners: int, updates: int) -> Measure:
    """Run one subject with so many learners side by side."""
    async with SandboxServer() as server:
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                **os.environ,
                "TELEGRAM_BOT_TOKEN": server.token,
                "TELEGRAM_API_URL": server.api_url,
                "DATA_DIR": folder,
                "ADMIN_IDS": "1",
                "LOG_LEVEL": "WARNING",
                "PYTHONPATH": str(HERE.parent),
            }
            process = await asyncio.create_subprocess_exec(*subject.command, env=environment, cwd=HERE.parent)
            try:
                people = [server.world.person(f"Learner {number}") for number in range(learners)]
                await asyncio.gather(*(_exchange(person, ["nps"] * 3) for person in people))
                await _until_idle(process.pid)
                before, began = cpu_seconds(process.pid), time.perf_counter()
                waits = await asyncio.gather(
                    *(_exchange(person, LOOKUPS[number:updates:learners]) for number, person in enumerate(people))
                )
                seconds, used = time.perf_counter() - began, cpu_seconds(process.pid) - before
            finally:
                process.terminate()
                await process.wait()
    flat = sorted(wait for each in waits for wait in each)
    return Measure(used / len(flat) * 1000, len(flat) / seconds, flat[int(len(flat) * 0.95)])


async def _until_idle(pid: int) -> None:
    """Wait until what a start leaves to do (indexes, word lists) is done: the cost of an update is sought."""
    used = cpu_seconds(pid)
    for _ in range(120):
        await asyncio.sleep(0.5)
        used, before = cpu_seconds(pid), used
        if used - before < 0.1:
            return


async def _exchange(person: Person, texts: Sequence[str]) -> list[float]:
    waits = []
    for text in texts:
        person.read_all()
        began = time.perf_counter()
        await person.say(text)
        await person.next_message(60)
        waits.append(time.perf_counter() - began)
    return waits


async def main(updates: int, rounds: int) -> None:
    """Measure both subjects in turn, so that a machine that changes its speed changes it for both."""
    for learners in (32, 1):
        share = updates if learners > 1 else updates // 4
        found: dict[str, list[Measure]] = {OURS.name: [], PEER.name: []}
        for _ in range(rounds):
            for subject in (OURS, PEER):
                found[subject.name].append(await measure(subject, learners=learners, updates=share))
        print(f"{learners} in flight, {share} updates, medians of {rounds} rounds")
        for name, measures in found.items():
            cpu = statistics.median(each.cpu for each in measures)
            rate = statistics.median(each.rate for each in measures)
            p95 = statistics.median(each.p95 for each in measures)
            print(f"  {name:14} {cpu:6.2f} ms CPU an update   {rate:7.0f} updates/s   p95 {p95 * 1000:6.1f} ms")
        ratio = statistics.median(
            ours.cpu / peer.cpu for ours, peer in zip(found[OURS.name], found[PEER.name], strict=True)
        )
        print(f"  CPU ratio      {ratio:6.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.updates, chosen.rounds))
