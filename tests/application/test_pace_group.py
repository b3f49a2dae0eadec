"""No minute sees more than twenty messages to one group."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.application.pace_group import LATEST, PER_MINUTE, pace
from bot.domain.delivery import Outgoing
from bot.storage import Store, Tx, open_store, outbox
from bot.storage.migrate import migrate
from tests.application.classroom import NOON

GROUP, OTHER = -100, -200


def message(chat_id: int, text: str = "card") -> Outgoing:
    return Outgoing(chat_id, "sendMessage", {"text": text})


def ask(tx: Tx, seconds: float, chat_id: int = GROUP) -> int:
    """Somebody asks; returns how many answers go out at once."""
    now = NOON + timedelta(seconds=seconds)
    at_once = pace(tx, [message(chat_id)], busy=message(chat_id, "busy"), now=now)
    for each in at_once:
        outbox.enqueue(tx, each, now=now, worker="me")
    return len(at_once)


def moments(tx: Tx, chat_id: int = GROUP) -> list[float]:
    planned = outbox.planned(tx, chat_id, since=NOON - timedelta(days=1))
    return [(moment - NOON).total_seconds() for moment, _ in planned]


async def test_a_group_that_asks_little_is_answered_at_once(store: Store) -> None:
    def work(tx: Tx) -> None:
        assert [ask(tx, second) for second in range(0, 300, 4)] == [1] * 75

    await store.write(work)


async def test_what_is_too_much_waits_its_turn_and_one_line_says_so(store: Store) -> None:
    def work(tx: Tx) -> None:
        at_once = sum(ask(tx, number / 10) for number in range(30))
        keys = [key for _, key in outbox.planned(tx, GROUP, since=NOON - timedelta(days=1)) if key]
        assert (at_once, len(moments(tx)), len(keys)) == (PER_MINUTE - 1, 31, 1)
        assert max(moments(tx)) <= 62
        assert ask(tx, 3, OTHER) == 1

    await store.write(work)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 200), min_size=1, max_size=90))
def test_no_minute_sees_more_than_twenty(tmp_path_factory: object, asked: list[float]) -> None:
    import asyncio
    import tempfile

    async def run(folder: str) -> None:
        url = f"sqlite:///{folder}/paced.sqlite3"
        migrate(url)
        store = open_store(url)
        for seconds in sorted(asked):
            await store.write(lambda tx, seconds=seconds: ask(tx, seconds), durable=False)
        planned = await store.read(moments)
        await store.close()
        for start in planned:
            assert len([each for each in planned if start <= each < start + 60]) <= PER_MINUTE
        assert max(planned) - max(asked) <= LATEST.total_seconds()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(folder))
