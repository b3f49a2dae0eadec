"""The outbox at a million messages: writing them, and what a claim takes when many and when few are left.

Usage: python -m benchmarks.outbox [--quick] [--rows N] [--json]

Measured on SQLite (synchronous=FULL) and, where its programs are installed, on PostgreSQL with its usual settings. The
rows between the first and the last tenth are marked as sent by one statement instead of one by one. The usual way: one
object of an object-relational mapper per message, committed one by one.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import BigInteger, Engine, Text, create_engine, make_url, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.measuring import (
    NOON,
    WORDS,
    Figure,
    arguments,
    begin_tip,
    claim,
    folder,
    make_learners,
    postgres,
    quantile,
    show,
    vacuum,
    write_chunk,
)
from bot.application.record_delivery import record_all
from bot.domain.delivery import Sent
from bot.storage import Store, Tx, open_store
from bot.storage.migrate import migrate
from bot.storage.store import sqlite_engine

CHUNK = 5_000
BATCH = 30
EVERY = timedelta(seconds=BATCH / 1000)
"""How far the clock moves from claim to claim: what ended within the last second is looked at."""
WORKER = "bench"


class _Base(DeclarativeBase):
    pass


class Message(_Base):
    """A message as an object-relational mapper would keep it."""

    __tablename__ = "orm_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, index=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[int] = mapped_column(index=True)


def usual_way(engine: Engine, rows: int) -> float:
    """Return the seconds that a row takes as an object of its own, committed at once."""
    _Base.metadata.create_all(engine)
    began = time.perf_counter()
    with Session(engine) as session:
        for number in range(rows):
            session.add(Message(chat_id=number, key=f"tip:{number}", body=WORDS, state=0))
            session.commit()
    return (time.perf_counter() - began) / rows


async def write_all(store: Store, rows: int) -> tuple[float, float, float, float]:
    """Write a tip's messages; return the seconds and CPU seconds that took, and the longest transaction's of each."""
    key = await store.write(partial(begin_tip, number=rows))
    began, began_cpu, longest, longest_cpu = time.perf_counter(), time.process_time(), 0.0, 0.0
    status = "materialising"
    while status == "materialising":
        before, before_cpu = time.perf_counter(), time.process_time()
        status = (await store.write(partial(write_chunk, key=key, chunk=CHUNK))).status
        longest = max(longest, time.perf_counter() - before)
        longest_cpu = max(longest_cpu, time.process_time() - before_cpu)
    return time.perf_counter() - began, time.process_time() - began_cpu, longest, longest_cpu


async def claim_some(store: Store, times: int, *, since: datetime) -> tuple[list[float], list[float]]:
    """Claim and mark batches at the paid rate; return the seconds and CPU seconds of each claim with its commit."""
    took, took_cpu = [], []
    for number in range(times):
        now = since + number * EVERY
        began, began_cpu = time.perf_counter(), time.process_time()
        letters = await store.write(partial(claim, worker=WORKER, now=now, limit=BATCH))
        took.append(time.perf_counter() - began)
        took_cpu.append(time.process_time() - began_cpu)
        marks = [(letter, Sent(letter.id)) for letter in letters]
        await store.write(partial(record_all, marks=marks, worker=WORKER, now=now), durable=False)
    return took, took_cpu


def send_up_to_the_last_tenth(tx: Tx, rows: int) -> None:
    """Mark what lies between as sent, leaving the last tenth."""
    last = tx.execute(text("SELECT max(id) FROM outbox")).scalar_one()
    at = round(NOON.timestamp() * 1000)
    tx.execute(
        text(f"UPDATE outbox SET state = 2, ended_at = {at} WHERE state = 0 AND id <= {last - rows // 10}")  # our own
    )


async def measure(url: str, *, name: str, rows: int, times: int, usual: int) -> list[Figure]:
    """Measure one engine."""
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    await asyncio.to_thread(migrate, url)
    engine = sqlite_engine(url, begin="BEGIN IMMEDIATE") if is_sqlite else create_engine(url)
    peer = await asyncio.to_thread(usual_way, engine, usual)
    engine.dispose()
    store = open_store(url)
    try:
        await store.write(partial(make_learners, number=rows))
        if not is_sqlite:
            await asyncio.to_thread(vacuum, url, "learner", "enrolment")
        seconds, cpu, longest, longest_cpu = await write_all(store, rows)
        first, first_cpu = await claim_some(store, times, since=NOON)
        await store.write(partial(send_up_to_the_last_tenth, rows=rows))
        if not is_sqlite:
            await asyncio.to_thread(vacuum, url, "outbox")
        last, last_cpu = await claim_some(store, times, since=NOON + timedelta(hours=1))
    finally:
        await store.close()
    whole = rows >= 1_000_000
    each = seconds / rows * 1e6
    median = quantile(last, 0.5) / quantile(first, 0.5)
    return [
        Figure(f"{name}: write {rows:,} messages", seconds, "s", (3 if is_sqlite else 15) if whole else None),
        Figure(f"{name}: CPU of this process for it", cpu, "s"),
        Figure(f"{name}: longest transaction of it", longest * 1000, "ms", 60 if is_sqlite else 250),
        Figure(f"{name}: CPU of the dearest transaction", longest_cpu * 1000, "ms"),
        Figure(f"{name}: one message", each, "us", peer=peer * 1e6),
        Figure(f"{name}: times quicker than the usual way", peer * 1e6 / each, "x", 50, at_least=True),
        Figure(f"{name}: claim of {BATCH}, first tenth, median", quantile(first, 0.5) * 1000, "ms"),
        Figure(f"{name}: claim of {BATCH}, last tenth against first", median, "x", 2),
        Figure(f"{name}: CPU of a claim of {BATCH}, median", quantile([*first_cpu, *last_cpu], 0.5) * 1000, "ms"),
        Figure(f"{name}: claim of {BATCH}, p99", quantile([*first, *last], 0.99) * 1000, "ms", 5 if is_sqlite else 20),
    ]


async def main(*, quick: bool, rows: int) -> list[Figure]:
    """Measure both engines."""
    rows, times, usual = (20_000, 20, 150) if quick else (rows, 200, 3000)
    with folder() as home:
        figures = await measure(
            f"sqlite:///{home / 'bench.sqlite3'}", name="SQLite", rows=rows, times=times, usual=usual
        )
    with postgres() as url:
        if url is not None:
            figures += await measure(url, name="PostgreSQL", rows=rows, times=times, usual=usual)
    return figures


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    chosen = parser.parse_args()
    show(asyncio.run(main(quick=chosen.quick, rows=chosen.rows)), as_json=chosen.json)
