"""Dates, times and numbers as UK English says them, and the same read back from what people type."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import available_timezones

from rapidfuzz import fuzz, process

from bot.domain.errors import Unreadable
from bot.domain.plan import zone

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def number(value: float) -> str:
    """Return a number as people write it, with at most two decimals: 1,250 or 4.5."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def amount(value: float, unit: str) -> str:
    """Return a number with its unit: £243, £12.50, 35%, 4 percentage points."""
    if unit == "%":
        return f"{number(value)}%"
    if unit != "£":
        return f"{number(value)} {unit}".strip()
    pounds = f"{abs(value):,.2f}" if value % 1 else f"{abs(value):,.0f}"
    return f"{'-' if value < 0 else ''}£{pounds}"


def clock_time(moment: datetime, zone_name: str) -> str:
    """Return the local time as 18:05."""
    return moment.astimezone(zone(zone_name)).strftime("%H:%M")


def day_name(moment: datetime, zone_name: str) -> str:
    """Return the local weekday."""
    return WEEKDAYS[moment.astimezone(zone(zone_name)).weekday()]


def long_date(day: date) -> str:
    """Return a date as Friday 5 December."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 day, 2 days."""
    return f"{number} {one if number == 1 else many or one + 's'}"


_TIME = re.compile(r"^(?:at\s+)?(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?$")
_TIME_WORDS = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}


def read_time(text: str) -> int:
    """Read a time of day into minutes after midnight: 7.30, 19:00, 7pm, noon. Unreadable for anything else."""
    cleaned = text.strip().lower()
    if cleaned in _TIME_WORDS:
        return _TIME_WORDS[cleaned]
    found = _TIME.match(cleaned)
    if found is None:
        raise Unreadable("time", text)
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").replace(".", "")
    if half and not 1 <= hour <= 12:
        raise Unreadable("time", text)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise Unreadable("time", text)
    return hour * 60 + minute


_IN = re.compile(r"^in (\d{1,3}|a|one|two|three|four|five|six) (day|week|month)s?$")
_NUMERIC = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_NAMED = re.compile(r"^(?:[a-z]+ )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})(?: (\d{4}))?$")
_NAMED_US = re.compile(r"^([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$")
_SMALL = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_UNITS = {"day": 1, "week": 7, "month": 30}


def read_date(text: str, *, today: date) -> date:
    """Read a date from today on: 5 December, 5/12, 2026-12-05, in 10 days, next Friday. Unreadable for anything else.

    Without a year the next such date is meant; day comes before month, as in the UK.
    """
    cleaned = re.sub(r"[,\s]+", " ", text.strip().lower())
    found = _relative_date(cleaned, today) or _calendar_date(cleaned, today)
    if found is None or found < today or found > today + timedelta(days=366):
        raise Unreadable("date", text)
    return found


def _relative_date(text: str, today: date) -> date | None:
    if text in ("today", "tomorrow"):
        return today + timedelta(days=text == "tomorrow")
    if found := _IN.match(text):
        number = _SMALL.get(found[1]) or int(found[1])
        return today + timedelta(days=number * _UNITS[found[2]])
    name = text.removeprefix("next ").removeprefix("on ").removeprefix("this ")
    for index, weekday in enumerate(WEEKDAYS):
        if len(name) >= 3 and weekday.lower().startswith(name):
            return today + timedelta(days=(index - today.weekday() - 1) % 7 + 1)
    return None


def _calendar_date(text: str, today: date) -> date | None:
    if found := _ISO.match(text):
        return _date(int(found[3]), int(found[2]), int(found[1]), today)
    if found := _NUMERIC.match(text):
        return _date(int(found[1]), int(found[2]), int(found[3] or 0), today)
    for pattern, day_at, month_at in ((_NAMED, 1, 2), (_NAMED_US, 2, 1)):
        if found := pattern.match(text):
            months = [i for i, month in enumerate(MONTHS, 1) if month.lower().startswith(found[month_at])]
            if months:
                return _date(int(found[day_at]), months[0], int(found[3] or 0), today)
    return None


def _date(day: int, month: int, year: int, today: date) -> date | None:
    try:
        if year:
            return date(year + 2000 if year < 100 else year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


_PLACES = {
    name.rsplit("/", 1)[-1].replace("_", " ").lower(): name
    for name in sorted(available_timezones())
    if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
}
_COUNTRIES = {
    "uk": "Europe/London", "england": "Europe/London", "scotland": "Europe/London", "wales": "Europe/London",
    "northern ireland": "Europe/London", "great britain": "Europe/London", "united kingdom": "Europe/London",
    "manchester": "Europe/London", "birmingham": "Europe/London", "leeds": "Europe/London", "glasgow": "Europe/London",
    "cardiff": "Europe/London", "liverpool": "Europe/London", "bristol": "Europe/London", "edinburgh": "Europe/London",
    "france": "Europe/Paris", "germany": "Europe/Berlin", "spain": "Europe/Madrid", "italy": "Europe/Rome",
    "poland": "Europe/Warsaw", "portugal": "Europe/Lisbon", "ireland": "Europe/Dublin", "india": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "pakistan": "Asia/Karachi", "lahore": "Asia/Karachi",
    "islamabad": "Asia/Karachi", "bangladesh": "Asia/Dhaka", "nigeria": "Africa/Lagos", "abuja": "Africa/Lagos",
    "ghana": "Africa/Accra", "kenya": "Africa/Nairobi", "china": "Asia/Shanghai", "beijing": "Asia/Shanghai",
    "uae": "Asia/Dubai", "abu dhabi": "Asia/Dubai", "sri lanka": "Asia/Colombo", "nepal": "Asia/Kathmandu",
    "romania": "Europe/Bucharest", "ukraine": "Europe/Kyiv", "turkey": "Europe/Istanbul", "boston": "America/New_York",
    "washington": "America/New_York", "california": "America/Los_Angeles", "texas": "America/Chicago",
}  # fmt: skip


def read_place(text: str) -> str:
    """Read a city, country or zone name into an IANA zone. Unreadable where nothing is close."""
    cleaned = " ".join(text.lower().replace("_", " ").split())
    if text.strip() in available_timezones():
        return text.strip()
    known = {**_PLACES, **_COUNTRIES}
    if cleaned in known:
        return known[cleaned]
    best = process.extractOne(cleaned, known.keys(), scorer=fuzz.ratio, score_cutoff=82)
    if best is None:
        raise Unreadable("place", text)
    return known[best[0]]
