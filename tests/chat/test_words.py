"""Times, dates and places as people type them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.words import count, long_date, read_date, read_place, read_time
from bot.domain.errors import Unreadable

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("7.30", 450),
        ("07:30", 450),
        ("7pm", 19 * 60),
        ("7:15 pm", 19 * 60 + 15),
        ("12am", 0),
        ("12 pm", 12 * 60),
        ("noon", 12 * 60),
        ("at 18:05", 18 * 60 + 5),
        ("1930", 19 * 60 + 30),
        ("9", 9 * 60),
    ],
)
def test_times_are_read_as_people_type_them(text: str, minutes: int) -> None:
    assert read_time(text) == minutes


@pytest.mark.parametrize("text", ["", "25:00", "7:75", "13pm", "later", "half past seven", "7 8 9"])
def test_what_is_no_time_is_not_read_as_one(text: str) -> None:
    with pytest.raises(Unreadable):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 December", date(2026, 12, 5)),
        ("5th of dec", date(2026, 12, 5)),
        ("December 5", date(2026, 12, 5)),
        ("5/12", date(2026, 12, 5)),
        ("05.12.2026", date(2026, 12, 5)),
        ("2026-12-05", date(2026, 12, 5)),
        ("3 January", date(2027, 1, 3)),
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 23)),
        ("in 10 days", date(2026, 12, 2)),
        ("in two weeks", date(2026, 12, 6)),
        ("next Friday", date(2026, 11, 27)),
        ("sunday", date(2026, 11, 29)),
    ],
)
def test_dates_are_read_as_people_type_them(text: str, day: date) -> None:
    assert read_date(text, today=TODAY) == day


@pytest.mark.parametrize("text", ["", "31 February", "yesterday", "2025-01-01", "5 Smarch", "soon", "1/1/2040"])
def test_what_is_no_date_from_today_on_is_not_read_as_one(text: str) -> None:
    with pytest.raises(Unreadable):
        read_date(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("London", "Europe/London"),
        ("lisbonn", "Europe/Lisbon"),
        ("new york", "America/New_York"),
        ("Manchester", "Europe/London"),
        ("dubai", "Asia/Dubai"),
        ("Asia/Kolkata", "Asia/Kolkata"),
    ],
)
def test_places_are_found_even_misspelt(text: str, zone: str) -> None:
    assert read_place(text) == zone


def test_a_place_that_nobody_knows_is_not_guessed() -> None:
    with pytest.raises(Unreadable):
        read_place("my nan's house")


@given(st.text(max_size=60))
def test_reading_never_fails_in_any_other_way(text: str) -> None:
    for read in (read_time, read_place, lambda each: read_date(each, today=TODAY)):
        try:
            read(text)
        except Unreadable:
            continue


@given(st.dates(TODAY, TODAY + timedelta(days=300)))
def test_a_written_date_is_read_back(day: date) -> None:
    assert read_date(long_date(day), today=TODAY) == day


def test_one_is_not_many() -> None:
    assert (count(1, "day"), count(2, "day"), count(3, "child", "children")) == ("1 day", "2 days", "3 children")
