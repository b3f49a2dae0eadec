"""The sender: marks written together, one bad mark among them, and replies during a flood warning."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.application import record_delivery
from bot.clock import Clock
from bot.delivery import Sender
from bot.delivery.sender import Pace
from bot.domain.delivery import DeliveryOutcome, Lane, Letter, Outgoing, RetryLater, Sent, State
from bot.domain.errors import StorageUnavailable
from bot.storage import Store, Tx, outbox, tables

ME = "me"
CLOCK = Clock()


class Post:
    """Sends everything at once, unless a chat is to be refused."""

    def __init__(self, floods: Sequence[int] = ()) -> None:
        self.posted: list[int] = []
        self._floods = floods

    async def post(self, letter: Letter) -> DeliveryOutcome:
        self.posted.append(letter.chat_id)
        if letter.chat_id in self._floods:
            return RetryLater(timedelta(seconds=30), "flood", everyone=True, counts=False)
        return Sent(letter.id + 1000)


def sender(store: Store, post: Post) -> Sender:
    """A sender of the usual pace."""
    return Sender(store=store, clock=CLOCK, post=post, worker=ME, pace=Pace.of(200))


async def replies(store: Store, *chats: int) -> list[Letter]:
    """Write replies, leased to the sender as a turn does."""

    def work(tx: Tx) -> list[Letter]:
        now = CLOCK.now()
        found = [outbox.enqueue(tx, Outgoing(chat, "sendMessage", {}), now=now, worker=ME) for chat in chats]
        return [each for each in found if each is not None]

    return await store.write(work)


async def states(store: Store) -> list[State]:
    """Return where every row stands."""
    rows = await store.read(lambda tx: tx.execute(tables.outbox.select().order_by(tables.outbox.c.id)).all())
    return [State(row.state) for row in rows]


async def test_answers_that_come_in_together_are_marked_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    record_all = record_delivery.record_all

    def counting(tx: Tx, marks: Sequence[tuple[Letter, DeliveryOutcome]], **more: object) -> None:
        batches.append(len(marks))
        record_all(tx, marks, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("bot.delivery.sender.record_all", counting)
    letters = await replies(store, *range(1, 21))
    ours = sender(store, Post())
    await asyncio.gather(*(ours.send_now([each]) for each in letters))
    assert await states(store) == [State.SENT] * 20
    assert sum(batches) == 20
    assert len(batches) <= 3


async def test_one_mark_that_fails_takes_no_other_with_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record_all = record_delivery.record_all

    def failing(tx: Tx, marks: Sequence[tuple[Letter, DeliveryOutcome]], **more: object) -> None:
        if any(letter.chat_id == 3 for letter, _ in marks):
            raise ValueError
        record_all(tx, marks, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("bot.delivery.sender.record_all", failing)
    letters = await replies(store, 1, 2, 3, 4)
    ours = sender(store, Post())
    await asyncio.gather(*(ours.send_now([each]) for each in letters))
    assert await states(store) == [State.SENT, State.SENT, State.LEASED, State.SENT]


async def test_a_chat_under_a_flood_warning_is_not_asked_again_and_others_go_on(store: Store) -> None:
    post = Post(floods=[5])
    ours = sender(store, post)
    await ours.send_now(await replies(store, 5))
    await ours.send_now(await replies(store, 5, 6))
    assert post.posted == [5, 6]
    assert await states(store) == [State.PENDING, State.PENDING, State.SENT]
    assert ours.tally.attempts == {("reply", "put back", "flood"): 2, ("reply", "sent", ""): 1}


async def test_what_waits_goes_out_at_the_rate_and_all_of_it(store: Store) -> None:
    post = Post()
    ours = sender(store, post)
    now = CLOCK.now()
    waiting = [Outgoing(chat, "sendMessage", {}, lane=Lane.PROMPT) for chat in range(1, 101)]
    await store.write(lambda tx: [outbox.enqueue(tx, each, now=now) for each in waiting])
    running = asyncio.create_task(ours.run())
    async with asyncio.timeout(30):
        while await states(store) != [State.SENT] * 100:
            await asyncio.sleep(0.05)
    await ours.stop(within=5)
    await running
    assert sorted(post.posted) == list(range(1, 101))


async def test_a_claim_that_goes_wrong_ends_neither_the_sender_nor_a_message(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.delivery.sender.LONGEST_WAIT", 0.05)
    failures = iter([KeyError("day"), StorageUnavailable("locked")])

    def compose(_tx: Tx, letters: Sequence[Letter], _now: datetime) -> Sequence[Letter]:
        if (failure := next(failures, None)) is not None:
            raise failure
        return letters

    post = Post()
    ours = Sender(store=store, clock=CLOCK, post=post, worker=ME, pace=Pace.of(200), compose=compose)
    now = CLOCK.now()
    waiting = Outgoing(5, "sendMessage", {}, lane=Lane.PROMPT)
    await store.write(lambda tx: outbox.enqueue(tx, waiting, now=now))
    running = asyncio.create_task(ours.run())
    async with asyncio.timeout(30):
        while await states(store) != [State.SENT]:
            await asyncio.sleep(0.05)
    await ours.stop(within=5)
    await running
    assert post.posted == [5]
    assert "nothing could be claimed" in caplog.text


async def test_what_a_claim_brings_in_the_moment_of_stopping_is_still_sent_and_marked(store: Store) -> None:
    post = Post()
    ours = sender(store, post)
    now = CLOCK.now()
    waiting = [Outgoing(chat, "sendMessage", {}, lane=Lane.PROMPT) for chat in range(1, 9)]
    await store.write(lambda tx: [outbox.enqueue(tx, each, now=now) for each in waiting])
    write, claiming, go_on = store.write, asyncio.Event(), asyncio.Event()

    async def slow_claim(work, *, durable=True):  # type: ignore[no-untyped-def]
        result = await write(work, durable=durable)
        if not claiming.is_set():
            claiming.set()
            await go_on.wait()
        return result

    ours._store = SlowStore(store, slow_claim)  # type: ignore[assignment]
    running = asyncio.create_task(ours.run())
    await claiming.wait()
    stopping = asyncio.create_task(ours.stop(within=5))
    await asyncio.sleep(0.05)
    go_on.set()
    await stopping
    await running
    assert State.LEASED not in await states(store)
    assert post.posted


class SlowStore:
    """A store whose writes go through a function of the test."""

    def __init__(self, store: Store, write) -> None:  # type: ignore[no-untyped-def]
        self.read, self.write, self.exclusive = store.read, write, store.exclusive
