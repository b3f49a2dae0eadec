"""APScheduler with a few jobs of our own; never a job per learner, never a job store.

A wall clock that steps back silences APScheduler for as long as the step. The watchdog therefore measures on the
monotonic clock and runs a job itself once it has been silent for too long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.errors import StorageUnavailable

log = logging.getLogger(__name__)

PATIENCE = 4.0
"""Seconds that a job may be overdue before the watchdog runs it."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every so many seconds. It must not mind being run early or twice."""

    name: str
    every: float
    run: Callable[[], Awaitable[None]]


class Timetable:
    """Runs jobs at their intervals until it is stopped."""

    def __init__(self, jobs: Sequence[Job], *, monotonic: Callable[[], float]) -> None:
        self._jobs = jobs
        self._monotonic = monotonic
        self._last_run: dict[str, float] = {}
        self._running: set[str] = set()
        self._runs: set[asyncio.Future[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._watchdog: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; every job runs once at once."""
        for job in self._jobs:
            self._last_run[job.name] = self._monotonic()
            self._scheduler.add_job(self._run, IntervalTrigger(seconds=job.every), args=[job], id=job.name)
        self._scheduler.start()
        self._watchdog = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End; a job that is running may finish."""
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._scheduler.pause()
        if self._runs:
            await asyncio.wait(self._runs, timeout=5)
        self._scheduler.shutdown(wait=False)  # it would cancel a run that is still going on

    def gaps(self) -> Mapping[str, float]:
        """Return the seconds since each job last ran."""
        return {name: self.silence(name) for name in self._last_run}

    def silence(self, name: str) -> float:
        """Return the seconds since a job last ran."""
        return self._monotonic() - self._last_run[name]

    async def _run(self, job: Job) -> None:
        if job.name in self._running:
            return
        self._running.add(job.name)
        done = asyncio.get_running_loop().create_future()
        self._runs.add(done)
        self._last_run[job.name] = self._monotonic()
        try:
            await job.run()
        except StorageUnavailable as error:
            log.warning("job %s: database not reachable (%s)", job.name, type(error).__name__)
        except Exception:
            log.exception("job %s failed; it runs again in %.0f s", job.name, job.every)
        finally:
            self._running.discard(job.name)
            self._runs.discard(done)
            done.set_result(None)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            for job in self._jobs:
                if self.silence(job.name) > job.every + PATIENCE and job.name not in self._running:
                    log.warning("job %s was silent for %.0f s; running it now", job.name, self.silence(job.name))
                    await self._run(job)
