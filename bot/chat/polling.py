"""Long polling: the next ``getUpdates`` acknowledges an update, so it is only sent once the update is on disk."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat.receiving import ALLOWED_UPDATES, AnswerDirectly, Receive, incoming
from bot.domain.errors import StorageUnavailable

log = logging.getLogger(__name__)

WAIT = 30
"""Seconds that Telegram holds a request open when nothing has arrived."""
CONFLICT_PATIENCE = 60.0
"""Seconds for which another poller on the same token is put up with: one that is being replaced ends sooner."""

CONFLICT_PAUSE = 5.0

_QUERY = urlencode({"timeout": WAIT, "allowed_updates": json.dumps(ALLOWED_UPDATES)})


class SecondPoller(Exception):
    """Another process polls with the same token."""


async def poll(
    bot: Bot,
    receive: Receive,
    answer_directly: AnswerDirectly,
    *,
    ready: Callable[[], None],
    monotonic: Callable[[], float],
) -> None:
    """Fetch updates for ever. Raises ``SecondPoller`` or ``InvalidToken`` when going on makes no sense."""
    offset = 0
    conflict_since: float | None = None
    failures = 0
    ready()
    while True:
        try:
            updates = await _get_updates(bot, offset)
        except Conflict:
            conflict_since = conflict_since or monotonic()
            if monotonic() - conflict_since >= CONFLICT_PATIENCE:
                raise SecondPoller from None
            log.warning("another program is polling with this bot's token; waiting for it to end")
            await asyncio.sleep(CONFLICT_PAUSE)
        except InvalidToken:
            raise
        except RetryAfter:
            await asyncio.sleep(5)
        except (NetworkError, TelegramError) as error:
            failures += 1
            log.warning("Telegram not reached (%s), trying again", type(error).__name__)
            await asyncio.sleep(min(30, 0.5 * 2 ** min(failures, 6)))
        else:
            conflict_since = None
            try:
                await receive([incoming(update) for update in updates if not answer_directly(update)])
            except StorageUnavailable as error:
                failures += 1
                log.warning("updates could not be stored (%s); fetching them again", type(error).__name__)
                await asyncio.sleep(min(30, 0.5 * 2 ** min(failures, 6)))
                continue
            failures = 0
            if updates:
                offset = int(updates[-1]["update_id"]) + 1


async def _get_updates(bot: Bot, offset: int) -> Sequence[Mapping[str, Any]]:
    """Ask for updates and keep them as they came: they are stored before they are read."""
    found = await bot.request.post(f"{bot.base_url}/getUpdates?{_QUERY}&offset={offset}", read_timeout=WAIT + 10)
    assert isinstance(found, list)
    return found
