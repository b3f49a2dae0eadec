"""What has to be known about a chat before anything can be decided about a message in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.learner import Learner
from bot.storage import Tx, attempts, chats, cohorts, roles
from bot.storage.attempts import TAKES_ANSWERS, Attempt
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
    tutors: frozenset[int] = frozenset()
    """Whose additions to the course count here: the tutors of the person's classes, and a tutor's own."""

    @property
    def is_tutor(self) -> bool:
        return self.role is not None


def read_chat(tx: Tx, chat_id: int, *, now: datetime, ask_enrolment: bool, person: int | None = None) -> ChatState:
    """Read everything that routing needs, in one transaction. Enrolment only counts where classes alone may enter.

    ``person`` is who writes, where that is not the chat itself. The classes are read only where something depends on
    them: a query less for every message otherwise.
    """
    known = chats.get(tx, chat_id)
    open_attempt = known.conversation.open_attempt
    attempt = None if open_attempt is None else attempts.get(tx, open_attempt)
    asker = chat_id if person is None else person
    classes = cohorts.of_learner(tx, asker) if ask_enrolment or known.revision else []
    own = set() if known.role is None and asker == chat_id else {asker}
    role = roles.role_of(tx, asker) if ask_enrolment and asker != chat_id else known.role
    return ChatState(
        chat_id=chat_id,
        learner=known.learner,
        conversation=known.conversation,
        open_attempt=attempt if attempt is not None and attempt.state in TAKES_ANSWERS else None,
        role=role,
        revision=known.revision,
        enrolled=not ask_enrolment or bool(classes),
        now=now,
        tutors=frozenset({each.tutor_id for each in classes} | own),
    )
