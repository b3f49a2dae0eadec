"""An answer waits for the second reader, is read and recorded, on both engines, whatever happens meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from bot.application import dispute_answer, improve_answer, practise, rule_on_dispute, second_read
from bot.application.practise import Answered, Reading, card_slot
from bot.application.second_read import ReaderUnavailable
from bot.chat.views import practice as views
from bot.storage import Store, Tx, disputes, markings, outbox, second_readings
from bot.storage.attempts import Attempt
from tests.application.classroom import NOON, at, claim, make_class, make_learner, make_tutor, texts
from tests.application.test_changed_marks import AISHA, LIVE, SAM, FixedCourses, answer, improve, mark_of
from tests.bank import ALL_POINTS, CHECK, DISPUTED, DISPUTED_QUOTE, OFF

NOTHING = json.dumps({"points": []})
FOUND = json.dumps({"points": [{"id": CHECK, "quote": DISPUTED_QUOTE}]})


class Scripted:
    """A reader that says what it is told to say, or nothing."""

    place = "127.0.0.1"

    def __init__(self, said: str | None) -> None:
        self.said = said
        self.asked: list[str] = []
        self.disappointments = 0

    async def reply(self, instructions: str, asked: str, schema: Mapping[str, Any]) -> str:
        self.asked.append(asked)
        if self.said is None:
            raise ReaderUnavailable("not reached")
        return self.said

    def satisfied(self) -> None:
        """Nothing comes of it."""

    def disappointed(self) -> None:
        self.disappointments += 1


def waiting(tx: Tx, text: str, *, hours: float = 0) -> Attempt:
    """Answer and let the answer wait."""
    attempt = answer(tx, AISHA, text, hours=hours)
    outbox.fill_slot(tx, AISHA, card_slot(attempt.id), 77)
    second_readings.ask(tx, attempt.id, AISHA, now=at(hours))
    return attempt


async def read(store: Store, reader: Scripted | None, *, now: datetime = NOON) -> list[str]:
    """Let whatever waits be read; return what was sent."""
    await second_read.step(store, FixedCourses(LIVE), reader, now=lambda: now, render=views.read_again)
    return texts(await claim(store, now=now))


async def prepared(store: Store, work: Callable[[Tx], Attempt]) -> Attempt:
    """Make a learner who agreed, and let them answer."""

    def run(tx: Tx) -> Attempt:
        make_tutor(tx)
        make_learner(tx, AISHA, make_class(tx), second_reader=True, second_reader_at="127.0.0.1")
        return work(tx)

    return await store.write(run)


async def test_an_improvement_can_be_taken_back_after_the_second_reader_added_to_it(store: Store) -> None:
    def improved(tx: Tx) -> Attempt:
        attempt = answer(tx, AISHA, OFF)
        improve(tx, attempt, DISPUTED)
        second_readings.ask(tx, attempt.id, AISHA, now=NOON)
        return attempt

    attempt = await prepared(store, improved)
    await read(store, Scripted(FOUND))
    assert await store.read(lambda tx: mark_of(tx, attempt)) == 1
    assert await store.write(lambda tx: improve_answer.take_back_improvement(tx, AISHA)) == (DISPUTED, True)
    assert await store.read(lambda tx: mark_of(tx, attempt)) == 0
    kept = await store.read(lambda tx: markings.get(tx, attempt))
    assert (kept.texts, kept.granted, kept.second) == ((OFF,), {}, frozenset())


async def test_who_improves_to_everything_before_it_is_read_hears_of_no_second_reader(store: Store) -> None:
    def improved(tx: Tx) -> Attempt:
        attempt = waiting(tx, OFF)
        outcome = improve(tx, attempt, ALL_POINTS)
        learner = practise.learner_of(tx, AISHA)
        assert second_read.arrange(tx, learner, outcome, place="127.0.0.1", now=at(0.01)).reading is Reading.NONE
        return attempt

    await prepared(store, improved)
    reader = Scripted(NOTHING)
    assert await read(store, reader, now=at(0.02)) == []
    assert reader.asked == []


@pytest.mark.parametrize("reader", [Scripted(NOTHING), None], ids=["it was off for long", "it is set no more"])
async def test_an_answer_that_nobody_will_read_any_more_says_so(store: Store, reader: Scripted | None) -> None:
    await prepared(store, lambda tx: waiting(tx, DISPUTED))
    [card] = await read(store, reader, now=at(1))
    assert "did not answer this time" in card
    assert await store.read(lambda tx: second_readings.has_waiting(tx, now=at(9))) is False
    assert reader is None or reader.asked == []


async def test_a_card_that_is_out_of_reach_is_not_sent_anew_hours_later(store: Store) -> None:
    def old(tx: Tx) -> Attempt:
        attempt = waiting(tx, DISPUTED)
        outbox.forget_slots(tx, AISHA, "result:", keep=[])
        return attempt

    await prepared(store, old)
    assert await read(store, Scripted(NOTHING), now=at(9)) == []


async def test_a_point_that_a_tutor_grants_as_well_outlives_the_second_readers_words(store: Store) -> None:
    def found_and_disputed(tx: Tx) -> Attempt:
        attempt = waiting(tx, DISPUTED)
        dispute_answer.dispute(tx, LIVE, AISHA, attempt.id, CHECK, sentence=0, now=NOON)
        return attempt

    attempt = await prepared(store, found_and_disputed)
    await read(store, Scripted(FOUND))

    def rule(tx: Tx) -> None:
        [found] = disputes.of_attempt(tx, attempt.id)
        rule_on_dispute.accept(tx, LIVE, SAM, found.id, None, now=NOON)

    await store.write(rule)
    kept = await store.read(lambda tx: markings.get(tx, attempt))
    assert kept.by_tutor == {CHECK: DISPUTED_QUOTE}
    assert kept.second == frozenset()


async def test_nothing_is_shown_to_a_reader_at_a_place_that_the_learner_was_not_told_of(store: Store) -> None:
    await prepared(store, lambda tx: waiting(tx, DISPUTED))
    moved = Scripted(FOUND)
    moved.place = "models.example.com"
    [card] = await read(store, moved)
    assert "did not answer this time" in card
    assert moved.asked == []


async def test_who_agreed_to_a_reader_elsewhere_is_asked_again_and_who_refused_is_not(store: Store) -> None:
    def work(tx: Tx) -> Answered:
        attempt = answer(tx, AISHA, OFF)
        return improve(tx, attempt, DISPUTED)

    await prepared(store, lambda tx: answer(tx, AISHA, OFF))
    outcome = await store.write(work)

    def reading(tx: Tx, place: str) -> Reading:
        return second_read.arrange(tx, practise.learner_of(tx, AISHA), outcome, place=place, now=NOON).reading

    def moves(tx: Tx) -> None:
        assert reading(tx, "127.0.0.1") is Reading.WAITING
        assert reading(tx, "models.example.com") is Reading.OFFERED
        second_read.refuse(tx, AISHA, place="127.0.0.1")
        assert reading(tx, "models.example.com") is Reading.NONE
        assert second_read.switch(tx, AISHA, place="models.example.com").second_reader is None
        assert reading(tx, "models.example.com") is Reading.OFFERED

    await store.write(moves)
