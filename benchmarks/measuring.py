"""What the benchmarks share: how a figure is printed, a PostgreSQL of their own, and a class of any size."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.domain.delivery import Letter
from bot.sandbox.server import SandboxServer
from bot.storage import Tx, broadcasts, claims
from bot.storage.broadcasts import Broadcast
from knowledge.loader import load_terms

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""When the benchmarks take place: nobody's quiet hours."""
FIRST = 1_000_001
"""Chat id of the first learner."""
PLENTY = 1e9
WORDS = "Name the model first, then walk through it with the case in the question. Examiners' reports ask for both."
TIP = {"text": WORDS, "parse_mode": "HTML"}


@dataclass(frozen=True)
class Figure:
    """One thing measured. ``limit`` is the most that it may be, or with ``at_least`` the least; None: only reported.

    ``peer`` is the same thing done the usual way in the same run.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    peer: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the figure is within its limit."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small run that takes seconds: shows that it works")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser


def show(figures: Sequence[Figure], *, as_json: bool) -> None:
    """Print figures, their limits and what the usual way takes."""
    if as_json:
        print(json.dumps([asdict(each) | {"kept": each.kept} for each in figures]))
        return
    for each in figures:
        limit = "" if each.limit is None else f"{'at least' if each.at_least else 'at most'} {each.limit:g}"
        verdict = "" if each.limit is None else ("kept" if each.kept else "MISSED")
        peer = "" if each.peer is None else f"usual way {each.peer:,.2f}"
        print(f"{each.name:58} {each.value:12,.2f} {each.unit:9} {limit:16} {verdict:7} {peer}")


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which ``part`` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder for a database, and remove it."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        yield Path(name)


@contextmanager
def postgres() -> Iterator[str | None]:
    """Start a PostgreSQL with its usual settings and yield its address; None where its programs are missing."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if (on_path := shutil.which("initdb")) is not None:
        found.append(Path(on_path).parent)
    if not found:
        yield None
        return
    programs, home = max(found), Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(home, "nobody", "nogroup")
    _run(home, [programs / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"])
    options = f"-c listen_addresses= -c unix_socket_directories={home} -c max_connections=100"
    control: list[str | Path] = [programs / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log"]
    _run(home, [*control, "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    finally:
        _run(home, [*control, "-m", "immediate", "stop"])
        shutil.rmtree(home, ignore_errors=True)


def _run(home: Path, command: Sequence[str | Path]) -> None:
    """Run a program of PostgreSQL's, which refuses to be root."""
    other = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    subprocess.run([*other, *map(str, command)], cwd=home, check=True, stdout=subprocess.DEVNULL)


def vacuum(url: str, *tables: str) -> None:
    """Do what PostgreSQL does by itself within minutes: a million rows were written or changed at once."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for table in tables:
            connection.execute(text(f"VACUUM ANALYZE {table}"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()


def make_learners(tx: Tx, number: int, *, due: datetime | None = None) -> None:
    """Write learners 1 to ``number`` who are all in class 1, with the plan under way."""
    series = (
        f"SELECT generate_series({FIRST}, {FIRST + number - 1}) AS n"
        if not tx.exclusive
        else f"WITH RECURSIVE s(n) AS (SELECT {FIRST} UNION ALL SELECT n + 1 FROM s WHERE n < {FIRST + number - 1}) "
        "SELECT n FROM s"
    )
    now = round(NOON.timestamp() * 1000)
    at = "NULL" if due is None else str(round(due.timestamp() * 1000))
    tx.execute(
        text(
            "INSERT INTO learner (chat_id, status, zone, prompt_at, quiet_from, quiet_until, days_off, track,"
            " plan_start, plan_run, last_plan_day, paused_days, next_due, created_at)"
            f" SELECT n, 'active', 'Europe/London', 720, 1260, 420, 0, 'fortnight', '2026-11-21', 1, 2, 0, {at}, {now}"
            f" FROM ({series}) AS numbers"
        )
    )
    tx.execute(
        text(
            "INSERT INTO enrolment (cohort_id, chat_id, name, joined_at)"
            f" SELECT 1, n, 'Somebody', {now} FROM ({series}) AS numbers"
        )
    )


def put_due(tx: Tx, learner: int, *, after: float) -> None:
    """Let the prompt of the learner with a chat id come due so many seconds after noon."""
    due = round((NOON.timestamp() + after) * 1000)
    tx.execute(text("UPDATE learner SET next_due = :due WHERE chat_id = :chat"), {"due": due, "chat": learner})


def plain_names() -> list[str]:
    """Return names of terms whose card can be told by its first words."""
    names = sorted(term.name for term in load_terms() if " (" not in term.name and not term.abbreviations)
    plain = [name for name in names if name.replace(" ", "").isalpha() and len(name) > 5]
    return [name for name in plain if not any(other != name and other.startswith(name) for other in plain)]


def until_noon() -> int:
    """Return the seconds from now to the noon at which the benchmarks take place: what the bot's clock is ahead."""
    return round((NOON - datetime.now(UTC)).total_seconds())  # noqa: TID251 -- the bot's clock starts at noon


def bot_environment(server: SandboxServer, url: str, home: Path, *, rate: float, ahead: int) -> dict[str, str]:
    """Return what a bot of its own needs to know: the server, its database, how fast it may send, the time."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("WEBHOOK")},
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_API_URL": server.api_url,
        "DATA_DIR": str(home),
        "DATABASE_URL": url,
        "ADMIN_IDS": "9001",
        "SEND_RATE": f"{rate:g}",
        "CLOCK_OFFSET": f"{ahead:+d}s",
        "LOG_LEVEL": "ERROR",
    }


def begin_tip(tx: Tx, number: int, *, says: Mapping[str, str] = TIP) -> int:
    """Set a tip to class 1 going and return its id."""
    key = broadcasts.add_draft(tx, tutor_id=700, cohort_ids=[1], body=json.dumps(says), now=NOON)
    broadcasts.start(tx, key, total=number, now=NOON)
    return key


def claim(tx: Tx, *, worker: str, now: datetime, limit: int) -> list[Letter]:
    """Lease up to ``limit`` messages that wait, whatever the rate."""
    return claims.claim(tx, worker=worker, now=now, limit=limit, rate=PLENTY, burst=PLENTY, reserve=0, owed=0).letters


def write_chunk(tx: Tx, key: int, *, chunk: int) -> Broadcast:
    """Write the next recipients of a tip into the outbox and return how it stands."""
    value = broadcasts.get(tx, key)
    assert value is not None
    broadcasts.materialise(tx, value, now=NOON, chunk=chunk)
    after = broadcasts.get(tx, key)
    assert after is not None
    return after
