"""What each Bot API method does to the world: one module per noun, all of them in one table."""

from bot.sandbox.methods import answers, chats, editing, media, messages, polls, profile, updates
from bot.sandbox.methods.table import TABLE, Played

__all__ = ["TABLE", "Played", "answers", "chats", "editing", "media", "messages", "polls", "profile", "updates"]
