"""Answers to pressed buttons and to inline queries."""

import re

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.formatting import utf16_length
from bot.sandbox.methods.table import plays
from bot.sandbox.methods.writing import inline_keyboard, text_of
from bot.sandbox.queries import CallbackAnswer, InlineAnswer
from bot.sandbox.world import World

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
MAX_TOAST = 200
MAX_RESULTS = 50


@plays("answerCallbackQuery")
def answer_callback_query(world: World, params: Json) -> bool:
    """Words on a toast or in an alert, at most 200 units; each press can be answered once."""
    text = params.get("text", "")
    if utf16_length(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    world.callbacks.answer(
        params["callback_query_id"], CallbackAnswer(True, text, params.get("show_alert", False), params.get("url", ""))
    )
    return True


@plays("answerInlineQuery")
def answer_inline_query(world: World, params: Json) -> bool:
    """At most 50 results with different ids, each of them a message that could be sent."""
    results: list[Json] = params["results"]
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result.get("id") for result in results]
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if any(not isinstance(number, str) or not 1 <= len(number.encode()) <= 64 for number in ids):
        raise bad_request("RESULT_ID_INVALID")
    for result in results:
        if not result["title"].strip():
            raise bad_request("can't parse inline query result: title must be non-empty")
        content_of_result(world, result)
    _check_button(params.get("button"))
    answer = InlineAnswer(True, results, params.get("button"), params.get("next_offset", ""))
    world.inline_queries.answer(params["inline_query_id"], answer)
    return True


def _check_button(button: Json | None) -> None:
    if button is not None and not _PAYLOAD.fullmatch(button.get("start_parameter", "a")):
        raise bad_request("START_PARAM_INVALID")


def content_of_result(world: World, result: Json) -> Json:
    """The message that an inline result stands for; ApiError with Telegram's reason where it could not be sent."""
    content = result["input_message_content"]
    keyboard = inline_keyboard(result.get("reply_markup"))
    text = text_of(world, {**content, "text": content["message_text"]})
    return {**text, **({"reply_markup": keyboard} if keyboard else {})}
