"""What has to be known about a chat before anything can be decided about a message in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.learner import Learner
from bot.storage import Tx, attempts, chats, cohorts
from bot.storage.attempts import OPEN, Attempt
from bot.storage.conversations import Conversation


@dataclass(frozen=True, slots=True)
class ChatState:
    """A private chat as it was read. ``role`` is ``admin``, ``tutor`` or None; ``revision`` is the overlay's."""

    chat_id: int
    learner: Learner | None
    conversation: Conversation
    open_attempt: Attempt | None
    role: str | None
    revision: int
    enrolled: bool
    now: datetime

    @property
    def is_tutor(self) -> bool:
        return self.role is not None


def read_chat(tx: Tx, chat_id: int, *, now: datetime, ask_enrolment: bool) -> ChatState:
    """Read everything that routing needs, in one transaction. Enrolment only counts where classes alone may enter."""
    known = chats.get(tx, chat_id)
    open_attempt = known.conversation.open_attempt
    attempt = None if open_attempt is None else attempts.get(tx, open_attempt)
    return ChatState(
        chat_id=chat_id,
        learner=known.learner,
        conversation=known.conversation,
        open_attempt=attempt if attempt is not None and attempt.state == OPEN else None,
        role=known.role,
        revision=known.revision,
        enrolled=not ask_enrolment or bool(cohorts.of_learner(tx, chat_id)),
        now=now,
    )
