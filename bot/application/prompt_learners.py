"""The daily prompt, a message that is its first question: written when it is due, composed when its turn comes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from bot.application import practise
from bot.application.live_course import LiveCourse
from bot.domain.delivery import TO_COMPOSE, Lane, Letter, Outgoing, State
from bot.domain.learner import Learner, Status
from bot.domain.plan import LATE_AFTER, LENGTH, DuePrompt, quiet_start, take_due
from bot.domain.practice import EVERYTHING, Choose
from bot.storage import Store, Tx, learners, outbox
from knowledge.schema import PlanDay

log = logging.getLogger(__name__)

CHUNK = 100
"""Learners whose prompts are written in one transaction: replies of the moment wait for no longer than that takes."""


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


async def prompt_everybody_due(
    store: Store, *, now: Callable[[], datetime], rate: float, classes_only: bool, written: Callable[[], None]
) -> None:
    """Write every prompt that is due, some in a transaction, and call ``written`` after each of these.

    More than a second's worth at ``rate`` messages a second are spread over the time that they take: who is prompted a
    minute later than ten thousand others does not stand behind them all.
    """
    number = await store.read(lambda tx: learners.count_due(tx, now=now()))
    within = timedelta(seconds=number / rate) if number > rate else timedelta()
    due = CHUNK if number else 0
    while due == CHUNK:
        due, new = await store.write(
            lambda tx: prompt_due(tx, now=now(), limit=CHUNK, within=within, classes_only=classes_only)
        )
        if new:
            written()


def prompt_due(
    tx: Tx, *, now: datetime, limit: int, classes_only: bool, within: timedelta = timedelta()
) -> tuple[int, int]:
    """Write the prompts that are due and move each learner's clock on, in one transaction.

    Returns how many learners were due and how many prompts were written. The key (learner, plan run, date) keeps a
    second tick, a second process or a repeated hour from prompting twice. With ``classes_only`` somebody who is in no
    class is not prompted. What a prompt says is left to :func:`compose`: ten thousand may be due in one second, and
    Telegram takes minutes for them. Which of them goes out when ``within`` that time changes from day to day.
    """
    due = learners.due(tx, now=now, limit=limit)
    prompted = _only_in_classes(tx, due) if classes_only else due
    taken = [take_due(learner, now=now) for learner in prompted]
    learners.move_on(tx, [decision.learner for decision in taken])
    messages = [
        _waiting(decision, decision.day, now=now, within=within) for decision in taken if decision.day is not None
    ]
    return len(due), outbox.enqueue_many(tx, messages, now=now)


def _only_in_classes(tx: Tx, due: Sequence[Learner]) -> Sequence[Learner]:
    """Return who is in a class; the others are not due any more."""
    inside = learners.in_a_class(tx, [learner.chat_id for learner in due])
    learners.move_on(tx, [replace(learner, next_due=None) for learner in due if learner.chat_id not in inside])
    return [learner for learner in due if learner.chat_id in inside]


def _waiting(decision: DuePrompt, day: int, *, now: datetime, within: timedelta) -> Outgoing:
    """Return a prompt that is still to be composed."""
    learner = decision.learner
    turn = crc32(f"{learner.chat_id}:{decision.on}".encode()) / 2**32
    return Outgoing(
        learner.chat_id,
        TO_COMPOSE,
        {"day": day, "folded": decision.folded},
        lane=Lane.PROMPT,
        dedupe_key=f"prompt:{learner.chat_id}:{learner.plan_run}:{decision.on.isoformat()}",
        not_before=now + within * turn,
        expires_at=min(now + LATE_AFTER, quiet_start(learner, now) or now + LATE_AFTER),
    )


def compose(
    tx: Tx, live: LiveCourse, letters: Sequence[Letter], *, now: datetime, choose: Choose, render: RenderPrompt
) -> Sequence[Letter]:
    """Compose the prompts among some letters that were leased in this transaction; the others stay as they are.

    The question is chosen now, after whatever the learner did while the prompt waited. Where there is none, and where
    the learner wants no prompts any more, the row is cancelled and its letter left out. No chat has two of these.
    """
    waiting = {letter.chat_id: letter for letter in letters if letter.method == TO_COMPOSE}
    if not waiting:
        return letters
    group = {chat_id: each for chat_id, each in learners.some(tx, waiting).items() if each.status is Status.ACTIVE}
    pasts = practise.pasts_of(tx, list(group.values()), now=now)
    put = {}
    for chat_id, learner in group.items():
        with _by_itself(tx, waiting[chat_id], now=now):
            question = practise.choose_after(pasts[chat_id], live, learner, scope=EVERYTHING, choose=choose, now=now)
            if question is not None:
                put[chat_id] = question, int(waiting[chat_id].payload["day"])
    asked = practise.prompt_many(tx, put, now=now)
    busy = practise.in_the_middle(tx, put.keys(), now=now)
    composed = []
    for chat_id, each in asked.items():
        with _by_itself(tx, waiting[chat_id], now=now):
            prompt = _prompt(live, group[chat_id], waiting[chat_id], each, waits=chat_id in busy)
            composed.append((waiting[chat_id], render(prompt)))
    ready = {letter.id: letter for letter in outbox.compose(tx, composed)}
    for letter in waiting.values():
        if letter.id not in ready:
            outbox.end(tx, letter.id, state=State.CANCELLED, reason="nothing to ask", now=now)
    return [ready.get(each.id, each) for each in letters if each.method != TO_COMPOSE or each.id in ready]


@contextmanager
def _by_itself(tx: Tx, letter: Letter, *, now: datetime) -> Iterator[None]:
    """Let what goes wrong with one prompt hold up no other message: its row ends, and is listed as not delivered."""
    try:
        yield
    except Exception:
        log.exception("the prompt in row %d could not be composed", letter.id)
        outbox.end(tx, letter.id, state=State.DEAD, reason="could not be composed", now=now)


def _prompt(live: LiveCourse, learner: Learner, letter: Letter, asked: practise.Asked, *, waits: bool) -> DailyPrompt:
    day = int(letter.payload["day"])
    return DailyPrompt(
        asked=asked,
        learner=learner,
        day=day,
        length=LENGTH[learner.track],
        topics=tuple(live.plan_days(day, fast=learner.track == "fast")),
        folded=tuple(letter.payload["folded"]),
        waits=waits,
    )
