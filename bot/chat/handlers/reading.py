"""Reading a message: the first rule that fits decides what typed words are.

Commands and replies to an open question come first, then a step that asked for text, then a question about a term, then
the answer to the open question, and everything else is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram.ext import filters

from bot.application import improve_answer, look_up_term, practise
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.handlers import looking_up, practising, steps
from bot.chat.routing import Route, message
from bot.chat.views import practice, start
from bot.domain.delivery import Outgoing
from bot.storage import Tx, attempts
from bot.storage.attempts import LEFT, OPEN, WAITING, Attempt

_SMALL_TALK = frozenset(
    """hi hello hey hiya yo hola thanks thank thx ty cheers ta ok okay k kk cool great nice good morning evening
    afternoon night bye goodbye you very much so a lot sup lol haha wow yay there bot u np please pls""".split()  # noqa: SIM905 -- reads better than forty quotes
)
_WORD = re.compile(r"[^\W\d_]+")


def is_small_talk(text: str) -> bool:
    """Tell whether a message is only a greeting, thanks or signs: answered, never marked."""
    words = _WORD.findall(text.lower())
    if not words and "?" in text:
        return False
    return len(words) <= 5 and all(word in _SMALL_TALK for word in words) and not any(c.isdigit() for c in text)


async def on_text(event: Event) -> Turn:
    """Words in a private chat. Routing has answered words of harm."""
    replied = await _replied_to(event)
    if replied is not None:
        return await practising.on_answer(event, replied)
    if event.state.conversation.step is not None:
        return await steps.on_typed(event, event.state.conversation.step)
    attempt = event.state.open_attempt
    if is_small_talk(event.text):
        return Turn(lambda _tx: (practice.small_talk(event.chat_id, question_open=attempt is not None),))
    if attempt is None or _too_old(event, attempt):
        return await looking_up.on_words(event)
    asked = look_up_term.about_a_term(event.live, event.text)
    if asked is not None:
        return await looking_up.on_words_during_question(event, asked)
    return await practising.on_answer(event, attempt)


def _too_old(event: Event, attempt: Attempt) -> bool:
    return attempt.opened_at is not None and event.now - attempt.opened_at > practise.OPEN_FOR


async def _replied_to(event: Event) -> Attempt | None:
    """Return the question that a Telegram reply answers, where it can still be answered."""
    message = event.update.effective_message
    replied = None if message is None else message.reply_to_message
    if replied is None:
        return None
    attempt = await event.desk.store.read(lambda tx: attempts.by_message(tx, event.chat_id, replied.message_id))
    return attempt if attempt is not None and attempt.state in (OPEN, WAITING, LEFT) else None


async def on_other_content(event: Event) -> Turn:
    """A voice note, a photo, a sticker: say that only words can be read."""
    view = start.not_text(event.chat_id, question_open=event.state.open_attempt is not None)
    return Turn(lambda _tx: (view,))


async def on_edited(event: Event) -> Turn:
    """An edited message: an answer is marked again for ten minutes; anything else stands as it was said."""
    message_id = event.message_id
    if message_id is not None and event.text:
        edited = await event.desk.store.read(
            lambda tx: improve_answer.find_edited(tx, event.live, event.chat_id, message_id, now=event.now)
        )
        if edited is not None:
            return await practising.on_edited_answer(event, edited)
    if event.state.open_attempt is None and event.state.conversation.reading is None:
        return IGNORED

    def work(_tx: Tx) -> Sequence[Outgoing]:
        return (start.edited(event.chat_id),)

    return Turn(work)


async def on_unknown_command(event: Event) -> Turn:
    """A command that does not exist."""
    view = start.unknown_command(event.chat_id)
    return Turn(lambda _tx: (view,))


_PRIVATE = filters.ChatType.PRIVATE

ROUTES: tuple[Route, ...] = (
    message(_PRIVATE & filters.UpdateType.EDITED_MESSAGE, on_edited),
    message(_PRIVATE & filters.COMMAND & filters.UpdateType.MESSAGE, on_unknown_command),
    message(_PRIVATE & filters.TEXT & filters.UpdateType.MESSAGE, on_text),
    message(_PRIVATE & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, on_other_content),
)
"""The last routes: whatever no command and no button has taken."""
