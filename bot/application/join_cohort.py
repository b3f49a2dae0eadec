"""Joining a class by its link, and leaving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application import arrange
from bot.domain.errors import Gone, JoinCodeDead
from bot.storage import Tx, cohorts, learners, roles
from bot.storage.cohorts import Cohort


@dataclass(frozen=True, slots=True)
class Offer:
    """What a join link leads to: a class, whose it is, and what the person who opened it has here already."""

    cohort: Cohort
    tutor_name: str
    code: str
    is_in: bool
    has_plan: bool


def offer(tx: Tx, chat_id: int, code: str) -> Offer:
    """Return what a join link leads to. JoinCodeDead where it was replaced or the class closed, Gone where unknown."""
    found = cohorts.invitation(tx, code)
    if found is None:
        raise Gone("link")
    if found.ended_at is not None:
        raise JoinCodeDead(found.cohort.name, found.ended_at)
    tutor = roles.get(tx, found.cohort.tutor_id)
    learner = learners.get(tx, chat_id)
    return Offer(
        found.cohort,
        "" if tutor is None else tutor.name,
        code,
        is_in=any(each.id == found.cohort.id for each in cohorts.of_learner(tx, chat_id)),
        has_plan=learner is not None and learner.has_plan,
    )


def join(tx: Tx, chat_id: int, code: str, *, name: str, zone: str, now: datetime) -> Offer:
    """Put somebody into the class that a link leads to; the offer says whether they were in it before."""
    found = offer(tx, chat_id, code)
    learner = arrange.meet(tx, chat_id, zone=zone, now=now)
    arrange.welcome_back(tx, learner, now=now)
    cohorts.enrol(tx, cohort_id=found.cohort.id, chat_id=chat_id, name=name, now=now)
    return found


def classes_of(tx: Tx, chat_id: int) -> Sequence[Cohort]:
    """Return the open classes that somebody is in."""
    return cohorts.of_learner(tx, chat_id)


def one_of_mine(tx: Tx, chat_id: int, cohort_id: int) -> Cohort:
    """Return a class that somebody is in. Gone where they are not."""
    for each in cohorts.of_learner(tx, chat_id):
        if each.id == cohort_id:
            return each
    raise Gone("enrolment")


def leave(tx: Tx, chat_id: int, cohort_id: int) -> Cohort:
    """Take somebody out of a class at their own wish."""
    cohort = one_of_mine(tx, chat_id, cohort_id)
    cohorts.leave(tx, cohort_id=cohort_id, chat_id=chat_id)
    return cohort
