"""Forgetting everybody who has not been here for a long time, as a college does at the end of a course."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from bot.application import erase_learner
from bot.storage import Store, Tx, learners, roles

TOGETHER = 50
"""People erased in one transaction."""


def whom(tx: Tx, *, before: date, among: Sequence[int] | None = None) -> list[int]:
    """Return the learners who were last seen before a date, or those of them who are ``among`` some. Tutors stay."""
    tutors = {each.chat_id for each in roles.everyone(tx)}
    return [chat_id for chat_id in learners.not_seen_since(tx, before, among=among) if chat_id not in tutors]


async def forget(store: Store, chats: Sequence[int], *, before: date, asker_key: bytes, now: datetime) -> int:
    """Erase people, some at a time; whoever came back meanwhile stays. Returns how many were erased."""

    def erase(tx: Tx, some: Sequence[int]) -> int:
        gone = whom(tx, before=before, among=some)
        for chat_id in gone:
            erase_learner.erase(tx, chat_id, asker_key=asker_key, now=now)
        return len(gone)

    erased = 0
    for first in range(0, len(chats), TOGETHER):
        erased += await store.write(partial(erase, some=chats[first : first + TOGETHER]))
    return erased
