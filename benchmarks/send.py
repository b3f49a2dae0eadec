"""Sending: the shared rate with one, two and four processes, and how fast one process is where Telegram is paid.

Usage: python -m benchmarks.send [--quick] [--json]

Every worker is a process of its own that claims from the outbox, posts over HTTP to a server on this machine that
answers as Telegram does after 20 ms, and marks. Moments are taken when a request goes out. The usual way:
python-telegram-bot's ``Bot.send_message`` with its own HTTP client, 64 at a time, and no bookkeeping at all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from telegram import Bot

from benchmarks.measuring import (
    NOON,
    WORDS,
    Figure,
    arguments,
    begin_tip,
    folder,
    make_learners,
    postgres,
    show,
    write_chunk,
)
from bot.chat.http import AiohttpRequest
from bot.chat.poster import Made, TelegramPost
from bot.clock import Clock
from bot.delivery import Sender
from bot.delivery.sender import Pace
from bot.domain.delivery import DeliveryOutcome, Letter
from bot.storage import open_store
from bot.storage.migrate import migrate

TOKEN = "1:benchmark"
LATENCY = 0.02
PAID = 1000.0
UNLIMITED = 5000.0
IN_FLIGHT = 64
MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": WORDS}


class TelegramLike:
    """Answers every call after a while, and counts them."""

    def __init__(self) -> None:
        self.calls = 0
        body = json.dumps({"ok": True, "result": MESSAGE}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._answer = head.encode() + body
        self._server: asyncio.Server | None = None
        self.origin = ""

    async def __aenter__(self) -> TelegramLike:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.origin = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:")
                await reader.readexactly(length)
                self.calls += 1
                await asyncio.sleep(LATENCY)
                writer.write(self._answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


class Noting:
    """A post that notes when each request goes out."""

    def __init__(self, post: TelegramPost) -> None:
        self._post = post
        self.moments: list[float] = []

    async def post(self, letter: Letter) -> DeliveryOutcome:
        self.moments.append(time.monotonic())
        return await self._post.post(letter)


async def no_recipe(_chat_id: int, _recipe: Mapping[str, Any]) -> Made:
    """Make no files: tips have none."""
    raise NotImplementedError


async def work(order: Mapping[str, Any]) -> None:
    """Be a worker until SIGTERM, then print what was measured."""
    store = open_store(order["url"])
    request = AiohttpRequest(origin=order["origin"], connections=256)
    await request.initialize()
    bot = Bot(TOKEN, base_url=f"{order['origin']}/bot", request=request)
    post = Noting(TelegramPost(bot, recipe=no_recipe))
    clock = Clock(timedelta(seconds=order["offset"]))
    sender = Sender(store=store, clock=clock, post=post, worker=order["name"], pace=Pace.of(order["rate"]))
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    used = time.process_time()
    running = asyncio.create_task(sender.run())
    await stopping.wait()
    await sender.stop(within=5)
    used = time.process_time() - used
    await running
    await store.close()
    await request.shutdown()
    print(json.dumps({"moments": post.moments, "cpu": used}))


async def send_all(url: str, *, rows: int, rate: float, workers: int) -> tuple[list[float], float]:
    """Send a tip to ``rows`` learners; return when each request went out, in order, and the CPU seconds of it all."""
    await asyncio.to_thread(migrate, url)
    store = open_store(url)
    await store.write(partial(make_learners, number=rows))
    key = await store.write(partial(begin_tip, number=rows))
    while (await store.write(partial(write_chunk, key=key, chunk=10_000))).status == "materialising":
        pass
    await store.close()
    offset = (NOON - datetime.now(UTC)).total_seconds() + 1  # noqa: TID251 -- the bot's clock starts at noon
    async with TelegramLike() as server:
        order = {"url": url, "origin": server.origin, "rate": rate, "offset": offset}
        running = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.send", "--worker", json.dumps({**order, "name": f"w{number}"})),
                stdout=asyncio.subprocess.PIPE,
            )
            for number in range(workers)
        ]
        deadline = time.monotonic() + 60 + 3 * rows / rate
        while server.calls < rows and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        for each in running:
            each.terminate()
        found = [json.loads((await each.communicate())[0]) for each in running]
    return sorted(moment for each in found for moment in each["moments"]), sum(each["cpu"] for each in found)


def most_in_a_second(moments: Sequence[float]) -> int:
    """Return the most requests that went out within any one second."""
    return max(bisect_left(moments, moment + 1.0) - index for index, moment in enumerate(moments))


def used(moments: Sequence[float], rate: float) -> float:
    """Return the part of the rate that was used between the first burst and the last request, in per cent."""
    begun = next((index for index, moment in enumerate(moments) if moment > moments[0] + 0.5), 0)
    return (len(moments) - begun) / (moments[-1] - moments[begun]) / rate * 100


async def usual_way(requests: int) -> tuple[float, float]:
    """Return messages a second and CPU milliseconds a message of the library's own client."""
    async with TelegramLike() as server:
        code = USUAL.format(origin=server.origin, token=TOKEN, requests=requests, flying=IN_FLIGHT, words=WORDS)
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
        seconds, cpu = json.loads((await process.communicate())[0])
    return requests / seconds, cpu / requests * 1000


USUAL = """
import asyncio, json, time
from telegram import Bot
from telegram.request import HTTPXRequest

async def main():
    bot = Bot("{token}", base_url="{origin}/bot", request=HTTPXRequest(connection_pool_size=256, pool_timeout=60))
    await bot._request[1].initialize()
    left = iter(range({requests}))
    async def send():
        for number in left:
            await bot.send_message(1, "{words}")
    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(send() for _ in range({flying})))
    print(json.dumps([time.perf_counter() - began, time.process_time() - used]))

asyncio.run(main())
"""


async def paced(url: str, name: str, *, rate: float, workers: int, seconds: float) -> list[Figure]:
    """Measure how the shared rate is kept."""
    moments, _ = await send_all(url, rows=round(rate * seconds), rate=rate, workers=workers)
    limit = rate + Pace.of(rate).burst
    return [
        Figure(f"{name}: most in a second at {rate:g}/s", most_in_a_second(moments), "messages", limit),
        Figure(f"{name}: of the rate used", used(moments, rate), "%", 98, at_least=True),
    ]


async def paid(*, rows: int) -> list[Figure]:
    """Measure one process at the paid rate and without a limit, beside the usual way."""
    with folder() as home:
        moments, cpu = await send_all(f"sqlite:///{home / 'paid.sqlite3'}", rows=rows, rate=PAID, workers=1)
    with folder() as home:
        free, free_cpu = await send_all(f"sqlite:///{home / 'free.sqlite3'}", rows=rows, rate=UNLIMITED, workers=1)
    rate, each = await usual_way(rows // 4)
    ours = len(free) / (free[-1] - free[0])
    least_cpu = min(cpu / len(moments), free_cpu / len(free)) * 1000
    return [
        Figure("one process, paid: messages a second at 1000/s", used(moments, PAID) / 100 * PAID, "/s", 900, True),
        Figure("one process, paid: most in a second", most_in_a_second(moments), "messages", PAID * 1.2),
        Figure("one process: CPU of a delivery with claim and mark", least_cpu, "ms", 1.0, peer=each),
        Figure("one process, without a limit", ours, "/s", peer=rate),
        Figure("one process: times quicker than the usual way", ours / rate, "x", 3, at_least=True),
    ]


async def main(*, quick: bool) -> list[Figure]:
    """Measure the shared rate, then the paid one."""
    seconds = 1.5 if quick else 10
    with folder() as home:
        figures = await paced(f"sqlite:///{home / 'b.sqlite3'}", "SQLite", rate=25, workers=1, seconds=2 * seconds)
    for workers in (2,) if quick else (1, 2, 4):
        with postgres() as url:
            if url is not None:
                name = f"PostgreSQL, {workers} processes"
                figures += await paced(url, name, rate=100, workers=workers, seconds=seconds)
    return figures + await paid(rows=2_000 if quick else 12_000)


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--worker", type=json.loads, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.worker:
        asyncio.run(work(chosen.worker))
    else:
        show(asyncio.run(main(quick=chosen.quick)), as_json=chosen.json)
