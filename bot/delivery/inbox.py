"""The intake: an update is safe before anybody is told that it arrived, and then runs in its chat's lane."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol

from bot.application.turn import Turn
from bot.clock import Clock
from bot.delivery.sender import Checkpoint, Sender, no_checkpoint
from bot.delivery.tally import Turns
from bot.domain.delivery import InboxRow, Incoming, Letter, Outgoing, backoff
from bot.domain.errors import BotError, Stale, StorageUnavailable
from bot.storage import Store, Tx, inbox, outbox

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MAX_TRIES = 6
"""Runs of an update that met trouble on our side before it is given up."""
BACKLOG = 400
"""Updates held in memory before no more are fetched."""
READS = 3
"""How often an update is read anew because what it had read was out of date."""


class Router(Protocol):
    """Turns a stored update into a turn, and trouble into words."""

    async def route(self, row: InboxRow) -> Turn:
        """Read what is needed, compute outside any transaction, and return what to record."""

    def refuse(self, row: InboxRow, error: BotError) -> Sequence[Outgoing]:
        """Return the words for what a use case refused on purpose; none of its effects are kept."""

    def apologise(self, row: InboxRow, *, again: bool) -> Sequence[Outgoing]:
        """Return what to say when a turn failed: with ``again`` it will be tried again."""


class Intake:
    """Admits updates and runs their turns: one at a time in a chat, chats side by side."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        router: Router,
        sender: Sender,
        worker: str,
        checkpoint: Checkpoint = no_checkpoint,
    ) -> None:
        self._store = store
        self._clock = clock
        self._router = router
        self._sender = sender
        self._worker = worker
        self._checkpoint = checkpoint
        self._lanes: dict[int, deque[InboxRow]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held = 0
        self._admitting = 0
        self._recovering = True
        self._room = asyncio.Condition()
        self._stopping = False
        self.turns = Turns()

    async def start(self) -> None:
        """Take back what a dead predecessor of the same name held, and run it."""
        now = self._clock.now()
        await self._store.write(lambda tx: inbox.release(tx, worker=self._worker, now=now))
        await self.resume()

    async def receive(self, updates: Sequence[Incoming]) -> None:
        """Store updates; when this returns they are on disk and may be acknowledged. Then their turns start."""
        if not updates:
            return
        self._checkpoint("received")
        self._admitting += 1
        try:
            rows, _waiting = await self._store.write(
                partial(
                    inbox.admit,
                    updates=updates,
                    worker=self._worker,
                    now=self._clock.now(),
                    lease=LEASE,
                    recovering=self._recovering,
                )
            )
        finally:
            self._admitting -= 1
        self._checkpoint("inbox committed")
        for row in rows:
            self._enter(row)
        async with self._room:
            await self._room.wait_for(lambda: self._held < BACKLOG or self._stopping)

    async def resume(self) -> None:
        """Run stored updates that nobody runs: after a crash, a postponement, or behind another worker's turn."""
        if self._stopping:
            return
        now = self._clock.now()
        if not await self._store.read(partial(inbox.has_waiting, now=now)):
            self._recovering = self._recovering and self._admitting > 0  # what is being admitted may have to wait
            return
        rows = await self._store.write(partial(inbox.claim_waiting, worker=self._worker, now=now, lease=LEASE))
        for row in rows:
            self._enter(row)

    async def stop(self, *, within: float) -> None:
        """Start no further turn, and wait for those that run; what was not started is handed back."""
        self._stopping = True
        async with self._room:
            self._room.notify_all()
        left = [row for lane in self._lanes.values() for row in lane]
        for lane in self._lanes.values():
            lane.clear()
        if left:
            await self._store.write(lambda tx: inbox.hand_back(tx, left))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)

    def _enter(self, row: InboxRow) -> None:
        self._held += 1
        lane = self._lanes.get(row.chat_id)
        if lane is not None:
            lane.append(row)
            return
        self._lanes[row.chat_id] = deque((row,))
        task = asyncio.create_task(self._run_lane(row.chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        try:
            while lane:
                row = lane.popleft()
                try:
                    await self._run(row)
                except Exception:
                    log.exception("update %d ended in an unexpected way; its lease decides", row.update_id)
                finally:
                    self._held -= 1
                if self._held == BACKLOG - 1:
                    async with self._room:
                        self._room.notify_all()
        finally:
            del self._lanes[chat_id]
        if self._recovering or not self._store.exclusive:  # the next that waits behind this one may begin
            await self.resume()

    async def _run(self, row: InboxRow) -> None:
        began = self._clock.monotonic()
        try:
            letters = await self._turn(row)
        except (StorageUnavailable, Stale) as error:
            self.turns.ended["put back"] += 1
            await self._fail(row, error, again=row.attempt < MAX_TRIES)
        except BotError as error:
            self.turns.ended["refused"] += 1
            await self._refuse(row, error)
        except Exception as error:
            log.exception("update %d failed", row.update_id)
            self.turns.ended["failed"] += 1
            await self._fail(row, error, again=False)
        else:
            self.turns.ended["done"] += 1
            self.turns.seconds.note(self._clock.monotonic() - began)
            await self._sender.send_now(letters)

    async def _turn(self, row: InboxRow) -> list[Letter]:
        for reading in range(READS):
            turn = await self._router.route(row)
            self._checkpoint("routed")
            try:
                letters = await self._store.write(partial(self._record, row, turn))
            except Stale:
                if reading == READS - 1:
                    raise
                continue
            self._checkpoint("turn committed")
            return letters
        raise AssertionError("unreachable")

    def _record(self, row: InboxRow, turn: Turn, tx: Tx) -> list[Letter]:
        """Record effects, replies and the end of the update together."""
        if not inbox.finish(tx, row):
            return []
        now = self._clock.now()
        letters = [outbox.enqueue(tx, message, now=now, worker=self._worker) for message in turn.work(tx)]
        return [letter for letter in letters if letter is not None]

    async def _refuse(self, row: InboxRow, error: BotError) -> None:
        """Record that an update was understood and refused; what the turn had changed is rolled back by now."""
        words = self._router.refuse(row, error)
        try:
            letters = await self._store.write(partial(self._record, row, Turn(lambda _tx: words)))
        except StorageUnavailable as unavailable:
            await self._fail(row, unavailable, again=True)
        else:
            await self._sender.send_now(letters)

    async def _fail(self, row: InboxRow, error: BaseException, *, again: bool) -> None:
        """Say sorry once, and either give the row back or end it. A database that is away is left to the lease."""
        now = self._clock.now()
        reason = type(error).__name__

        def settle(tx: Tx) -> list[Letter]:
            if again:
                inbox.postpone(tx, row, until=now + backoff(row.attempt), reason=reason)
            else:
                inbox.give_up(tx, row, reason=reason)
            sorry = self._router.apologise(row, again=again)
            written = [outbox.enqueue(tx, each, now=now, worker=self._worker) for each in sorry]
            return [letter for letter in written if letter is not None]

        try:
            letters = await self._store.write(settle)
        except StorageUnavailable:
            log.warning("update %d is left to its lease: %s", row.update_id, reason)
            return
        await self._sender.send_now(letters)
