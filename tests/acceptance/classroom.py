"""What tests of classes share: the right hour of the day, a class, and people who join it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.sandbox.people import Person
from tests.acceptance.conftest import ask, press

LONDON = ZoneInfo("Europe/London")
LINK = re.compile(r"start=(join_[A-Za-z0-9]{10})\b")


async def make_class(teacher: Person, name: str = "2B customer service") -> str:
    """Make a class and return the payload of its join link."""
    await ask(teacher, "/classes")
    await press(teacher, "New class")
    return join_payload((await ask(teacher, name)).text)


def join_payload(text: str) -> str:
    """Return the payload of the join link in a text."""
    found = LINK.search(text)
    assert found is not None, text
    return found[1]


async def follow(person: Person, link: str) -> str:
    """Open a link and return what it shows."""
    person.read_all()
    await person.start(link)
    return (await person.next_message(30)).text


async def join(person: Person, link: str) -> str:
    """Open a join link and press [Join]."""
    await follow(person, link)
    return (await press(person, "Join")).text


def noon() -> timedelta:
    """How far the clock must be moved to show noon tomorrow, when nobody has quiet hours."""
    now = Clock().now()
    day = now.astimezone(LONDON).date() + timedelta(days=1)
    return timedelta(seconds=round((datetime(day.year, day.month, day.day, 12, tzinfo=LONDON) - now).total_seconds()))


async def until(happened: Callable[[], bool], *, within: float = 30) -> None:
    """Wait until something has happened; TimeoutError when it does not."""
    async with asyncio.timeout(within):
        while not happened():
            await asyncio.sleep(0.02)
