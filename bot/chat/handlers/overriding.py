"""A tutor looks at a learner's last marks and changes one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.application import claim_role, override_mark
from bot.application.tell_learner import tell
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button
from bot.chat.views import marks
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx


async def on_mark(event: Event) -> Turn:
    """The buttons behind a name in the list of a class's people."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    act = _ACTS.get(event.arg(0))
    if act is None:
        raise Gone("button")

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_tutor(tx, event.chat_id, event.first_name)
        return (act(tx, event, message_id),)

    return Turn(work)


def _list(tx: Tx, event: Event, message_id: int) -> Outgoing:
    found = override_mark.recent(tx, event.live, event.chat_id, event.number(1), event.number(2))
    return marks.recent(event.chat_id, message_id, found)


def _one(tx: Tx, event: Event, message_id: int) -> Outgoing:
    found = override_mark.one(tx, event.live, event.chat_id, event.number(1), event.number(2))
    return marks.one(event.chat_id, message_id, found)


def _ask(tx: Tx, event: Event, message_id: int) -> Outgoing:
    found = override_mark.one(tx, event.live, event.chat_id, event.number(1), event.number(2))
    return marks.confirm(event.chat_id, message_id, found, event.number(3))


def _set(tx: Tx, event: Event, message_id: int) -> Outgoing:
    done = override_mark.set_mark(
        tx,
        event.live,
        event.chat_id,
        event.number(1),
        event.number(2),
        from_mark=event.number(3),
        to_mark=event.number(4),
        now=event.now,
    )
    told = tell(tx, marks.told(done), now=event.now)
    note = "Changed. I tell them." if told else "Changed. They want no messages, so I tell nobody."
    return marks.one(event.chat_id, message_id, done.answer, note=note)


_ACTS: dict[str, Callable[[Tx, Event, int], Outgoing]] = {"list": _list, "one": _one, "ask": _ask, "set": _set}

ROUTES: tuple[Route, ...] = (button("mark", on_mark),)
