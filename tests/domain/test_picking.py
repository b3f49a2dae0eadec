"""Laws of answering by taps: nothing is picked twice, a repeated tap changes nothing, undo is the way back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import picking
from bot.domain.picking import Picked

COUNT = 5
places = st.integers(-1, COUNT)


@st.composite
def orders(draw: st.DrawFn) -> Picked:
    picked: Picked = ()
    for place in draw(st.lists(places, max_size=9)):
        picked = picking.add_step(picked, place, count=COUNT)
    return picked


@st.composite
def matches(draw: st.DrawFn) -> Picked:
    picked: Picked = ()
    for place, is_left in draw(st.lists(st.tuples(places, st.booleans()), max_size=14)):
        tap = picking.choose_left if is_left else picking.choose_right
        picked = tap(picked, place, count=COUNT)
    return picked


@given(orders(), places)
def test_no_step_is_in_an_order_twice(picked: Picked, place: int) -> None:
    after = picking.add_step(picked, place, count=COUNT)
    assert len(set(after)) == len(after) <= COUNT
    assert set(after) <= set(range(COUNT))
    assert picking.add_step(after, place, count=COUNT) == after


@given(orders(), places)
def test_undo_takes_back_one_step(picked: Picked, place: int) -> None:
    after = picking.add_step(picked, place, count=COUNT)
    if after != picked:
        assert picking.drop_step(after) == picked


@given(matches(), places)
def test_no_number_and_no_letter_is_matched_twice(picked: Picked, place: int) -> None:
    after = picking.choose_right(picked, place, count=COUNT)
    made = picking.pairs(after)
    assert len(set(made.values())) == len(made) == len(after) // 2
    assert picking.choose_right(after, place, count=COUNT) == after


@given(matches(), places)
def test_a_letter_goes_to_the_number_that_waits(picked: Picked, place: int) -> None:
    left = picking.waiting_left(picked, count=COUNT)
    after = picking.choose_right(picked, place, count=COUNT)
    if after != picked:
        assert left is not None
        assert picking.pairs(after)[left] == place
        assert picking.drop_pair(after) == picked[: len(picked) - len(picked) % 2]


@given(matches(), places)
def test_choosing_a_number_makes_no_pair(picked: Picked, place: int) -> None:
    after = picking.choose_left(picked, place, count=COUNT)
    assert picking.pairs(after) == picking.pairs(picked)
    if 0 <= place < COUNT and place not in picking.pairs(picked):
        assert picking.waiting_left(after, count=COUNT) == place


def test_what_was_tapped_reads_as_it_would_be_typed() -> None:
    assert picking.order_in_letters((1, 0, 2)) == "B A C"
    assert picking.pairs_in_letters((1, 0, 0, 2)) == "1c 2a"
