"""What becomes of an inline result that somebody chooses: a message of their own, sent by way of the bot."""

from bot.sandbox.chats import Message
from bot.sandbox.errors import Json
from bot.sandbox.groups import Group
from bot.sandbox.methods.answers import content_of_result
from bot.sandbox.people import Person
from bot.sandbox.world import World


def choose(world: World, person: Person, result: Json, group: Group | None = None) -> Message:
    """Sends a result into a group, or else into the person's chat with the bot, which hears of it there."""
    chat = person.chat if group is None else group.chat
    content = {"via_bot": world.bot, **content_of_result(world, result)}
    message = chat.add(content, date=world.clock.date(), author=person.as_json())
    if group is None:
        chat.started = True
        world.tell_bot("message", message.json)
    world.show(message)
    return message
