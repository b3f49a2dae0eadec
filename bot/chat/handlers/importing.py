"""Topic pages from tutors: /import, pasted text, files, /imports and their buttons."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from telegram import Document
from telegram.error import BadRequest, TelegramError
from telegram.ext import filters

from bot.application import claim_role, import_page
from bot.application.import_page import Added, NotAPage, ReadPage
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers.classes import leave_step
from bot.chat.messages import TEXT_LIMIT
from bot.chat.routing import Route, button, command, message
from bot.chat.views import imports
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx, conversations
from bot.storage.roles import Tutor

log = logging.getLogger(__name__)

STEP = "import:page"
MAYBE_CUT = TEXT_LIMIT - 500
"""UTF-16 units from which on a text may be the first part of a longer one: apps like to cut at the end of a line."""


async def on_import(event: Event) -> Turn:
    """/import: how and what; with text behind it, that text."""
    _, _, pasted = event.text.partition("\n")
    if pasted.strip() and event.state.is_tutor:
        return await _text(event, pasted)

    def work(tx: Tx) -> Sequence[Outgoing]:
        _tutor(tx, event)
        conversations.enter(tx, event.chat_id, STEP)
        return (imports.explain(event.chat_id),)

    return Turn(work)


async def on_imports(event: Event) -> Turn:
    """/imports: what was added, when, and a way back."""

    def work(tx: Tx) -> Sequence[Outgoing]:
        return (_listing(tx, event, _tutor(tx, event), page=0),)

    return Turn(work)


async def on_typed(event: Event, _step: str) -> Turn:
    """Text after /import. What may have been cut waits for the rest."""
    return await _text(event, event.text)


async def _text(event: Event, pasted: str) -> Turn:
    before = event.state.conversation.step_data.get("text") if event.state.conversation.step == STEP else None
    text = f"{before}\n{pasted}" if before else pasted
    too_long = len(text) > import_page.LARGEST
    if len(pasted.encode("utf-16-le")) // 2 < MAYBE_CUT or too_long:
        return await _read(event, text, name="Your page")

    def work(tx: Tx) -> Sequence[Outgoing]:
        _tutor(tx, event)
        conversations.enter(tx, event.chat_id, STEP, {"text": text})
        return (imports.more_to_come(event.chat_id, len(text)),)

    return Turn(work)


async def on_document(event: Event) -> Turn:
    """A file: from a tutor who was asked for one it is read, from another tutor it may be a page."""
    sent = event.update.effective_message
    document = None if sent is None else sent.document
    if document is None:
        return IGNORED
    if not event.state.is_tutor:
        view = imports.only_from_tutors(event.chat_id, question_open=event.state.open_attempt is not None)
        return Turn(lambda _tx: (view,))
    name, size = _name(document), document.file_size or 0
    if (refused := import_page.refused_file(name, size)) is not None:
        return _say(imports.not_a_page(event.chat_id, refused))
    asked_for = event.state.conversation.step == STEP or (sent is not None and sent.caption == "/import")
    if asked_for:
        return await _file(event, document.file_id, name)

    def work(tx: Tx) -> Sequence[Outgoing]:
        _tutor(tx, event)
        number = import_page.offer(tx, event.chat_id, file_id=document.file_id, name=name, size=size, now=event.now)
        return (imports.offer(event.chat_id, number, name),)

    return Turn(work)


def _name(document: Document) -> str:
    return document.file_name or "page"


async def _file(event: Event, file_id: str, name: str, *, offered: int | None = None) -> Turn:
    try:
        raw = await _fetched(event, file_id)
    except TelegramError as error:
        log.info("a file could not be fetched: %s", type(error).__name__)
        return _say(imports.not_fetched(event.chat_id))
    text = raw if isinstance(raw, NotAPage) else import_page.text_of(raw)
    if isinstance(text, NotAPage):
        return _say(imports.not_a_page(event.chat_id, text))
    return await _read(event, text, name=name.rpartition(".")[0] or name, offered=offered)


async def _fetched(event: Event, file_id: str) -> bytes | NotAPage:
    """Download a file, unless Telegram says by now that it is larger than it may be."""
    try:
        file = await event.update.get_bot().get_file(file_id)
    except BadRequest as error:
        if "too big" in error.message.lower():
            return NotAPage("large")
        raise
    if (file.file_size or 0) > import_page.LARGEST:
        return NotAPage("large")
    return bytes(await file.download_as_bytearray())


async def _read(event: Event, text: str, *, name: str, offered: int | None = None) -> Turn:
    outcome = await asyncio.to_thread(import_page.read_page, event.live, text, name=name)
    if isinstance(outcome, NotAPage):
        return Turn(lambda tx: _refuse(tx, event, outcome))
    return Turn(lambda tx: _keep(tx, event, outcome, offered))


def _refuse(tx: Tx, event: Event, outcome: NotAPage) -> Sequence[Outgoing]:
    """Say what is wrong, and go on waiting for a page without the parts of this one."""
    _tutor(tx, event)
    waits = event.state.conversation.step == STEP
    if waits:
        conversations.enter(tx, event.chat_id, STEP)
    return (imports.not_a_page(event.chat_id, outcome, leave=waits),)


def _keep(tx: Tx, event: Event, page: ReadPage, offered: int | None) -> Sequence[Outgoing]:
    _tutor(tx, event)
    leave_step(tx, event, "import")
    value = import_page.keep(tx, event.chat_id, page, now=event.now, instead_of=offered)
    return (imports.report(event.chat_id, value, event.live.topics),)


def _say(view: Outgoing) -> Turn:
    return Turn(lambda _tx: (view,))


def _tutor(tx: Tx, event: Event) -> Tutor:
    return claim_role.as_tutor(tx, event.chat_id, event.first_name)


# ------------------------------------------------------------------------------------------------------------ buttons


async def on_button(event: Event) -> Turn:
    """The buttons on the way to an import, under its confirmation and in the list."""
    message_id = event.message_id
    if message_id is None:
        return IGNORED
    what = event.arg(0)
    if what == "read":
        return await _read_offered(event)
    if what == "all":
        return await _that_was_all(event)
    act = _ACTS.get(what)
    if act is None:
        raise Gone("button")
    return Turn(lambda tx: (act(tx, event, message_id, _tutor(tx, event)),))


async def _read_offered(event: Event) -> Turn:
    number = event.number(1)
    file: Any = await event.desk.store.read(lambda tx: import_page.offered(tx, event.chat_id, number, now=event.now))
    return await _file(event, file["file"], file["name"], offered=number)


async def _that_was_all(event: Event) -> Turn:
    conversation = event.state.conversation
    text = conversation.step_data.get("text") if conversation.step == STEP else None
    if text is None:
        raise Gone("import")
    return await _read(event, text, name="Your page")


def _how(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    conversations.enter(tx, event.chat_id, STEP)
    return imports.explain(event.chat_id, message_id=message_id)


def _end(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    leave_step(tx, event, "import")
    return imports.never_mind(event.chat_id, message_id)


def _drop(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    import_page.discard(tx, event.chat_id, event.number(1))
    return imports.never_mind(event.chat_id, message_id)


def _waiting(tx: Tx, event: Event) -> import_page.Waiting:
    return import_page.waiting(tx, event.chat_id, event.number(1), now=event.now)


def _report(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    return imports.report(event.chat_id, _waiting(tx, event), event.live.topics, message_id=message_id)


def _see(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    value = _waiting(tx, event)
    if not value.page.drafts:
        raise Gone("import")
    return imports.preview(event.chat_id, message_id, value, index=event.number(2))


def _left(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    return imports.left_out(event.chat_id, message_id, _waiting(tx, event), index=event.number(2))


def _topics(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    return imports.choose_topic(event.chat_id, message_id, _waiting(tx, event), event.live.topics)


def _file_under(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    value = import_page.file_under(tx, event.live, event.chat_id, event.number(1), event.arg(2), now=event.now)
    return imports.report(event.chat_id, value, event.live.topics, message_id=message_id)


def _add(tx: Tx, event: Event, message_id: int, tutor: Tutor) -> Outgoing:
    outcome = import_page.add(tx, event.live, event.chat_id, event.number(1), admin=tutor.admin, now=event.now)
    if isinstance(outcome, Added):
        return imports.added(event.chat_id, message_id, outcome)
    return imports.nothing_new(event.chat_id, message_id, outcome)


def _undo(tx: Tx, event: Event, message_id: int, tutor: Tutor) -> Outgoing:
    page = import_page.undo(tx, event.chat_id, event.number(1), admin=tutor.admin, now=event.now)
    if event.number(2):
        return _listing(tx, event, tutor, page=0, message_id=message_id, note=f"Taken back: {page.name}")
    return imports.undone(event.chat_id, message_id, page)


def _promote(tx: Tx, event: Event, message_id: int, _tutor: Tutor) -> Outgoing:
    admin = claim_role.as_admin(tx, event.chat_id, event.first_name)
    page = import_page.promote(tx, event.number(1))
    note = f"For everyone from now on: {page.name}"
    return _listing(tx, event, admin, page=event.number(2), message_id=message_id, note=note)


def _list(tx: Tx, event: Event, message_id: int, tutor: Tutor) -> Outgoing:
    return _listing(tx, event, tutor, page=event.number(1), message_id=message_id)


def _listing(
    tx: Tx, event: Event, tutor: Tutor, *, page: int, message_id: int | None = None, note: str = ""
) -> Outgoing:
    value = import_page.listing(tx, event.chat_id, admin=tutor.admin, page=page)
    zone_name = event.desk.default_zone if event.learner is None else event.learner.zone
    return imports.listing(event.chat_id, value, zone_name=zone_name, message_id=message_id, note=note)


_ACTS: dict[str, Callable[[Tx, Event, int, Tutor], Outgoing]] = {
    "how": _how,
    "end": _end,
    "drop": _drop,
    "report": _report,
    "see": _see,
    "left": _left,
    "topics": _topics,
    "file": _file_under,
    "add": _add,
    "undo": _undo,
    "promote": _promote,
    "list": _list,
}

ROUTES: tuple[Route, ...] = (
    command("import", on_import),
    command("imports", on_imports),
    button("imp", on_button),
    message(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.Document.ALL, on_document),
)
