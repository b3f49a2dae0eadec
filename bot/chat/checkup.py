"""A look at Telegram for whoever looks after the bot: the token, what BotFather was told, the webhook, the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.chat.http import proxy_for
from bot.domain.finding import Finding, fine, look, wrong

BEHIND = 100
"""Updates that may wait at Telegram before that is worth a look."""
SKEW = timedelta(seconds=5)


async def check_telegram(bot: Bot, *, webhook_url: str | None, now: datetime) -> AsyncIterator[Finding]:
    """Ask Telegram about the bot; nothing is changed there."""
    try:
        await bot.initialize()
    except InvalidToken:
        yield wrong("Telegram does not know this token", "Copy it again from BotFather into TELEGRAM_BOT_TOKEN.")
        return
    except NetworkError as error:
        yield wrong(
            f"Telegram is not reached ({type(error).__name__})",
            "See whether this machine may open https connections to api.telegram.org, or set HTTPS_PROXY.",
        )
        return
    yield fine(f"Telegram knows the bot as @{bot.username}")
    yield _inline(bot)
    yield _privacy(bot)
    try:
        info = await bot.get_webhook_info()
    except TelegramError as error:
        yield look(f"the webhook's state is not known ({type(error).__name__})", "Try again in a minute.")
        return
    for each in _webhook(info, webhook_url, now=now):
        yield each


def _inline(bot: Bot) -> Finding:
    if bot.supports_inline_queries:
        return fine("inline mode is on")
    return look("inline mode is off", "BotFather's /setinline switches it on, if learners are to use it in any chat.")


def _privacy(bot: Bot) -> Finding:
    if bot.can_read_all_group_messages:
        return look("the bot sees everything that is written in its groups", "BotFather's /setprivacy: Enable.")
    return fine("privacy mode is on: in groups the bot sees only what is meant for it")


def _webhook(info: WebhookInfo, wanted: str | None, *, now: datetime) -> list[Finding]:
    found = []
    if (info.url or None) == wanted:
        found.append(fine("no webhook is set, as polling needs it" if wanted is None else "the webhook is set"))
    elif wanted is None:
        found.append(look("a webhook is set although WEBHOOK_URL is not", "The next start removes it, and polls."))
    else:
        found.append(look("the webhook is not the one in WEBHOOK_URL", "The next start sets it."))
    if info.pending_update_count > BEHIND:
        found.append(look(f"{info.pending_update_count} updates wait at Telegram", "See whether the bot runs."))
    if wanted is not None and info.last_error_date is not None and now - info.last_error_date < timedelta(hours=1):
        found.append(
            wrong(
                f"Telegram could not deliver to the webhook: {info.last_error_message}",
                "Open WEBHOOK_URL from outside: its certificate, its proxy, its port (443, 80, 88 or 8443).",
            )
        )
    return found


async def check_clock(origin: str, *, now: datetime) -> Finding:
    """Compare this machine's clock with the one in Telegram's answers."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            session.get(origin, proxy=proxy_for(origin), allow_redirects=False) as response,
        ):
            theirs = parsedate_to_datetime(response.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        return look(f"the clock could not be compared with Telegram's ({type(error).__name__})", "Try again later.")
    apart = abs(now - theirs)
    if apart <= SKEW:
        return fine("the clock agrees with Telegram's")
    return wrong(
        f"the clock is {apart.total_seconds():.0f} s off", "Let it be set by NTP: prompts would come early or late."
    )
