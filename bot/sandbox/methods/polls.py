"""Polls and quizzes."""

import asyncio

from bot.sandbox.errors import Json, bad_request, not_played
from bot.sandbox.formatting import utf16_length
from bot.sandbox.methods.table import plays
from bot.sandbox.methods.writing import formatted, inline_keyboard, own_message, post, without, writable_chat
from bot.sandbox.polls import Poll
from bot.sandbox.world import World

MAX_OPTIONS = 12


@plays("sendPoll")
def send_poll(world: World, params: Json) -> Json:
    """A poll or a quiz with 1-12 options, open for ever or for a time."""
    chat = writable_chat(world, params["chat_id"])
    poll = _new_poll(world, params, chat.id)
    message = post(world, chat, {"poll": poll.as_json()}, params)
    poll.message_id = message["message_id"]
    world.polls[poll.id] = poll
    if seconds := _seconds_open(world, params):
        asyncio.get_running_loop().call_later(seconds, _close, world, poll)
    return message


def _new_poll(world: World, params: Json, chat_id: int) -> Poll:
    for unplayed in ("media", "explanation_media", "allow_adding_options"):
        if params.get(unplayed):
            raise not_played(f"polls with {unplayed}")
    kind = params.get("type", "regular")
    if kind not in {"regular", "quiz"}:
        raise bad_request("unsupported poll type specified")
    options = _options(world, params["options"])
    return Poll(
        id=world.new_id(),
        chat_id=chat_id,
        message_id=0,
        question=_part(world, params, "question", 300, "poll question"),
        options=options,
        anonymous=params.get("is_anonymous", True),
        kind=kind,
        several=params.get("allows_multiple_answers", False),
        revoting=params.get("allows_revoting", kind == "regular"),
        correct=_correct(params, len(options)) if kind == "quiz" else [],
        explanation=_part(world, params, "explanation", 200, "poll explanation") if "explanation" in params else {},
        closed=params.get("is_closed", False),
    )


def _part(world: World, params: Json, name: str, limit: int, called: str) -> Json:
    text, entities = formatted(world, params[name], params.get(f"{name}_parse_mode"), params.get(f"{name}_entities"))
    if not text:
        raise bad_request(f"{called} must be non-empty")
    if utf16_length(text) > limit:
        raise bad_request(f"{called} length must not exceed {limit}")
    return {name: text, f"{name}_entities": entities} if entities else {name: text}


def _options(world: World, given: list[Json]) -> list[Json]:
    if not given:
        raise bad_request("poll must have at least 1 option")
    if len(given) > MAX_OPTIONS:
        raise bad_request(f"poll can't have more than {MAX_OPTIONS} options")
    return [_part(world, option, "text", 100, "poll options") for option in given]


def _correct(params: Json, count: int) -> list[int]:
    correct: list[int] = params.get("correct_option_ids", [])
    if not correct or any(not 0 <= option < count for option in correct):
        raise bad_request("wrong correct option ID specified")
    if correct != sorted(set(correct)) or (len(correct) > 1 and not params.get("allows_multiple_answers")):
        raise bad_request("wrong correct option ID specified")
    return correct


def _seconds_open(world: World, params: Json) -> float:
    """How long the poll stays open; 0 for ever."""
    seconds = params.get("open_period") or (params["close_date"] - world.clock.now() if "close_date" in params else 0)
    if seconds and not 5 <= seconds <= 2_628_000:
        raise bad_request("poll open period must be 5-2628000 seconds")
    return float(seconds)


def _close(world: World, poll: Poll) -> None:
    """Ends the voting and tells everybody how it came out."""
    if poll.closed:
        return
    poll.closed = True
    chat = world.chats.get(poll.chat_id)
    message = chat.messages.get(poll.message_id) if chat else None
    if message is not None:
        message.json = {**message.json, "poll": poll.as_json()}
        message.chat.wake()
        world.show(message, "edited")
    world.tell_bot("poll", poll.as_json())


@plays("stopPoll")
def stop_poll(world: World, params: Json) -> Json:
    """Ends the voting; the result is final."""
    message = own_message(world, params, "message with poll to stop not found", "poll can't be stopped")
    poll = world.polls.get(message.json.get("poll", {}).get("id"))
    if poll is None:
        raise bad_request("message with poll to stop not found")
    if poll.closed:
        raise bad_request("poll has already been closed")
    markup = inline_keyboard(params.get("reply_markup"))
    message.json = without(message.json, "reply_markup") | ({"reply_markup": markup} if markup else {})
    _close(world, poll)
    return poll.as_json()
