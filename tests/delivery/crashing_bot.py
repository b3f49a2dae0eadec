"""A bot that kills itself at the n-th time it reaches a step: the crash tests' own entry point.

Usage: crashing_bot.py STEP COUNT    (settings come from the environment, as for the real one)
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from bot import bootstrap
from bot.application.live_course import LiveCourse
from bot.config import read_settings
from bot.delivery import inbox as intake
from bot.storage import claims, outbox
from knowledge.loader import load_course

LEASE = timedelta(seconds=4)
"""Shorter than in earnest, so that a test need not wait a minute for a dead worker's rows."""
COURSE = Path(__file__).with_name("small_course")
"""A course of five terms, so that a process starts quickly."""


def main() -> int:
    """Run the bot with a checkpoint that pulls the plug."""
    fatal, left = sys.argv[1], int(sys.argv[2])

    def checkpoint(step: str) -> None:
        nonlocal left
        if step == fatal:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    intake.LEASE = outbox.LEASE = claims.LEASE = LEASE
    bootstrap._load_course = lambda _cache: LiveCourse.build(load_course(COURSE), revision=0)
    return asyncio.run(bootstrap.run(read_settings(), checkpoint=checkpoint))


if __name__ == "__main__":
    sys.exit(main())
