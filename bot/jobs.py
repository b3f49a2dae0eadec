"""What the bot does by the clock, without being asked."""

from __future__ import annotations

from datetime import timedelta

from bot.application import broadcast_tip, import_page, prompt_learners, remark_answers, second_read
from bot.application.live_course import CoursesFromStore
from bot.application.second_read import Reader
from bot.chat.views import disputes as dispute_views
from bot.chat.views import practice as practice_views
from bot.chat.views import tips as tip_views
from bot.clock import Clock
from bot.delivery import Intake, Sender
from bot.delivery.sender import Checkpoint
from bot.domain.missed import KEPT_FOR
from bot.scheduling import Job
from bot.storage import Store, Tx, broadcasts, heartbeats, inbox, missed, outbox, roles

INBOX_KEPT = timedelta(hours=72)
OUTBOX_KEPT = timedelta(hours=24)


async def agree_on_time(store: Store, clock: Clock) -> None:
    """Let the clock follow the database's, where it has one."""
    if (known := await store.time()) is not None:
        clock.follow(*known)


def all_jobs(
    *,
    store: Store,
    clock: Clock,
    sender: Sender,
    intake: Intake,
    courses: CoursesFromStore,
    chunk: int,
    worker: str,
    rate: float,
    classes_only: bool,
    checkpoint: Checkpoint,
    reader: Reader | None,
) -> tuple[Job, ...]:
    """Return every job, joined to what it works on; ``reader`` is None where there is no second reader."""

    async def prompts() -> None:
        await prompt_learners.prompt_everybody_due(
            store, now=clock.now, rate=rate, classes_only=classes_only, written=sender.wake
        )

    async def tips() -> None:
        if not await store.read(broadcasts.has_live):
            return
        moved = await store.write(
            lambda tx: broadcast_tip.step(
                tx, now=clock.now(), progress=tip_views.progress, report=tip_views.report, chunk=chunk
            )
        )
        if moved:
            checkpoint("audience chunk")
            sender.wake()

    async def answers_again() -> None:
        while await remark_answers.step(store, courses, now=clock.now(), render=dispute_views.risen):
            sender.wake()

    async def second_readings() -> None:
        # once a tick: whoever runs this waits for a slow reader, and that may be the watchdog
        if await second_read.step(store, courses, reader, now=clock.now, render=practice_views.read_again):
            sender.wake()

    async def retention() -> None:
        now = clock.now()

        def sweep(tx: Tx) -> int:
            roles.sweep_claims(tx, now=now)
            import_page.sweep(tx, now=now)
            missed.sweep(tx, now=now, keep=KEPT_FOR)
            return inbox.sweep(tx, now=now, keep=INBOX_KEPT) + outbox.sweep(tx, now=now, keep=OUTBOX_KEPT)

        swept = 1000
        while swept >= 1000:
            swept = await store.write(sweep)

    async def heartbeat() -> None:
        await agree_on_time(store, clock)
        await store.write(lambda tx: heartbeats.beat(tx, worker=worker, now=clock.now()))

    return (
        Job("prompts", 0.25, prompts),  # a look costs little, and nobody waits for the rest of a second
        Job("tips", 1, tips),
        Job("earlier answers", 2, answers_again),
        Job("unfinished updates", 1, intake.resume),
        Job("heartbeat", 3, heartbeat),
        Job("retention", 600, retention),
        Job("second readings", 60 if reader is None else 1, second_readings),
    )
