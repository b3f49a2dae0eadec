"""The library that the product uses finds what it expects."""

import asyncio
import struct
import zlib

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    MenuButtonCommands,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ChatAction, ChatMemberStatus, ParseMode
from telegram.error import BadRequest, Forbidden

from bot.sandbox.people import Person
from bot.sandbox.world import World


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_conversation_goes_both_ways(client: Bot, aisha: Person) -> None:
    await aisha.start("class-2b")
    update = (await client.get_updates())[0]
    assert update.message is not None
    assert update.message.text == "/start class-2b"
    assert update.message.parse_entities([MessageEntity.BOT_COMMAND]) == {update.message.entities[0]: "/start"}
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    sent = await client.send_message(aisha.id, "<b>Hello</b> 🙂", parse_mode=ParseMode.HTML, reply_markup=buttons)
    assert aisha.last.html == "<b>Hello</b> 🙂"
    answer = aisha.press(sent.message_id, "Yes")
    query = (await client.get_updates(offset=update.update_id + 1))[0].callback_query
    assert query is not None
    assert query.data == "y"
    await client.answer_callback_query(query.id, "Good", show_alert=True)
    assert (await answer).show_alert
    await client.edit_message_text("Changed", aisha.id, sent.message_id)
    assert (aisha.last.text, aisha.last.edited, aisha.last.buttons) == ("Changed", True, [])


async def test_a_reply_shows_what_it_answers(client: Bot, aisha: Person) -> None:
    asked = await client.send_message(aisha.id, "What is NPS?")
    await aisha.say("a score", reply_to=asked.message_id)
    message = (await client.get_updates())[0].message
    assert message is not None
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "What is NPS?"


async def test_a_keyboard_under_the_box_comes_and_goes(client: Bot, aisha: Person) -> None:
    await client.send_message(aisha.id, "When?", reply_markup=ReplyKeyboardMarkup([["07:30", "18:30"], ["Never"]]))
    assert aisha.keyboard == [["07:30", "18:30"], ["Never"]]
    await client.send_message(aisha.id, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert aisha.keyboard == []


async def test_a_document_can_be_sent_again_and_fetched(client: Bot, aisha: Person) -> None:
    sent = await client.send_document(
        aisha.id, b"Plan, do", filename="plan.txt", caption="<i>Yours</i>", parse_mode="HTML"
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size, sent.caption) == ("plan.txt", 8, "Yours")
    again = await client.send_document(aisha.id, sent.document.file_id)
    assert again.document == sent.document
    file = await client.get_file(sent.document.file_id)
    assert await file.download_as_bytearray() == b"Plan, do"


async def test_a_photo_is_measured(client: Bot, aisha: Person) -> None:
    sent = await client.send_photo(aisha.id, png(64, 48))
    assert (sent.photo[0].width, sent.photo[0].height) == (64, 48)
    await client.edit_message_caption(aisha.id, sent.message_id, caption="A loop")
    assert aisha.last.text == "A loop"
    await client.edit_message_media(InputMediaPhoto(png(10, 10), caption="B"), aisha.id, sent.message_id)
    assert (aisha.last.text, aisha.last.json["photo"][0]["width"]) == ("B", 10)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"text", "IMAGE_PROCESS_FAILED"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(9000, 1001), "PHOTO_INVALID"),
    ],
)
async def test_pictures_that_telegram_refuses(client: Bot, aisha: Person, content: bytes, reason: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await client.send_photo(aisha.id, content)


async def test_a_caption_is_shorter_than_a_text(client: Bot, aisha: Person) -> None:
    with pytest.raises(BadRequest, match="caption is too long"):
        await client.send_document(aisha.id, b"x", caption="x" * 1025)


async def test_the_menu_of_commands_depends_on_the_person(client: Bot, world: World, aisha: Person) -> None:
    tutor = world.person("Ms Carter", started=True)
    await client.set_my_commands([BotCommand("today", "Today's question")])
    await client.set_my_commands([BotCommand("tip", "Send a tip")], scope=BotCommandScopeChat(tutor.id))
    assert [entry["command"] for entry in aisha.commands] == ["today"]
    assert [entry["command"] for entry in tutor.commands] == ["tip"]
    assert await client.get_my_commands() == (BotCommand("today", "Today's question"),)
    await client.delete_my_commands(scope=BotCommandScopeChat(tutor.id))
    assert [entry["command"] for entry in tutor.commands] == ["today"]


async def test_the_bot_says_who_it_is(client: Bot, aisha: Person) -> None:
    await client.set_my_name("Reviser")
    await client.set_my_description("I help")
    await client.set_my_short_description("Short")
    assert (await client.get_my_name()).name == "Reviser"
    assert (await client.get_my_description()).description == "I help"
    assert (await client.get_my_short_description()).short_description == "Short"
    assert await client.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await client.get_chat_menu_button()).type == "commands"
    assert (await client.get_chat(aisha.id)).first_name == "Aisha"
    assert (await client.get_chat_member(aisha.id, aisha.id)).status == ChatMemberStatus.MEMBER
    assert await client.send_chat_action(aisha.id, ChatAction.TYPING)


async def test_a_quiz_is_answered_and_stopped(client: Bot, aisha: Person) -> None:
    sent = await client.send_poll(
        aisha.id, "First step?", ["Plan", "Panic"], type="quiz", correct_option_ids=[0], is_anonymous=False
    )
    await aisha.vote(sent.message_id, [1])
    state, vote = await client.get_updates()
    assert state.poll is not None
    assert [option.voter_count for option in state.poll.options] == [0, 1]
    assert vote.poll_answer is not None
    assert vote.poll_answer.option_ids == (1,)
    with pytest.raises(Exception, match="no second vote"):
        await aisha.vote(sent.message_id, [0])
    assert (await client.stop_poll(aisha.id, sent.message_id)).is_closed
    with pytest.raises(BadRequest, match="already been closed"):
        await client.stop_poll(aisha.id, sent.message_id)


@pytest.mark.parametrize(
    ("question", "options", "reason"),
    [
        ("x" * 301, ["a", "b"], "must not exceed 300"),
        ("x", [str(n) for n in range(13)], "more than 12"),
        ("x", ["a", "x" * 101], "must not exceed 100"),
    ],
)
async def test_polls_have_limits(client: Bot, aisha: Person, question: str, options: list[str], reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        await client.send_poll(aisha.id, question, options)


async def test_an_inline_query_is_answered(client: Bot, world: World, aisha: Person) -> None:
    world.abilities["supports_inline_queries"] = True
    answer = aisha.inline("nps")
    query = (await client.get_updates())[0].inline_query
    assert query is not None
    assert query.query == "nps"
    results = [InlineQueryResultArticle("1", "NPS", InputTextMessageContent("Net Promoter Score"))]
    await client.answer_inline_query(query.id, results)
    assert [result["title"] for result in (await answer).results] == ["NPS"]


async def test_blocking_is_reported_and_forbids_writing(client: Bot, aisha: Person) -> None:
    await aisha.block()
    change = (await client.get_updates())[0].my_chat_member
    assert change is not None
    assert change.new_chat_member.status == ChatMemberStatus.BANNED
    with pytest.raises(Forbidden, match="blocked by the user"):
        await client.send_message(aisha.id, "x")


async def test_two_people_are_served_side_by_side(client: Bot, world: World, aisha: Person) -> None:
    ben = world.person("Ben", started=True)
    await asyncio.gather(*(client.send_message(person.id, "Hi") for person in (aisha, ben) for _ in range(5)))
    assert [message.id for message in ben.messages] == [1, 2, 3, 4, 5]
    assert len(world.calls_of("sendMessage", chat_id=aisha.id)) == 5
