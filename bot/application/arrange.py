"""First meeting and settings: a learner's own time, hour, days, assessment, and whether they want prompts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.domain.errors import Gone
from bot.domain.learner import Learner, Status
from bot.domain.plan import local_date, make_room, pause, resume, with_next_due
from bot.storage import Tx, learners, outbox


def meet(tx: Tx, chat_id: int, *, zone: str, now: datetime) -> Learner:
    """Return the learner of a chat, made on first meeting."""
    learner = learners.get(tx, chat_id)
    if learner is None:
        learner = Learner(chat_id=chat_id, zone=zone, seen_on=local_date(now, zone))
        learners.add(tx, learner, now=now)
    return learner


def notice(tx: Tx, learner: Learner, *, now: datetime) -> None:
    """Remember on which date a learner was last here; written at most once a day."""
    today = local_date(now, learner.zone)
    if learner.seen_on != today:
        learners.mark_seen(tx, learner.chat_id, on=today)


def change(tx: Tx, chat_id: int, *, now: datetime, **changes: Any) -> Learner:
    """Change settings of a learner; the next prompt follows at once. An hour that is asked for moves quiet hours."""
    learner = learners.get(tx, chat_id, lock=True)
    if learner is None:
        raise Gone("learner")
    changed = replace(learner, **changes)
    if changed.prompt_at is not None and "prompt_at" in changes:
        start, end = make_room(changed.prompt_at, changed.quiet_from, changed.quiet_until)
        changed = replace(changed, quiet_from=start, quiet_until=end)
    changed = with_next_due(changed, after=now)
    learners.save(tx, changed)
    return changed


def toggle_day_off(tx: Tx, chat_id: int, weekday: int, *, now: datetime) -> Learner:
    """Make a weekday a day off, or a working day again."""
    learner = learners.get(tx, chat_id, lock=True)
    if learner is None:
        raise Gone("learner")
    return change(tx, chat_id, now=now, days_off=learner.days_off ^ {weekday})


def pause_prompts(tx: Tx, chat_id: int, *, now: datetime) -> Learner:
    """Stop the plan's clock until the learner resumes it."""
    learner = learners.get(tx, chat_id, lock=True)
    if learner is None:
        raise Gone("learner")
    paused = pause(learner, today=local_date(now, learner.zone))
    learners.save(tx, paused)
    return paused


def resume_prompts(tx: Tx, chat_id: int, *, now: datetime) -> Learner:
    """Go on where the plan was."""
    learner = learners.get(tx, chat_id, lock=True)
    if learner is None:
        raise Gone("learner")
    going = resume(learner, today=local_date(now, learner.zone), now=now)
    learners.save(tx, going)
    return going


def stop(tx: Tx, chat_id: int, *, now: datetime) -> Learner | None:
    """Send neither prompts nor tips any more; what waits is cancelled. None for somebody who was never here."""
    learner = learners.get(tx, chat_id, lock=True)
    if learner is None:
        return None
    paused_on = learner.paused_on or local_date(now, learner.zone)
    stopped = replace(learner, status=Status.STOPPED, paused_on=paused_on, next_due=None)
    learners.save(tx, stopped)
    outbox.cancel_chat(tx, chat_id, now=now, reason="stopped")
    return stopped


def welcome_back(tx: Tx, learner: Learner, *, now: datetime) -> Learner:
    """Switch a stopped or blocked learner on again. A learner who paused stays paused until they resume."""
    if learner.status in (Status.ACTIVE, Status.PAUSED):
        return learner
    return resume_prompts(tx, learner.chat_id, now=now)


def set_assessment(tx: Tx, chat_id: int, on: date | None, *, now: datetime) -> Learner:
    """Set or clear the assessment date."""
    return change(tx, chat_id, now=now, assessment_on=on)
