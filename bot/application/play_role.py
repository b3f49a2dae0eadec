"""Role-plays: a difficult customer is met, answered turn by turn, paused, stopped, and looked back on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application import practise
from bot.application.live_course import LiveCourse
from bot.domain import roleplay
from bot.domain.errors import Gone
from bot.domain.learner import Learner
from bot.domain.plan import local_date, plan_day
from bot.domain.roleplay import Scene
from bot.storage import Tx, conversations, plays
from bot.storage.plays import ENDED, LEFT, OPEN, Play
from knowledge.schema import RolePlay

STEP = "play"
"""First word of the step in which typed words belong to a role-play; its number follows."""


@dataclass(frozen=True, slots=True)
class OnStage:
    """A role-play as it stands: the next turn, or what there is to look back on."""

    play_id: int
    scene: Scene


@dataclass(frozen=True, slots=True)
class TooLate:
    """A choice for a turn that was answered already; ``stage`` is where the role-play stands."""

    stage: OnStage


@dataclass(frozen=True, slots=True)
class Customers:
    """Whom a learner can meet.

    ``best`` holds what each finished role-play earned at most, ``endings`` how it ended last, both by id.
    """

    open: OnStage | None
    suggested: RolePlay | None
    best: Mapping[str, int]
    endings: Mapping[str, str]


def customers(tx: Tx, live: LiveCourse, learner: Learner, *, now: datetime, not_again: str | None = None) -> Customers:
    """Say whom a learner can meet and whom we suggest."""
    best: dict[str, int] = {}
    endings: dict[str, str] = {}
    for each in plays.ended_of(tx, learner.chat_id):
        best[each.roleplay_id] = max(best.get(each.roleplay_id, 0), sum((each.letters or {}).values()))
        endings[each.roleplay_id] = each.ending or ""
    day = plan_day(learner, local_date(now, learner.zone))
    today = {each.day for each in live.plan_days(day, fast=learner.track == "fast")} if day else set()
    suggested = roleplay.next_customer(live.course.roleplays, best, days=today, not_again=not_again)
    found = plays.open_of(tx, learner.chat_id)
    known = found is not None and found.roleplay_id in live.roleplays
    return Customers(_stage(live, found) if found is not None and known else None, suggested, best, endings)


def find(live: LiveCourse, roleplay_id: str) -> RolePlay:
    """Return a role-play of the course. Gone where there is none."""
    if roleplay_id not in live.roleplays:
        raise Gone("roleplay")
    return live.roleplays[roleplay_id]


def begin(tx: Tx, live: LiveCourse, chat_id: int, roleplay_id: str, *, seed: int, now: datetime) -> OnStage:
    """Meet a customer. An open question is closed: typed words belong to the role-play from now on."""
    find(live, roleplay_id)
    practise.close(tx, chat_id)
    begun = plays.add(tx, chat_id=chat_id, roleplay_id=roleplay_id, seed=seed, now=now)
    return _enter(tx, live, begun)


def again(tx: Tx, live: LiveCourse, chat_id: int, play_id: int, *, seed: int, now: datetime) -> OnStage:
    """Meet the customer of an earlier role-play from the beginning, with the options in another order."""
    return begin(tx, live, chat_id, _mine(tx, chat_id, play_id).roleplay_id, seed=seed, now=now)


def met(tx: Tx, chat_id: int, play_id: int) -> str:
    """Return whom an earlier role-play was about."""
    return _mine(tx, chat_id, play_id).roleplay_id


def show(tx: Tx, live: LiveCourse, chat_id: int, play_id: int) -> OnStage:
    """Return a role-play that is being played, or was paused. Gone where it is over."""
    return _stage(live, _unfinished(tx, chat_id, play_id))


def resume(tx: Tx, live: LiveCourse, chat_id: int, play_id: int, *, now: datetime) -> OnStage:
    """Go on with a role-play where it stands. An open question is closed, as when it began."""
    found = _unfinished(tx, chat_id, play_id)
    practise.close(tx, chat_id)
    plays.change(tx, play_id, moved_at=now)
    return _enter(tx, live, found)


def say(
    tx: Tx, live: LiveCourse, chat_id: int, play_id: int, *, turn: int, shown: int, now: datetime
) -> OnStage | TooLate:
    """Choose an option of a turn as it was shown: 0 for A. Keeps the scores where it was the last turn."""
    found = _unfinished(tx, chat_id, play_id)
    stage = _stage(live, found)
    if stage.scene.turn != turn:
        return TooLate(stage)
    after = stage.scene.say(shown)
    plays.change(tx, play_id, choices=list(after.choices), moved_at=now)
    if after.over:
        _finish(tx, chat_id, play_id, after, now=now)
        return OnStage(play_id, after)
    return _enter(tx, live, replace(found, choices=after.choices))


def pause(tx: Tx, live: LiveCourse, chat_id: int, play_id: int) -> OnStage:
    """Leave a role-play for later: typed words are looked up again."""
    stage = show(tx, live, chat_id, play_id)
    _leave_step(tx, chat_id, play_id)
    return stage


def stop(tx: Tx, live: LiveCourse, chat_id: int, play_id: int) -> OnStage:
    """Give a role-play up."""
    stage = show(tx, live, chat_id, play_id)
    plays.change(tx, play_id, state=LEFT)
    _leave_step(tx, chat_id, play_id)
    return stage


def look_back(tx: Tx, live: LiveCourse, chat_id: int, play_id: int) -> OnStage:
    """Return a role-play that was played to its end. Gone where it was not."""
    found = _mine(tx, chat_id, play_id)
    if found.state != ENDED:
        raise Gone("roleplay")
    return _stage(live, found)


def _finish(tx: Tx, chat_id: int, play_id: int, scene: Scene, *, now: datetime) -> None:
    plays.change(
        tx,
        play_id,
        state=ENDED,
        letters=dict(scene.letters),
        mood=scene.mood,
        ending=scene.ending,
        ended_at=now,
    )
    _leave_step(tx, chat_id, play_id)


def _enter(tx: Tx, live: LiveCourse, found: Play) -> OnStage:
    conversations.enter(tx, found.chat_id, f"{STEP}:{found.id}")
    return _stage(live, found)


def _leave_step(tx: Tx, chat_id: int, play_id: int) -> None:
    if conversations.get(tx, chat_id).step == f"{STEP}:{play_id}":
        conversations.leave(tx, chat_id)


def _stage(live: LiveCourse, found: Play) -> OnStage:
    return OnStage(found.id, Scene(find(live, found.roleplay_id), found.seed, found.choices))


def _mine(tx: Tx, chat_id: int, play_id: int) -> Play:
    found = plays.get(tx, play_id)
    if found is None or found.chat_id != chat_id:
        raise Gone("roleplay")
    return found


def _unfinished(tx: Tx, chat_id: int, play_id: int) -> Play:
    """Return a role-play of this learner that is not over. One chat's updates run in order: no lock is needed."""
    found = _mine(tx, chat_id, play_id)
    if found.state != OPEN:
        raise Gone("roleplay")
    return found
