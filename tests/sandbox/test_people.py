import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.errors import PersonCannot
from bot.sandbox.formatting import utf16_length
from bot.sandbox.people import Person, split_text
from bot.sandbox.world import World

Ask = Callable[..., Awaitable[dict[str, Any]]]


def keys(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


async def test_the_next_message_is_waited_for_and_given_once(ask: Ask, aisha: Person) -> None:
    waiting = asyncio.create_task(aisha.next_message())
    await asyncio.sleep(0.01)
    await ask("sendMessage", chat_id=aisha.id, text="one")
    await ask("sendMessage", chat_id=aisha.id, text="two")
    assert (await waiting).text == "one"
    assert (await aisha.next_message()).text == "two"
    with pytest.raises(TimeoutError, match="'two'"):
        await aisha.next_message(timeout=0.02)


async def test_an_edit_can_be_waited_for(ask: Ask, aisha: Person) -> None:
    await ask("sendMessage", chat_id=aisha.id, text="Sending: 1 of 24")
    waiting = asyncio.create_task(aisha.wait_for(lambda message: "24 of 24" in message.text))
    await asyncio.sleep(0.01)
    await ask("editMessageText", chat_id=aisha.id, message_id=1, text="Sending: 24 of 24")
    assert (await waiting).id == 1


async def test_what_was_read_does_not_come_again(ask: Ask, aisha: Person) -> None:
    await ask("sendMessage", chat_id=aisha.id, text="old")
    aisha.read_all()
    await ask("sendMessage", chat_id=aisha.id, text="new")
    assert (await aisha.next_message()).text == "new"


async def test_a_button_is_found_by_words_data_or_beginning(ask: Ask, aisha: Person, world: World) -> None:
    buttons = [{"text": "Next question", "callback_data": "n:1"}, {"text": "Skip", "callback_data": "s"}]
    await ask("sendMessage", chat_id=aisha.id, text="x", reply_markup=keys(*buttons))
    for label in ("Next question", "n:1", "Next"):
        aisha.press(1, label)
    pressed = [update["callback_query"]["data"] for update in world.updates.pending]
    assert pressed == ["n:1"] * 3
    with pytest.raises(LookupError, match="no button 'Stop', only"):
        aisha.press(1, "Stop")
    with pytest.raises(LookupError, match="no message 9"):
        aisha.press(9, "Skip")


async def test_a_button_that_leads_to_the_bot_starts_it(ask: Ask, aisha: Person, world: World) -> None:
    here = {"text": "Join", "url": f"https://t.me/{world.bot['username']}?start=class_2B"}
    away = {"text": "Read", "url": "https://example.org/"}
    await ask("sendMessage", chat_id=aisha.id, text="x", reply_markup=keys(here, away))
    assert (await aisha.press(1, "Join")).answered
    assert aisha.messages[-1].text == "/start class_2B"
    assert (await aisha.press(1, "Read")).url == "https://example.org/"


@pytest.mark.parametrize("payload", ["x" * 65, "a b", "é"])
async def test_a_link_carries_few_characters(aisha: Person, payload: str) -> None:
    with pytest.raises(PersonCannot):
        await aisha.start(payload)


async def test_somebody_who_blocked_the_bot_must_start_it_again(aisha: Person, world: World) -> None:
    await aisha.block()
    with pytest.raises(PersonCannot, match="blocked"):
        await aisha.say("hello?")
    await aisha.start()
    statuses = [
        update["my_chat_member"]["new_chat_member"]["status"]
        for update in world.updates.pending
        if "my_chat_member" in update
    ]
    assert statuses == ["kicked", "member"]


async def test_long_texts_go_out_in_pieces(aisha: Person) -> None:
    await aisha.say("word " * 1800)
    assert [len(message.text) for message in aisha.messages] == [4096, 4096, 807]


@given(st.text(alphabet="a 🙂\n", max_size=30), st.integers(0, 700))
def test_pieces_fit_and_lose_nothing_but_space(piece: str, times: int) -> None:
    text = piece * times
    pieces = split_text(text)
    assert all(0 < utf16_length(each) <= 4096 for each in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


async def test_other_things_than_text_arrive(aisha: Person, world: World) -> None:
    await aisha.send_photo(b"...", caption="my notes /today")
    await aisha.send_voice(b"OggS")
    await aisha.send_sticker()
    await aisha.send_document(b"%PDF", "notes.pdf")
    await aisha.send_location(51.5, -0.1)
    await aisha.send_contact()
    kinds = ("photo", "voice", "sticker", "document", "location", "contact")
    got = [next(kind for kind in kinds if kind in update["message"]) for update in world.updates.pending]
    assert got == list(kinds)
    first = world.updates.pending[0]["message"]
    assert (first["caption"], first["caption_entities"][0]["type"]) == ("my notes /today", "bot_command")


async def test_only_own_messages_can_be_changed(ask: Ask, aisha: Person) -> None:
    await ask("sendMessage", chat_id=aisha.id, text="x")
    with pytest.raises(PersonCannot):
        await aisha.edit(1, "y")


async def test_a_deleted_chat_is_empty_for_both(ask: Ask, aisha: Person) -> None:
    await ask("sendMessage", chat_id=aisha.id, text="x")
    await aisha.delete_chat()
    answer = await ask("editMessageText", chat_id=aisha.id, message_id=1, text="y")
    assert answer["description"] == "Bad Request: message to edit not found"
    assert (await ask("sendMessage", chat_id=aisha.id, text="z"))["result"]["message_id"] == 2


async def test_a_one_time_keyboard_goes_after_use(ask: Ask, aisha: Person) -> None:
    markup = {"keyboard": [[{"text": "Yes"}]], "one_time_keyboard": True}
    await ask("sendMessage", chat_id=aisha.id, text="?", reply_markup=markup)
    await aisha.say("Yes")
    assert aisha.keyboard == []


async def test_in_privacy_mode_the_bot_hears_only_what_is_meant_for_it(ask: Ask, world: World, aisha: Person) -> None:
    group = world.group("2B", [aisha])
    posted = await ask("sendMessage", chat_id=group.id, text="A question for all")
    await group.say(aisha, "just chatting")
    await group.say(aisha, "/plan")
    await group.say(aisha, f"/plan@{world.bot['username']}")
    await group.say(aisha, "/plan@another_bot")
    await group.say(aisha, "because it saves time", reply_to=posted["result"]["message_id"])
    heard = [update["message"]["text"] for update in world.updates.pending]
    assert heard == ["/plan", f"/plan@{world.bot['username']}", "because it saves time"]


async def test_an_administrator_hears_everything(world: World, aisha: Person) -> None:
    group = world.group("Staff", [aisha], bot_is_admin=True)
    await group.say(aisha, "just chatting")
    await group.say_anonymously("from the office")
    office = world.updates.pending[1]["message"]
    assert (office["from"]["username"], office["sender_chat"]["title"]) == ("GroupAnonymousBot", "Staff")


async def test_a_group_that_threw_the_bot_out_takes_nothing(ask: Ask, world: World, aisha: Person) -> None:
    group = world.group("2B", [aisha])
    await group.set_bot_status(aisha, "kicked")
    answer = await ask("sendMessage", chat_id=group.id, text="x")
    assert answer["description"] == "Forbidden: bot was kicked from the supergroup chat"
    assert world.updates.pending[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_group_that_grew_points_to_its_new_id(ask: Ask, world: World, aisha: Person) -> None:
    group = world.group("2B", [aisha], kind="group")
    bigger = await group.upgrade()
    answer = await ask("sendMessage", chat_id=group.id, text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": bigger.id}
    assert (await ask("sendMessage", chat_id=bigger.id, text="x"))["ok"]


async def test_people_come_and_go_in_a_group(ask: Ask, world: World, aisha: Person) -> None:
    group = world.group("2B")
    await group.join(aisha)
    count = await ask("getChatMemberCount", chat_id=group.id)
    await group.leave(aisha)
    member = await ask("getChatMember", chat_id=group.id, user_id=aisha.id)
    assert (count["result"], member["result"]["status"]) == (2, "left")
    assert (await ask("leaveChat", chat_id=group.id))["ok"]
    left = await ask("sendMessage", chat_id=group.id, text="x")
    assert left["description"] == "Forbidden: bot is not a member of the supergroup chat"


async def test_a_channel_post_has_no_author(ask: Ask, world: World) -> None:
    channel = world.channel("News", "college_news")
    await channel.post("Enrolment is open")
    assert "from" not in world.updates.pending[0]["channel_post"]
    posted = await ask("sendMessage", chat_id="@college_news", text="x")
    assert posted["result"]["sender_chat"]["title"] == "News"
    assert [message.from_bot for message in channel.messages] == [False, True]
