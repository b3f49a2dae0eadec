"""How the bot hears: polling and the webhook."""

from bot.sandbox.errors import Json
from bot.sandbox.methods.table import plays
from bot.sandbox.updates import WebhookState
from bot.sandbox.world import World


@plays("getMe")
def get_me(world: World, params: Json) -> Json:
    """Who the bot is and what it may do."""
    return {**world.bot, **world.abilities, "can_connect_to_business": False, "has_main_web_app": False}


@plays("getUpdates")
async def get_updates(world: World, params: Json) -> list[Json]:
    """A long poll of at most 50 seconds for at most 100 updates."""
    return await world.updates.poll(
        offset=params.get("offset", 0),
        limit=min(max(params.get("limit", 100), 1), 100),
        timeout=min(max(params.get("timeout", 0), 0), 50),
        allowed=params.get("allowed_updates"),
    )


@plays("setWebhook")
def set_webhook(world: World, params: Json) -> bool:
    """An empty address removes it."""
    url = params.get("url", "")
    webhook = WebhookState(url, params.get("secret_token"), params.get("max_connections", 40)) if url else None
    world.updates.set_webhook(
        webhook, allowed=params.get("allowed_updates"), drop_pending=params.get("drop_pending_updates", False)
    )
    return True


@plays("deleteWebhook")
def delete_webhook(world: World, params: Json) -> bool:
    """Polling works again."""
    world.updates.set_webhook(None, allowed=None, drop_pending=params.get("drop_pending_updates", False))
    return True


@plays("getWebhookInfo")
def get_webhook_info(world: World, params: Json) -> Json:
    """With the last error and what still waits."""
    updates = world.updates
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(updates.pending)}
    if updates.webhook is not None:
        info |= {"url": updates.webhook.url, "max_connections": updates.webhook.max_connections}
        if updates.webhook.last_error_date is not None:
            info |= {
                "last_error_date": updates.webhook.last_error_date,
                "last_error_message": updates.webhook.last_error_message,
            }
    if updates.allowed:
        info["allowed_updates"] = list(updates.allowed)
    return info
