"""The front door: ``python -m bot run | sandbox | claim | doctor | backup | restore | forget | health ...``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import parse_offset
from bot.config import ConfigError, Settings, database_address, read_settings

WRONG_SETTINGS = 2
NEW_OBJECTS = 20_000
"""How many more objects must be there before garbage is looked for. A message makes thousands, hardly any in rings."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that was asked for and return its exit code."""
    parser = argparse.ArgumentParser(prog="revision-bot", description="A revision tutor for customer service, Level 3.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="talk to Telegram (needs TELEGRAM_BOT_TOKEN)")
    sandbox = commands.add_parser("sandbox", help="try everything in the browser, without a token")
    sandbox.add_argument("--port", type=int, help="port of the chat page (default 8088)")
    commands.add_parser("start", help="run with a token, sandbox without one")
    commands.add_parser("claim", help="print a link that makes whoever opens it an admin")
    export = commands.add_parser("export-overlay", help="write what tutors added as content files, for a review")
    export.add_argument("--out", type=Path, default=Path("from-tutors"), metavar="DIR", help="where to (from-tutors)")
    export.add_argument("--force", action="store_true", help="write over files that are there")
    commands.add_parser("doctor", help="look at everything that can be wrong, and say what to do")
    backup = commands.add_parser("backup", help="copy the SQLite database while the bot runs")
    backup.add_argument("--out", type=Path, metavar="FILE", help="where to (a new file in DATA_DIR/backups)")
    restore = commands.add_parser("restore", help="put such a copy in place; the bot must be stopped")
    restore.add_argument("file", type=Path)
    forget = commands.add_parser("forget", help="delete everybody who has not been here for a long time")
    forget.add_argument("--inactive", type=_days, required=True, metavar="400d", help="last seen longer ago than this")
    forget.add_argument("--yes", action="store_true", help="really delete them; without it they are only counted")
    move = commands.add_parser("migrate-data", help="copy everything to another, empty database")
    move.add_argument("--from", dest="source", type=_address, metavar="URL", help="from where (SQLite in DATA_DIR)")
    move.add_argument("--to", dest="target", type=_address, metavar="URL", help="where to (DATABASE_URL)")
    commands.add_parser("health", help="exit 0 if the bot is alive and its database answers")
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return WRONG_SETTINGS
    try:
        settings = read_settings()
        _set_up_logging(settings.log_level)
        return _dispatch(chosen, settings)
    except ConfigError as error:
        print("These settings need attention:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        return WRONG_SETTINGS
    except KeyboardInterrupt:
        return 0


def _dispatch(chosen: argparse.Namespace, settings: Settings) -> int:
    command = chosen.command
    if command == "start":
        command = "sandbox" if settings.telegram_bot_token is None else "run"
    if command == "sandbox":
        from bot.sandbox import launcher

        port = getattr(chosen, "port", None) or settings.sandbox_port
        return asyncio.run(launcher.main(port=port, data_dir=settings.data_dir, environment=os.environ))
    if command == "run":
        settings.token  # noqa: B018 -- complains here, before anything is built
        gc.disable()
        from bot import bootstrap

        return asyncio.run(bootstrap.run(settings, when_warm=_keep_what_is_built))
    from bot import operations

    if command == "claim":
        return asyncio.run(operations.claim(settings))
    if command == "export-overlay":
        return asyncio.run(operations.export_additions(settings, out=chosen.out, force=chosen.force))
    if command == "doctor":
        return asyncio.run(operations.doctor(settings))
    if command == "backup":
        return asyncio.run(operations.back_up(settings, out=chosen.out))
    if command == "restore":
        return asyncio.run(operations.restore(settings, copy=chosen.file))
    if command == "forget":
        return asyncio.run(operations.forget(settings, inactive=chosen.inactive, really=chosen.yes))
    if command == "migrate-data":
        source = chosen.source or settings.sqlite_url
        return asyncio.run(operations.migrate_data(source, chosen.target or settings.store_url))
    return asyncio.run(operations.health(settings))


def _keep_what_is_built() -> None:
    """Look for garbage from now on, seldom and not among what the start has built: looking holds up every reply."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()


def _days(text: str) -> timedelta:
    found = parse_offset(text)
    if found < timedelta(days=30):
        raise argparse.ArgumentTypeError("at least 30d: a holiday is no reason to be forgotten")
    return found


def _address(text: str) -> str:
    try:
        return database_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class OneLine(logging.Formatter):
    """A line for each event: when, how grave, which room, what. Of an error its kind and where, never its words.

    An error's words may hold what somebody wrote, or an address with the token in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
        said = " ".join(record.getMessage().split())
        line = (
            f"at={at}Z level={record.levelname.lower()} room={record.name} said={json.dumps(said, ensure_ascii=False)}"
        )
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return line
        places = [f"{Path(each.filename).name}:{each.lineno}" for each in traceback.extract_tb(error.__traceback__)]
        return f"{line} error={type(error).__name__} trace={'>'.join(places)}"


def _set_up_logging(level: str) -> None:
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(OneLine())
    logging.basicConfig(level=level, handlers=[to_stderr])
    for noisy in ("apscheduler", "telegram", "alembic", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))


if __name__ == "__main__":
    sys.exit(main())
