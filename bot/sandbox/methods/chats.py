"""Looking at chats and leaving them."""

from bot.sandbox.chats import Chat
from bot.sandbox.errors import Json, bad_request
from bot.sandbox.methods.table import plays
from bot.sandbox.methods.writing import writable_chat
from bot.sandbox.world import World

_ADMIN_RIGHTS = {
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": False,
    "can_restrict_members": False,
    "can_promote_members": False,
    "can_change_info": False,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "is_anonymous": False,
    "can_be_edited": False,
}
_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


@plays("getChat")
def get_chat(world: World, params: Json) -> Json:
    """The full information, with the newest pinned message."""
    chat = world.find_chat(params["chat_id"])
    if chat is None or (chat.is_private and not chat.started):
        raise bad_request("chat not found")
    full = {**chat.as_json(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}
    if chat.pinned:
        full["pinned_message"] = chat.quoted(chat.pinned[-1])
    return full


@plays("getChatMember")
def get_chat_member(world: World, params: Json) -> Json:
    """A person's place in a chat; the bot's own too."""
    chat = writable_chat(world, params["chat_id"])
    user = world.known_user(params["user_id"])
    if user is None:
        raise bad_request("invalid user_id specified")
    return _member(world, chat, user)


def _member(world: World, chat: Chat, user: Json) -> Json:
    status = _status(world, chat, int(user["id"]))
    member: Json = {"user": user, "status": status}
    if status == "administrator":
        member |= _ADMIN_RIGHTS
    return member


def _status(world: World, chat: Chat, user_id: int) -> str:
    if user_id == world.bot["id"]:
        return chat.bot_status
    if chat.is_private:
        return "member" if user_id == chat.id else "left"
    if user_id in chat.administrators:
        return "administrator"
    return "member" if user_id in chat.members else "left"


@plays("getChatAdministrators")
def get_chat_administrators(world: World, params: Json) -> list[Json]:
    """Groups only."""
    chat = writable_chat(world, params["chat_id"])
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    users = [chat.members[user_id] for user_id in sorted(chat.administrators)]
    bot = [world.bot] if chat.bot_status == "administrator" else []
    return [_member(world, chat, user) for user in [*users, *bot]]


@plays("getChatMemberCount")
def get_chat_member_count(world: World, params: Json) -> int:
    """The bot is one of them."""
    chat = writable_chat(world, params["chat_id"])
    return 2 if chat.is_private else len(chat.members) + 1


@plays("leaveChat")
def leave_chat(world: World, params: Json) -> bool:
    """The bot goes; it may not write there any more."""
    chat = writable_chat(world, params["chat_id"])
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    return True
