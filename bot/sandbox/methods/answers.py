"""Answers to pressed buttons and to inline queries."""

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.formatting import utf16_length
from bot.sandbox.methods.table import plays
from bot.sandbox.queries import CallbackAnswer, InlineAnswer
from bot.sandbox.world import World

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
    """At most 50 results with different ids."""
    results: list[Json] = params["results"]
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result.get("id") for result in results]
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if any(not isinstance(number, str) or not 1 <= len(number.encode()) <= 64 for number in ids):
        raise bad_request("RESULT_ID_INVALID")
    world.inline_queries.answer(params["inline_query_id"], InlineAnswer(True, results, params.get("button")))
    return True
