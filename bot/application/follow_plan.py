"""The plan: starting it, and saying where a learner is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.application import practise
from bot.application.live_course import LiveCourse
from bot.domain.learner import Learner
from bot.domain.plan import LENGTH, local_date, plan_day, plan_end, start_plan
from bot.storage import Tx, learners
from knowledge.schema import PlanDay


@dataclass(frozen=True, slots=True)
class WhereIAm:
    """Where a learner is in the plan. ``day`` is 0 without a plan and one more than ``length`` after it."""

    learner: Learner
    day: int
    length: int
    today: date
    ends_on: date | None
    topics: tuple[PlanDay, ...]
    answered_today: int
    meets_customer: bool = False
    """Whether a role-play belongs to this day."""


def where_i_am(tx: Tx, live: LiveCourse, learner: Learner, *, now: datetime) -> WhereIAm:
    """Say which day it is and what it is about."""
    today = local_date(now, learner.zone)
    day = plan_day(learner, today)
    topics = tuple(live.plan_days(day, fast=learner.track == "fast"))
    return WhereIAm(
        learner=learner,
        day=day,
        length=LENGTH[learner.track],
        today=today,
        ends_on=plan_end(learner, today) if day else None,
        topics=topics,
        answered_today=len(practise.answered_today(tx, learner, now=now)),
        meets_customer=bool({each.day for each in topics} & {play.day for play in live.course.roleplays}),
    )


def begin(tx: Tx, learner: Learner, *, now: datetime) -> Learner:
    """Start the plan, or start it over, today."""
    begun = start_plan(learner, today=local_date(now, learner.zone), now=now)
    learners.save(tx, begun)
    return begun


def plan_overview(live: LiveCourse, learner: Learner) -> Sequence[tuple[int, str]]:
    """Return the days of the learner's plan with their titles."""
    if learner.track == "fast":
        return [(each.day, each.title) for each in live.course.fast_track]
    return [(each.day, each.title) for each in live.course.plan]
