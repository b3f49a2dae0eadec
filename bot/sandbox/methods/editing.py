"""Changing what was sent before."""

from bot.sandbox.chats import Message
from bot.sandbox.errors import Json, bad_request
from bot.sandbox.methods.media import media_content
from bot.sandbox.methods.table import plays
from bot.sandbox.methods.writing import caption_of, inline_keyboard, own_message, text_of, without
from bot.sandbox.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
FILES = ("document", "photo", "voice", "video", "audio", "animation")


def _to_edit(world: World, params: Json) -> Message:
    return own_message(world, params, "message to edit not found", "message can't be edited")


def _changed(world: World, message: Message, old: tuple[str, ...], content: Json, markup: Json | None) -> Json:
    """Replaces the fields `old` and the inline keyboard; ApiError when nothing would be different."""
    json = {**without(message.json, *old, "reply_markup", "edit_date"), **content}
    if markup is not None:
        json["reply_markup"] = markup
    if json == without(message.json, "edit_date"):
        raise bad_request(NOT_MODIFIED)
    message.json = {**json, "edit_date": world.clock.date()}
    message.chat.wake()
    world.show(message, "edited")
    return message.json


@plays("editMessageText")
def edit_message_text(world: World, params: Json) -> Json:
    """Without a keyboard in the call, the old one goes."""
    message = _to_edit(world, params)
    if "text" not in message.json:
        raise bad_request("there is no text in the message to edit")
    if "text" not in params:
        raise bad_request("message text is empty")
    content = text_of(world, params)
    return _changed(
        world,
        message,
        ("text", "entities", "link_preview_options"),
        content,
        inline_keyboard(params.get("reply_markup")),
    )


@plays("editMessageCaption")
def edit_message_caption(world: World, params: Json) -> Json:
    """For messages that hold a file."""
    message = _to_edit(world, params)
    if not any(kind in message.json for kind in FILES):
        raise bad_request("there is no caption in the message to edit")
    old = ("caption", "caption_entities", "show_caption_above_media")
    return _changed(world, message, old, caption_of(world, params), inline_keyboard(params.get("reply_markup")))


@plays("editMessageMedia")
def edit_message_media(world: World, params: Json) -> Json:
    """Puts a photo or a document in the place of what was there."""
    message = _to_edit(world, params)
    media = params["media"]
    content = media_content(world, media["type"], media["media"], params) | caption_of(world, media)
    old = (
        *FILES,
        "text",
        "entities",
        "link_preview_options",
        "caption",
        "caption_entities",
        "show_caption_above_media",
    )
    return _changed(world, message, old, content, inline_keyboard(params.get("reply_markup")))


@plays("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, params: Json) -> Json:
    """Changes or takes away the inline keyboard only."""
    message = _to_edit(world, params)
    return _changed(world, message, (), {}, inline_keyboard(params.get("reply_markup")))
