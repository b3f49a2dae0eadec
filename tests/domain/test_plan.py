"""Laws of the learner's own time: one prompt per local date, whatever clocks and zones do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.learner import Learner, Status
from bot.domain.plan import (
    LATE_AFTER,
    LENGTH,
    in_quiet_hours,
    instant,
    local_date,
    local_minutes,
    next_due,
    pause,
    plan_day,
    plan_end,
    quiet_end,
    resume,
    start_plan,
    take_due,
    with_next_due,
    zone,
)

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime"}))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
DAYTIME = st.integers(7 * 60, 21 * 60 - 1)
NO_QUIET = {"quiet_from": 0, "quiet_until": 0}


def learner(**changes: object) -> Learner:
    """A learner in London with a plan that began long ago."""
    base = Learner(chat_id=1, zone="Europe/London", prompt_at=18 * 60 + 30, plan_start=date(2024, 1, 1), **NO_QUIET)
    return replace(base, **changes)  # type: ignore[arg-type]  # test data


@given(zone_name=ZONES, after=MOMENTS, minutes=st.integers(0, 24 * 60 - 1))
def test_the_next_due_is_always_later(zone_name: str, after: datetime, minutes: int) -> None:
    due = next_due(learner(zone=zone_name, prompt_at=minutes), after=after)
    assert due is not None
    assert due > after


@given(zone_name=ZONES, start=MOMENTS, minutes=st.integers(0, 24 * 60 - 1))
def test_every_local_date_has_exactly_one_prompt(zone_name: str, start: datetime, minutes: int) -> None:
    someone = with_next_due(learner(zone=zone_name, prompt_at=minutes), after=start)
    dates = []
    for _ in range(12):
        assert someone.next_due is not None
        decision = take_due(someone, now=someone.next_due)
        dates.append(local_date(someone.next_due, zone_name))
        someone = decision.learner
        if someone.next_due is None:
            break
    assert len(set(dates)) == len(dates)
    expected = [day for offset in range(14) if _exists(day := dates[0] + timedelta(days=offset), zone_name)]
    assert dates == expected[: len(dates)]


def _exists(day: date, zone_name: str) -> bool:
    return instant(day, 12 * 60, zone_name) is not None


@given(zone_name=ZONES, day=st.dates(date(2024, 1, 1), date(2035, 12, 31)), minutes=st.integers(0, 24 * 60 - 1))
def test_the_wall_clock_shows_the_asked_time_or_the_first_instant_after_a_gap(
    zone_name: str, day: date, minutes: int
) -> None:
    moment = instant(day, minutes, zone_name)
    assume(moment is not None)
    assert moment is not None
    assert local_date(moment, zone_name) == day
    shown = local_minutes(moment, zone_name)
    if shown != minutes:
        assert shown > minutes
        before = (moment - timedelta(minutes=1)).astimezone(zone(zone_name))
        assert before.hour * 60 + before.minute < minutes or before.date() < day


def test_a_time_that_does_not_exist_is_the_first_instant_after_the_gap() -> None:
    moment = instant(date(2026, 3, 29), 90, "Europe/London")
    assert moment == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_time_that_exists_twice_is_the_first() -> None:
    moment = instant(date(2026, 10, 25), 90, "Europe/London")
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_date_that_a_zone_skipped_has_no_prompt() -> None:
    assert instant(date(2011, 12, 30), 9 * 60, "Pacific/Apia") is None


@given(moves=st.lists(st.tuples(ZONES, st.integers(1, 50)), min_size=1, max_size=8), start=MOMENTS, minutes=DAYTIME)
def test_changing_zones_never_brings_two_prompts_on_one_date_or_a_smaller_plan_day(
    moves: list[tuple[str, int]], start: datetime, minutes: int
) -> None:
    someone = start_plan(learner(prompt_at=minutes), today=local_date(start, "Europe/London"), now=start)
    now, dates, days = start, [], []
    for zone_name, hours in moves:
        end = now + timedelta(hours=hours)
        while someone.next_due is not None and someone.next_due <= end:
            decision = take_due(someone, now=max(someone.next_due, now))
            if decision.day is not None:
                dates.append(decision.on)
                days.append(decision.day)
            someone = decision.learner
        now = end
        someone = with_next_due(replace(someone, zone=zone_name), after=now)
    assert len(set(dates)) == len(dates)
    assert days == sorted(set(days))


@given(start=MOMENTS, minutes=st.integers(0, 24 * 60 - 1), late=st.integers(0, 72 * 3600))
def test_nothing_is_prompted_in_quiet_hours_or_too_late(start: datetime, minutes: int, late: int) -> None:
    someone = with_next_due(learner(prompt_at=minutes, quiet_from=21 * 60, quiet_until=7 * 60), after=start)
    assume(someone.next_due is not None)
    assert someone.next_due is not None
    now = someone.next_due + timedelta(seconds=late)
    decision = take_due(someone, now=now)
    if decision.day is not None:
        assert not in_quiet_hours(someone, now)
        due = next_due(someone, after=now - LATE_AFTER - timedelta(seconds=1))
        assert due is not None
        assert due <= now
    if decision.learner.next_due is not None:
        assert decision.learner.next_due > now


@given(start=MOMENTS, before=st.integers(0, 12), away=st.integers(0, 40))
def test_pausing_conserves_the_days_of_the_plan(start: datetime, before: int, away: int) -> None:
    today = local_date(start, "Europe/London")
    someone = start_plan(learner(), today=today, now=start)
    paused_on = today + timedelta(days=before)
    day = plan_day(someone, paused_on)
    someone = pause(someone, today=paused_on)
    back_on = paused_on + timedelta(days=away)
    someone = resume(someone, today=back_on, now=start + timedelta(days=before + away))
    assert plan_day(someone, back_on) == day
    assert plan_day(someone, back_on + timedelta(days=1)) == min(day + 1, LENGTH["fortnight"] + 1)


def test_no_prompt_comes_after_the_assessment_but_one_comes_on_its_day() -> None:
    someone = learner(assessment_on=date(2026, 11, 24))
    before = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert next_due(someone, after=before) == datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    assert next_due(someone, after=before + timedelta(hours=12)) is None


def test_days_off_have_no_prompt_and_do_not_count() -> None:
    someone = learner(days_off=frozenset({5, 6}), plan_start=date(2026, 11, 20))  # a Friday
    assert [plan_day(someone, date(2026, 11, day)) for day in (20, 21, 22, 23)] == [1, 1, 1, 2]
    friday_night = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    assert next_due(someone, after=friday_night) == datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("status", [Status.PAUSED, Status.STOPPED, Status.BLOCKED])
def test_who_is_not_active_is_never_due(status: Status) -> None:
    assert next_due(learner(status=status), after=datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_a_week_or_less_until_the_assessment_gives_the_fast_track() -> None:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    today = now.date()
    fast = start_plan(learner(assessment_on=today + timedelta(days=7)), today=today, now=now)
    slow = start_plan(learner(assessment_on=today + timedelta(days=8)), today=today, now=now)
    assert (fast.track, slow.track) == ("fast", "fortnight")
    assert plan_end(fast, today) == today + timedelta(days=6)


def test_missed_days_are_folded_into_the_next_prompt() -> None:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    someone = start_plan(learner(), today=now.date(), now=now)
    first = take_due(someone, now=datetime(2026, 11, 22, 18, 30, tzinfo=UTC))
    assert (first.day, first.folded) == (1, ())
    morning = take_due(first.learner, now=datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    assert morning.day is None  # what was due on the 23rd is two days late, and today's is still to come
    fourth = take_due(morning.learner, now=datetime(2026, 11, 25, 18, 30, tzinfo=UTC))
    assert (fourth.day, fourth.folded) == (4, (2, 3))


def test_after_an_outage_the_newest_prompt_still_comes() -> None:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    someone = start_plan(learner(), today=now.date(), now=now)
    assert take_due(someone, now=datetime(2026, 11, 24, 18, 31, tzinfo=UTC)).day == 3


@given(now=MOMENTS)
def test_what_waits_for_the_end_of_quiet_hours_waits_less_than_a_day(now: datetime) -> None:
    someone = learner(quiet_from=21 * 60, quiet_until=7 * 60)
    end = quiet_end(someone, now)
    assert now <= end < now + timedelta(days=1)
    assert not in_quiet_hours(someone, end)
