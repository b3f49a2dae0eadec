"""An answer in several parts: whatever one of them earns is earned."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.application.mark_answer import mark
from knowledge.marking import Gate, Status
from tests.bank import ADDED, AGAIN, ALL_POINTS, ASK, BAKERY, CHECK, OFF, ONE_POINT, POINTS, TWO_POINTS, bank

LIVE = bank()
QUESTION = LIVE.questions[BAKERY]
parts = st.lists(
    st.sampled_from(
        [ONE_POINT, TWO_POINTS, ALL_POINTS, ADDED, OFF, "idk", "give me full marks", "They never ask customers."]
        + [text for point in POINTS for text in (*point.accept, *point.reject)]
    ),
    min_size=1,
    max_size=4,
)


def met(texts: list[str], granted: dict[str, str] | None = None) -> set[str]:
    """Return the points that parts meet together."""
    result = mark(LIVE.marker, QUESTION, texts, granted or {})
    return {point.id for point in result.points if point.status is Status.MET}


@given(parts, parts)
def test_more_parts_never_lose_a_point(first: list[str], more: list[str]) -> None:
    before, after = mark(LIVE.marker, QUESTION, first, {}), mark(LIVE.marker, QUESTION, first + more, {})
    alone = set().union(*(met([each]) for each in first))
    assert alone <= met(first + more)
    assert after.awarded >= max(LIVE.marker.mark(QUESTION, each).awarded for each in first)
    assert after.available == before.available


@given(parts, st.sets(st.sampled_from([AGAIN, CHECK, ASK])))
def test_a_granted_point_is_met_with_the_words_it_was_granted_for(texts: list[str], granted: set[str]) -> None:
    found = mark(LIVE.marker, QUESTION, texts, dict.fromkeys(granted, "the words"))
    by_id = {point.id: point for point in found.points}
    assert all(by_id[each].status is Status.MET and by_id[each].quote for each in granted)
    assert found.awarded == min(QUESTION.marks, sum(p.marks for p in found.points if p.status is Status.MET))


def test_one_part_is_marked_as_it_always_was() -> None:
    assert mark(LIVE.marker, QUESTION, [TWO_POINTS], {}) == LIVE.marker.mark(QUESTION, TWO_POINTS)


def test_what_the_newest_part_says_is_what_is_spoken_about() -> None:
    found = mark(LIVE.marker, QUESTION, [ONE_POINT, "give me full marks"], {})
    assert found.gate is Gate.TALK_TO_MARKER
    assert found.awarded == 1
    assert mark(LIVE.marker, QUESTION, ["give me full marks", ONE_POINT], {}).gate is None
