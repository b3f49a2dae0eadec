"""Whole turns: an update stored, its effects and reply recorded together, the reply posted and marked.

Usage: python -m benchmarks.turns [--quick] [--turns N] [--json]

Thirty-two chats side by side, each with its next update once the last was answered; posting takes no time, so that only
the bookkeeping is measured. SQLite with synchronous=FULL in one process; PostgreSQL, where its programs are installed,
with one, two and four processes. The usual way does the same three steps with an object-relational mapper, one session
and one commit a step, in a thread a turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.measuring import WORDS, Figure, arguments, folder, postgres, quantile, show
from bot.application.turn import Turn
from bot.clock import Clock
from bot.delivery import Intake, Sender
from bot.delivery.sender import Pace
from bot.domain.delivery import DeliveryOutcome, InboxRow, Incoming, Letter, Outgoing, Sent
from bot.domain.errors import BotError
from bot.storage import Store, Tx, lookups, open_store
from bot.storage.migrate import migrate
from bot.storage.store import sqlite_engine

CHATS = 32
TERM = "touchpoint"


class Tally:
    """A router that counts a look-up and answers with a line, and a post that is done at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def route(self, row: InboxRow) -> Turn:
        def work(tx: Tx) -> Sequence[Outgoing]:
            lookups.record(tx, row.chat_id, TERM, now=self._clock.now())
            return [Outgoing(row.chat_id, "sendMessage", {"text": WORDS})]

        return Turn(work)

    def refuse(self, row: InboxRow, error: BotError) -> Sequence[Outgoing]:
        raise error

    def apologise(self, row: InboxRow, *, again: bool) -> Sequence[Outgoing]:
        raise AssertionError(row.update_id)

    async def post(self, letter: Letter) -> DeliveryOutcome:
        return Sent(letter.id)


class Noting(Sender):
    """A sender that tells when the replies of a chat are marked."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.done: dict[int, asyncio.Event] = {}

    async def send_now(self, letters: Sequence[Letter]) -> None:
        await super().send_now(letters)
        for letter in letters:
            self.done[letter.chat_id].set()


async def run_turns(store: Store, *, turns: int, first_chat: int, name: str) -> tuple[float, float, list[float]]:
    """Run turns; return the seconds and CPU seconds of all of them, and how long each took."""
    clock = Clock()
    tally = Tally(clock)
    sender = Noting(store=store, clock=clock, post=tally, worker=name, pace=Pace())
    intake = Intake(store=store, clock=clock, router=tally, sender=sender, worker=name)

    async def talk(chat_id: int) -> list[float]:
        took = []
        for number in range(turns // CHATS):
            done = sender.done[chat_id] = asyncio.Event()
            began = time.perf_counter()
            await intake.receive([Incoming(chat_id * 1_000_000 + number, chat_id, '{"message": {"text": "nps"}}')])
            await done.wait()
            took.append(time.perf_counter() - began)
        return took

    began, cpu = time.perf_counter(), time.process_time()
    waits = await asyncio.gather(*(talk(first_chat + number) for number in range(CHATS)))
    return time.perf_counter() - began, time.process_time() - cpu, [each for chat in waits for each in chat]


class _Base(DeclarativeBase):
    pass


class Update(_Base):
    """An update as an object."""

    __tablename__ = "orm_update"
    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, index=True)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[int]


class Reply(_Base):
    """A reply as an object."""

    __tablename__ = "orm_reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, index=True)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[int]


class LookedUp(_Base):
    """What a learner looked up, as an object."""

    __tablename__ = "orm_looked_up"
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    term: Mapped[str] = mapped_column(Text, primary_key=True)
    times: Mapped[int]


async def usual_way(path: Path, turns: int) -> tuple[float, float, list[float]]:
    """Run the same turns through an object-relational mapper; return what :func:`run_turns` does."""
    engine = sqlite_engine(f"sqlite:///{path}", begin="BEGIN IMMEDIATE")
    _Base.metadata.create_all(engine)

    def turn(chat_id: int, number: int) -> None:
        with Session(engine) as session:
            session.add(Update(update_id=chat_id * 1_000_000 + number, chat_id=chat_id, body="{}", state=0))
            session.commit()
        with Session(engine) as session:
            update = session.scalars(select(Update).where(Update.chat_id == chat_id, Update.state == 0)).one()
            update.state = 2
            looked_up = session.get(LookedUp, (chat_id, TERM))
            if looked_up is None:
                session.add(LookedUp(chat_id=chat_id, term=TERM, times=1))
            else:
                looked_up.times += 1
            reply = Reply(chat_id=chat_id, body=WORDS, state=1)
            session.add(reply)
            session.commit()
            reply_id = reply.id
        with Session(engine) as session:
            sent = session.get_one(Reply, reply_id)
            sent.state = 2
            session.commit()

    async def talk(chat_id: int) -> list[float]:
        took = []
        for number in range(turns // CHATS):
            began = time.perf_counter()
            await asyncio.to_thread(turn, chat_id, number)
            took.append(time.perf_counter() - began)
        return took

    began, cpu = time.perf_counter(), time.process_time()
    waits = await asyncio.gather(*(talk(number + 1) for number in range(CHATS)))
    found = time.perf_counter() - began, time.process_time() - cpu, [each for chat in waits for each in chat]
    engine.dispose()
    return found


async def on_sqlite(turns: int) -> list[Figure]:
    """Measure SQLite beside the usual way."""
    with folder() as home:
        url = f"sqlite:///{home / 'bench.sqlite3'}"
        await asyncio.to_thread(migrate, url)
        store = open_store(url)
        await run_turns(store, turns=CHATS * 4, first_chat=1, name="main")
        seconds, cpu, waits = await run_turns(store, turns=turns, first_chat=1001, name="main")
        await store.close()
    with folder() as home:
        few = max(CHATS * 2, turns // 10)
        peer_seconds, peer_cpu, peer_waits = await usual_way(home / "peer.sqlite3", few)
    each, peer_each = cpu / len(waits), peer_cpu / len(peer_waits)
    rate, peer_rate = len(waits) / seconds, len(peer_waits) / peer_seconds
    return [
        Figure("SQLite: whole turns a second", rate, "/s", 3500, at_least=True, peer=peer_rate),
        Figure("SQLite: a turn, p99", quantile(waits, 0.99) * 1000, "ms", 25, peer=quantile(peer_waits, 0.99) * 1000),
        Figure("SQLite: CPU of a turn", each * 1000, "ms", peer=peer_each * 1000),
        Figure("SQLite: times quicker than the usual way", rate / peer_rate, "x", 8, at_least=True),
        Figure("SQLite: times less CPU than the usual way", peer_each / each, "x"),
    ]


async def work(order: Mapping[str, Any]) -> None:
    """Be one of several processes on PostgreSQL, and print what was measured."""
    store = open_store(order["url"])
    found = await run_turns(store, turns=order["turns"], first_chat=order["first_chat"], name=order["name"])
    await store.close()
    print(json.dumps(found))


async def on_postgres(turns: int, workers: int) -> list[Figure]:
    """Measure PostgreSQL with so many processes, the turns shared among them."""
    with postgres() as url:
        if url is None:
            return []
        await asyncio.to_thread(migrate, url)
        orders = [
            {"url": url, "turns": turns // workers, "first_chat": 1 + 1000 * number, "name": f"w{number}"}
            for number in range(workers)
        ]
        running = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.turns", "--worker", json.dumps(order)),
                stdout=asyncio.subprocess.PIPE,
            )
            for order in orders
        ]
        found = [json.loads((await each.communicate())[0]) for each in running]
    waits = [wait for each in found for wait in each[2]]
    rate = sum(len(each[2]) / each[0] for each in found)
    name = f"PostgreSQL, {workers} process{'es' if workers > 1 else ''}"
    return [
        Figure(f"{name}: whole turns a second", rate, "/s"),
        Figure(f"{name}: a turn, p99", quantile(waits, 0.99) * 1000, "ms"),
        Figure(f"{name}: CPU of a turn", sum(each[1] for each in found) / len(waits) * 1000, "ms"),
    ]


async def main(*, quick: bool, turns: int) -> list[Figure]:
    """Measure both engines."""
    figures = await on_sqlite(640 if quick else turns)
    for workers in () if quick else (1, 2, 4):
        figures += await on_postgres(turns // 4, workers)
    return figures


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--turns", type=int, default=16_000)
    parser.add_argument("--worker", type=json.loads, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.worker:
        asyncio.run(work(chosen.worker))
    else:
        show(asyncio.run(main(quick=chosen.quick, turns=chosen.turns)), as_json=chosen.json)
