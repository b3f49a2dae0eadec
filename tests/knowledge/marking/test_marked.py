"""Answers that people marked, and how like them something is."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.loader import load_course
from knowledge.marking import Marker
from knowledge.marking.marked import NEAREST, UNPACKED, Collector, Likeness, MarkedAnswers, Ruled, shipped_answers
from knowledge.marking.marker import collect
from knowledge.marking.tokens import read
from knowledge.schema import Course, Question

RARITY = {"queue": 3.0, "till": 2.0, "staff": 1.0}
STEMS = st.frozensets(st.sampled_from([*RARITY, "unheard"]))


@given(STEMS, st.lists(STEMS, max_size=5), st.integers(1, 4))
def test_likeness_lies_between_none_and_the_same(
    stems: Collection[str], sets: list[Collection[str]], count: int
) -> None:
    like = Likeness(sets, RARITY).nearest(stems, count)
    assert 0.0 <= like <= 1.0 + 1e-9
    assert Likeness([*sets, stems], RARITY).nearest(stems) == pytest.approx(1.0 if stems else 0.0)


@given(STEMS, st.lists(STEMS, max_size=5), STEMS)
def test_one_more_to_compare_with_never_makes_the_nearest_less_like(
    stems: Collection[str], sets: list[Collection[str]], more: Collection[str]
) -> None:
    assert Likeness([*sets, more], RARITY).nearest(stems) >= Likeness(sets, RARITY).nearest(stems)


def test_a_rare_word_in_common_counts_more_than_a_frequent_one() -> None:
    likeness = Likeness([{"queue", "staff"}], RARITY)
    assert likeness.nearest({"queue", "till"}) > likeness.nearest({"staff", "till"})


def test_only_the_sentences_that_did_not_earn_a_point_are_compared_with() -> None:
    sentences = Likeness([{"queue"}, {"till"}], RARITY)
    ruled = Ruled(Likeness([], RARITY), sentences, frozenset({1}))
    assert ruled.like_unearned({"queue"}) == 0.0
    assert ruled.like_unearned({"till"}) == pytest.approx(1 / NEAREST)
    assert ruled.like_earned({"queue"}) == 0.0


@pytest.fixture
def collected() -> MarkedAnswers:
    collector = Collector("small")
    collector.add("q.one", [{"queue", "long"}, {"till"}], {"p": True, "r": False}, {"p": {"queue", "long"}})
    collector.add("q.one", [{"staff", "rude"}, set()], {"p": False, "r": True}, {})
    return MarkedAnswers.read(collector.table())


def test_what_is_packed_is_unpacked_point_by_point(collected: MarkedAnswers) -> None:
    point, other = collected.on("q.one", "p"), collected.on("q.one", "r")
    assert point is not None
    assert other is not None
    assert point.like_earned({"queue", "long"}) == pytest.approx(1.0)
    assert point.like_unearned({"staff", "rude"}) == pytest.approx(1 / NEAREST)
    assert point.like_unearned({"queue", "long"}) == 0.0
    assert other.like_unearned({"till"}) == pytest.approx(1 / NEAREST)
    assert other.like_earned({"staff", "rude"}) == 0.0  # due, but no phrase found it


def test_questions_and_points_that_nobody_marked_have_nothing(collected: MarkedAnswers) -> None:
    assert collected.on("q.two", "p") is None
    assert collected.on("q.one", "x") is None
    assert MarkedAnswers().on("q.one", "p") is None


def test_only_so_many_questions_stay_unpacked() -> None:
    collector = Collector("small")
    for number in range(UNPACKED + 5):
        collector.add(f"q.{number}", [{"queue"}], {"p": False}, {})
    answers = MarkedAnswers.read(collector.table())
    found = [answers.on(f"q.{number}", "p") for number in range(UNPACKED + 5)]
    assert None not in found
    again = answers.on("q.0", "p")
    assert again is not None
    assert again is not found[0]


def test_a_table_that_is_none_is_refused() -> None:
    with pytest.raises(OSError, match="gzip"):
        MarkedAnswers.read(b"no table")


def test_the_shipped_answers_belong_to_their_course_and_to_no_other(course: Course) -> None:
    shipped = load_course()
    assert Marker.of(shipped).marked is shipped_answers()
    assert Marker.of(course).marked.packed == {}
    ids = {question.id for question in shipped.questions}
    assert set(shipped_answers().packed) <= ids


def test_a_marked_answer_is_kept_with_what_its_phrases_find(marker: Marker, cycle: Question) -> None:
    collector = Collector("small")
    due = {point.id: point.id == "ongoing" for point in (cycle.scheme.points if cycle.scheme else ())}
    collect(collector, marker, cycle, "It goes on without an end, it is a cycle. The paint is green.", due)
    collect(collector, marker, cycle, "", due)
    kept = MarkedAnswers.read(collector.table()).on(cycle.id, "ongoing")
    assert kept is not None
    assert kept.like_earned(set(read("It is a cycle without an end.").stems)) > 0.0
    assert kept.unearned == frozenset()
