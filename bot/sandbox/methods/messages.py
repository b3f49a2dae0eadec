"""Text messages and small signs of life."""

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.methods.table import plays
from bot.sandbox.methods.writing import post, text_of, writable_chat
from bot.sandbox.world import World

DELETABLE_SECONDS = 48 * 3600

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


@plays("sendMessage")
def send_message(world: World, params: Json) -> Json:
    """1-4096 UTF-16 units after the markup is read."""
    chat = writable_chat(world, params["chat_id"])
    return post(world, chat, text_of(world, params), params)


@plays("sendChatAction")
def send_chat_action(world: World, params: Json) -> bool:
    """Shows that the bot is typing or the like."""
    chat = writable_chat(world, params["chat_id"])
    if params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.notify("action", {"chat_id": chat.id, "action": params["action"]})
    return True


@plays("deleteMessage")
def delete_message(world: World, params: Json) -> bool:
    """Younger than 48 hours only."""
    if not _delete(world, params["chat_id"], params["message_id"]):
        raise bad_request("message to delete not found")
    return True


@plays("deleteMessages")
def delete_messages(world: World, params: Json) -> bool:
    """Messages that are not there are skipped."""
    if not 1 <= len(params["message_ids"]) <= 100:
        raise bad_request("message identifiers must be 1-100")
    for message_id in params["message_ids"]:
        _delete(world, params["chat_id"], message_id)
    return True


def _delete(world: World, chat_id: int | str, message_id: int) -> bool:
    chat = writable_chat(world, chat_id)
    message = chat.messages.get(message_id)
    if message is None:
        return False
    if world.clock.date() - message.json["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted")
    del chat.messages[message_id]
    chat.wake()
    world.notify("deleted", {"chat_id": chat.id, "message_id": message_id})
    return True


@plays("pinChatMessage")
def pin_chat_message(world: World, params: Json) -> bool:
    """The newest pin comes last."""
    chat = writable_chat(world, params["chat_id"])
    if params["message_id"] not in chat.messages:
        raise bad_request("message to pin not found")
    chat.pinned = [*(number for number in chat.pinned if number != params["message_id"]), params["message_id"]]
    return True


@plays("unpinChatMessage")
def unpin_chat_message(world: World, params: Json) -> bool:
    """Without a message, the newest pinned one."""
    chat = writable_chat(world, params["chat_id"])
    wanted = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    return True


@plays("setMessageReaction")
def set_message_reaction(world: World, params: Json) -> bool:
    """At most one reaction of a bot to a message."""
    chat = writable_chat(world, params["chat_id"])
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reactions = params.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    world.notify("reaction", {"chat_id": chat.id, "message_id": message.id, "reactions": reactions})
    return True
