"""/settings, /stop and their buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.application import arrange, second_read
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button, command
from bot.chat.views import settings
from bot.chat.words import read_date, read_place, read_time
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone, Unreadable
from bot.domain.learner import Learner
from bot.domain.plan import local_date
from bot.storage import Tx, conversations


async def on_settings(event: Event) -> Turn:
    """/settings, or back to the menu."""
    message_id = event.message_id if event.pressed else None

    def work(tx: Tx) -> Sequence[Outgoing]:
        learner = arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)
        conversations.leave(tx, event.chat_id)
        return (_menu(event, learner, message_id),)

    return Turn(work)


async def on_stop(event: Event) -> Turn:
    """/stop."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        stopped = arrange.stop(tx, event.chat_id, now=event.now)
        view = settings.stopped_stranger if stopped is None else settings.stopped
        return (view(event.chat_id),)

    return Turn(work)


async def on_set(event: Event) -> Turn:
    """The buttons of the settings menu."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    what = event.arg(0)
    if what in _MENUS:
        return Turn(lambda tx: _MENUS[what](tx, event, message_id))
    if what in _CHANGES:
        return Turn(lambda tx: (_changed(event, _CHANGES[what](tx, event), message_id),))
    raise Gone("button")


def _changed(event: Event, learner: Learner, message_id: int | None) -> Outgoing:
    return _menu(event, learner, message_id, note="Changed.")


def _menu(event: Event, learner: Learner, message_id: int | None, note: str = "") -> Outgoing:
    return settings.menu(
        event.chat_id,
        learner,
        now=event.now,
        message_id=message_id,
        note=note,
        reader=event.desk.reader,
    )


def _hour(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    conversations.leave(tx, event.chat_id)
    return (settings.hour(event.chat_id, message_id),)


def _other_time(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    conversations.enter(tx, event.chat_id, "set:time")
    return (settings.other_time(event.chat_id, message_id),)


def _zones(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    conversations.enter(tx, event.chat_id, "set:place")
    return (settings.zones(event.chat_id, message_id),)


def _quiet(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    conversations.enter(tx, event.chat_id, "set:hours")
    return (settings.quiet(event.chat_id, message_id),)


def _date(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    conversations.enter(tx, event.chat_id, "set:date")
    return (settings.assessment(event.chat_id, message_id),)


def _days(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    learner = arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)
    return (settings.days_off(event.chat_id, message_id, learner),)


def _day(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    learner = arrange.toggle_day_off(tx, event.chat_id, event.number(1) % 7, now=event.now)
    return (settings.days_off(event.chat_id, message_id, learner),)


_MENUS: dict[str, Callable[[Tx, Event, int], Sequence[Outgoing]]] = {
    "hour": _hour,
    "othertime": _other_time,
    "zones": _zones,
    "quiet": _quiet,
    "date": _date,
    "days": _days,
    "day": _day,
}


def _set_at(tx: Tx, event: Event) -> Learner:
    conversations.leave(tx, event.chat_id)
    at = None if event.arg(1) == "none" else event.number(1) % (24 * 60)
    return arrange.change(tx, event.chat_id, now=event.now, prompt_at=at)


def _set_zone(tx: Tx, event: Event) -> Learner:
    conversations.leave(tx, event.chat_id)
    return arrange.change(tx, event.chat_id, now=event.now, zone=read_place(":".join(event.args[1:])))


def _set_quiet(tx: Tx, event: Event) -> Learner:
    conversations.leave(tx, event.chat_id)
    start, end = event.number(1) % (24 * 60), event.number(2) % (24 * 60)
    return arrange.change(tx, event.chat_id, now=event.now, quiet_from=start, quiet_until=end)


def _clear_date(tx: Tx, event: Event) -> Learner:
    conversations.leave(tx, event.chat_id)
    return arrange.set_assessment(tx, event.chat_id, None, now=event.now)


def _switch_reader(tx: Tx, event: Event) -> Learner:
    if event.desk.reader is None:
        raise Gone("button")
    return second_read.switch(tx, event.chat_id, place=event.desk.reader)


_CHANGES: dict[str, Callable[[Tx, Event], Learner]] = {
    "at": _set_at,
    "zone": _set_zone,
    "quiethours": _set_quiet,
    "on": _clear_date,
    "pause": lambda tx, event: arrange.pause_prompts(tx, event.chat_id, now=event.now),
    "reader": _switch_reader,
    "resume": lambda tx, event: arrange.resume_prompts(tx, event.chat_id, now=event.now),
}


def typed(tx: Tx, event: Event, step: str) -> Sequence[Outgoing]:
    """Read what was typed at a step of the settings. Unreadable where it cannot be read."""
    learner = arrange.meet(tx, event.chat_id, zone=event.desk.default_zone, now=event.now)
    match step:
        case "set:time":
            changed = arrange.change(tx, event.chat_id, now=event.now, prompt_at=read_time(event.text))
        case "set:place":
            changed = arrange.change(tx, event.chat_id, now=event.now, zone=read_place(event.text))
        case "set:date":
            on = read_date(event.text, today=local_date(event.now, learner.zone))
            changed = arrange.set_assessment(tx, event.chat_id, on, now=event.now)
        case "set:hours":
            start, end = read_hours(event.text)
            changed = arrange.change(tx, event.chat_id, now=event.now, quiet_from=start, quiet_until=end)
        case _:
            raise Unreadable("step", event.text)
    conversations.leave(tx, event.chat_id)
    return (_changed(event, changed, None),)


def read_hours(text: str) -> tuple[int, int]:
    """Read two times of day, or "none" for no quiet hours at all."""
    if text.strip().lower() in ("none", "off", "no"):
        return 0, 0
    parts = [part for part in re.split(r"\s*(?:\bto\b|\buntil\b|-|–)\s*", text.strip()) if part]
    if len(parts) != 2:
        raise Unreadable("hours", text)
    try:
        return read_time(parts[0]), read_time(parts[1])
    except Unreadable as error:
        raise Unreadable("hours", text) from error


ROUTES: tuple[Route, ...] = (
    command("settings", on_settings),
    command("stop", on_stop, strangers=True),
    button("settings", on_settings),
    button("set", on_set),
)
