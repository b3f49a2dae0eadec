"""The sender: replies at once, everything else as the token bucket allows."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.application.record_delivery import record_all
from bot.clock import Clock
from bot.delivery.floods import Floods
from bot.delivery.tally import Tally
from bot.domain.delivery import Ambiguous, DeliveryOutcome, Letter, MessageGone, RetryLater
from bot.domain.errors import StorageUnavailable
from bot.storage import Store, Tx, claims, outbox

log = logging.getLogger(__name__)

Checkpoint = Callable[[str], None]
"""Called at every step that a crash could cut; only the crash tests pass one that does anything."""
LONGEST_WAIT = 1.0
"""Seconds after which the bucket is looked at again although it said that it would be empty for longer."""
Marks = Sequence[tuple[Letter, DeliveryOutcome]]
Compose = Callable[[Tx, Sequence[Letter], datetime], Sequence[Letter]]
"""Composes letters that were leased in the same transaction; what is not to go out after all is left out."""


def as_they_are(_tx: Tx, letters: Sequence[Letter], _now: datetime) -> Sequence[Letter]:
    """Compose nothing: every letter was written whole."""
    return letters


def no_checkpoint(_step: str) -> None:
    """Do nothing."""


class Post(Protocol):
    """Whoever can send a letter. Never raises: every failure is an outcome."""

    async def post(self, letter: Letter) -> DeliveryOutcome:
        """Send one letter and say what became of it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast background messages go out: ``rate`` a second, and never more than ``rate + burst`` in any one second.

    ``reserve`` is the part of the burst that is kept from broadcasts.
    """

    rate: float = 25.0
    burst: float = 5.0
    reserve: float = 1.0
    in_flight: int = 8
    look_every: float = 0.25
    """Seconds between looks into the outbox for rows that other workers wrote."""
    claim_every: float = 0.04
    """Seconds between claims at least: what a claim costs is shared by the rows that became due meanwhile."""

    @classmethod
    def of(cls, rate: float) -> Pace:
        """Return the usual proportions for a rate: a fifth of a second's worth at once, and requests of that length."""
        burst = max(2.0, rate / 5)
        return cls(rate=rate, burst=burst, reserve=burst / 5, in_flight=max(8, math.ceil(rate / 5)))


class Sender:
    """Posts leased letters and records what became of them."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        post: Post,
        worker: str,
        pace: Pace,
        compose: Compose = as_they_are,
        checkpoint: Checkpoint = no_checkpoint,
    ) -> None:
        self._store = store
        self._clock = clock
        self._post = post
        self._worker = worker
        self._pace = pace
        self._compose = compose
        self._checkpoint = checkpoint
        self._wake = asyncio.Event()
        self._owed = 0
        self._flying: set[asyncio.Task[None]] = set()
        self._unmarked: list[tuple[Letter, DeliveryOutcome, asyncio.Future[None]]] = []
        self._marking: asyncio.Task[None] | None = None
        self._floods = Floods(clock.monotonic)
        self._stopping = False
        self._ended = asyncio.Event()
        self._ended.set()
        self.tally = Tally()

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
        self._ended.clear()
        try:
            await self._send_on()
        finally:
            self._ended.set()

    async def _send_on(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                again_in = await self._take()
            except StorageUnavailable as error:
                log.warning("outbox not reachable: %s", type(error).__name__)
                again_in = None
            except Exception:
                log.exception("nothing could be claimed")  # replies go on meanwhile
                again_in = LONGEST_WAIT
            if again_in is None:
                await self._rest()
            else:
                await asyncio.sleep(max(self._pace.claim_every, min(again_in, LONGEST_WAIT)))

    async def stop(self, *, within: float) -> None:
        """Take no more rows and wait for those in flight; a claim that is under way may still bring some."""
        self._stopping = True
        self._wake.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._ended.wait()
                if self._flying:
                    await asyncio.wait(self._flying)

    def _free(self) -> int:
        return self._pace.in_flight - len(self._flying)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._pace.look_every):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _take(self) -> float | None:
        """Lease what the bucket allows and start posting it.

        Returns the seconds until more can be had; None where nothing is due or everybody is busy.
        """
        free = self._free()
        if free <= 0 or not await self._store.read(partial(claims.has_work, now=self._clock.now())):
            return None
        owed, self._owed = self._owed, 0
        try:
            letters, again_in = await self._store.write(partial(self._claim, limit=free, owed=owed))
        except Exception:
            self._owed += owed
            raise
        for letter in letters:
            task = asyncio.create_task(self._deliver(letter))
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return again_in if self._free() > 0 else None

    def _claim(self, tx: Tx, *, limit: int, owed: int) -> tuple[Sequence[Letter], float]:
        now = self._clock.now()  # as late as can be: what is claimed goes out that much later
        claimed = claims.claim(
            tx,
            worker=self._worker,
            now=now,
            limit=limit,
            rate=self._pace.rate,
            burst=self._pace.burst,
            reserve=self._pace.reserve,
            owed=owed,
        )
        return self._compose(tx, claimed.letters, now), claimed.again_in

    def _landed(self, task: asyncio.Task[None]) -> None:
        if self._free() == 0:
            self._wake.set()
        self._flying.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery failed unexpectedly", exc_info=error)

    async def _deliver(self, letter: Letter) -> None:
        self._checkpoint("request out")
        began = self._clock.monotonic()
        outcome = await self._attempt(letter)
        answered = self._clock.monotonic()
        self.tally.note_attempt(letter, outcome, seconds=answered - began)
        self._checkpoint("answer in")
        await self._record(letter, outcome)
        self.tally.note_mark(self._clock.monotonic() - answered)
        if isinstance(outcome, RetryLater | Ambiguous):
            log.info("delivery of row %d put back: %s", letter.id, outcome.reason)
            self.wake()
        self._checkpoint("marked")

    async def _attempt(self, letter: Letter) -> DeliveryOutcome:
        if (wait := self._floods.wait(letter.chat_id)) > 0:
            return RetryLater(timedelta(seconds=wait), "flood", counts=False)
        outcome = await self._post.post(letter)
        if isinstance(outcome, MessageGone) and letter.edits:
            outcome = await self._post.post(replace(letter, message_id=None))
        if isinstance(outcome, RetryLater) and outcome.everyone:
            return self._floods.note(letter, outcome)
        return outcome

    async def _record(self, letter: Letter, outcome: DeliveryOutcome) -> None:
        """Mark the row, together with the others whose answers come in while the last marks are being written."""
        done = asyncio.get_running_loop().create_future()
        self._unmarked.append((letter, outcome, done))
        if self._marking is None or self._marking.done():
            self._marking = asyncio.create_task(self._mark())
        await done

    async def _mark(self) -> None:
        while self._unmarked:
            marks, self._unmarked = self._unmarked, []
            try:
                await self._write([(letter, outcome) for letter, outcome, _ in marks])
            finally:
                for _, _, done in marks:
                    if not done.done():
                        done.set_result(None)

    async def _write(self, marks: Marks) -> None:
        """Write marks, trying for as long as the lease lasts: an unmarked row would be sent again."""

        def mark(tx: Tx) -> None:
            record_all(tx, marks, worker=self._worker, now=self._clock.now())

        for wait in (0.05, 0.2, 1.0, 3.0, 8.0, None):
            try:
                await self._store.write(mark, durable=False)  # a mark lost to a power cut costs one extra copy
            except StorageUnavailable:
                if wait is None:
                    log.exception("%d rows were sent but could not be marked", len(marks))
                    return
                await asyncio.sleep(wait)
            except Exception:
                if len(marks) == 1:
                    log.exception("row %d was sent but its mark failed; its lease decides", marks[0][0].id)
                    return
                for each in marks:
                    await self._write([each])
                return
            else:
                return
