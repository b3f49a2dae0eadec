"""Two people, or two workers, at the same moment: nothing is lost, nobody waits for another, what is erased stays so.

PostgreSQL only: on SQLite one transaction ends before the next begins.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.application import import_page, look_up_term, override_mark, practise, rule_on_dispute, second_read
from bot.storage import Store, Tx, attempts, disputes, erasure, markings, open_store, overlay, second_readings
from bot.storage.tables import metadata
from tests.application.classroom import NOON, OTHER_TUTOR, TUTOR, at, make_class, make_learner, make_tutor
from tests.application.test_changed_marks import AISHA, LIVE, SAM, answer, disputed, improve
from tests.application.test_import_page import PAGE, SMALL, read
from tests.application.test_second_readings import FOUND, NOTHING, Scripted, prepared, waiting
from tests.application.test_second_readings import read as read_again
from tests.bank import ADDED, DISPUTED, ONE_POINT

pytestmark = pytest.mark.postgres

HEAD_START = 0.4
"""Seconds in which the second transaction gets as far as it can while the first is open."""


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[Store]:
    opened = open_store(postgres_url)
    yield opened
    await opened.close()


class Pause:
    """A place where a transaction stays open until the other one has had its chance."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._go_on = threading.Event()

    def __call__(self) -> None:
        """Stay here. Called in the thread of the first transaction."""
        self._loop.call_soon_threadsafe(self.reached.set)
        assert self._go_on.wait(10)

    async def end(self) -> None:
        """Let the first transaction go on once the second one has begun."""
        await asyncio.sleep(HEAD_START)
        self._go_on.set()


async def while_open(
    store: Store, first: Callable[[Tx, Pause], Any], second: Callable[[Tx], Any]
) -> tuple[object, object]:
    """Run the second transaction while the first is open, and return what came of both; errors as they are."""
    pause = Pause()
    one = asyncio.create_task(store.write(lambda tx: first(tx, pause)))
    await asyncio.wait_for(pause.reached.wait(), 10)
    other = asyncio.create_task(store.write(second))
    await pause.end()
    found = await asyncio.gather(one, other, return_exceptions=True)
    return found[0], found[1]


def rows_about(tx: Tx, chat_id: int) -> dict[str, int]:
    """Count the rows of each table that hold a chat id."""
    found = {}
    for table in metadata.sorted_tables:
        for column in table.c:
            if column.name in ("chat_id", "tutor_id", "author", "ruled_by"):
                number = tx.execute(select(func.count()).select_from(table).where(column == chat_id)).scalar_one()
                found |= {f"{table.name}.{column.name}": number} if number else {}
    return found


async def test_two_additions_at_once_both_move_the_revision(store: Store) -> None:
    line = {"kind": "asked_as", "term": "term.baseline", "line": "how it was before"}

    def add(tx: Tx) -> None:
        overlay.add(tx, entry=line, author=TUTOR, cohort_id=None, now=NOON)

    def add_and_stay(tx: Tx, stay: Pause) -> None:
        add(tx)
        stay()

    for done in (2, 4):
        assert await while_open(store, add_and_stay, add) == (None, None)
        assert await store.read(overlay.revision) == done


async def test_two_tutors_terms_of_one_name_stay_two_when_added_at_once(store: Store) -> None:
    async def keep(author: int, text: str) -> int:
        page = read(text, SMALL)
        return (await store.write(lambda tx: import_page.keep(tx, author, page, now=NOON))).id

    first = await keep(TUTOR, PAGE)
    second = await keep(OTHER_TUTOR, PAGE.replace("promised to ring", "agreed to ring"))

    def add_and_stay(tx: Tx, stay: Pause) -> None:
        import_page.add(tx, SMALL, TUTOR, first, admin=False, now=NOON)
        stay()

    await while_open(
        store, add_and_stay, lambda tx: import_page.add(tx, SMALL, OTHER_TUTOR, second, admin=False, now=NOON)
    )
    entries = await store.read(overlay.live)
    slots = {each.entry["item"]["id"] for each in entries if each.entry["item"].get("name") == "Zorbing slot"}
    assert len(slots) == 2


async def test_a_ruling_and_taking_the_answer_back_do_not_lock_each_other_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(tx: Tx) -> int:
        make_tutor(tx)
        make_learner(tx, AISHA, make_class(tx))
        return disputed(tx, AISHA)

    number = await store.write(prepare)
    rule = disputes.rule

    def accept(tx: Tx, stay: Pause) -> None:
        def rule_and_stay(*args: Any, **values: Any) -> bool:
            ruled = rule(*args, **values)
            stay()
            return ruled

        monkeypatch.setattr(disputes, "rule", rule_and_stay)
        rule_on_dispute.accept(tx, LIVE, SAM, number, None, now=NOON)

    outcomes = await while_open(store, accept, lambda tx: practise.take_back_answer(tx, AISHA))
    assert not [each for each in outcomes if isinstance(each, BaseException)]


async def test_erasing_leaves_nothing_of_a_mark_that_is_set_in_that_moment(store: Store) -> None:
    def prepare(tx: Tx) -> tuple[int, int]:
        make_tutor(tx)
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id)
        attempt = answer(tx, AISHA, ONE_POINT)
        markings.drop(tx, attempt.id)  # as if it had been given before this was kept
        return class_id, attempt.id

    class_id, attempt_id = await store.write(prepare)

    def set_mark(tx: Tx, stay: Pause) -> None:
        override_mark.set_mark(tx, LIVE, TUTOR, class_id, attempt_id, from_mark=1, to_mark=2, now=NOON)
        stay()

    await while_open(store, set_mark, lambda tx: erasure.erase(tx, AISHA, now=NOON))
    assert await store.read(lambda tx: rows_about(tx, AISHA)) == {}


async def test_erasing_leaves_nothing_of_a_ruling_in_that_moment(store: Store) -> None:
    def prepare(tx: Tx) -> int:
        make_tutor(tx)
        make_learner(tx, AISHA, make_class(tx))
        return disputed(tx, AISHA)

    number = await store.write(prepare)

    def accept(tx: Tx, stay: Pause) -> None:
        rule_on_dispute.accept(tx, LIVE, SAM, number, None, now=NOON)
        stay()

    await while_open(store, accept, lambda tx: erasure.erase(tx, AISHA, now=NOON))
    assert await store.read(lambda tx: rows_about(tx, AISHA)) == {}


async def test_erasing_leaves_nothing_of_a_card_that_is_opened_in_a_group_in_that_moment(store: Store) -> None:
    await store.write(lambda tx: make_learner(tx, AISHA))

    def open_card(tx: Tx, stay: Pause) -> None:
        look_up_term.record_card(tx, AISHA, ["term.baseline"], now=NOON)
        stay()

    await while_open(store, open_card, lambda tx: erasure.erase(tx, AISHA, now=NOON))
    assert await store.read(lambda tx: rows_about(tx, AISHA)) == {}


async def test_an_erased_learner_gets_no_ruling_afterwards(store: Store) -> None:
    def prepare(tx: Tx) -> int:
        make_tutor(tx)
        make_learner(tx, AISHA, make_class(tx))
        return disputed(tx, AISHA)

    number = await store.write(prepare)

    def erase_and_stay(tx: Tx, stay: Pause) -> None:
        erasure.erase(tx, AISHA, now=NOON)
        stay()

    await while_open(store, erase_and_stay, lambda tx: rule_on_dispute.accept(tx, LIVE, SAM, number, None, now=NOON))
    assert await store.read(lambda tx: rows_about(tx, AISHA)) == {}
    assert await store.read(lambda tx: attempts.of_learner(tx, AISHA)) == []


async def while_recorded(
    store: Store, monkeypatch: pytest.MonkeyPatch, reader: Scripted, second: Callable[[Tx], Any]
) -> list[object]:
    """Do something while what the second reader said is being recorded; errors as they are."""
    pause, end = Pause(), second_readings.end

    def end_and_stay(*args: Any, **values: Any) -> bool:
        ended = end(*args, **values)
        pause()
        return ended

    monkeypatch.setattr(second_readings, "end", end_and_stay)
    one = asyncio.create_task(read_again(store, reader))
    await asyncio.wait_for(pause.reached.wait(), 10)
    other = asyncio.create_task(store.write(second))
    await pause.end()
    return list(await asyncio.gather(one, other, return_exceptions=True))


async def test_a_second_reading_and_an_improvement_do_not_lock_each_other_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = await prepared(store, lambda tx: waiting(tx, DISPUTED))

    def improve_it(tx: Tx) -> None:
        outcome = improve(tx, attempt, ADDED)
        learner = practise.learner_of(tx, AISHA)
        second_read.arrange(tx, learner, outcome, place=Scripted.place, now=at(0.01))

    outcomes = await while_recorded(store, monkeypatch, Scripted(NOTHING), improve_it)
    assert not [each for each in outcomes if isinstance(each, BaseException)]
    assert await store.read(lambda tx: second_readings.has_waiting(tx, now=NOON))


async def test_erasing_leaves_nothing_of_a_second_reading_in_that_moment(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepared(store, lambda tx: waiting(tx, DISPUTED))
    erase = partial(erasure.erase, chat_id=AISHA, now=NOON)
    outcomes = await while_recorded(store, monkeypatch, Scripted(FOUND), erase)
    assert not [each for each in outcomes if isinstance(each, BaseException)]
    assert await store.read(lambda tx: rows_about(tx, AISHA)) == {}
