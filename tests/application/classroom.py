"""A class to test with: a tutor, learners in their own zones, and the sender's side of the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.application import run_cohort
from bot.application.record_delivery import record
from bot.domain.delivery import Blocked, DeliveryOutcome, Letter, Outgoing, Sent
from bot.domain.learner import Learner, Status
from bot.storage import Store, Tx, claims, cohorts, learners, roles
from bot.storage.roles import Tutor

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TUTOR = 700
OTHER_TUTOR = 701
WORKER = "me"


def make_tutor(tx: Tx, chat_id: int = TUTOR, *, admin: bool = False, name: str = "Ms Carter") -> None:
    """Make somebody a tutor."""
    roles.add(tx, Tutor(chat_id, name, admin=admin, added_at=NOON))


def make_class(tx: Tx, name: str = "2B", *, tutor_id: int = TUTOR, code: str | None = None) -> int:
    """Make a class and return its id."""
    return run_cohort.open_class(tx, tutor_id, name=name, code=code or f"code-{tutor_id}-{name}", now=NOON).cohort.id


def make_learner(tx: Tx, chat_id: int, *class_ids: int, **settings: object) -> None:
    """Make a learner, in some classes, whose settings differ from the usual as given."""
    learner = replace(Learner(chat_id=chat_id, zone="Europe/London"), **settings)  # type: ignore[arg-type]
    learners.add(tx, learner, now=NOON)
    for class_id in class_ids:
        cohorts.enrol(tx, cohort_id=class_id, chat_id=chat_id, name=f"Learner {chat_id}", now=NOON)


def change_learner(tx: Tx, chat_id: int, **settings: object) -> None:
    """Change a learner's settings."""
    learner = learners.get(tx, chat_id)
    assert learner is not None
    learners.save(tx, replace(learner, **settings))  # type: ignore[arg-type]


def status_of(tx: Tx, chat_id: int) -> Status:
    """Return whether messages may reach a learner."""
    learner = learners.get(tx, chat_id)
    assert learner is not None
    return learner.status


async def claim(store: Store, *, now: datetime, limit: int = 1000) -> list[Letter]:
    """Claim what is due, with a bucket that is never empty."""
    claimed = await store.write(
        lambda tx: claims.claim(tx, worker=WORKER, now=now, limit=limit, rate=5000, burst=5000, reserve=0, owed=0)
    )
    return claimed.letters


async def send_all(store: Store, *, now: datetime, blocked_by: Collection[int] = (), limit: int = 1000) -> list[Letter]:
    """Post everything that is due; some have blocked the bot."""
    letters = await claim(store, now=now, limit=limit)
    for letter in letters:
        result: DeliveryOutcome = Blocked("blocked") if letter.chat_id in blocked_by else Sent(letter.id)
        await mark(store, letter, result, now=now)
    return letters


async def mark(store: Store, letter: Letter, result: DeliveryOutcome, *, now: datetime) -> None:
    """Record the outcome of one attempt."""
    await store.write(lambda tx: record(tx, letter, result, worker=WORKER, now=now))


def texts(letters: Sequence[Letter | Outgoing]) -> list[str]:
    """Return what messages say."""
    return [str(each.payload["text"]) for each in letters]


def at(hours: float) -> datetime:
    """Return a moment some hours after noon."""
    return NOON + timedelta(hours=hours)
