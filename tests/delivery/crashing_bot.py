"""A bot that kills itself at the n-th time it reaches a step: the crash tests' own entry point.

Usage: crashing_bot.py STEP COUNT    (settings come from the environment, as for the real one)
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from bot import bootstrap
from bot.config import read_settings


def main() -> int:
    """Run the bot with a checkpoint that pulls the plug."""
    fatal, left = sys.argv[1], int(sys.argv[2])

    def checkpoint(step: str) -> None:
        nonlocal left
        if step == fatal:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return asyncio.run(bootstrap.run(read_settings(), checkpoint=checkpoint))


if __name__ == "__main__":
    sys.exit(main())
