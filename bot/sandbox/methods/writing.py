"""What every message of the bot has in common: where it may go, how its text is read, what hangs under it."""

from typing import Any

from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import ApiError, Json, bad_request, forbidden, not_played
from bot.sandbox.formatting import (
    MAX_ENTITIES,
    checked_entities,
    checked_link,
    find_entities,
    in_order,
    parse_html,
    trimmed,
    utf16_length,
)
from bot.sandbox.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_BUTTONS = 100
MAX_CALLBACK_BYTES = 64

_BUTTON_ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def writable_chat(world: World, chat_id: int | str) -> Chat:
    """The chat, if the bot may write there; ApiError with Telegram's reason if not."""
    if chat_id == world.bot["id"]:
        raise forbidden("bots can't send messages to bots")
    chat = world.find_chat(chat_id)
    if chat is None:
        raise bad_request("chat not found")
    if chat.is_private:
        _check_private(world, chat)
    else:
        _check_group(chat)
    return chat


def _check_private(world: World, chat: Chat) -> None:
    if chat.deactivated:
        raise forbidden("user is deactivated")
    if chat.bot_status == "kicked":
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        # Telegram knows the chat of a stranger only when both are in some group.
        raise (
            forbidden("bot can't initiate conversation with a user")
            if world.shares_group(chat.id)
            else bad_request("chat not found")
        )


def _check_group(chat: Chat) -> None:
    if chat.migrated_to is not None:
        raise ApiError(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def formatted(world: World, text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """The text and every entity in it: those of the markup and those Telegram adds by itself."""
    if parse_mode:
        text, known = _parsed(text, parse_mode)
    else:
        known = checked_entities(text, entities) if entities else []
    text, known = trimmed(text, known)
    if known:
        known = [entity for entity in known if entity["type"] != "text_mention" or _resolve_mention(world, entity)]
    found = find_entities(text, known)
    return text, (in_order([*known, *found]) if found else known)[:MAX_ENTITIES]


def _parsed(text: str, parse_mode: str) -> tuple[str, list[Json]]:
    mode = parse_mode.lower()
    if mode == "html":
        return parse_html(text)
    if mode in {"markdown", "markdownv2"}:
        raise not_played(f"parse_mode {parse_mode}")
    raise bad_request("unsupported parse_mode")


def _resolve_mention(world: World, entity: Json) -> bool:
    user = world.known_user(entity["user"]["id"])
    if user is not None:
        entity["user"] = user
    return user is not None


def text_of(world: World, params: Json) -> Json:
    """The content of a text message."""
    text, entities = formatted(world, params["text"], params.get("parse_mode"), params.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    if "link_preview_options" in params:
        content["link_preview_options"] = params["link_preview_options"]
    return content


def caption_of(world: World, params: Json) -> Json:
    """The caption of a file, which may be missing."""
    caption, entities = formatted(
        world, params.get("caption", ""), params.get("parse_mode"), params.get("caption_entities")
    )
    if utf16_length(caption) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    content: Json = {"caption": caption} if caption else {}
    if entities:
        content["caption_entities"] = entities
    if params.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def reply_of(chat: Chat, params: Json) -> Json:
    """The message this one replies to."""
    wanted = params.get("reply_parameters")
    if not wanted:
        return {}
    if wanted.get("chat_id") not in (None, chat.id):
        raise not_played("replies into another chat")
    quoted = chat.quoted(wanted["message_id"])
    if quoted is None:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": quoted}


def inline_keyboard(markup: Json | None) -> Json | None:
    """A checked inline keyboard; None when there are no buttons in it."""
    if markup is None:
        return None
    rows: list[list[Json]] = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_inline_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_inline_button(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Text must be non-empty")
    actions = [name for name in button if name in _BUTTON_ACTIONS]
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            if not actions
            else "BUTTON_TYPE_INVALID"
        )
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not checked_link(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "web_app" in button and not button["web_app"]["url"].startswith("https://"):
        raise bad_request(
            f"inline keyboard button Web App URL '{button['web_app']['url']}' is invalid: Only HTTPS links are allowed"
        )


def hang_under(chat: Chat, markup: Json | None) -> Json | None:
    """Puts a reply keyboard under the text box or takes it away; returns what belongs to the message itself."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return inline_keyboard(markup)
    if "keyboard" in markup:
        _check_reply_keyboard(markup)
        chat.reply_keyboard = markup
    elif markup.get("force_reply"):
        chat.reply_keyboard = markup
    elif markup.get("remove_keyboard"):
        chat.reply_keyboard = None
    return None


def _check_reply_keyboard(markup: Json) -> None:
    buttons = [button for row in markup["keyboard"] for button in row]
    if not buttons:
        raise bad_request("can't parse reply keyboard markup: keyboard must not be empty")
    if any(not button["text"].strip() for button in buttons):
        raise bad_request("can't parse keyboard button: Text must be non-empty")
    if len(buttons) > 300:
        raise bad_request("reply markup is too long")


def post(world: World, chat: Chat, content: Json, params: Json) -> Json:
    """Writes a message of the bot into a chat and returns it as the Bot API does."""
    reply = reply_of(chat, params)
    markup = hang_under(chat, params.get("reply_markup"))
    if markup is not None:
        content["reply_markup"] = markup
    if params.get("protect_content"):
        content["has_protected_content"] = True
    in_channel = chat.kind == "channel"
    message = chat.add(
        {**reply, **content} if reply else content,
        date=world.clock.date(),
        author=None if in_channel else world.bot,
        sender_chat=chat.as_json() if in_channel else None,
        from_bot=True,
    )
    if world.listeners:
        world.show(message)
        if "reply_markup" in params:
            world.notify("keyboard", {"chat_id": chat.id, "keyboard": chat.reply_keyboard})
    return message.json


def own_message(world: World, params: Json, missing: str, refused: str) -> Message:
    """The bot's message that a call names; `missing` and `refused` are the words for none and for somebody else's."""
    if "inline_message_id" in params:
        raise not_played("messages sent via inline mode")
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    chat = writable_chat(world, params["chat_id"])
    message = chat.messages.get(params.get("message_id", 0))
    if message is None:
        raise bad_request(missing)
    if not message.from_bot:
        raise bad_request(refused)
    return message


def without(json: Json, *names: str) -> dict[str, Any]:
    """A copy that lacks some fields."""
    return {key: value for key, value in json.items() if key not in names}
