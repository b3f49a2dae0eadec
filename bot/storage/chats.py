"""A chat as routing needs it: learner, conversation, role and content revision in one query."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, select

from bot.domain.learner import Learner
from bot.storage import learners
from bot.storage.conversations import Conversation
from bot.storage.overlay import REVISION
from bot.storage.prepared import Prepared
from bot.storage.tables import conversation, learner, setting, tutor
from bot.storage.tx import Tx


class ChatRow(NamedTuple):
    """What the database knows about a chat. ``role`` is ``admin``, ``tutor`` or None."""

    learner: Learner | None
    conversation: Conversation
    role: str | None
    revision: int


_CHAT = select(bindparam("chat", type_=BigInteger).label("chat")).subquery("asked")
_QUERY = Prepared(
    select(
        learner,
        tutor.c.admin,
        setting.c.value.label("revision"),
        conversation.c.step,
        conversation.c.step_data,
        conversation.c.open_attempt,
        conversation.c.reading,
        conversation.c.version,
    ).select_from(
        _CHAT.outerjoin(learner, learner.c.chat_id == _CHAT.c.chat)
        .outerjoin(conversation, conversation.c.chat_id == _CHAT.c.chat)
        .outerjoin(tutor, tutor.c.chat_id == _CHAT.c.chat)
        .outerjoin(setting, setting.c.name == REVISION)
    )
)


def get(tx: Tx, chat_id: int) -> ChatRow:
    """Return what is known about a chat; everything is empty for one that was never seen."""
    row = tx.row(_QUERY, {"chat": chat_id})
    return ChatRow(
        learner=None if row.chat_id is None else learners.from_row(row),
        conversation=_conversation(chat_id, row),
        role=None if row.admin is None else "admin" if row.admin else "tutor",
        revision=row.revision or 0,
    )


def _conversation(chat_id: int, row: Any) -> Conversation:
    if row.version is None:
        return Conversation(chat_id)
    return Conversation(chat_id, row.step, row.step_data or {}, row.open_attempt, row.reading, row.version)
