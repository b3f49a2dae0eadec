"""From a stored update to a turn: the library's handlers say which of our routes fits, and the first one reads it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from telegram import Bot, CallbackQuery, Update
from telegram.constants import MessageEntityType
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.application import pace_group
from bot.application.live_course import Courses
from bot.application.read_chat import read_chat
from bot.application.turn import IGNORED, Turn
from bot.chat.callbacks import decode
from bot.chat.event import Desk, Event, Handler
from bot.chat.views import groups as group_views
from bot.chat.views import safety, start, trouble
from bot.domain.delivery import InboxRow, Outgoing
from bot.domain.errors import BotError

log = logging.getLogger(__name__)

AnyHandler = BaseHandler[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """A kind of update and who reads it."""

    handler: AnyHandler
    read: Handler
    groups: bool = False
    """Whether its command may be sent, or its buttons pressed, in a group."""
    strangers: bool = False
    """Whether somebody outside every class may use it where only classes may use the bot."""


async def unused(*_: object) -> None:
    """Stand in for the callback that python-telegram-bot asks for; routing calls ``Route.read`` instead."""


def command(name: str, read: Handler, *, groups: bool = False, strangers: bool = False) -> Route:
    """Route a command: in private chats, and with ``groups`` everywhere."""
    where = filters.ALL if groups else filters.ChatType.PRIVATE
    handler: AnyHandler = CommandHandler(name, unused, filters=where & filters.UpdateType.MESSAGE)
    return Route(handler, read, groups=groups, strangers=strangers)


def button(prefix: str, read: Handler, *, groups: bool = False, strangers: bool = False) -> Route:
    """Route the buttons whose data starts with ``prefix``: in private chats, and with ``groups`` everywhere."""
    handler: AnyHandler = CallbackQueryHandler(unused, pattern=rf"^{prefix}(:|$)")
    return Route(handler, read, groups=groups, strangers=strangers)


def message(kind: filters.BaseFilter, read: Handler) -> Route:
    """Route messages of a kind."""
    return Route(MessageHandler(kind, unused), read)


def other(handler: AnyHandler, read: Handler, *, strangers: bool = False) -> Route:
    """Route any other kind of update."""
    return Route(handler, read, strangers=strangers)


class ChatRouter:
    """The delivery room's ``Router``."""

    def __init__(
        self, *, bot: Bot, desk: Desk, courses: Courses, routes: Sequence[Route], now: Callable[[], datetime]
    ) -> None:
        self._bot = bot
        self._desk = desk
        self._courses = courses
        self._for_presses = _without(routes, CommandHandler, MessageHandler)
        self._for_commands = _without(routes, CallbackQueryHandler)
        self._for_the_rest = _without(routes, CallbackQueryHandler, CommandHandler)
        self._now = now
        self._answers: set[asyncio.Task[None]] = set()

    async def route(self, row: InboxRow) -> Turn:
        """Read an update and name what it leads to; a press is answered before anything else."""
        update = Update.de_json(json.loads(row.body), self._bot)
        route, args = self._find(update)
        if update.callback_query is not None:
            self._answer(update.callback_query, route)
        if route is None:
            return IGNORED
        asker = update.effective_user if row.chat_id < 0 else None
        state = await self._desk.store.read(
            partial(
                read_chat,
                chat_id=row.chat_id,
                now=self._now(),
                ask_enrolment=not self._desk.open_to_anyone,
                person=None if asker is None else asker.id,
            )
        )
        live = await self._courses.current(state.revision, state.tutors)
        event = Event(update, row.update_id, state, live, self._desk, args)
        if not event.in_group and _speaks_of_harm(event):
            concern = safety.concern(event.chat_id, live.course, self._desk.safeguarding_contact)
            return Turn(lambda _tx: (concern,))
        if state.enrolled or state.is_tutor or route.strangers or _comes_by_link(update, args):
            turn = await route.read(event)
        else:
            turn = _class_only(event, route)
        return _paced(event, turn) if event.in_group else turn

    def refuse(self, row: InboxRow, error: BotError) -> Sequence[Outgoing]:
        """Put into words what a use case refused on purpose; it changed nothing."""
        return trouble.refusal(row.chat_id, error)

    def apologise(self, row: InboxRow, *, again: bool) -> Sequence[Outgoing]:
        """Say sorry once per update, in private chats."""
        if row.chat_id <= 0:
            return ()
        return (trouble.on_our_side(row.chat_id, update_id=row.update_id, again=again),)

    def _find(self, update: Update) -> tuple[Route | None, tuple[str, ...]]:
        for route in self._candidates(update):
            check = route.handler.check_update(update)
            if check is None or check is False:
                continue
            if update.callback_query is not None and not route.groups and _in_group(update):
                continue
            if update.callback_query is not None:
                return route, decode(update.callback_query.data or "")[1:]
            if isinstance(check, tuple) and check and isinstance(check[0], list):
                return route, tuple(check[0])
            return route, ()
        return None, ()

    def _candidates(self, update: Update) -> Sequence[Route]:
        """Leave out the routes whose handler cannot take an update of this kind: there is one for every command."""
        if update.callback_query is not None:
            return self._for_presses
        message = update.effective_message
        begins = message.entities[0] if message is not None and message.entities else None
        is_command = begins is not None and begins.type == MessageEntityType.BOT_COMMAND
        return self._for_commands if is_command else self._for_the_rest

    def _answer(self, query: CallbackQuery, route: Route | None) -> None:
        """Answer a press at once. It may be lost without harm, so it is no row of the outbox."""
        text = None if route is not None else trouble.OLD_BUTTON
        self._in_background(_quietly(self._bot.answer_callback_query(query.id, text=text)))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)


def _without(routes: Sequence[Route], *kinds: type[AnyHandler]) -> Sequence[Route]:
    return tuple(route for route in routes if not isinstance(route.handler, kinds))


def _speaks_of_harm(event: Event) -> bool:
    """Tell whether somebody writes of harm, behind a command and under a picture too.

    A tutor's topic page may be about abuse, and what comes by way of a bot is a card.
    """
    if event.pressed or event.live.safety is None or not event.words or _is_bare_command(event.words):
        return False
    message = event.update.effective_message
    if _is_page(event) or (message is not None and message.via_bot is not None):
        return False
    return event.live.safety.concerns(event.words)


def _is_bare_command(words: str) -> bool:
    """Tell whether a command says nothing, or is a link's: its payload is a random code."""
    number = len(words.split())
    return words.startswith("/") and (number == 1 or (number == 2 and words.startswith("/start ")))


def _is_page(event: Event) -> bool:
    step = event.state.conversation.step or ""
    asked_for = step.startswith("import:") or event.text.startswith("/import")
    return event.state.is_tutor and asked_for and "\n" in event.text


def _class_only(event: Event, route: Route) -> Turn:
    """Turn a stranger away where only classes may use the bot; in a group only one who has sent a command."""
    if event.in_group and not isinstance(route.handler, CommandHandler):
        return IGNORED
    view = start.class_only(event.chat_id)
    return Turn(lambda _tx: (view,))


def _in_group(update: Update) -> bool:
    chat = update.effective_chat
    return chat is not None and chat.id < 0


def _paced(event: Event, turn: Turn) -> Turn:
    """Keep a group's answers within what Telegram allows a bot to send there."""
    busy = group_views.busy(event.chat_id, event.desk.bot_name)
    return Turn(lambda tx: pace_group.pace(tx, turn.work(tx), busy=busy, now=event.now))


def _comes_by_link(update: Update, args: Sequence[str]) -> bool:
    """Tell whether somebody arrives through a join or claim link."""
    message = update.message
    by_link = message is not None and (message.text or "").startswith("/start ") and bool(args)
    return by_link and tuple(args) != (group_views.START_PAYLOAD,)


async def _quietly(call: Coroutine[Any, Any, object]) -> None:
    try:
        await call
    except TelegramError as error:
        log.info("a press could not be answered: %s", type(error).__name__)
