"""The intake after a crash: what its predecessor held is run one by one, and nothing overtakes in a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.application.turn import IGNORED, Turn
from bot.clock import Clock
from bot.delivery import Intake, Sender
from bot.delivery.sender import Pace
from bot.domain.delivery import DeliveryOutcome, InboxRow, Incoming, Letter, Outgoing, Sent
from bot.domain.errors import BotError
from bot.storage import Store, inbox

ME = "me"
CLOCK = Clock()


class Noting:
    """A router that notes which updates ran, and how many at once."""

    def __init__(self) -> None:
        self.ran: list[int] = []
        self.most = 0
        self._running = 0

    async def route(self, row: InboxRow) -> Turn:
        self._running += 1
        self.most = max(self.most, self._running)
        await asyncio.sleep(0.01)
        self.ran.append(row.update_id)
        self._running -= 1
        return IGNORED

    def refuse(self, row: InboxRow, error: BotError) -> Sequence[Outgoing]:
        raise error

    def apologise(self, row: InboxRow, *, again: bool) -> Sequence[Outgoing]:
        raise AssertionError(row.update_id)


class Nowhere:
    """A post that takes everything."""

    async def post(self, letter: Letter) -> DeliveryOutcome:
        return Sent(letter.id)


def intake(store: Store, router: Noting) -> Intake:
    sender = Sender(store=store, clock=CLOCK, post=Nowhere(), worker=ME, pace=Pace.of(200))
    return Intake(store=store, clock=CLOCK, router=router, sender=sender, worker=ME)


async def died_with(store: Store, *updates: Incoming) -> None:
    """Leave updates as a worker of the same name leaves them that was killed."""
    lease = timedelta(seconds=60)
    await store.write(lambda tx: inbox.admit(tx, updates, worker=ME, now=CLOCK.now(), lease=lease))


async def until(router: Noting, count: int) -> None:
    async with asyncio.timeout(30):
        while len(router.ran) < count:
            await asyncio.sleep(0.005)


async def test_what_a_dead_worker_held_runs_one_by_one_and_all_of_it(store: Store) -> None:
    await died_with(store, *(Incoming(number, number, "{}") for number in range(1, 7)))
    router = Noting()
    ours = intake(store, router)
    await ours.start()
    await until(router, 6)
    assert router.ran == [1, 2, 3, 4, 5, 6]
    assert router.most == 1
    await ours.stop(within=5)


async def test_nothing_new_overtakes_what_a_dead_worker_held_in_the_same_chat(store: Store) -> None:
    await died_with(store, Incoming(1, 5, "{}"), Incoming(2, 6, "{}"), Incoming(3, 7, "{}"))
    router = Noting()
    ours = intake(store, router)
    await ours.start()
    await ours.receive([Incoming(4, 7, "{}"), Incoming(5, 6, "{}"), Incoming(6, 8, "{}")])
    await until(router, 6)
    assert router.ran.index(3) < router.ran.index(4)
    assert router.ran.index(2) < router.ran.index(5)
    await ours.stop(within=5)
