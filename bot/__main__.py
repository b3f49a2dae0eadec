"""The front door: ``python -m bot run | sandbox | claim | health``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence

from bot.config import ConfigError, Settings, read_settings

WRONG_SETTINGS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that was asked for and return its exit code."""
    parser = argparse.ArgumentParser(prog="revision-bot", description="A revision tutor for customer service, Level 3.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="talk to Telegram (needs TELEGRAM_BOT_TOKEN)")
    sandbox = commands.add_parser("sandbox", help="try everything in the browser, without a token")
    sandbox.add_argument("--port", type=int, help="port of the chat page (default 8088)")
    commands.add_parser("start", help="run with a token, sandbox without one")
    commands.add_parser("claim", help="print a link that makes whoever opens it an admin")
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
    from bot import bootstrap

    if command == "run":
        settings.token  # noqa: B018 -- complains here, before anything is built
        return asyncio.run(bootstrap.run(settings))
    if command == "claim":
        return asyncio.run(bootstrap.claim(settings))
    return asyncio.run(bootstrap.health(settings))


def _set_up_logging(level: str) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("apscheduler", "telegram", "alembic", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))


if __name__ == "__main__":
    sys.exit(main())
