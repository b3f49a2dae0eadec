"""What is said in groups, where everybody reads along."""

from __future__ import annotations

from bot.chat.messages import Button, Rows, say
from bot.domain.delivery import Outgoing

START_PAYLOAD = "open"
"""What the link into the private chat carries: it is a plain /start."""


def private_chat(bot_name: str) -> Rows:
    """The way into the private chat."""
    return ((Button("Open our private chat", url=f"https://t.me/{bot_name}?start={START_PAYLOAD}"),),)


def welcome(chat_id: int, bot_name: str, *, reply_to: int | None) -> Outgoing:
    """/start and /help: what can be done in a group."""
    text = (
        "In here I look words up: <code>/term nps</code>, or two side by side: <code>/compare nps and csat</code>. "
        "I read nothing else. Questions, marks and your plan stay between the two of us."
    )
    return say(chat_id, text, private_chat(bot_name), reply_to=reply_to)


def personal(chat_id: int, bot_name: str, *, reply_to: int | None) -> Outgoing:
    """A command that is about one person: not in front of everybody."""
    return say(chat_id, "That is for our private chat.", private_chat(bot_name), reply_to=reply_to)


def busy(chat_id: int, bot_name: str) -> Outgoing:
    """Said once when a group asks more than Telegram lets a bot answer."""
    text = (
        "One moment: I may only send 20 messages a minute to a group. The rest follows. "
        "In our private chat there is no queue."
    )
    return say(chat_id, text, private_chat(bot_name))
