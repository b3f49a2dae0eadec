"""The only module that knows every room: it builds them, joins them and ends them in order."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError

from bot.application import broadcast_tip, claim_role, export_learner, follow_plan
from bot.application.live_course import CoursesFromStore, LiveCourse
from bot.chat.event import Desk
from bot.chat.handlers.table import ROUTES
from bot.chat.http import AiohttpRequest
from bot.chat.polling import SecondPoller, poll
from bot.chat.poster import TelegramPost
from bot.chat.receiving import ALLOWED_UPDATES
from bot.chat.routing import ChatRouter
from bot.chat.views import practice as practice_views
from bot.chat.views import tips as tip_views
from bot.clock import Clock
from bot.config import Settings
from bot.delivery import Intake, Sender
from bot.delivery.sender import Checkpoint, Pace, no_checkpoint
from bot.domain.errors import StorageUnavailable
from bot.scheduling import Job, Timetable
from bot.storage import Store, Tx, heartbeats, inbox, open_store, outbox, roles
from bot.storage.migrate import migrate
from knowledge.cache import load_cached

log = logging.getLogger(__name__)

OK, FAILED, WRONG_SETTINGS, SECOND = 0, 1, 2, 3
"""Exit codes: ended as asked; Telegram refused the token or the start failed; settings; another poller."""

STOP_WITHIN = 8.0
CAN_SHARE_PORT = hasattr(socket, "SO_REUSEPORT") or None
"""Whether several workers on one host may listen on the same port; Windows cannot."""
ALIVE_WITHIN = timedelta(seconds=10)
INBOX_KEPT = timedelta(hours=72)
OUTBOX_KEPT = timedelta(hours=24)
PROMPT_CHUNK = 100

COMMANDS = (
    ("today", "Where I am, and the next question"),
    ("practise", "Ask me something"),
    ("term", "Look a word up"),
    ("plan", "My fourteen days"),
    ("settings", "Hour, place, days off, pause"),
    ("help", "What you can do here"),
    ("privacy", "What is kept, a copy, deleting it"),
    ("leave", "Leave a class"),
    ("cancel", "Leave what we were doing"),
    ("stop", "Switch messages off"),
)


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything that runs, joined."""

    bot: Bot
    store: Store
    clock: Clock
    intake: Intake
    sender: Sender
    timetable: Timetable
    courses: CoursesFromStore


async def run(settings: Settings, *, checkpoint: Checkpoint = no_checkpoint) -> int:
    """Run the bot until it is told to stop; returns the exit code."""
    copy = await asyncio.to_thread(migrate, settings.store_url)
    if copy is not None:
        log.info("the database was copied to %s before its schema changed", copy.name)
    stopping = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        _on_signal(each, stopping)
    try:
        async with _rooms(settings, checkpoint=checkpoint) as rooms, _health_page(settings, rooms):
            return await _serve(settings, rooms, stopping)
    except InvalidToken:
        log.error("Telegram does not know this token. Copy it again from BotFather into TELEGRAM_BOT_TOKEN.")
        return FAILED
    except SecondPoller:
        log.error("another program polls with this token, and a token can only be polled once. End the other one.")
        return SECOND


def _on_signal(number: signal.Signals, stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(number, stopping.set)
    except NotImplementedError:  # Windows
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))


@asynccontextmanager
async def _rooms(settings: Settings, *, checkpoint: Checkpoint) -> AsyncIterator[Rooms]:
    clock = Clock(settings.clock_offset)
    store = open_store(settings.store_url)
    base = await asyncio.to_thread(_load_course, settings.data_dir / "cache")
    worker = "main" if store.exclusive else f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    bot = Bot(
        settings.token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=AiohttpRequest(origin=settings.telegram_api_url, connections=64),
        get_updates_request=AiohttpRequest(origin=settings.telegram_api_url, connections=1),
    )
    try:
        await _introduce(bot)
        await store.write(lambda tx: claim_role.ensure_admins(tx, settings.admin_ids, now=clock.now()))
        courses = CoursesFromStore(store, base, admins=settings.admin_ids)
        pace = Pace(rate=settings.send_rate, burst=settings.send_rate, reserve=settings.send_rate / 5)
        sender = Sender(
            store=store,
            clock=clock,
            post=TelegramPost(bot, recipe=partial(_recipe, store, courses)),
            worker=worker,
            pace=pace,
            checkpoint=checkpoint,
        )
        router = ChatRouter(
            bot=bot,
            desk=Desk(
                store=store,
                bot_name=bot.username,
                default_zone=settings.default_timezone,
                open_to_anyone=settings.open_to == "anyone",
                safeguarding_contact=settings.safeguarding_contact,
                chance=Random(),  # noqa: S311 -- chooses questions, not secrets
            ),
            courses=courses,
            routes=ROUTES,
            now=clock.now,
        )
        intake = Intake(store=store, clock=clock, router=router, sender=sender, worker=worker, checkpoint=checkpoint)
        timetable = Timetable(
            _jobs(
                store=store,
                clock=clock,
                sender=sender,
                intake=intake,
                courses=courses,
                worker=worker,
                classes_only=settings.open_to == "class",
                checkpoint=checkpoint,
            ),
            monotonic=clock.monotonic,
        )
        yield Rooms(bot, store, clock, intake, sender, timetable, courses)
    finally:
        await bot.shutdown()
        await store.close()


def _load_course(cache: Path) -> LiveCourse:
    return LiveCourse(load_cached(cache), revision=0)


async def _patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call that the start depends on, trying for two minutes where the network is down."""
    for wait in (1, 2, 4, 8, 15, 30, 30, 30):
        try:
            await call()
        except (BadRequest, Conflict, InvalidToken):
            raise
        except NetworkError:
            log.warning("Telegram not reached, trying again in %d s", wait)
            await asyncio.sleep(wait)
        else:
            return
    await call()


async def _introduce(bot: Bot) -> None:
    """Ask Telegram who we are, patiently where the network is down, and set the commands."""
    await _patiently(bot.initialize)
    commands = [BotCommand(name, what) for name, what in COMMANDS]
    try:
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
        if not bot.bot.supports_inline_queries:
            log.info("inline mode is off for this bot; BotFather's /setinline switches it on")
    except TelegramError as error:
        log.warning("the list of commands could not be set: %s", type(error).__name__)


async def _recipe(
    store: Store, courses: CoursesFromStore, chat_id: int, recipe: Mapping[str, Any]
) -> tuple[str, bytes]:
    """Make a file that a row of the outbox names by its recipe."""
    if recipe["kind"] != "my-data":
        raise ValueError(recipe["kind"])
    live = await courses.current(0)
    content = await store.read(lambda tx: export_learner.export(tx, live, chat_id))
    return "my-revision-data.json", content


def _jobs(
    *,
    store: Store,
    clock: Clock,
    sender: Sender,
    intake: Intake,
    courses: CoursesFromStore,
    worker: str,
    classes_only: bool,
    checkpoint: Checkpoint,
) -> tuple[Job, ...]:
    chance = Random()  # noqa: S311 -- chooses questions, not secrets

    async def prompts() -> None:
        live = courses.base
        while True:
            due, written = await store.write(
                lambda tx: follow_plan.prompt_due(
                    tx,
                    live,
                    now=clock.now(),
                    choose=chance.choice,
                    render=lambda prompt: practice_views.daily(prompt, live.topics),
                    limit=PROMPT_CHUNK,
                    classes_only=classes_only,
                )
            )
            if written:
                sender.wake()
            if due < PROMPT_CHUNK:
                return

    async def tips() -> None:
        moved = await store.write(
            lambda tx: broadcast_tip.step(tx, now=clock.now(), progress=tip_views.progress, report=tip_views.report)
        )
        if moved:
            checkpoint("audience chunk")
            sender.wake()

    async def retention() -> None:
        now = clock.now()

        def sweep(tx: Tx) -> int:
            roles.sweep_claims(tx, now=now)
            return inbox.sweep(tx, now=now, keep=INBOX_KEPT) + outbox.sweep(tx, now=now, keep=OUTBOX_KEPT)

        swept = 1000
        while swept >= 1000:
            swept = await store.write(sweep)

    async def heartbeat() -> None:
        await store.write(lambda tx: heartbeats.beat(tx, worker=worker, now=clock.now()))

    return (
        Job("prompts", 1, prompts),
        Job("tips", 1, tips),
        Job("unfinished updates", 1, intake.resume),
        Job("heartbeat", 3, heartbeat),
        Job("retention", 600, retention),
    )


async def _serve(settings: Settings, rooms: Rooms, stopping: asyncio.Event) -> int:
    await rooms.sender.start()
    await rooms.intake.start()
    await _offer_claim(settings, rooms)
    await rooms.store.write(lambda tx: heartbeats.beat(tx, worker="start", now=rooms.clock.now()))
    rooms.timetable.start()
    sending = asyncio.create_task(rooms.sender.run())
    warming = asyncio.create_task(asyncio.to_thread(rooms.courses.base.warm_up))
    stop = asyncio.create_task(stopping.wait())
    receiving = asyncio.create_task(_receive(settings, rooms))
    try:
        await asyncio.wait({stop, receiving, sending}, return_when=asyncio.FIRST_COMPLETED)
        for task in (receiving, sending):
            if task.done():
                task.result()
        return OK
    finally:
        log.info("stopping")
        stop.cancel()
        receiving.cancel()
        await asyncio.gather(receiving, stop, return_exceptions=True)
        await rooms.intake.stop(within=STOP_WITHIN / 2)
        await rooms.timetable.stop()
        await rooms.sender.stop(within=STOP_WITHIN / 2)
        sending.cancel()
        await asyncio.gather(sending, warming, return_exceptions=True)


async def _offer_claim(settings: Settings, rooms: Rooms) -> None:
    """At a first start without an admin, print the link that makes one."""
    if settings.admin_ids:
        return
    if await rooms.store.read(roles.has_admin):
        return
    link = await new_claim_link(rooms.store, rooms.clock, rooms.bot.username)
    print(f"Nobody is admin yet. Open this link on the admin's phone within an hour: {link}", flush=True)


async def new_claim_link(store: Store, clock: Clock, bot_name: str) -> str:
    """Write a claim for an admin and return the link to it. The code is shown once and stored as a hash."""
    code = secrets.token_urlsafe(18)
    await store.write(
        lambda tx: claim_role.new_claim(tx, role="admin", code=code, now=clock.now(), lifetime=timedelta(hours=1))
    )
    return f"https://t.me/{bot_name}?start=claim_{code}"


async def _receive(settings: Settings, rooms: Rooms) -> None:
    if settings.webhook_url is None:
        await _patiently(rooms.bot.delete_webhook)
        await poll(rooms.bot, rooms.intake.receive, ready=_say_ready, monotonic=rooms.clock.monotonic)
        return
    from aiohttp import web  # most bots poll, and start sooner without a web server

    from bot.chat.webhook import webhook_app

    assert settings.webhook_secret is not None
    secret = settings.webhook_secret.get_secret_value()
    path = urlsplit(settings.webhook_url).path or "/"
    runner = web.AppRunner(webhook_app(rooms.intake.receive, path=path, secret=secret), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.webhook_listen, settings.webhook_port, reuse_port=CAN_SHARE_PORT)
        await site.start()
        await _patiently(
            partial(
                rooms.bot.set_webhook,
                settings.webhook_url,
                secret_token=secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=40,
            )
        )
        _say_ready()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def _say_ready() -> None:
    log.info("ready")


async def claim(settings: Settings) -> int:
    """Print a link that makes whoever opens it within an hour an admin."""
    await asyncio.to_thread(migrate, settings.store_url)
    store = open_store(settings.store_url)
    bot = Bot(
        settings.token,
        base_url=f"{settings.telegram_api_url}/bot",
        request=AiohttpRequest(origin=settings.telegram_api_url, connections=2),
    )
    try:
        await bot.initialize()
        link = await new_claim_link(store, Clock(settings.clock_offset), bot.username)
        print(f"Open this link on the admin's phone within an hour: {link}")
        return OK
    except TelegramError as error:
        log.error("Telegram did not answer: %s", type(error).__name__)
        return FAILED
    finally:
        await bot.shutdown()
        await store.close()


async def health(settings: Settings) -> int:
    """Say whether the database answers and a worker showed a sign of life within ten seconds."""
    store = open_store(settings.store_url)
    try:
        trouble = await _ailment(store, Clock(settings.clock_offset))
    finally:
        await store.close()
    if trouble is not None:
        log.error(trouble)
    return OK if trouble is None else FAILED


async def _ailment(store: Store, clock: Clock) -> str | None:
    """Say in a line what is wrong, or None where all is well."""
    try:
        latest = await store.read(heartbeats.latest)
    except StorageUnavailable as error:
        return f"the database does not answer: {error}"
    if latest is None or clock.now() - latest > ALIVE_WITHIN:
        return f"no sign of life since {latest}"
    return None


@asynccontextmanager
async def _health_page(settings: Settings, rooms: Rooms) -> AsyncIterator[None]:
    """Answer GET /healthz where HEALTH_LISTEN says, for a load balancer or a monitor."""
    if settings.health_listen is None:
        yield
        return
    from aiohttp import web

    async def answer(_request: web.Request) -> web.Response:
        trouble = await _ailment(rooms.store, rooms.clock)
        return web.Response(status=200 if trouble is None else 503, text=trouble or "ok")

    app = web.Application()
    app.router.add_get("/healthz", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    host, _, port = settings.health_listen.rpartition(":")
    try:
        await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
        yield
    finally:
        await runner.cleanup()
