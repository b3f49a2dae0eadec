"""The webhook: 200 is answered once the update is on disk, never before."""

from __future__ import annotations

import hmac
import json
import logging

from aiohttp import web

from bot.chat.receiving import AnswerDirectly, Receive, incoming
from bot.domain.errors import StorageUnavailable

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the header's name
LARGEST = 1024 * 1024


def webhook_app(receive: Receive, answer_directly: AnswerDirectly, *, path: str, secret: str) -> web.Application:
    """Return an application that takes updates at ``path`` from whoever knows ``secret``."""

    async def take(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, ""), secret):
            return web.Response(status=401, text="unknown sender")
        try:
            body = await request.json(loads=json.loads)
            update = incoming(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            return web.Response(status=400, text="not an update")
        if answer_directly(body):
            return web.Response()
        try:
            await receive([update])
        except StorageUnavailable:
            log.warning("update %d could not be stored; Telegram will send it again", update.update_id)
            return web.Response(status=503, text="try again")
        return web.Response()

    app = web.Application(client_max_size=LARGEST)
    app.router.add_post(path, take)
    return app
