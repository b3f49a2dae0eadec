"""`python -m bot sandbox`: Telegram, the bot and a page to try them on, all on this machine and without a token."""

import asyncio
import contextlib
import errno
import math
import secrets
import shutil
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.sandbox.bot_process import BotProcess, bot_environment
from bot.sandbox.errors import PersonCannot
from bot.sandbox.keeping import Keeper, load_world
from bot.sandbox.world import BOT_ID, HOST, World

if TYPE_CHECKING:
    from bot.sandbox.page import ChatPage
    from bot.sandbox.server import SandboxServer

PORT = 8088
PORTS_TRIED = 20
FIRST_POLL_WITHIN = 60.0
MORNING = 8
ZONE = ZoneInfo("Europe/London")

AISHA, BEN, TUTOR = 5_100_000_101, 5_100_000_102, 5_100_000_201
CAST = {AISHA: ("Aisha", "learner"), BEN: ("Ben", "learner"), TUTOR: ("Ms Carter", "tutor")}


async def main(
    *,
    port: int = PORT,
    data_dir: Path,
    open_browser: bool = False,
    bot_command: Sequence[str] | None = None,
    environment: Mapping[str, str],
) -> int:
    """Runs until it is told to end or the bot ends by itself; returns the exit code."""
    command = list(bot_command) if bot_command is not None else [sys.executable, "-m", "bot", "run"]
    sandbox = Sandbox(data_dir / "sandbox", command, environment)
    stop = asyncio.Event()
    with _signals(stop):
        return await sandbox.run(port, stop, open_browser=open_browser)


class Sandbox:
    """The server, the page and the bot, and what moves them together."""

    def __init__(self, folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.folder = folder = folder.absolute()
        self._command = command
        self._environment = environment
        folder.mkdir(parents=True, exist_ok=True)
        self.world = load_world(folder / "world.json")
        self.world.abilities["supports_inline_queries"] = True
        invite(self.world)
        self.keeper = Keeper(self.world, folder / "world.json")
        self.bot_status = "starting"
        self._server: SandboxServer | None = None
        self._page: ChatPage | None = None
        self._token = f"{BOT_ID}:{secrets.token_urlsafe(26)}"
        self.url = ""
        self._bot: BotProcess | None = None
        self._ended: asyncio.Future[int] | None = None
        self._moving = asyncio.Lock()

    async def run(self, port: int, stop: asyncio.Event, *, open_browser: bool) -> int:
        self._ended = asyncio.get_running_loop().create_future()
        door = _open_door(port)
        self.url = "http://{}:{}".format(*door.getsockname())
        saving = asyncio.create_task(self.keeper.run())
        try:
            return await self._run(door, stop, open_browser=open_browser)
        finally:
            saving.cancel()
            await asyncio.gather(saving, return_exceptions=True)
            if self._bot is not None:
                await self._bot.stop()
            if self._server is not None:
                await self._server.stop()
            door.close()
            self.keeper.save()

    async def _run(self, door: socket.socket, stop: asyncio.Event, *, open_browser: bool) -> int:
        stopping = asyncio.create_task(stop.wait())
        try:
            await self._start_bot()
            await self._serve(door)
            listening = asyncio.create_task(self._until_it_polls())
            outcome = await self._first(stopping, listening)
            if outcome is listening and listening.result():
                await self._say_ready(open_browser=open_browser)
                outcome = await self._first(stopping)
            if outcome is stopping:
                print("Ending.", flush=True)
                return 0
            return self._explain_end()
        except OSError as error:
            print(f"The bot could not be started: {error}", file=sys.stderr)
            return 1
        finally:
            stopping.cancel()

    async def _first(self, *tasks: "asyncio.Task[bool]") -> "asyncio.Future[int] | asyncio.Task[bool]":
        """Whichever comes first: one of these, or the end of the bot."""
        assert self._ended is not None
        waiting: list[asyncio.Future[int] | asyncio.Task[bool]] = [*tasks, self._ended]
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return next(each for each in waiting if each in done)

    async def _serve(self, door: socket.socket) -> None:
        """Answers at the door. The web server is loaded here, while the bot, a process of its own, loads its part."""
        from bot.sandbox.page import ChatPage
        from bot.sandbox.server import SandboxServer

        roles = {number: role for number, (_, role) in CAST.items()}
        self._page = ChatPage(self.world, roles=roles, controls=self)
        self._server = SandboxServer(token=self._token, door=door, world=self.world, page=self._page.handle)
        await self._server.start()

    async def _start_bot(self) -> None:
        self.world.updates.polled.clear()
        self.folder.mkdir(parents=True, exist_ok=True)
        minutes = round(self.world.clock.ahead / 60)
        settings = {
            "TELEGRAM_BOT_TOKEN": self._token,
            "TELEGRAM_API_URL": self.url,
            "DATA_DIR": str(self.folder),
            "ADMIN_IDS": str(TUTOR),
            **({"CLOCK_OFFSET": f"+{minutes}m"} if minutes else {}),
        }
        environment = bot_environment(self._environment, settings)
        self._bot = BotProcess(self._command, environment, self.folder, self._note_end)
        await self._bot.start()

    async def _until_it_polls(self) -> bool:
        try:
            await asyncio.wait_for(self.world.updates.polled.wait(), FIRST_POLL_WITHIN)
        except TimeoutError:
            return False
        self._show("running")
        return True

    def _show(self, status: str) -> None:
        self.bot_status = status
        if self._page is not None:
            self._page.refresh()

    def _note_end(self, code: int) -> None:
        self._show("ended")
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(code)

    async def _say_ready(self, *, open_browser: bool) -> None:
        print("Two learners, a tutor and the bot are ready, all on this machine. Ctrl-C ends it.")
        print(f"Open {self.url}", flush=True)
        if open_browser:
            await asyncio.to_thread(webbrowser.open, self.url)

    def _explain_end(self) -> int:
        assert self._ended is not None
        assert self._bot is not None
        if self._ended.done():
            print(f"The bot ended by itself, with exit code {self._ended.result()}. Its last lines:", file=sys.stderr)
        else:
            waited = int(FIRST_POLL_WITHIN)
            print(f"The bot did not ask for messages within {waited} seconds. Its last lines:", file=sys.stderr)
        for line in self._bot.lines:
            print(f"  {line}", file=sys.stderr)
        print(f"Everything it wrote is in {self._bot.log}", file=sys.stderr, flush=True)
        return (self._ended.result() or 1) if self._ended.done() else 1

    # What the page asks for

    async def tomorrow(self) -> None:
        """The bot starts again at eight in the morning of the next day; so does the clock of the messages."""
        async with self._alone():
            await self._stop_bot()
            self.world.clock.ahead = ahead_of_tomorrow(self.world.clock.wall(), self.world.clock.ahead)
            await self._restart()

    async def start_over(self) -> None:
        async with self._alone():
            await self._stop_bot()
            self.world.clear()
            invite(self.world)
            await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)
            await self._restart()

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        if self._moving.locked():
            raise PersonCannot("the bot is being restarted just now")
        async with self._moving:
            yield

    async def _stop_bot(self) -> None:
        self._show("restarting")
        if self._bot is not None:
            await self._bot.stop()

    async def _restart(self) -> None:
        await self._start_bot()
        if not await self._until_it_polls():
            raise PersonCannot("the bot did not come back")


def _open_door(port: int) -> socket.socket:
    """Listens on the port that was asked for or on the next free one; what calls before the server is up waits."""
    for candidate in [*range(port, port + PORTS_TRIED), 0] if port else [0]:
        try:
            door = socket.create_server((HOST, candidate), backlog=128)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            continue
        if port and candidate != port:
            print(f"Port {port} is busy, so this is on {door.getsockname()[1]}.", flush=True)
        return door
    raise OSError(errno.EADDRINUSE, "no free port")


def invite(world: World) -> None:
    """Brings the cast into the world, where it is not there yet."""
    for number, (name, _) in CAST.items():
        world.person(name, person_id=number, username=name.replace(" ", "_").lower() + "_sandbox")


def ahead_of_tomorrow(wall: float, ahead: float) -> float:
    """How many seconds to run ahead so that it is just past 08:00 in London on the day after the present (moved) one.

    Whole minutes, which is what the bot's own setting can say.
    """
    today = datetime.fromtimestamp(wall + ahead, ZONE)
    morning = (today + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return math.ceil((morning.timestamp() - wall) / 60) * 60.0


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C, a closed terminal and a polite kill all end it cleanly."""
    loop = asyncio.get_running_loop()
    wanted = [number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
    before = {}
    for number in wanted:
        before[number] = signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
