"""When a prompt is due and which day of the plan it is, in the learner's own time.

One prompt per local calendar date. A time of day that does not exist (clocks go forward) means the first instant after
the gap; one that exists twice means the first; a date that a zone skipped has no prompt at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.learner import Learner, Status, Track

LENGTH: dict[Track, int] = {"fortnight": 14, "fast": 7}
FAST_TRACK_UP_TO = 7
"""Days until the assessment up to which the fast track is given."""
LATE_AFTER = timedelta(hours=6)
"""A prompt that could not go out for so long is missed: its day is folded into the next one."""
HORIZON = 370
"""Days looked ahead for a date that is neither off nor past the assessment."""


@lru_cache(maxsize=700)
def zone(name: str) -> ZoneInfo:
    """Return the zone called ``name``; KeyError-like ``ZoneInfoNotFoundError`` for an unknown one."""
    return ZoneInfo(name)


def local_date(now: datetime, zone_name: str) -> date:
    """Return the calendar date at ``now`` in the zone."""
    return _wall(now, zone_name)[0]


def local_minutes(now: datetime, zone_name: str) -> int:
    """Return the minutes since midnight that a clock on the wall shows."""
    return _wall(now, zone_name)[1]


def _wall(now: datetime, zone_name: str) -> tuple[date, int]:
    # two moments of a repeated hour are equal to a cache where their zone is not UTC
    return _wall_of_utc(now if now.tzinfo is UTC else now.astimezone(UTC), zone_name)


@lru_cache(maxsize=1024)
def _wall_of_utc(now: datetime, zone_name: str) -> tuple[date, int]:
    """Return the date and the minutes. Learners who are prompted together are asked about at one moment, in few zones.

    An answer is kept for its very moment only, so that a change of the clocks needs no thought.
    """
    local = now.astimezone(zone(zone_name))
    return local.date(), local.hour * 60 + local.minute


@lru_cache(maxsize=1024)
def instant(day: date, minutes: int, zone_name: str) -> datetime | None:
    """Return the UTC instant at which the wall clock first shows ``minutes`` on ``day``.

    The first instant after the gap where that time does not exist; None where the whole date does not.
    """
    tz = zone(zone_name)
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=tz)
    moment = wall.astimezone(UTC)
    back = moment.astimezone(tz)
    if back.replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # In a gap, fold=0 reads the wall time with the offset before it: stepping to the gap's end means
    # finding the first instant whose offset is the new one.
    low, high = moment - timedelta(days=1, hours=2), moment
    before = low.astimezone(tz).utcoffset()
    while high - low > timedelta(milliseconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    after_gap = _whole_minute(high)
    return after_gap if after_gap.astimezone(tz).date() == day else None


def _whole_minute(moment: datetime) -> datetime:
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)


def outside_quiet_hours(minutes: int, quiet_from: int, quiet_until: int) -> int | None:
    """Return ``minutes``, or the end of the quiet hours where it falls in them; None where that is on the next date."""
    if quiet_from == quiet_until:
        return minutes
    if quiet_from < quiet_until:
        return quiet_until if quiet_from <= minutes < quiet_until else minutes
    if minutes < quiet_until:
        return quiet_until
    return None if minutes >= quiet_from else minutes


def make_room(minutes: int, quiet_from: int, quiet_until: int) -> tuple[int, int]:
    """Return quiet hours that leave ``minutes`` free: who asks for a message at 22:30 is not asleep at 22:30."""
    if outside_quiet_hours(minutes, quiet_from, quiet_until) == minutes:
        return quiet_from, quiet_until
    if quiet_from > quiet_until and minutes >= quiet_from:
        return min(minutes + 30, 24 * 60 - 1), quiet_until
    return quiet_from, minutes


def in_quiet_hours(learner: Learner, now: datetime) -> bool:
    """Tell whether ``now`` lies in the learner's quiet hours."""
    minutes = local_minutes(now, learner.zone)
    return outside_quiet_hours(minutes, learner.quiet_from, learner.quiet_until) != minutes


def quiet_start(learner: Learner, now: datetime) -> datetime | None:
    """Return when quiet hours begin next, today or tomorrow; None where there are none."""
    if learner.quiet_from == learner.quiet_until:
        return None
    today = local_date(now, learner.zone)
    starts = (instant(day, learner.quiet_from, learner.zone) for day in (today, today + timedelta(days=1)))
    return next((start for start in starts if start is not None and start > now), None)


def quiet_end(learner: Learner, now: datetime) -> datetime:
    """Return ``now``, or the moment at which the quiet hours that it falls in are over."""
    if not in_quiet_hours(learner, now):
        return now
    today = local_date(now, learner.zone)
    for day in (today, today + timedelta(days=1)):
        end = instant(day, learner.quiet_until, learner.zone)
        if end is not None and end > now:
            return end
    return now


def _days(start: date) -> Iterator[date]:
    for offset in range(HORIZON):
        yield start + timedelta(days=offset)


def next_due(learner: Learner, *, after: datetime) -> datetime | None:
    """Return the next moment at which this learner is to be prompted, or None if never.

    Strictly later than ``after``; never twice on one local date; never on a day off, in quiet hours, or after the
    assessment. The day of the assessment itself still has its prompt.
    """
    return _next_due(learner, learner.last_prompt_on, after=after)


def _next_due(learner: Learner, last_prompt_on: date | None, *, after: datetime) -> datetime | None:
    if learner.prompt_at is None or learner.status is not Status.ACTIVE or learner.plan_start is None:
        return None
    minutes = outside_quiet_hours(learner.prompt_at, learner.quiet_from, learner.quiet_until)
    if minutes is None:
        return None
    first = max(local_date(after, learner.zone), learner.plan_start)
    if last_prompt_on is not None:
        first = max(first, last_prompt_on + timedelta(days=1))
    for day in _days(first):
        if learner.assessment_on is not None and day > learner.assessment_on:
            return None
        if day.weekday() in learner.days_off:
            continue
        due = instant(day, minutes, learner.zone)
        if due is not None and due > after:
            return due
    return None


def _due_on(learner: Learner, day: date) -> datetime | None:
    """Return the moment of the prompt of a date; None where that date has none."""
    over = learner.assessment_on is not None and day > learner.assessment_on
    if learner.prompt_at is None or over or day.weekday() in learner.days_off or learner.last_prompt_on == day:
        return None
    minutes = outside_quiet_hours(learner.prompt_at, learner.quiet_from, learner.quiet_until)
    return None if minutes is None else instant(day, minutes, learner.zone)


def with_next_due(learner: Learner, *, after: datetime) -> Learner:
    """Return the learner with ``next_due`` computed anew."""
    return replace(learner, next_due=next_due(learner, after=after))


def plan_day(learner: Learner, today: date) -> int:
    """Return which day of the plan ``today`` is: 1 for the first, ``LENGTH + 1`` once the plan is over, 0 without one.

    Days off and paused days do not count. Never less than a day that was reached before (flights west, a zone change).
    """
    if learner.plan_start is None:
        return 0
    passed = _working_days(learner, learner.plan_start - timedelta(days=1), today)
    paused = learner.paused_days
    if learner.paused_on is not None:
        paused += _working_days(learner, learner.paused_on, today)
    return min(max(passed - paused, learner.last_plan_day, 1), LENGTH[learner.track] + 1)


def _working_days(learner: Learner, after: date, until: date) -> int:
    """Count the days that are not off, later than ``after`` and up to ``until``."""
    weeks, rest = divmod(max(0, (until - after).days), 7)
    first = after.weekday() + 1
    off = sum((first + offset) % 7 in learner.days_off for offset in range(rest)) if learner.days_off else 0
    return weeks * (7 - len(learner.days_off)) + rest - off


def plan_end(learner: Learner, today: date) -> date:
    """Return the date of the plan's last day as things stand."""
    remaining = LENGTH[learner.track] - plan_day(learner, today)
    day = today
    while remaining > 0:
        day += timedelta(days=1)
        if day.weekday() not in learner.days_off:
            remaining -= 1
    return day


def start_plan(learner: Learner, *, today: date, now: datetime) -> Learner:
    """Begin a plan today: the fast track where the assessment is at most seven days away."""
    left = None if learner.assessment_on is None else (learner.assessment_on - today).days
    track: Track = "fast" if left is not None and left <= FAST_TRACK_UP_TO else "fortnight"
    begun = replace(
        learner,
        status=Status.ACTIVE,
        track=track,
        plan_start=today,
        plan_run=learner.plan_run + 1,
        last_plan_day=0,
        paused_days=0,
        paused_on=None,
    )
    return with_next_due(begun, after=now)


def pause(learner: Learner, *, today: date) -> Learner:
    """Stop the plan's clock and the prompts."""
    if learner.status is Status.PAUSED:
        return learner
    return replace(learner, status=Status.PAUSED, paused_on=today, next_due=None)


def resume(learner: Learner, *, today: date, now: datetime) -> Learner:
    """Go on where the plan was: the days in between do not count."""
    paused = 0 if learner.paused_on is None else _working_days(learner, learner.paused_on, today)
    going = replace(
        learner, status=Status.ACTIVE, paused_on=None, paused_days=learner.paused_days + paused, next_due=None
    )
    return with_next_due(going, after=now)


@dataclass(frozen=True, slots=True)
class DuePrompt:
    """What a tick decided for one learner: which plan day to prompt for, or None where the prompt was missed."""

    learner: Learner
    day: int | None
    on: date
    folded: tuple[int, ...] = ()
    """Plan days that were missed since the last prompt and are folded into this one."""


def take_due(learner: Learner, *, now: datetime) -> DuePrompt:
    """Decide about a learner whose ``next_due`` has passed, and move their clock on.

    Of several prompts missed in a row only the newest counts; one later than ``LATE_AFTER`` or in quiet hours is
    missed, and its day is folded into the next. The plan being over gives no day and no further due.
    """
    assert learner.next_due is not None
    today = local_date(now, learner.zone)
    day = plan_day(learner, today)
    if day > LENGTH[learner.track]:
        return DuePrompt(replace(learner, next_due=None, last_plan_day=day), None, today)
    newest = _due_on(learner, today)
    if newest is None or not newest <= now <= newest + LATE_AFTER or in_quiet_hours(learner, now):
        return DuePrompt(with_next_due(learner, after=now), None, today)
    due = _next_due(learner, today, after=now)
    moved = replace(learner, last_prompt_on=today, last_plan_day=day, next_due=due)
    folded = tuple(range(learner.last_plan_day + 1, day)) if learner.last_plan_day else tuple(range(1, day))
    return DuePrompt(moved, day, today, folded)
