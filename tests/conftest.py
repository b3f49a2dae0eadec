"""What every test may use: stores on both engines, and the servers they need."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.storage import Store, open_store
from bot.storage.migrate import migrate


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left with one of them at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)


REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

settings.register_profile("exploring", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable" if REQUIRE_ALL else "exploring")


def need(found: bool, what: str) -> None:
    """Skip visibly where a server is missing; fail where nothing may be missing."""
    if found:
        return
    if REQUIRE_ALL:
        pytest.fail(f"{what} is needed and was not found")
    pytest.skip(f"{what} was not found")


def _postgres_binaries() -> Path | None:
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if (on_path := shutil.which("initdb")) is not None:
        folders.append(Path(on_path).parent)
    return max(folders) if folders else None


def _as_other_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


class Postgres:
    """A private cluster on a unix socket, or the server that TEST_POSTGRES_URL names."""

    def __init__(self, socket_folder: Path) -> None:
        self._folder = socket_folder
        self._made = 0

    def new_database(self) -> str:
        """Create an empty database and return its address."""
        self._made += 1
        name = f"test_{os.getpid()}_{self._made}"
        self._sql(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def _sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # built from our own numbers


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Start a private PostgreSQL for the session."""
    binaries = _postgres_binaries()
    need(binaries is not None, "PostgreSQL (its server binaries)")
    assert binaries is not None
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data = folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        _as_other_user([str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]),
        cwd=folder,
        **quiet,
    )
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=60 -c fsync=off"
    pg_ctl = [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    subprocess.run(_as_other_user([*pg_ctl, "-o", options, "start"]), cwd=folder, **quiet)
    try:
        yield Postgres(folder)
    finally:
        subprocess.run(_as_other_user([*pg_ctl, "-m", "immediate", "stop"]), cwd=folder, **quiet)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite database with the newest schema."""
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    migrate(url)
    return url


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """A PostgreSQL database with the newest schema."""
    url = postgres.new_database()
    migrate(url)
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store on each engine in turn."""
    opened = open_store(database_url)
    yield opened
    await opened.close()
