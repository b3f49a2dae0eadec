"""A look at the database for whoever looks after the bot: does it answer, is it whole and new, what is stuck."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.finding import Finding, fine, look, wrong
from bot.storage import gauges, heartbeats
from bot.storage.migrate import current, head
from bot.storage.tx import Tx

SAFE_SQLITE = (3, 51, 3)
"""From this version on two writers cannot corrupt a write-ahead log any more; the bot has one writer all the same."""
LITTLE_ROOM = 500_000_000
NO_ROOM = 50_000_000
SKEW = timedelta(seconds=5)
ALIVE = timedelta(seconds=30)


def check_database(url: str, *, now: datetime) -> Iterator[Finding]:
    """Look at a database without changing it."""
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite:
        path = Path(parsed.database or "")
        yield _sqlite_version()
        yield _room(path)
        if not path.exists():
            yield look(f"there is no database at {path} yet", "The first start makes it.")
            return
    try:
        at = current(url)
    except SQLAlchemyError as error:
        name = type(error).__name__
        yield wrong(f"the database does not answer ({name})", "Start it, and compare DATABASE_URL with its address.")
        return
    yield _revision(at)
    if at != head():
        return
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            if is_sqlite:
                yield _whole(path)
            else:
                moment: datetime = connection.execute(text("SELECT now()")).scalar_one()
                yield _same_clock(moment, now)
            yield from _stuck(Tx(connection, exclusive=is_sqlite), now=now)
    finally:
        engine.dispose()


def _sqlite_version() -> Finding:
    found = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return fine(found)
    return look(
        f"{found} has a fault that can damage a database which two programs write to",
        "The bot writes from one place only and is safe; let nothing else write to its file. 3.51.3 mends it.",
    )


def _room(path: Path) -> Finding:
    folder = next(each for each in (path.parent, *path.parent.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB free beside the database"
    if free < NO_ROOM:
        return wrong(said, "Make room: with a full disk nothing can be stored or answered.")
    return look(said, "Make room before it is full.") if free < LITTLE_ROOM else fine(said)


def _revision(at: str | None) -> Finding:
    if at == head():
        return fine(f"schema {at}")
    if at is None:
        return look("the database is empty", "The next start makes its tables.")
    if at < head():
        return look(f"schema {at} is older than {head()}", "The next start brings it up to date. Make a backup first.")
    return wrong(f"schema {at} is newer than this version knows ({head()})", "Run the version that wrote it, or newer.")


def _whole(path: Path) -> Finding:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    if found == ["ok"]:
        return fine("the database file is whole")
    return wrong(f"the database file is damaged: {found[0]}", "Stop the bot and restore the last backup.")


def _same_clock(theirs: datetime, ours: datetime) -> Finding:
    apart = abs(theirs - ours)
    if apart <= SKEW:
        return fine("the clocks of this machine and the database agree")
    return wrong(
        f"the clocks of this machine and the database are {apart.total_seconds():.0f} s apart",
        "Let both take their time from NTP: prompts would come early or late.",
    )


def _stuck(tx: Tx, *, now: datetime) -> Iterator[Finding]:
    latest = heartbeats.latest(tx)
    if latest is None or now - latest > ALIVE:
        yield look(f"no sign of life since {_said(latest)}", "Start the bot, if it is meant to run.")
    else:
        yield fine("the bot is running")
    found = gauges.read(tx, now=now)
    for state, number in found.updates_given_up.items():
        what = f"{number} updates of the last three days are {state}"
        yield look(what, "The log of that time says why; whoever wrote them was told, and nothing else is held up.")
    for (state, reason), number in sorted(found.undelivered.items()):
        if state == "dead":
            yield look(f"{number} messages were given up after many tries: {reason}", "Telegram could not be reached.")
        elif state == "unknown":
            yield look(f"{number} messages of the last day may or may not have arrived: {reason}", "Nothing to do.")
        elif state == "failed" and reason not in ("blocked", "unreachable"):
            yield look(f"{number} messages of the last day were refused: {reason}", "Report it: the bot wrote them.")
    if found.blocked_for > 0:
        yield look(f"Telegram asked for silence for {found.blocked_for:.0f} s more", "Lower SEND_RATE if that recurs.")
    if found.inbox_lag > 60:
        yield wrong(f"an update has waited for {found.inbox_lag:.0f} s", "See whether the bot runs and what it logs.")


def _said(moment: datetime | None) -> str:
    return "ever" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
