"""A row is new or it is not, and both engines say the same, also where they number the rows themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.delivery import Outgoing
from bot.storage import Store, Tx, conversations, outbox
from bot.storage.tables import conversation
from bot.storage.tables import outbox as outbox_table

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_a_new_row_is_told_from_one_that_was_there(store: Store) -> None:
    def work(tx: Tx) -> None:
        for _ in range(2):
            first = conversations.get(tx, 1).version == 0
            assert tx.insert_new(conversation, {"chat_id": 1, "version": 1}, key=["chat_id"]) is first

    await store.write(work)


async def test_a_message_with_a_key_is_handed_over_once(store: Store) -> None:
    def work(tx: Tx) -> None:
        message = Outgoing(1, "sendMessage", {"text": "Hello"}, dedupe_key="hello:1")
        letter = outbox.enqueue(tx, message, now=NOW, worker="me")
        assert letter is not None
        assert tx.execute(outbox_table.select()).one().id == letter.id
        assert outbox.enqueue(tx, message, now=NOW, worker="me") is None

    await store.write(work)
