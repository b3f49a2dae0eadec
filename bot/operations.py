"""What an operator does beside running the bot: one function for each command, which returns its exit code."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

from telegram import Bot
from telegram.error import TelegramError

from bot.bootstrap import FAILED, OK, ailment, asker_key, new_claim_link
from bot.chat.http import AiohttpRequest
from bot.clock import Clock
from bot.config import Settings
from bot.storage import open_store
from bot.storage.migrate import migrate

log = logging.getLogger(__name__)


async def claim(settings: Settings) -> int:
    """Print a link that makes whoever opens it within an hour an admin."""
    await asyncio.to_thread(migrate, settings.store_url)
    store = open_store(settings.store_url)
    bot = _plain_bot(settings)
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


async def export_additions(settings: Settings, *, out: Path, force: bool) -> int:
    """Write what tutors added as content files into a folder, and say what comes next."""
    from bot.application import export_overlay  # what only this command needs would slow every start down
    from knowledge.loader import DEFAULT_COURSE, ContentError
    from knowledge.overlay_files import FilesExist

    await asyncio.to_thread(migrate, settings.store_url)
    store = open_store(settings.store_url)
    try:
        made = await export_overlay.export(store)
        written = made.write(out, force=force)
    except (ContentError, OSError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except FilesExist as error:
        print(f"There already: {error}. Name another folder with --out, or add --force.", file=sys.stderr)
        return FAILED
    finally:
        await store.close()
    for left in made.left_out:
        for problem in left.problems:
            print(f"left out: {problem}", file=sys.stderr)
    for file in written:
        print(f"written: {file}")
    if written:
        print(f"{made.carried} additions. Copy them over {DEFAULT_COURSE}, review each, run: python -m knowledge lint")
    else:
        print("Tutors have added nothing that the content files lack.")
    return OK


async def doctor(settings: Settings) -> int:
    """Look at everything that can be wrong, say what to do about it, and return whether anything stops the bot."""
    from bot.chat.checkup import check_clock, check_telegram  # what only this command needs
    from bot.domain.finding import Finding, Health, wrong
    from bot.storage.checkup import check_database

    clock = Clock(settings.clock_offset)
    found: list[Finding] = await asyncio.to_thread(lambda: list(check_database(settings.store_url, now=clock.now())))
    if settings.telegram_bot_token is None:
        found.append(wrong("TELEGRAM_BOT_TOKEN is not set", "BotFather gives one, see the README."))
    else:
        found.append(await check_clock(settings.telegram_api_url, now=Clock().now()))
        bot = _plain_bot(settings)
        try:
            found += [each async for each in check_telegram(bot, webhook_url=settings.webhook_url, now=Clock().now())]
        finally:
            await bot.shutdown()
    for each in found:
        print(f"{each.health:5}  {each.what}" + (f"\n       -> {each.remedy}" if each.remedy else ""))
    return FAILED if any(each.health is Health.WRONG for each in found) else OK


async def back_up(settings: Settings, *, out: Path | None) -> int:
    """Copy the database while it is in use."""
    from bot.storage import backup

    now = Clock(settings.clock_offset).now()
    out = out or settings.data_dir / "backups" / f"revision-bot-{now:%Y%m%d-%H%M%S}.sqlite3"
    try:
        size = await asyncio.to_thread(backup.back_up, settings.store_url, out=out)
    except (backup.BackupRefused, OSError, sqlite3.Error) as error:
        print(f"No backup was made: {error}", file=sys.stderr)
        return FAILED
    print(f"{out}: {size / 1e6:.1f} MB, checked")
    return OK


async def restore(settings: Settings, *, copy: Path) -> int:
    """Put a copy of the database in its place."""
    from bot.storage import backup

    now = Clock(settings.clock_offset).now()
    try:
        kept = await asyncio.to_thread(backup.restore, settings.store_url, copy=copy, now=now)
    except (backup.BackupRefused, OSError, sqlite3.Error) as error:
        print(f"Nothing was changed: {error}", file=sys.stderr)
        return FAILED
    print(f"{copy} is in place." + (f" The database that was there is now {kept}" if kept else ""))
    return OK


async def forget(settings: Settings, *, inactive: timedelta, really: bool) -> int:
    """Count, or with ``really`` erase, everybody who was last seen longer ago than ``inactive``."""
    from bot.application import forget_inactive

    await asyncio.to_thread(migrate, settings.store_url)
    store, now = open_store(settings.store_url), Clock(settings.clock_offset).now()
    before = (now - inactive).date()
    try:
        chats = await store.read(partial(forget_inactive.whom, before=before))
        print(f"{len(chats)} learners were last seen before {before}.")
        if not really:
            print("Nothing was deleted. Add --yes to delete everything about them; make a backup first.")
        elif chats:
            key = asker_key(settings)
            erased = await forget_inactive.forget(store, chats, before=before, asker_key=key, now=now)
            print(f"{erased} were deleted.")
        return OK
    finally:
        await store.close()


async def migrate_data(source: str, target: str) -> int:
    """Copy everything from one database to another and say how far it is."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.storage import moving

    def report(table: str, copied: int, whole: int) -> None:
        print(f"\r{table}: {copied:,} of {whole:,}", end="" if copied < whole else "\n", flush=True)

    try:
        counts = await asyncio.to_thread(moving.move, source, target, report=report)
    except (moving.MoveRefused, SQLAlchemyError) as error:
        words = str(error) if isinstance(error, moving.MoveRefused) else type(error).__name__
        print(f"\nNothing was moved: {words}", file=sys.stderr)
        return FAILED
    print(f"{sum(counts.values()):,} rows in {len(counts)} tables, counted and added up in both. Set DATABASE_URL now.")
    return OK


async def health(settings: Settings) -> int:
    """Say whether the database answers and a worker showed a sign of life within ten seconds."""
    store = open_store(settings.store_url)
    try:
        trouble = await ailment(store, Clock(settings.clock_offset))
    finally:
        await store.close()
    if trouble is not None:
        log.error(trouble)
    return OK if trouble is None else FAILED


def _plain_bot(settings: Settings) -> Bot:
    """Return a bot for a command that makes a few calls."""
    return Bot(
        settings.token,
        base_url=f"{settings.telegram_api_url}/bot",
        request=AiohttpRequest(origin=settings.telegram_api_url, connections=2),
    )
