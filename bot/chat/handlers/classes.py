"""A tutor's classes: /classes and its buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.application import claim_role, run_cohort
from bot.application.run_cohort import ClassCard
from bot.application.tell_learner import tell
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button, command
from bot.chat.views import classes
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone, Unreadable
from bot.storage import Tx, conversations


def leave_step(tx: Tx, event: Event, first_word: str) -> None:
    """Stop waiting for text that a press or a command has made needless."""
    step = event.state.conversation.step
    if step is not None and step.partition(":")[0] == first_word:
        conversations.leave(tx, event.chat_id)


async def on_classes(event: Event) -> Turn:
    """/classes: the list."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_tutor(tx, event.chat_id, event.first_name)
        leave_step(tx, event, "class")
        return (classes.overview(event.chat_id, run_cohort.overview(tx, event.chat_id)),)

    return Turn(work)


async def on_class(event: Event) -> Turn:
    """The buttons of the list, of a class and of its people."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    act = _ACTS.get(event.args[0] if event.args else "")
    if act is None:
        raise Gone("button")
    code = run_cohort.new_code()

    def work(tx: Tx) -> Sequence[Outgoing]:
        claim_role.as_tutor(tx, event.chat_id, event.first_name)
        leave_step(tx, event, "class")
        return (act(tx, event, message_id, code),)

    return Turn(work)


def _list(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    return classes.overview(event.chat_id, run_cohort.overview(tx, event.chat_id), message_id=message_id)


def _new(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    conversations.enter(tx, event.chat_id, "class:name")
    return classes.ask_name(event.chat_id, message_id)


def _show(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    card = run_cohort.card(tx, event.chat_id, event.number(1), now=event.now)
    return _card(event, card, message_id=message_id)


def _card(event: Event, card: ClassCard, *, message_id: int | None = None, note: str = "") -> Outgoing:
    link = event.desk.link(f"join_{card.cohort.code}")
    return classes.card(event.chat_id, card, link=link, message_id=message_id, note=note)


def _rename(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    cohort = run_cohort.own_class(tx, event.chat_id, event.number(1))
    conversations.enter(tx, event.chat_id, "class:rename", {"cohort": cohort.id})
    return classes.ask_new_name(event.chat_id, message_id, cohort)


def _new_link(tx: Tx, event: Event, message_id: int, code: str) -> Outgoing:
    card = run_cohort.new_link(tx, event.chat_id, event.number(1), code=code, now=event.now)
    return _card(event, card, message_id=message_id, note="This is the new link. The old one no longer works.")


def _confirm_close(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    card = run_cohort.card(tx, event.chat_id, event.number(1), now=event.now)
    return classes.confirm_close(event.chat_id, message_id, card)


def _close(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    cohort = run_cohort.close(tx, event.chat_id, event.number(1), now=event.now)
    return classes.closed(event.chat_id, message_id, cohort)


def _people(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    found = run_cohort.people(tx, event.chat_id, event.number(1), page=event.number(2), now=event.now)
    return classes.people(event.chat_id, message_id, found)


def _confirm_remove(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    cohort, person = run_cohort.person(tx, event.chat_id, event.number(1), event.number(2))
    return classes.confirm_remove(event.chat_id, message_id, cohort, person, page=event.number(3))


def _remove(tx: Tx, event: Event, message_id: int, _code: str) -> Outgoing:
    cohort, person = run_cohort.remove_person(tx, event.chat_id, event.number(1), event.number(2))
    tell(tx, classes.removed(cohort, person), now=event.now)
    found = run_cohort.people(tx, event.chat_id, cohort.id, page=event.number(3), now=event.now)
    return classes.people(event.chat_id, message_id, found)


_ACTS: dict[str, Callable[[Tx, Event, int, str], Outgoing]] = {
    "": _list,
    "new": _new,
    "show": _show,
    "rename": _rename,
    "link": _new_link,
    "close": _confirm_close,
    "closed": _close,
    "people": _people,
    "person": _confirm_remove,
    "remove": _remove,
}


def typed(tx: Tx, event: Event, step: str) -> Sequence[Outgoing]:
    """Read a class's name. Unreadable where it is empty or too long."""
    claim_role.as_tutor(tx, event.chat_id, event.first_name)
    match step:
        case "class:name":
            code = run_cohort.new_code()
            card = run_cohort.open_class(tx, event.chat_id, name=event.text, code=code, now=event.now)
            note = "The class is open. Share the link below."
        case "class:rename":
            cohort_id = int(event.state.conversation.step_data["cohort"])
            card = run_cohort.rename(tx, event.chat_id, cohort_id, name=event.text, now=event.now)
            note = "Renamed."
        case _:
            raise Unreadable("step", event.text)
    conversations.leave(tx, event.chat_id)
    return (_card(event, card, note=note),)


ROUTES: tuple[Route, ...] = (
    command("classes", on_classes),
    command("class", on_classes),
    button("class", on_class),
)
