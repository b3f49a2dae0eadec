"""What the bot says about itself."""

from bot.sandbox.errors import Json
from bot.sandbox.methods.table import Played, plays
from bot.sandbox.methods.writing import writable_chat
from bot.sandbox.world import World


@plays("setMyCommands")
def set_my_commands(world: World, params: Json) -> bool:
    """For a scope and a language; at most 100."""
    world.profile.set_commands(params["commands"], params.get("scope"), params.get("language_code", ""))
    world.notify("profile", {})
    return True


@plays("getMyCommands")
def get_my_commands(world: World, params: Json) -> list[Json]:
    """What was set for exactly this scope and language."""
    return world.profile.get_commands(params.get("scope"), params.get("language_code", ""))


@plays("deleteMyCommands")
def delete_my_commands(world: World, params: Json) -> bool:
    """The wider scope shows again."""
    world.profile.delete_commands(params.get("scope"), params.get("language_code", ""))
    world.notify("profile", {})
    return True


def _setter(name: str) -> Played:
    def set_text(world: World, params: Json) -> bool:
        world.profile.set_text(name, params.get(name, ""), params.get("language_code", ""))
        world.notify("profile", {})
        return True

    return set_text


def _getter(name: str) -> Played:
    def get_text(world: World, params: Json) -> Json:
        return {name: world.profile.text(name, params.get("language_code", ""))}

    return get_text


for _method, _name in (("Name", "name"), ("Description", "description"), ("ShortDescription", "short_description")):
    plays(f"setMy{_method}")(_setter(_name))
    plays(f"getMy{_method}")(_getter(_name))


@plays("setChatMenuButton")
def set_chat_menu_button(world: World, params: Json) -> bool:
    """For one chat, or for all when none is named."""
    button = params.get("menu_button", {"type": "default"})
    if "chat_id" in params:
        writable_chat(world, params["chat_id"]).menu_button = button
    else:
        world.profile.menu_button = {"type": "commands"} if button["type"] == "default" else button
    return True


@plays("getChatMenuButton")
def get_chat_menu_button(world: World, params: Json) -> Json:
    """As set for that chat, or for all."""
    if "chat_id" in params:
        return writable_chat(world, params["chat_id"]).menu_button or {"type": "default"}
    return world.profile.menu_button
