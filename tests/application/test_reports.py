"""Reports that something in the course is wrong."""

from __future__ import annotations

from functools import lru_cache

import pytest

from bot.application import report_item
from bot.application.live_course import LiveCourse
from bot.domain.errors import Gone
from bot.storage import Store, Tx, erasure, reports
from knowledge.schema import Course, Origin, Term, Topic
from tests.application.classroom import NOON, make_learner

AISHA, BEN = 11, 12


def term(number: int) -> Term:
    """A glossary entry."""
    return Term(
        id=f"term.number-{number}",
        topic="ci",
        name=f"Term {number}",
        definition="A thing that is here to be reported.",
        example="A café reports it.",
        origin=Origin.ADDED,
    )


@lru_cache
def live() -> LiveCourse:
    """A course of three terms."""
    topic = Topic(id="ci", name="Continuous improvement", synopsis="Getting better in small steps.")
    course = Course(id="small", name="Small", topics=(topic,), terms=tuple(term(number) for number in (1, 2, 3)))
    return LiveCourse.build(course, revision=0)


def report(tx: Tx, chat_id: int, number: int, note: str | None = None) -> None:
    """Report a term as wrong."""
    report_item.report(tx, live(), chat_id, f"term.number-{number}", note=note, now=NOON)


async def test_reports_are_shown_oldest_first_and_next_comes_round_again(store: Store) -> None:
    def work(tx: Tx) -> list[str]:
        for number in (1, 2, 3):
            report(tx, AISHA, number)
        shown, after = [], 0
        for _ in range(4):
            found = report_item.next_waiting(tx, live(), after=after)
            assert found is not None
            assert found.left == 3
            shown.append(found.report.item)
            after = found.report.id
        return shown

    assert await store.write(work) == ["term.number-1", "term.number-2", "term.number-3", "term.number-1"]


async def test_the_same_person_reporting_the_same_item_adds_a_note_instead_of_a_second_report(store: Store) -> None:
    def work(tx: Tx) -> None:
        report(tx, AISHA, 1)
        report(tx, AISHA, 1, "the example is about a bank")
        report(tx, AISHA, 1)
        report(tx, BEN, 1)
        found = report_item.next_waiting(tx, live(), after=0)
        assert found is not None
        assert (found.left, found.report.note) == (2, "the example is about a bank")

    await store.write(work)


async def test_dealing_with_a_report_names_whom_to_thank_once(store: Store) -> None:
    def work(tx: Tx) -> None:
        report(tx, AISHA, 1)
        waiting = report_item.next_waiting(tx, live(), after=0)
        assert waiting is not None
        assert report_item.settle(tx, live(), waiting.report.id, now=NOON) == (AISHA, term(1))
        assert report_item.next_waiting(tx, live(), after=0) is None
        with pytest.raises(Gone, match="report"):
            report_item.settle(tx, live(), waiting.report.id, now=NOON)

    await store.write(work)


async def test_a_report_outlives_the_person_but_not_their_words(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        report(tx, AISHA, 1, "my teacher says otherwise")
        erasure.erase(tx, AISHA, now=NOON)
        waiting = report_item.next_waiting(tx, live(), after=0)
        assert waiting is not None
        assert waiting.report.note is None
        assert report_item.settle(tx, live(), waiting.report.id, now=NOON) == (None, term(1))

    await store.write(work)


async def test_an_item_that_left_the_course_can_still_be_dealt_with_but_not_reported(store: Store) -> None:
    def work(tx: Tx) -> None:
        with pytest.raises(Gone, match="item"):
            report(tx, AISHA, 99)
        reports.add(tx, chat_id=AISHA, item="term.old", note=None, now=NOON)
        waiting = report_item.next_waiting(tx, live(), after=0)
        assert waiting is not None
        assert waiting.item is None
        assert report_item.settle(tx, live(), waiting.report.id, now=NOON) == (AISHA, None)

    await store.write(work)


async def test_a_long_note_is_kept_in_part(store: Store) -> None:
    def work(tx: Tx) -> None:
        report(tx, AISHA, 1, "a" * 2000)
        waiting = report_item.next_waiting(tx, live(), after=0)
        assert waiting is not None
        assert waiting.report.note == "a" * report_item.LONGEST_NOTE

    await store.write(work)
