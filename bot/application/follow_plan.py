"""The plan: starting it, saying where a learner is, and the daily prompt that is its first question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.application import practise
from bot.application.live_course import LiveCourse
from bot.domain.delivery import Lane, Outgoing
from bot.domain.learner import Learner
from bot.domain.plan import (
    LATE_AFTER,
    LENGTH,
    DuePrompt,
    local_date,
    plan_day,
    plan_end,
    quiet_start,
    start_plan,
    take_due,
)
from bot.domain.practice import EVERYTHING, Choose
from bot.storage import Store, Tx, learners, outbox
from knowledge.schema import PlanDay, Question


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
CHUNK = 30
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
    prompted = _only_in_classes(tx, due) if classes_only else due
    return len(due), _prompt(tx, live, prompted, now=now, choose=choose, render=render)


def _only_in_classes(tx: Tx, due: Sequence[Learner]) -> Sequence[Learner]:
    """Return who is in a class; the others are not due any more."""
    inside = learners.in_a_class(tx, [learner.chat_id for learner in due])
    learners.move_on(tx, [replace(learner, next_due=None) for learner in due if learner.chat_id not in inside])
    return [learner for learner in due if learner.chat_id in inside]


def _prompt(
    tx: Tx, live: LiveCourse, due: Sequence[Learner], *, now: datetime, choose: Choose, render: RenderPrompt
) -> int:
    """Move the clocks of learners on and write their prompts; return how many were new."""
    taken = [take_due(learner, now=now) for learner in due]
    learners.move_on(tx, [decision.learner for decision in taken])
    put = _choose(tx, live, [decision for decision in taken if decision.day is not None], choose=choose, now=now)
    asked = practise.prompt_many(tx, put, now=now)
    busy = practise.in_the_middle(tx, put.keys(), now=now)
    prompts = [
        _message(live, decision, asked[chat_id], waits=chat_id in busy, now=now, render=render)
        for decision in taken
        if (chat_id := decision.learner.chat_id) in put
    ]
    return outbox.enqueue_many(tx, prompts, now=now)


def _choose(
    tx: Tx, live: LiveCourse, taken: Sequence[DuePrompt], *, choose: Choose, now: datetime
) -> Mapping[int, tuple[Question, int]]:
    """Choose the question of each prompt and its day, by chat; where there is none, there is no prompt."""
    pasts = practise.pasts_of(tx, [decision.learner for decision in taken], now=now)
    put = {}
    for decision in taken:
        learner = decision.learner
        past = pasts[learner.chat_id]
        question = practise.choose_after(past, live, learner, scope=EVERYTHING, choose=choose, now=now)
        if question is not None and decision.day is not None:
            put[learner.chat_id] = question, decision.day
    return put


def _message(
    live: LiveCourse, decision: DuePrompt, asked: practise.Asked, *, waits: bool, now: datetime, render: RenderPrompt
) -> Outgoing:
    learner, day = decision.learner, decision.day or 0
    prompt = DailyPrompt(
        asked=asked,
        learner=learner,
        day=day,
        length=LENGTH[learner.track],
        topics=tuple(live.plan_days(day, fast=learner.track == "fast")),
        folded=decision.folded,
        waits=waits,
    )
    return replace(
        render(prompt),
        lane=Lane.PROMPT,
        dedupe_key=f"prompt:{learner.chat_id}:{learner.plan_run}:{decision.on.isoformat()}",
        expires_at=min(now + LATE_AFTER, quiet_start(learner, now) or now + LATE_AFTER),
    )


def plan_overview(live: LiveCourse, learner: Learner) -> Sequence[tuple[int, str]]:
    """Return the days of the learner's plan with their titles."""
    if learner.track == "fast":
        return [(each.day, each.title) for each in live.course.fast_track]
    return [(each.day, each.title) for each in live.course.plan]
