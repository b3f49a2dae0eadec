"""Inline mode: ``@bot serv rec`` in any chat offers cards while somebody types.

An answer that is lost does no harm, for the next letter asks again: nothing is written down, and nothing waits.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.application.live_course import Courses, LiveCourse
from bot.application.look_up_term import SideBySide
from bot.application.offer_terms import offer, scope_of
from bot.chat.views import inline as view
from bot.domain.errors import StorageUnavailable
from bot.storage import Store
from knowledge.schema import Term

log = logging.getLogger(__name__)

PAGE = 50
"""Results that Telegram takes in one answer."""
CACHED = 300
"""Seconds for which Telegram may give the same answer to the same words."""
REMEMBERED = 500
"""Texts whose offers are kept ready for a course, the ones asked for last."""
COURSES = 4
"""Courses whose offers are kept: the shared one and those of the classes that asked last."""
AT_ONCE = 32
"""Queries that are answered side by side; what comes on top of that is dropped, and the next letter asks again."""


class InlineAnswers:
    """Answers inline queries, outside every lane."""

    def __init__(self, *, bot: Bot, store: Store, courses: Courses, classes_only: bool) -> None:
        self._bot = bot
        self._store = store
        self._courses = courses
        self._classes_only = classes_only
        self._offers: list[_Offers] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, update: Mapping[str, Any]) -> bool:
        """Begin to answer an update where it is an inline query; False for any other."""
        query = update.get("inline_query")
        if not isinstance(query, Mapping):
            return False
        if len(self._tasks) < AT_ONCE:
            task = asyncio.create_task(self._answer(query))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    async def stop(self) -> None:
        """Drop what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, query: Mapping[str, Any]) -> None:
        try:
            answer = await self._answer_to(str(query["query"]), int(query["from"]["id"]), str(query.get("offset", "")))
            await self._bot.answer_inline_query(str(query["id"]), (), api_kwargs=answer)
        except (TelegramError, StorageUnavailable) as error:
            log.info("an inline query was not answered: %s", type(error).__name__)
        except Exception:
            log.exception("an inline query failed")

    async def _answer_to(self, text: str, person: int, offset: str) -> dict[str, Any]:
        scope = await self._store.read(lambda tx: scope_of(tx, person, classes_only=self._classes_only))
        if scope is None:
            return view.answer((), button=view.CLASS_ONLY, personal=True, cache_time=0)
        revision, tutors = scope
        shared = await self._courses.current(revision)
        live = await self._courses.current(revision, tutors) if tutors else shared
        if live.safety is not None and live.safety.concerns(text):
            return view.answer((), button=view.OPEN, personal=True, cache_time=0)
        results = self._offers_of(live).results(text)
        start = int(offset) if offset.isascii() and offset.isdigit() else 0
        more = str(start + PAGE) if start + PAGE < len(results) else ""
        personal = self._classes_only or live is not shared
        button = view.OPEN if results else view.NOTHING
        return view.answer(
            results[start : start + PAGE], button=button, next_offset=more, personal=personal, cache_time=CACHED
        )

    def _offers_of(self, live: LiveCourse) -> _Offers:
        for each in self._offers:
            if each.live is live:
                return each
        self._offers = [_Offers(live, self._bot.username), *self._offers][:COURSES]
        return self._offers[0]


class _Offers:
    """What a course offers, as the JSON of the answer: a card is written once, a text is looked up once."""

    def __init__(self, live: LiveCourse, bot_name: str) -> None:
        self.live = live
        self._bot_name = bot_name
        self._cards: dict[str, str] = {}
        self._of_text: OrderedDict[str, Sequence[str]] = OrderedDict()

    def results(self, text: str) -> Sequence[str]:
        """Return what is offered for a text."""
        key = " ".join(text.lower().split())
        if key in self._of_text:
            self._of_text.move_to_end(key)
            return self._of_text[key]
        results = [self._result(each) for each in offer(self.live, text)]
        self._of_text[key] = results
        if len(self._of_text) > REMEMBERED:
            self._of_text.popitem(last=False)
        return results

    def _result(self, value: Term | SideBySide) -> str:
        if isinstance(value, SideBySide):
            return _json(view.comparison(value, self._bot_name))
        if value.id not in self._cards:
            self._cards[value.id] = _json(view.term(value, self._bot_name))
        return self._cards[value.id]


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
