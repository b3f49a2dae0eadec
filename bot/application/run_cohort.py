"""Running classes: making them, their join links, who is in them, and closing them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import ascii_letters, digits

from bot.domain.errors import Gone, Unreadable
from bot.storage import Tx, cohorts, disputes, reports, roles
from bot.storage.cohorts import Cohort, Enrolment, Standing

LONGEST_NAME = 40
CODE_LENGTH = 10
PAGE = 10
"""People shown at a time."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Overview:
    """A tutor's classes with the number of people in each, and what waits for somebody to look."""

    classes: Sequence[tuple[Cohort, int]]
    reports: int
    disputes: int


@dataclass(frozen=True, slots=True)
class ClassCard:
    """One class and where it stands."""

    cohort: Cohort
    standing: Standing


@dataclass(frozen=True, slots=True)
class People:
    """A page of the people in a class. ``answered`` are those who answered a question in the last seven days."""

    cohort: Cohort
    shown: Sequence[Enrolment]
    answered: frozenset[int]
    page: int
    pages: int


def new_code() -> str:
    """Make the code of a join link. Whoever has it is let in, so nobody may guess it."""
    return "".join(secrets.choice(ascii_letters + digits) for _ in range(CODE_LENGTH))


def read_name(text: str) -> str:
    """Read a class's name from what was typed. Unreadable where it is empty or too long."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Unreadable("name", text)
    return name


def overview(tx: Tx, tutor_id: int) -> Overview:
    """Return a tutor's open classes."""
    own = cohorts.of_tutor(tx, tutor_id)
    admin = roles.role_of(tx, tutor_id) == "admin"
    return Overview(
        classes=[(each, cohorts.size(tx, [each.id])) for each in own],
        reports=reports.count_unsettled(tx),
        disputes=disputes.count_for(tx, tutor_id, admin=admin),
    )


def own_class(tx: Tx, tutor_id: int, cohort_id: int) -> Cohort:
    """Return an open class of this tutor. Gone where it is closed or somebody else's."""
    found = cohorts.get(tx, cohort_id)
    if found is None or found.tutor_id != tutor_id or found.closed_at is not None:
        raise Gone("cohort")
    return found


def card(tx: Tx, tutor_id: int, cohort_id: int, *, now: datetime) -> ClassCard:
    """Return one class and where it stands."""
    cohort = own_class(tx, tutor_id, cohort_id)
    return ClassCard(cohort, cohorts.standing(tx, cohort_id, week_ago=now - WEEK))


def open_class(tx: Tx, tutor_id: int, *, name: str, code: str, now: datetime) -> ClassCard:
    """Make a class with its first join link."""
    cohort_id = cohorts.add(tx, tutor_id=tutor_id, name=read_name(name), code=code, now=now)
    return card(tx, tutor_id, cohort_id, now=now)


def rename(tx: Tx, tutor_id: int, cohort_id: int, *, name: str, now: datetime) -> ClassCard:
    """Give a class another name."""
    own_class(tx, tutor_id, cohort_id)
    cohorts.rename(tx, cohort_id, read_name(name))
    return card(tx, tutor_id, cohort_id, now=now)


def new_link(tx: Tx, tutor_id: int, cohort_id: int, *, code: str, now: datetime) -> ClassCard:
    """Replace the join link; whoever opens the old one is told that it is dead."""
    own_class(tx, tutor_id, cohort_id)
    cohorts.replace_code(tx, cohort_id, code, now=now)
    return card(tx, tutor_id, cohort_id, now=now)


def close(tx: Tx, tutor_id: int, cohort_id: int, *, now: datetime) -> Cohort:
    """Close a class: its link dies and its people are in it no more."""
    cohort = own_class(tx, tutor_id, cohort_id)
    cohorts.close(tx, cohort_id, now=now)
    return cohort


def people(tx: Tx, tutor_id: int, cohort_id: int, *, page: int, now: datetime) -> People:
    """Return a page of the people in a class, the nearest page where there is no such."""
    cohort = own_class(tx, tutor_id, cohort_id)
    everyone = cohorts.people(tx, cohort_id)
    pages = max(1, -(-len(everyone) // PAGE))
    page = min(max(page, 0), pages - 1)
    answered = cohorts.answered_since(tx, cohort_id, now - WEEK)
    return People(cohort, everyone[page * PAGE : (page + 1) * PAGE], answered, page, pages)


def person(tx: Tx, tutor_id: int, cohort_id: int, chat_id: int) -> tuple[Cohort, Enrolment]:
    """Return one person of a class. Gone where they have left it."""
    cohort = own_class(tx, tutor_id, cohort_id)
    for each in cohorts.people(tx, cohort_id):
        if each.chat_id == chat_id:
            return cohort, each
    raise Gone("person")


def remove_person(tx: Tx, tutor_id: int, cohort_id: int, chat_id: int) -> tuple[Cohort, Enrolment]:
    """Take somebody out of a class."""
    found = person(tx, tutor_id, cohort_id, chat_id)
    cohorts.leave(tx, cohort_id=cohort_id, chat_id=chat_id)
    return found
