"""The plan: starting it, saying where a learner is, and the daily prompt that is its first question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.application import practise
from bot.application.live_course import LiveCourse
from bot.domain.delivery import Lane, Outgoing
from bot.domain.learner import Learner
from bot.domain.plan import LATE_AFTER, LENGTH, local_date, plan_day, plan_end, quiet_start, start_plan, take_due
from bot.domain.practice import EVERYTHING, Choose
from bot.storage import Store, Tx, cohorts, learners, outbox
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


@dataclass(frozen=True, slots=True)
class DailyPrompt:
    """The day's message: its first question, or a line that it waits until the open question is done."""

    asked: practise.Asked
    learner: Learner
    day: int
    length: int
    topics: tuple[PlanDay, ...]
    folded: tuple[int, ...]
    waits: bool


RenderPrompt = Callable[[DailyPrompt], Outgoing]
CHUNK = 10
"""Learners prompted in one transaction: replies of the same moment wait for no longer than that takes."""


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


async def prompt_everybody_due(
    store: Store,
    live: LiveCourse,
    *,
    now: Callable[[], datetime],
    choose: Choose,
    render: RenderPrompt,
    classes_only: bool,
    written: Callable[[], None],
) -> None:
    """Write every prompt that is due, a few in a transaction, and call ``written`` after each few."""
    while await store.read(lambda tx: learners.has_due(tx, now=now())):
        due, number = await store.write(
            lambda tx: prompt_due(
                tx, live, now=now(), choose=choose, render=render, limit=CHUNK, classes_only=classes_only
            )
        )
        if number:
            written()
        if due < CHUNK:
            return


def prompt_due(
    tx: Tx, live: LiveCourse, *, now: datetime, choose: Choose, render: RenderPrompt, limit: int, classes_only: bool
) -> tuple[int, int]:
    """Write the prompts that are due and move each learner's clock on, in one transaction.

    Returns how many learners were due and how many prompts were written. The key (learner, plan run, date) keeps a
    second tick, a second process or a repeated hour from prompting twice. With ``classes_only`` somebody who is in no
    class is not prompted.
    """
    due = learners.due(tx, now=now, limit=limit)
    taken = len(due)
    if classes_only:
        outside = [learner for learner in due if not cohorts.of_learner(tx, learner.chat_id)]
        for learner in outside:
            learners.save(tx, replace(learner, next_due=None))
        due = [learner for learner in due if learner not in outside]
    written = sum(_prompt(tx, live, learner, now=now, choose=choose, render=render) for learner in due)
    return taken, written


def _prompt(tx: Tx, live: LiveCourse, learner: Learner, *, now: datetime, choose: Choose, render: RenderPrompt) -> bool:
    decision = take_due(learner, now=now)
    learners.save(tx, decision.learner)
    if decision.day is None:
        return False
    question = practise.choose_next(tx, live, decision.learner, scope=EVERYTHING, choose=choose, now=now)
    if question is None:
        return False
    asked = practise.ask(
        tx, chat_id=learner.chat_id, question=question, source=practise.PROMPT, plan_day=decision.day, now=now
    )
    prompt = DailyPrompt(
        asked=asked,
        learner=decision.learner,
        day=decision.day,
        length=LENGTH[learner.track],
        topics=tuple(live.plan_days(decision.day, fast=learner.track == "fast")),
        folded=decision.folded,
        waits=practise.has_fresh_question(tx, learner.chat_id, now=now),
    )
    message = replace(
        render(prompt),
        lane=Lane.PROMPT,
        dedupe_key=f"prompt:{learner.chat_id}:{learner.plan_run}:{decision.on.isoformat()}",
        expires_at=min(now + LATE_AFTER, quiet_start(learner, now) or now + LATE_AFTER),
    )
    return outbox.enqueue(tx, message, now=now) is not None


def plan_overview(live: LiveCourse, learner: Learner) -> Sequence[tuple[int, str]]:
    """Return the days of the learner's plan with their titles."""
    if learner.track == "fast":
        return [(each.day, each.title) for each in live.course.fast_track]
    return [(each.day, each.title) for each in live.course.plan]
