"""[I did say this] for learners, and /disputes for the tutors who rule."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from bot.application import claim_role, dispute_answer, rule_on_dispute
from bot.application.rule_on_dispute import Case, Ruled
from bot.application.tell_learner import tell
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers.classes import leave_step
from bot.chat.routing import Route, button, command
from bot.chat.views import disputes, trouble
from bot.domain.delivery import Outgoing
from bot.domain.errors import BotError, Gone, NotAllowed, Stale
from bot.storage import Tx, conversations, overlay, roles
from bot.storage import disputes as stored
from bot.storage.roles import Tutor
from knowledge.proposing import Checked, NotAPhrase

STEP = "dis"


async def on_said(event: Event) -> Turn:
    """[I did say this], then the point, then the words."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    what = event.arg(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        match what:
            case "no":
                return (disputes.never_mind(event.chat_id, message_id),)
            case "point":
                quotable = dispute_answer.sentences(tx, event.live, event.chat_id, event.number(1), event.arg(2))
                return (disputes.which_words(event.chat_id, message_id, quotable),)
            case "words":
                sentence = event.number(3) if len(event.args) > 3 else None
                done = dispute_answer.dispute(
                    tx,
                    event.live,
                    event.chat_id,
                    event.number(1),
                    event.arg(2),
                    sentence=sentence,
                    now=event.now,
                )
                return (disputes.sent(event.chat_id, message_id, done),)
        found = dispute_answer.points(tx, event.live, event.chat_id, event.number(0))
        return (disputes.which_point(event.chat_id, found),)

    return Turn(work)


async def on_disputes(event: Event) -> Turn:
    """/disputes: the oldest that waits."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        tutor = claim_role.as_tutor(tx, event.chat_id, event.first_name)
        leave_step(tx, event, STEP)
        return (disputes.waiting(event.chat_id, rule_on_dispute.next_case(tx, event.live, tutor, after=0)),)

    return Turn(work)


async def on_dis(event: Event) -> Turn:
    """The buttons under a disputed answer."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    match event.args[0] if event.args else "":
        case "accept":
            return await _propose(event, message_id)
        case "yes":
            return await _accept(event, message_id)
        case what:
            act = _ACTS.get(what)
    if act is None:
        raise Gone("button")

    def work(tx: Tx) -> Sequence[Outgoing]:
        tutor = claim_role.as_tutor(tx, event.chat_id, event.first_name)
        leave_step(tx, event, STEP)
        return (act(tx, event, tutor, message_id),)

    return Turn(work)


async def _look(event: Event, dispute_id: int) -> tuple[Case, list[str]]:
    """Read a case and what was declined for its point before, so that a phrase can be tried outside the turn."""

    def look(tx: Tx) -> tuple[Case, list[str]]:
        tutor = roles.get(tx, event.chat_id)
        if tutor is None:
            raise Gone("dispute case")
        case = rule_on_dispute.case(tx, event.live, tutor, dispute_id)
        return case, stored.declined_quotes(tx, case.dispute.question_id, case.dispute.point_id)

    return await event.desk.store.read(look)


async def _propose(event: Event, message_id: int) -> Turn:
    case, declined = await _look(event, event.number(1))
    rule_on_dispute.in_course(case)
    found = await asyncio.to_thread(rule_on_dispute.find_proposal, event.live, case, declined=declined)

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_tutor(tx, event.chat_id, event.first_name)
        if found is None:
            return (disputes.no_proposal(event.chat_id, message_id, case),)
        shown = rule_on_dispute.show_proposal(tx, case, found)
        return (disputes.proposed(event.chat_id, case, shown, message_id=message_id),)

    return Turn(work)


async def _accept(event: Event, message_id: int) -> Turn:
    """Accept exactly the phrase that was shown, after trying it once more: the course may have changed since."""
    case, declined = await _look(event, event.number(1))
    checked = await asyncio.to_thread(rule_on_dispute.try_again, event.live, case, declined=declined)
    if rule_on_dispute.token(checked.phrase) != event.arg(2):
        raise Gone("proposal")

    def work(tx: Tx) -> Sequence[Outgoing]:
        tutor = claim_role.as_tutor(tx, event.chat_id, event.first_name)
        if overlay.revision(tx) != event.state.revision:
            raise Stale("the course has changed since the phrase was tried")
        if checked.objections:
            return (disputes.objected(event.chat_id, case, checked, message_id=message_id),)
        done = rule_on_dispute.accept(tx, event.live, tutor, case.dispute.id, checked.phrase, now=event.now)
        told = tell(tx, disputes.ruled(done), now=event.now)
        return (disputes.accepted(event.chat_id, message_id, done, told=told),)

    return Turn(work)


def _show(tx: Tx, event: Event, tutor: Tutor, message_id: int) -> Outgoing:
    case = rule_on_dispute.case(tx, event.live, tutor, event.number(1))
    return disputes.waiting(event.chat_id, case, message_id=message_id)


def _next(tx: Tx, event: Event, tutor: Tutor, message_id: int, *, note: str = "") -> Outgoing:
    after = event.number(1) if len(event.args) > 1 else 0
    found = rule_on_dispute.next_case(tx, event.live, tutor, after=after)
    return disputes.waiting(event.chat_id, found, message_id=message_id, note=note)


def _only(tx: Tx, event: Event, tutor: Tutor, message_id: int) -> Outgoing:
    rule_on_dispute.seen_case(tx, event.live, tutor, event.number(1), event.arg(2))
    done = rule_on_dispute.accept(tx, event.live, tutor, event.number(1), None, now=event.now)
    told = tell(tx, disputes.ruled(done), now=event.now)
    return disputes.accepted(event.chat_id, message_id, done, told=told)


def _words(tx: Tx, event: Event, tutor: Tutor, message_id: int) -> Outgoing:
    case = rule_on_dispute.case(tx, event.live, tutor, event.number(1))
    rule_on_dispute.in_course(case)
    conversations.enter(tx, event.chat_id, f"{STEP}:words", {"dispute": case.dispute.id})
    return disputes.ask_words(event.chat_id, message_id, case)


def _why_not(tx: Tx, event: Event, tutor: Tutor, message_id: int) -> Outgoing:
    case = rule_on_dispute.case(tx, event.live, tutor, event.number(1))
    return disputes.why_not(event.chat_id, message_id, case)


def _line(tx: Tx, event: Event, tutor: Tutor, message_id: int) -> Outgoing:
    case = rule_on_dispute.seen_case(tx, event.live, tutor, event.number(1), event.arg(2))
    conversations.enter(tx, event.chat_id, f"{STEP}:line", {"dispute": case.dispute.id, "seal": event.arg(2)})
    return disputes.ask_line(event.chat_id, message_id, case)


def _no(tx: Tx, event: Event, tutor: Tutor, message_id: int) -> Outgoing:
    number = event.number(2)
    if not 0 <= number < len(disputes.LINES):
        raise Gone("button")
    rule_on_dispute.seen_case(tx, event.live, tutor, event.number(1), event.arg(3))
    done = rule_on_dispute.decline(tx, event.live, tutor, event.number(1), line=disputes.LINES[number], now=event.now)
    return _next(tx, event, tutor, message_id, note=_declined(tx, event, done))


def _declined(tx: Tx, event: Event, done: Ruled | None) -> str:
    told = done is not None and tell(tx, disputes.ruled(done), now=event.now)
    return "Declined. I tell them." if told else "Declined. There was nobody to tell."


def _undo(tx: Tx, event: Event, tutor: Tutor, message_id: int) -> Outgoing:
    rule_on_dispute.take_phrase_back(tx, tutor, event.number(1), now=event.now)
    return disputes.taken_back(event.chat_id, message_id)


_ACTS: dict[str, Callable[[Tx, Event, Tutor, int], Outgoing]] = {
    "": _next,
    "next": _next,
    "show": _show,
    "only": _only,
    "words": _words,
    "decline": _why_not,
    "line": _line,
    "no": _no,
    "undo": _undo,
}


async def on_typed(event: Event, step: str) -> Turn:
    """Read the words of a phrase, or the line for somebody whose point is declined."""
    dispute_id = int(event.state.conversation.step_data["dispute"])
    if step == f"{STEP}:line":
        return Turn(partial(_typed_line, event=event, dispute_id=dispute_id))
    try:
        case, declined = await _look(event, dispute_id)
        checked = await asyncio.to_thread(rule_on_dispute.try_words, event.live, case, event.text, declined=declined)
    except Gone as error:
        gone = error
        return Turn(lambda tx: _nothing_left(tx, event, gone))
    except NotAPhrase as error:
        view = disputes.not_a_phrase(event.chat_id, error.why)
        return Turn(lambda _tx: (view,))
    return Turn(lambda tx: _typed_words(tx, event, case, checked))


def _typed_words(tx: Tx, event: Event, case: Case, checked: Checked) -> Sequence[Outgoing]:
    """Show what was typed as a phrase that can go live, or what would go wrong; then more words may be typed."""
    claim_role.as_tutor(tx, event.chat_id, event.first_name)
    if checked.objections:
        return (disputes.objected(event.chat_id, case, checked),)
    conversations.leave(tx, event.chat_id)
    shown = rule_on_dispute.show_proposal(tx, case, checked)
    return (disputes.proposed(event.chat_id, case, shown, message_id=None),)


def _typed_line(tx: Tx, *, event: Event, dispute_id: int) -> Sequence[Outgoing]:
    try:
        tutor = claim_role.as_tutor(tx, event.chat_id, event.first_name)
        sealed = str(event.state.conversation.step_data.get("seal", ""))
        rule_on_dispute.seen_case(tx, event.live, tutor, dispute_id, sealed)
        done = rule_on_dispute.decline(tx, event.live, tutor, dispute_id, line=event.text, now=event.now)
    except (Gone, NotAllowed) as error:
        return _nothing_left(tx, event, error)
    conversations.leave(tx, event.chat_id)
    note = _declined(tx, event, done)
    found = rule_on_dispute.next_case(tx, event.live, tutor, after=dispute_id)
    return (disputes.waiting(event.chat_id, found, note=note),)


def _nothing_left(tx: Tx, event: Event, error: BotError) -> Sequence[Outgoing]:
    """What the step was about is settled: waiting on would swallow everything typed from now on."""
    conversations.leave(tx, event.chat_id)
    return trouble.refusal(event.chat_id, error)


ROUTES: tuple[Route, ...] = (
    command("disputes", on_disputes),
    button("said", on_said),
    button("dis", on_dis),
)
