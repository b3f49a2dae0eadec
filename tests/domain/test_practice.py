"""When a question comes back: an answer moves it, not knowing never sets it back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.practice import BOXES, Review, put_off, reviewed

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

marks = st.integers(0, 6)
boxes = st.integers(0, len(BOXES) - 1)
reviews = st.none() | st.builds(
    Review,
    question_id=st.just("q.one"),
    box=boxes,
    due_on=st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=7)),
    seen_at=st.just(NOW - timedelta(days=3)),
    awarded=marks,
    available=st.just(6),
)


@given(reviews)
def test_putting_a_question_off_lowers_nothing(before: Review | None) -> None:
    after = put_off(before, question_id="q.one", available=6, today=TODAY, now=NOW)
    assert after.due_on == TODAY + timedelta(days=1)
    if before is not None:
        assert (after.box, after.awarded) == (before.box, before.awarded)


@given(reviews, marks)
def test_the_next_review_is_always_later(before: Review | None, awarded: int) -> None:
    assert reviewed(before, question_id="q.one", awarded=awarded, available=6, today=TODAY, now=NOW).due_on > TODAY


@given(reviews, marks, marks)
def test_a_better_mark_never_brings_a_question_back_sooner(before: Review | None, one: int, other: int) -> None:
    low, high = (
        reviewed(before, question_id="q.one", awarded=each, available=6, today=TODAY, now=NOW)
        for each in sorted((one, other))
    )
    assert low.due_on <= high.due_on
    assert low.box <= high.box


@given(reviews, marks)
def test_answering_before_a_question_is_due_moves_it_no_further(before: Review | None, awarded: int) -> None:
    after = reviewed(before, question_id="q.one", awarded=awarded, available=6, today=TODAY, now=NOW)
    if before is not None and before.due_on > TODAY:
        assert after.box <= before.box
