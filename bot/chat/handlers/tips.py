"""Tips to classes: /tip, the preview, and the buttons under the progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.application import broadcast_tip, claim_role
from bot.application.broadcast_tip import Audience, Progress
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers.classes import leave_step
from bot.chat.routing import Route, button, command
from bot.chat.views import tips
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx, conversations

STEP = "tip:words"


async def on_tip_command(event: Event) -> Turn:
    """/tip: to whom?"""

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_tutor(tx, event.chat_id, event.first_name)
        leave_step(tx, event, "tip")
        return (tips.to_whom(event.chat_id, broadcast_tip.to_whom(tx, event.chat_id, now=event.now)),)

    return Turn(work)


async def on_tip(event: Event) -> Turn:
    """The buttons on the way to a tip, under its preview and under its progress."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    act = _ACTS.get(event.args[0] if event.args else "")
    if act is None:
        raise Gone("button")

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_tutor(tx, event.chat_id, event.first_name)
        leave_step(tx, event, "tip")
        return act(tx, event, message_id)

    return Turn(work)


def _to_whom(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    choice = broadcast_tip.to_whom(tx, event.chat_id, now=event.now)
    return (tips.to_whom(event.chat_id, choice, message_id=message_id),)


def _begin(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    cohort_id = None if event.arg(1) == "all" else event.number(1)
    draft = broadcast_tip.begin(tx, event.chat_id, cohort_id=cohort_id, now=event.now)
    if draft.audience.reachable == 0:
        broadcast_tip.discard(tx, event.chat_id, draft.id, now=event.now)
        return (tips.nobody(event.chat_id, message_id, draft.audience),)
    return (tips.which_words(event.chat_id, message_id, draft),)


def _own_words(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    draft = broadcast_tip.draft(tx, event.chat_id, event.number(1), now=event.now)
    conversations.enter(tx, event.chat_id, STEP, {"draft": draft.id})
    return (tips.ask_words(event.chat_id, message_id, draft.id),)


def _topics(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    draft = broadcast_tip.draft(tx, event.chat_id, event.number(1), now=event.now)
    return (tips.topics(event.chat_id, message_id, draft.id, event.live.course.tips, event.live.topics),)


def _ready(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    draft = broadcast_tip.draft(tx, event.chat_id, event.number(1), now=event.now)
    topic = event.live.topics.get(event.arg(2))
    if topic is None:
        raise Gone("tip")
    of_topic = [tip for tip in event.live.course.tips if tip.topic == topic.id]
    return (tips.ready(event.chat_id, message_id, draft.id, of_topic, topic, page=event.number(3)),)


def _use(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    tip = event.live.tips.get(event.arg(2))
    if tip is None:
        raise Gone("tip")
    message = tips.message_of(tip.text, title=tip.title)
    draft = broadcast_tip.write(tx, event.chat_id, event.number(1), message, now=event.now)
    return (
        tips.chosen(event.chat_id, message_id, tip.title),
        tips.sample(event.chat_id, draft),
        tips.audience(event.chat_id, draft),
    )


def _send(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    outcome = broadcast_tip.start(tx, event.chat_id, event.number(1), message_id=message_id, now=event.now)
    if isinstance(outcome, Audience):
        return (tips.nobody(event.chat_id, message_id, outcome),)
    return (_progress(outcome, message_id),)


def _progress(value: Progress, message_id: int) -> Outgoing:
    """Show progress on the message whose button was pressed; edits of it that still wait are overtaken by this one."""
    return replace(tips.progress(value), message_id=message_id)


def _send_to_me(tx: Tx, event: Event, _message_id: int) -> Sequence[Outgoing]:
    draft = broadcast_tip.draft(tx, event.chat_id, event.number(1), now=event.now)
    if draft.message is None:
        raise Gone("draft")
    return (tips.sample(event.chat_id, draft),)


def _edit(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    draft = broadcast_tip.draft(tx, event.chat_id, event.number(1), now=event.now)
    return (tips.change(event.chat_id, message_id, draft),)


def _keep(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    draft = broadcast_tip.draft(tx, event.chat_id, event.number(1), now=event.now)
    return (tips.audience(event.chat_id, draft, message_id=message_id),)


def _discard(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    broadcast_tip.discard(tx, event.chat_id, event.number(1), now=event.now)
    return (tips.discarded(event.chat_id, message_id),)


def _pause(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    return (_progress(broadcast_tip.pause(tx, event.chat_id, event.number(1), now=event.now), message_id),)


def _go_on(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    return (_progress(broadcast_tip.go_on(tx, event.chat_id, event.number(1), now=event.now), message_id),)


def _stop(tx: Tx, event: Event, message_id: int) -> Sequence[Outgoing]:
    return (_progress(broadcast_tip.stop(tx, event.chat_id, event.number(1), now=event.now), message_id),)


_ACTS: dict[str, Callable[[Tx, Event, int], Sequence[Outgoing]]] = {
    "": _to_whom,
    "to": _begin,
    "own": _own_words,
    "ready": _topics,
    "list": _ready,
    "use": _use,
    "send": _send,
    "me": _send_to_me,
    "edit": _edit,
    "keep": _keep,
    "drop": _discard,
    "pause": _pause,
    "go": _go_on,
    "stop": _stop,
}


def typed(tx: Tx, event: Event, _step: str) -> Sequence[Outgoing]:
    """Read the tutor's own words and show them as learners will see them. Unreadable where empty or too long."""
    claim_role.as_tutor(tx, event.chat_id, event.first_name)
    draft_id = int(event.state.conversation.step_data["draft"])
    words = broadcast_tip.read_tip(event.text)
    draft = broadcast_tip.write(tx, event.chat_id, draft_id, tips.message_of(words), now=event.now)
    conversations.leave(tx, event.chat_id)
    return tips.sample(event.chat_id, draft), tips.audience(event.chat_id, draft)


ROUTES: tuple[Route, ...] = (command("tip", on_tip_command), button("tip", on_tip))
