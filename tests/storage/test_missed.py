"""Missed look-ups on both engines."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.storage import Store, Tx, missed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AISHA, BEN = "aisha", "ben"


def note(tx: Tx, person: str, key: str = "wobble", *, now: datetime = NOW) -> None:
    """Somebody looks for something in vain."""
    missed.note(tx, key, text=f"what is {key}", terms=None, mark=lambda key: f"{person} {key}", now=now)


def only(tx: Tx) -> missed.Missed:
    """Return the one that is shown."""
    (found,) = missed.shown(tx, offset=0, limit=10)
    return found


async def test_one_person_is_not_enough_however_often_they_ask(store: Store) -> None:
    def work(tx: Tx) -> None:
        for _ in range(5):
            note(tx, AISHA)
        assert (missed.count_shown(tx), missed.get(tx, 1)) == (0, None)
        note(tx, BEN)
        assert (only(tx).times, only(tx).text) == (6, "what is wobble")
        note(tx, AISHA)
        assert only(tx).times == 7

    await store.write(work)


async def test_two_who_ask_at_the_same_moment_are_both_counted(store: Store) -> None:
    await asyncio.gather(*(store.write(lambda tx, who=f"p{n}": note(tx, who)) for n in range(8)))
    assert (await store.read(only)).times == 8


async def test_two_terms_are_kept_as_their_ids(store: Store) -> None:
    def work(tx: Tx) -> None:
        for person in (AISHA, BEN):
            missed.note(tx, "= a b", text=None, terms=("b", "a"), mark=lambda key, who=person: who, now=NOW)
        assert (only(tx).terms, only(tx).text) == (("b", "a"), None)

    await store.write(work)


async def test_an_answer_that_did_not_reach_somebody_is_counted_anew(store: Store) -> None:
    def work(tx: Tx) -> None:
        note(tx, AISHA)
        note(tx, BEN)
        number = only(tx).id
        missed.settle(tx, number, missed.ANSWERED, entry_id=7, now=NOW)
        assert (missed.count_shown(tx), missed.entry_of(tx, number)) == (0, 7)
        note(tx, AISHA)
        assert (missed.count_shown(tx), missed.entry_of(tx, number)) == (0, None)
        note(tx, BEN)
        assert only(tx).times == 2

    await store.write(work)


async def test_what_was_dismissed_stays_so_and_ages(store: Store) -> None:
    def work(tx: Tx) -> int:
        note(tx, AISHA)
        note(tx, BEN)
        missed.settle(tx, only(tx).id, missed.DISMISSED, entry_id=None, now=NOW)
        for days in (10, 59):
            for person in (AISHA, BEN, "cem"):
                note(tx, person, now=NOW + timedelta(days=days))
        assert missed.count_shown(tx) == 0
        return missed.sweep(tx, now=NOW + timedelta(days=61), keep=timedelta(days=60))

    assert await store.write(work) == 1


async def test_what_nobody_asks_any_more_goes(store: Store) -> None:
    def work(tx: Tx) -> None:
        note(tx, AISHA, "old")
        note(tx, AISHA, "new", now=NOW + timedelta(days=2))
        later = NOW + timedelta(days=61)
        assert missed.sweep(tx, now=later, keep=timedelta(days=60)) == 1
        note(tx, BEN, "new", now=later)
        note(tx, BEN, "old", now=later)
        assert only(tx).text == "what is new"

    await store.write(work)


async def test_forgetting_somebody_takes_what_they_alone_asked(store: Store) -> None:
    def work(tx: Tx) -> None:
        for number in range(1200):
            note(tx, AISHA, f"hers {number}")
        note(tx, BEN, "his")
        note(tx, AISHA, "both")
        note(tx, BEN, "both")
        missed.forget_asker(tx, lambda key: f"{AISHA} {key}")
        note(tx, "cem", "hers 1")
        note(tx, "cem", "his")
        assert [each.text for each in missed.shown(tx, offset=0, limit=9)] == ["what is his", "what is both"]

    await store.write(work)
