"""The only module that knows every room: it builds them, joins them and ends them in order."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError

from bot.application import broadcast_tip, claim_role, export_learner, prompt_learners
from bot.application.live_course import CoursesFromStore, LiveCourse
from bot.chat.event import Desk
from bot.chat.handlers.table import ROUTES
from bot.chat.http import AiohttpRequest
from bot.chat.inline import InlineAnswers
from bot.chat.polling import SecondPoller, poll
from bot.chat.poster import Made, TelegramPost
from bot.chat.receiving import ALLOWED_UPDATES
from bot.chat.routing import ChatRouter
from bot.chat.views import figures as figure_views
from bot.chat.views import practice as practice_views
from bot.clock import Clock
from bot.config import Settings
from bot.delivery import Intake, Sender
from bot.delivery.sender import Checkpoint, Pace, no_checkpoint
from bot.domain.delivery import Letter
from bot.domain.errors import StorageUnavailable
from bot.jobs import agree_on_time, all_jobs
from bot.scheduling import Timetable
from bot.second_reader import HttpReader
from bot.storage import Store, Tx, heartbeats, open_store, roles, uploads
from bot.storage.migrate import migrate
from knowledge.cache import load_cached

log = logging.getLogger(__name__)

OK, FAILED, WRONG_SETTINGS, SECOND = 0, 1, 2, 3
"""Exit codes: ended as asked; Telegram refused the token or the start failed; settings; another poller."""

STOP_WITHIN = 8.0
PROBLEMS_SHOWN = 20
REPLIES_AT_ONCE = 56
"""Connections beside those that background messages may use: a reply never waits for one of theirs."""
CAN_SHARE_PORT = hasattr(socket, "SO_REUSEPORT") or None
"""Whether several workers on one host may listen on the same port; Windows cannot."""
ALIVE_WITHIN = timedelta(seconds=10)
AHEAD = 10
"""Seconds' worth of a tip's recipients written into the outbox at a time, where the usual chunk is less."""

COMMANDS = (
    ("today", "Where I am, and the next question"),
    ("practise", "Ask me something"),
    ("roleplay", "Talk to a difficult customer"),
    ("term", "Look a word up"),
    ("compare", "Two words side by side"),
    ("plan", "My fourteen days"),
    ("settings", "Hour, place, days off, pause"),
    ("help", "What you can do here"),
    ("privacy", "What is kept, a copy, deleting it"),
    ("leave", "Leave a class"),
    ("cancel", "Leave what we were doing"),
    ("stop", "Switch messages off"),
)
GROUP_COMMANDS = ("term", "compare", "help")


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything that runs, joined."""

    bot: Bot
    store: Store
    clock: Clock
    intake: Intake
    inline: InlineAnswers
    sender: Sender
    timetable: Timetable
    courses: CoursesFromStore
    reader: HttpReader | None
    desk: Desk


async def run(
    settings: Settings, *, checkpoint: Checkpoint = no_checkpoint, when_warm: Callable[[], None] = lambda: None
) -> int:
    """Run the bot until it is told to stop; returns the exit code. ``when_warm`` is called once all is built."""
    copy = await asyncio.to_thread(migrate, settings.store_url)
    if copy is not None:
        log.info("the database was copied to %s before its schema changed", copy.name)
    stopping = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        _on_signal(each, stopping)
    try:
        async with _rooms(settings, checkpoint=checkpoint) as rooms, _health_page(settings, rooms):
            return await _serve(settings, rooms, stopping, when_warm)
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
    pace = Pace.of(settings.send_rate)
    worker = "main" if store.exclusive else f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    bot = Bot(
        settings.token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=AiohttpRequest(origin=settings.telegram_api_url, connections=pace.in_flight + REPLIES_AT_ONCE),
        get_updates_request=AiohttpRequest(origin=settings.telegram_api_url, connections=1),
    )
    reader: HttpReader | None = None
    try:
        await agree_on_time(store, clock)
        await _introduce(bot)
        await store.write(lambda tx: claim_role.ensure_admins(tx, settings.admin_ids, now=clock.now()))
        courses = CoursesFromStore(store, base, admins=settings.admin_ids)
        chance = Random()  # noqa: S311 -- chooses questions, not secrets
        sender = Sender(
            store=store,
            clock=clock,
            post=TelegramPost(bot, recipe=partial(_recipe, store, courses, settings.data_dir / "cache")),
            worker=worker,
            pace=pace,
            compose=partial(_compose, courses=courses, chance=chance),
            checkpoint=checkpoint,
        )
        desk = Desk(
            store=store,
            bot_name=bot.username,
            default_zone=settings.default_timezone,
            open_to_anyone=settings.open_to == "anyone",
            safeguarding_contact=settings.safeguarding_contact,
            chance=chance,
            asker_key=asker_key(settings),
            reader=urlsplit(settings.second_reader_url or "").hostname if settings.has_second_reader else None,
        )
        router = ChatRouter(
            bot=bot,
            desk=desk,
            courses=courses,
            routes=ROUTES,
            now=clock.now,
        )
        intake = Intake(store=store, clock=clock, router=router, sender=sender, worker=worker, checkpoint=checkpoint)
        reader = _second_reader(settings, clock)
        timetable = Timetable(
            all_jobs(
                store=store,
                clock=clock,
                sender=sender,
                intake=intake,
                courses=courses,
                chunk=max(broadcast_tip.CHUNK, round(settings.send_rate * AHEAD)),
                worker=worker,
                rate=settings.send_rate,
                classes_only=settings.open_to == "class",
                checkpoint=checkpoint,
                reader=reader,
            ),
            monotonic=clock.monotonic,
        )
        inline = InlineAnswers(bot=bot, store=store, courses=courses, classes_only=settings.open_to == "class")
        yield Rooms(bot, store, clock, intake, inline, sender, timetable, courses, reader, desk)
    finally:
        if reader is not None:
            await reader.close()
        await bot.shutdown()
        await store.close()


def _compose(
    tx: Tx, letters: Sequence[Letter], now: datetime, *, courses: CoursesFromStore, chance: Random
) -> Sequence[Letter]:
    """Compose the daily prompts among what is about to be sent."""
    live = courses.base
    return prompt_learners.compose(
        tx,
        live,
        letters,
        now=now,
        choose=chance.choice,
        render=lambda prompt: practice_views.daily(prompt, live.topics),
    )


def _second_reader(settings: Settings, clock: Clock) -> HttpReader | None:
    if not settings.has_second_reader:
        return None
    key = settings.second_reader_key
    return HttpReader(
        url=settings.second_reader_url or "",
        model=settings.second_reader_model or "",
        key=None if key is None else key.get_secret_value(),
        monotonic=clock.monotonic,
    )


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
        in_groups = [each for each in commands if each.command in GROUP_COMMANDS]
        await bot.set_my_commands(in_groups, scope=BotCommandScopeAllGroupChats())
    except TelegramError as error:
        log.warning("the list of commands could not be set: %s", type(error).__name__)
    if bot.bot.supports_inline_queries:
        log.info("inline mode is on: @%s and a word offers cards in any chat", bot.username)
    else:
        log.info("inline mode is off for this bot; BotFather's /setinline switches it on")


async def _recipe(
    store: Store, courses: CoursesFromStore, cache: Path, chat_id: int, recipe: Mapping[str, Any]
) -> Made:
    """Make a file that a row of the outbox names by its recipe."""
    if recipe["kind"] == figure_views.DRAWS:
        content = await asyncio.to_thread(_draw, cache, recipe["figure"])
        digest = sha256(content).hexdigest()
        known = await store.read(lambda tx: uploads.file_id(tx, digest))
        return Made(f"{recipe['figure']}.png", content, digest, known)
    if recipe["kind"] != "my-data":
        raise ValueError(recipe["kind"])
    live = await courses.current(0)
    kept = await store.read(lambda tx: export_learner.collect(tx, chat_id))
    return Made("my-revision-data.json", await asyncio.to_thread(export_learner.written, kept, live))


def _draw(cache: Path, figure_id: str) -> bytes:
    from knowledge.figures.cache import kept_picture  # with what it takes to draw, which a start does without

    return kept_picture(cache, figure_id)


def _reread_on_hangup(courses: CoursesFromStore) -> None:
    """On SIGHUP read the content files again; a course that does not pass the lint stays out."""
    if not hasattr(signal, "SIGHUP"):  # Windows
        return
    running: set[asyncio.Task[None]] = set()

    async def reread() -> None:
        from bot.application import reread_course  # with the lint, which a start does without

        found = await asyncio.to_thread(reread_course.read_again)
        if isinstance(found, LiveCourse):
            await courses.replace_base(found)
            log.info("the content files were read again: %d terms", len(found.course.terms))
            return
        for problem in found[:PROBLEMS_SHOWN]:
            log.error("content: %s", problem)
        log.error("the content files have %d problems; the course stays as it was", len(found))

    def begin() -> None:
        task = asyncio.create_task(reread())
        running.add(task)
        task.add_done_callback(running.discard)

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, begin)


async def _serve(settings: Settings, rooms: Rooms, stopping: asyncio.Event, when_warm: Callable[[], None]) -> int:
    _reread_on_hangup(rooms.courses)
    await rooms.sender.start()
    await rooms.intake.start()
    await _offer_claim(settings, rooms)
    await rooms.store.write(lambda tx: heartbeats.beat(tx, worker="start", now=rooms.clock.now()))
    rooms.timetable.start()
    sending = asyncio.create_task(rooms.sender.run())
    warming = asyncio.create_task(_warm_up(rooms.courses.base, when_warm))
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
        await rooms.inline.stop()
        await asyncio.gather(rooms.intake.stop(within=STOP_WITHIN), rooms.sender.stop(within=STOP_WITHIN))
        await rooms.timetable.stop()
        sending.cancel()
        await asyncio.gather(sending, warming, return_exceptions=True)


async def _warm_up(live: LiveCourse, when_warm: Callable[[], None]) -> None:
    try:
        await asyncio.to_thread(live.warm_up)
    finally:
        when_warm()


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
        await poll(
            rooms.bot, rooms.intake.receive, rooms.inline.take, ready=_say_ready, monotonic=rooms.clock.monotonic
        )
        return
    from aiohttp import web  # most bots poll, and start sooner without a web server

    from bot.chat.webhook import webhook_app

    assert settings.webhook_secret is not None
    secret = settings.webhook_secret.get_secret_value()
    path = urlsplit(settings.webhook_url).path or "/"
    runner = web.AppRunner(
        webhook_app(rooms.intake.receive, rooms.inline.take, path=path, secret=secret), access_log=None
    )
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


def asker_key(settings: Settings) -> bytes:
    """Return the key under which it is remembered that somebody asked for a word."""
    return sha256(f"missed look-ups {settings.token}".encode()).digest()


async def ailment(store: Store, clock: Clock) -> str | None:
    """Say in a line what is wrong, or None where all is well."""
    try:
        await agree_on_time(store, clock)  # a command of its own has not done so yet
        latest = await store.read(heartbeats.latest)
    except StorageUnavailable as error:
        return f"the database does not answer: {error}"
    if latest is None or clock.now() - latest > ALIVE_WITHIN:
        return f"no sign of life since {latest}"
    return None


@asynccontextmanager
async def _health_page(settings: Settings, rooms: Rooms) -> AsyncIterator[None]:
    """Answer GET /healthz and /metrics where HEALTH_LISTEN says, for a load balancer and a monitor."""
    if settings.health_listen is None:
        yield
        return
    from aiohttp import web  # these three are loaded where they are needed

    from bot.delivery import metrics
    from bot.storage import gauges

    async def answer(_request: web.Request) -> web.Response:
        trouble = await ailment(rooms.store, rooms.clock)
        return web.Response(status=200 if trouble is None else 503, text=trouble or "ok")

    async def numbers(_request: web.Request) -> web.Response:
        gauges_now = await rooms.store.read(partial(gauges.read, now=rooms.clock.now()))
        body = metrics.page(
            gauges_now,
            rooms.sender.tally,
            rooms.intake.turns,
            ticks=rooms.timetable.gaps(),
            second_readings={} if rooms.reader is None else rooms.reader.replies,
            lookups=rooms.desk.lookups,
        )
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app = web.Application()
    app.router.add_get("/healthz", answer)
    app.router.add_get("/metrics", numbers)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    host, _, port = settings.health_listen.rpartition(":")
    try:
        await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
        yield
    finally:
        await runner.cleanup()
