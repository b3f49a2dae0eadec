"""What arrived and what must go out: nothing a person sent is lost, and nothing happens twice."""

from bot.delivery.inbox import Intake
from bot.delivery.sender import Post, Sender

__all__ = ["Intake", "Post", "Sender"]
