"""The real bot as a process of its own, with nothing of this machine's secrets in its environment."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LINES_KEPT = 40
STOP_WITHIN = 8.0
"""Seconds a bot has to end by itself before it is killed."""

_PASSED_ON = {
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "APPDATA",
    "LOCALAPPDATA",
    "USERPROFILE",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONHASHSEED",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUTF8",
    "LOG_LEVEL",
    "DEFAULT_TIMEZONE",
    "SAFEGUARDING_CONTACT",
    "OPEN_TO",
    "SECOND_READER",
    "SECOND_READER_URL",
    "SECOND_READER_MODEL",
    "SECOND_READER_KEY",
    "SEND_RATE",
}
"""Everything else stays here: a real token or a real database's address must not reach a bot that is played with."""

_ROOT = Path(__file__).resolve().parents[2]


def bot_environment(environment: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """What the bot gets to see: harmless variables, then the sandbox's own settings."""
    passed = {name: value for name, value in environment.items() if name in _PASSED_ON or name.startswith("LC_")}
    path = os.pathsep.join([str(_ROOT), *filter(None, [passed.get("PYTHONPATH")])])
    return {**passed, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **settings}


class BotProcess:
    """One run of the bot. Its output goes to a log file; the last lines are kept for when it ends unasked."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        on_unexpected_end: Callable[[int], None],
    ) -> None:
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._command = list(command)
        self._environment = dict(environment)
        self._folder = folder
        self._on_unexpected_end = on_unexpected_end
        self._process: Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def log(self) -> Path:
        return self._folder / "bot.log"

    async def start(self) -> None:
        """Starts it in its own folder, where no .env of the project is found; OSError when the command does not
        exist.
        """
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environment,
            cwd=self._folder,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=sys.platform != "win32",
        )
        self._watching = asyncio.create_task(self._watch(self._process))

    async def stop(self) -> None:
        """Asks it to end, and insists after a while."""
        self._stopping = True
        if self._process is None or self._watching is None:
            return
        if self._process.returncode is None:
            self._process.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(self._watching), STOP_WITHIN)
        except TimeoutError:
            self._process.kill()
            await self._watching

    async def _watch(self, process: Process) -> None:
        assert process.stdout is not None
        with self.log.open("a", encoding="utf-8") as log:
            async for line in process.stdout:
                text = line.decode("utf-8", "replace").rstrip()
                self.lines.append(text)
                log.write(f"{text}\n")
                log.flush()
        code = await process.wait()
        if not self._stopping:
            self._on_unexpected_end(code)
