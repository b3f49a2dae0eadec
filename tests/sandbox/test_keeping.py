import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.sandbox.keeping import Keeper, load_world, restored, snapshot
from bot.sandbox.people import Person
from bot.sandbox.world import World

Ask = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_world_comes_back_as_it_was(ask: Ask, world: World, aisha: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await ask("sendMessage", chat_id=aisha.id, text="<b>Hello</b>", parse_mode="HTML", reply_markup=markup)
    await aisha.send_document(b"\0\xff", "notes.bin")
    await ask("sendPoll", chat_id=aisha.id, question="?", options=["a", "b"], is_anonymous=False)
    await aisha.vote(3, [1])
    await ask("setMyCommands", commands=[{"command": "today", "description": "Today"}])
    world.group("2B", [aisha])
    world.clock.ahead = 3600.0
    again = restored(json.loads(json.dumps(snapshot(world))))
    assert snapshot(again) == snapshot(world)
    person = again.person("Aisha")
    assert [message.html for message in person.messages] == [message.html for message in aisha.messages]
    assert (person.messages[0].from_bot, person.messages[0].buttons) == (True, ["Go"])
    assert person.commands == aisha.commands
    assert again.group("2B").chat.members.keys() == {aisha.id}
    assert again.files.find(aisha.messages[1].json["document"]["file_id"]).content == b"\0\xff"


async def test_changes_are_saved_soon(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "world.json"
    world = load_world(path)
    keeper = Keeper(world, path, every_seconds=0.01)
    saving = asyncio.create_task(keeper.run())
    await world.person("Aisha").say("keep me")
    async with asyncio.timeout(5):
        while not path.exists():
            await asyncio.sleep(0.01)
    saving.cancel()
    await asyncio.gather(saving, return_exceptions=True)
    assert load_world(path).person("Aisha").messages[0].text == "keep me"


async def test_a_file_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    for content in ("{", '{"version": 0}', '{"version": 1}', "[]"):
        path = tmp_path / "world.json"
        path.write_text(content, encoding="utf-8")
        assert load_world(path).people == {}
        assert (tmp_path / "world.unreadable").read_text(encoding="utf-8") == content
        assert not path.exists()


async def test_starting_over_forgets_everybody(ask: Ask, world: World, aisha: Person) -> None:
    await ask("sendMessage", chat_id=aisha.id, text="x")
    await aisha.say("y")
    world.clock.ahead = 60.0
    world.clear()
    assert (world.people, len(world.updates.pending), world.clock.ahead) == ({}, 0, 0.0)
    assert world.person("Aisha").messages == []
