"""Sending a tip to classes: a draft with its preview, then chunk by chunk into the outbox until all are settled."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.application.run_cohort import own_class
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone, Unreadable
from bot.domain.learner import Learner, Status
from bot.domain.plan import in_quiet_hours
from bot.storage import Tx, broadcasts, cohorts, outbox
from bot.storage.broadcasts import DRAFT, MATERIALISING, PAUSED, RUNNING, STOPPED, Broadcast
from bot.storage.cohorts import Cohort

LONGEST_TIP = 1000
CHUNK = 1000
"""Recipients written into the outbox at a time; no more are written while so many still wait to be sent."""
PER_SECOND = 20
"""Messages a second that the preview reckons with: what is left of the usual rate beside replies."""
SHOW_EVERY = timedelta(seconds=2)
DRAFTS_KEPT = timedelta(days=2)

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a tip to some classes would reach. ``quiet`` of the reachable get it when their quiet hours are over."""

    reachable: int
    quiet: int
    paused: int
    stopped: int
    blocked: int

    @property
    def seconds(self) -> int:
        """How long it takes to send to those who are awake, at least one second."""
        return max(1, -(-(self.reachable - self.quiet) // PER_SECOND))


@dataclass(frozen=True, slots=True)
class ToWhom:
    """A tutor's classes with their sizes, and how many different people are in all of them."""

    classes: Sequence[tuple[Cohort, int]]
    everybody: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A tip that its tutor has not sent yet. ``message`` is None until it has words."""

    id: int
    cohort_ids: tuple[int, ...]
    message: Payload | None
    audience: Audience


@dataclass(frozen=True, slots=True)
class Progress:
    """A tip on its way. ``put_off`` recipients get it when their quiet hours are over."""

    id: int
    tutor_id: int
    status: str
    total: int
    sent: int
    put_off: int

    @property
    def paused(self) -> bool:
        return self.status == PAUSED

    @property
    def stopped(self) -> bool:
        return self.status == STOPPED


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a tip. ``blocked`` counts everybody in the classes who has blocked the bot, before or just now."""

    id: int
    tutor_id: int
    stopped: bool
    total: int
    sent: int
    blocked: int
    failed: int
    unknown: int
    cancelled: int


ShowProgress = Callable[[Progress], Outgoing]
ShowReport = Callable[[Report], Outgoing]


def slot(broadcast_id: int) -> str:
    """Name the slot of a tip's progress message."""
    return f"progress:{broadcast_id}"


def to_whom(tx: Tx, tutor_id: int, *, now: datetime) -> ToWhom:
    """Return the classes that a tutor may send to; drafts that nobody came back to go."""
    broadcasts.drop_old_drafts(tx, before=now - DRAFTS_KEPT, now=now)
    own = cohorts.of_tutor(tx, tutor_id)
    return ToWhom([(each, cohorts.size(tx, [each.id])) for each in own], cohorts.size(tx, [each.id for each in own]))


def audience(tx: Tx, cohort_ids: Sequence[int], *, now: datetime) -> Audience:
    """Count whom a tip to some classes would reach now, later and not at all."""
    by_status = cohorts.by_status(tx, cohort_ids)
    quiet = sum(
        number
        for zone, start, end, number in cohorts.quiet_hours(tx, cohort_ids)
        if in_quiet_hours(Learner(chat_id=0, zone=zone, quiet_from=start, quiet_until=end), now)
    )
    return Audience(
        reachable=by_status.get(Status.ACTIVE, 0),
        quiet=quiet,
        paused=by_status.get(Status.PAUSED, 0),
        stopped=by_status.get(Status.STOPPED, 0),
        blocked=by_status.get(Status.BLOCKED, 0),
    )


def begin(tx: Tx, tutor_id: int, *, cohort_id: int | None, now: datetime) -> Draft:
    """Begin a tip to one class, or with None to all of a tutor's. Gone where there is no such class."""
    own = cohorts.of_tutor(tx, tutor_id) if cohort_id is None else [own_class(tx, tutor_id, cohort_id)]
    if not own:
        raise Gone("cohort")
    ids = tuple(each.id for each in own)
    draft_id = broadcasts.add_draft(tx, tutor_id=tutor_id, cohort_ids=ids, body=None, now=now)
    return Draft(draft_id, ids, None, audience(tx, ids, now=now))


def draft(tx: Tx, tutor_id: int, draft_id: int, *, now: datetime) -> Draft:
    """Return a draft of this tutor. Gone where it was sent, discarded or replaced by a newer version."""
    found = broadcasts.get(tx, draft_id)
    if found is None or found.tutor_id != tutor_id or found.status != DRAFT:
        raise Gone("draft")
    message = None if found.body is None else json.loads(found.body)
    return Draft(draft_id, found.cohorts, message, audience(tx, found.cohorts, now=now))


def read_tip(text: str) -> str:
    """Read a tip from what was typed. Unreadable where it is empty or too long."""
    tip = text.strip()
    if not 1 <= len(tip) <= LONGEST_TIP:
        raise Unreadable("tip", text)
    return tip


def write(tx: Tx, tutor_id: int, draft_id: int, message: Payload, *, now: datetime) -> Draft:
    """Give a draft its message, as it will be sent.

    A draft that had one becomes another draft, so that a button under an older preview never sends newer words.
    """
    before = draft(tx, tutor_id, draft_id, now=now)
    body = json.dumps(message, ensure_ascii=False)
    if before.message is None:
        broadcasts.set_body(tx, draft_id, body)
        return draft(tx, tutor_id, draft_id, now=now)
    broadcasts.drop_draft(tx, draft_id, now=now)
    newer = broadcasts.add_draft(tx, tutor_id=tutor_id, cohort_ids=before.cohort_ids, body=body, now=now)
    return draft(tx, tutor_id, newer, now=now)


def discard(tx: Tx, tutor_id: int, draft_id: int, *, now: datetime) -> None:
    """Throw a draft away."""
    draft(tx, tutor_id, draft_id, now=now)
    broadcasts.drop_draft(tx, draft_id, now=now)


def start(tx: Tx, tutor_id: int, draft_id: int, *, message_id: int, now: datetime) -> Progress | Audience:
    """Send a draft off; the message ``message_id`` shows its progress from now on.

    Returns the audience, and keeps the draft, where the tip would reach nobody. Gone where it was sent before.
    """
    found = draft(tx, tutor_id, draft_id, now=now)
    if found.audience.reachable == 0:
        return found.audience
    if found.message is None or not broadcasts.start(tx, draft_id, total=found.audience.reachable, now=now):
        raise Gone("draft")
    outbox.fill_slot(tx, tutor_id, slot(draft_id), message_id)
    return _progress(tx, _own(tx, tutor_id, draft_id), now=now)


def _own(tx: Tx, tutor_id: int, broadcast_id: int) -> Broadcast:
    found = broadcasts.get(tx, broadcast_id)
    if found is None or found.tutor_id != tutor_id or found.status not in broadcasts.LIVE or found.ended_at is not None:
        raise Gone("broadcast")
    return found


def pause(tx: Tx, tutor_id: int, broadcast_id: int, *, now: datetime) -> Progress:
    """Hold a tip back: from the next claim on nothing of it is sent."""
    _own(tx, tutor_id, broadcast_id)
    broadcasts.set_status(tx, broadcast_id, PAUSED, only_from=(MATERIALISING, RUNNING))
    return _progress(tx, _own(tx, tutor_id, broadcast_id), now=now)


def go_on(tx: Tx, tutor_id: int, broadcast_id: int, *, now: datetime) -> Progress:
    """Let a tip go on where it was held back."""
    _own(tx, tutor_id, broadcast_id)
    broadcasts.set_status(tx, broadcast_id, MATERIALISING, only_from=(PAUSED,))
    return _progress(tx, _own(tx, tutor_id, broadcast_id), now=now)


def stop(tx: Tx, tutor_id: int, broadcast_id: int, *, now: datetime) -> Progress:
    """End a tip for good: whoever has not got it will not get it."""
    _own(tx, tutor_id, broadcast_id)
    broadcasts.set_status(tx, broadcast_id, STOPPED, only_from=(MATERIALISING, RUNNING, PAUSED))
    return _progress(tx, _own(tx, tutor_id, broadcast_id), now=now)


def _progress(tx: Tx, value: Broadcast, *, now: datetime) -> Progress:
    put_off = broadcasts.count_put_off(tx, value.id, now=now)
    total = max(value.total, value.sent)
    return Progress(value.id, value.tutor_id, value.status, total, value.sent, put_off)


def step(tx: Tx, *, now: datetime, progress: ShowProgress, report: ShowReport, chunk: int = CHUNK) -> bool:
    """Move every tip that is under way a little further; tells whether there is something new to send."""
    moved = [_advance(tx, each, now=now, progress=progress, report=report, chunk=chunk) for each in broadcasts.live(tx)]
    return any(moved)


def _advance(
    tx: Tx, value: Broadcast, *, now: datetime, progress: ShowProgress, report: ShowReport, chunk: int
) -> bool:
    written = 0
    if value.status == MATERIALISING and broadcasts.has_room(tx, value.id, now=now, up_to=chunk):
        written = broadcasts.materialise(tx, value, now=now, chunk=chunk)
    elif value.status == STOPPED:
        broadcasts.cancel_rest(tx, value.id, now=now, chunk=chunk)
    current = broadcasts.get(tx, value.id)
    assert current is not None
    if _is_over(tx, current):
        return _finish(tx, current, now=now, report=report)
    return _show(tx, current, now=now, progress=progress) or written > 0


def _is_over(tx: Tx, value: Broadcast) -> bool:
    """Tell whether nothing of a tip is left to be sent. One that was paused behind its last message is over too."""
    if value.status == MATERIALISING or broadcasts.is_under_way(tx, value.id):
        return False
    return value.status != PAUSED or value.settled >= value.total


def _show(tx: Tx, value: Broadcast, *, now: datetime, progress: ShowProgress) -> bool:
    """Bring the tutor's progress message up to date, where it would say something new and not too often."""
    if value.tutor_id <= 0:
        return False
    message = progress(_progress(tx, value, now=now))
    if outbox.last_words(tx, value.tutor_id, slot(value.id)) == message.payload:
        return False
    if not broadcasts.due_to_show(tx, value.id, now=now, not_since=now - SHOW_EVERY):
        return False
    return outbox.enqueue(tx, message, now=now) is not None


def _finish(tx: Tx, value: Broadcast, *, now: datetime, report: ShowReport) -> bool:
    broadcasts.end(tx, value, now=now)
    ended = broadcasts.get(tx, value.id)
    assert ended is not None
    if ended.tutor_id <= 0:
        return False
    outcome = Report(
        id=ended.id,
        tutor_id=ended.tutor_id,
        stopped=ended.status == STOPPED,
        total=ended.total,
        sent=ended.sent,
        blocked=max(ended.blocked, cohorts.by_status(tx, ended.cohorts).get(Status.BLOCKED, 0)),
        failed=ended.failed,
        unknown=ended.unknown,
        cancelled=ended.cancelled,
    )
    return outbox.enqueue(tx, report(outcome), now=now) is not None
