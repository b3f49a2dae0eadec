"""The sender: replies at once, everything else as the token bucket allows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from bot.application.record_delivery import record
from bot.clock import Clock
from bot.domain.delivery import Ambiguous, DeliveryOutcome, Letter, MessageGone, RetryLater
from bot.domain.errors import StorageUnavailable
from bot.storage import Store, Tx, outbox

log = logging.getLogger(__name__)

Checkpoint = Callable[[str], None]
"""Called at every step that a crash could cut; only the crash tests pass one that does anything."""


def no_checkpoint(_step: str) -> None:
    """Do nothing."""


class Post(Protocol):
    """Whoever can send a letter. Never raises: every failure is an outcome."""

    async def post(self, letter: Letter) -> DeliveryOutcome:
        """Send one letter and say what became of it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast background messages go out. ``rate`` is messages a second, ``reserve`` is kept from broadcasts."""

    rate: float = 25.0
    burst: float = 25.0
    reserve: float = 5.0
    in_flight: int = 8
    look_every: float = 0.25
    """Seconds between looks into the outbox for rows that other workers wrote."""


class Sender:
    """Posts leased letters and records what became of them."""

    def __init__(
        self, *, store: Store, clock: Clock, post: Post, worker: str, pace: Pace, checkpoint: Checkpoint = no_checkpoint
    ) -> None:
        self._store = store
        self._clock = clock
        self._post = post
        self._worker = worker
        self._pace = pace
        self._checkpoint = checkpoint
        self._wake = asyncio.Event()
        self._owed = 0
        self._flying: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """Look into the outbox now instead of at the next interval."""
        self._wake.set()

    async def send_now(self, letters: Sequence[Letter]) -> None:
        """Post replies one after the other; returns when each is marked or put back for later."""
        for letter in letters:
            self._owed += 1
            await self._deliver(letter)

    async def start(self) -> None:
        """Take back what a dead predecessor of the same name held."""
        now = self._clock.now()
        await self._store.write(lambda tx: outbox.release(tx, worker=self._worker, now=now))

    async def run(self) -> None:
        """Send what waits in the background lanes until :meth:`stop`."""
        while not self._stopping:
            self._wake.clear()
            try:
                taken = await self._take()
            except StorageUnavailable as error:
                log.warning("outbox not reachable: %s", type(error).__name__)
                taken = 0
            if taken == 0 or self._free() == 0:
                await self._rest()

    async def stop(self, *, within: float) -> None:
        """Take no more rows and wait for those in flight."""
        self._stopping = True
        self._wake.set()
        if self._flying:
            await asyncio.wait(self._flying, timeout=within)

    def _free(self) -> int:
        return self._pace.in_flight - len(self._flying)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._pace.look_every):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _take(self) -> int:
        """Lease what the bucket allows and start posting it; returns how many rows were leased."""
        now = self._clock.now()
        free = self._free()
        if free <= 0 or not await self._store.read(partial(outbox.has_work, now=now)):
            return 0
        owed, self._owed = self._owed, 0
        letters = await self._store.write(
            partial(
                outbox.claim,
                worker=self._worker,
                now=now,
                limit=free,
                rate=self._pace.rate,
                burst=self._pace.burst,
                reserve=self._pace.reserve,
                owed=owed,
            )
        )
        for letter in letters:
            task = asyncio.create_task(self._deliver(letter))
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return len(letters)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery failed unexpectedly", exc_info=error)

    async def _deliver(self, letter: Letter) -> None:
        self._checkpoint("request out")
        outcome = await self._attempt(letter)
        self._checkpoint("answer in")
        await self._record(letter, outcome)
        if isinstance(outcome, RetryLater | Ambiguous):
            log.info("delivery of row %d put back: %s", letter.id, outcome.reason)
            self.wake()
        self._checkpoint("marked")

    async def _attempt(self, letter: Letter) -> DeliveryOutcome:
        outcome = await self._post.post(letter)
        if isinstance(outcome, MessageGone) and letter.edits:
            outcome = await self._post.post(replace(letter, message_id=None))
        return outcome

    async def _record(self, letter: Letter, outcome: DeliveryOutcome) -> None:
        """Mark the row, trying for as long as the lease lasts: an unmarked row would be sent again."""

        def mark(tx: Tx) -> None:
            record(tx, letter, outcome, worker=self._worker, now=self._clock.now())

        for wait in (0.05, 0.2, 1.0, 3.0, 8.0, None):
            try:
                await self._store.write(mark, durable=False)  # a mark lost to a power cut costs one extra copy
            except StorageUnavailable:
                if wait is None:
                    log.exception("row %d was sent but could not be marked", letter.id)
                    return
                await asyncio.sleep(wait)
            else:
                return
