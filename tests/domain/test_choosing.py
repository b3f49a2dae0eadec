"""Laws of what is asked next: kinds are mixed, long ones are rare, depth rises, the day's plan is followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.practice import (
    FAMILIES,
    LONG,
    LOOKS_BACK,
    MET_BEFORE,
    NOT_AGAIN,
    SAME_IN_A_ROW,
    SHARES,
    Bank,
    Review,
    Scope,
    as_put,
    next_question,
    unfitting,
)
from knowledge.marking.closed import given as chosen
from knowledge.marking.closed import mark_choice
from knowledge.schema import PlanDay, Question, QuestionKind
from tests import closed_bank

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
DAY_TERM = "term.of-the-day"


def a_question(number: int, kind: QuestionKind, depth: int = 1, *, today: bool = False) -> Question:
    """A question of a kind, without what it asks."""
    return Question.model_construct(
        id=f"q.{number}",
        topic="ci",
        kind=kind,
        depth=depth,
        terms=(DAY_TERM,) if today else (),
        seeds=(),
        confirmed=True,
        options=(),
        template=None,
    )


def a_day(*mix: QuestionKind) -> PlanDay:
    """A plan day to which the questions of today belong."""
    return PlanDay.model_construct(day=3, terms=(DAY_TERM,), seeds=(), mix=mix)


def a_review(question: Question, *, due_on: date) -> Review:
    return Review(question.id, 1, due_on, NOW - timedelta(days=3), 1, 1)


@st.composite
def pools(draw: st.DrawFn) -> list[Question]:
    """Up to twenty questions of any kinds and depths."""
    shapes = draw(
        st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 3), st.booleans()), min_size=1, max_size=20)
    )
    return [a_question(number, kind, depth, today=today) for number, (kind, depth, today) in enumerate(shapes)]


histories = st.lists(st.sampled_from(KINDS), max_size=6).map(
    lambda kinds: [a_question(100 + number, kind) for number, kind in enumerate(kinds)]
)
mixes = st.lists(st.sampled_from(KINDS), max_size=5)


def the_first(questions: Sequence[Question]) -> Question:
    return questions[0]


def answer_all(pool: Sequence[Question], count: int, *, days: Sequence[PlanDay] = ()) -> list[Question]:
    """Answer so many questions well, one after the other on one day, and return them in their order."""
    standing: dict[str, Review] = {}
    asked: list[Question] = []
    for _ in range(count):
        question = next_question(
            Bank.of(pool),
            standing,
            today=TODAY,
            days=days,
            answered_today=asked,
            lately=asked[::-1][:LOOKS_BACK],
            choose=the_first,
        )
        assert question is not None
        asked.append(question)
        standing[question.id] = a_review(question, due_on=TODAY + timedelta(days=1))
    return asked


@given(pools(), histories, mixes, st.integers(0, 30))
def test_the_mix_is_kept_wherever_something_keeps_it(
    pool: list[Question], lately: list[Question], mix: list[QuestionKind], met: int
) -> None:
    standing = {f"q.old.{number}": a_review(pool[0], due_on=TODAY) for number in range(met)}
    found = next_question(
        Bank.of(pool), standing, today=TODAY, days=[a_day(*mix)], answered_today=lately, lately=lately, choose=the_first
    )
    assert found in pool
    spoiling = unfitting(lately)
    if any(question.kind not in spoiling for question in pool):
        assert found is not None
        assert found.kind not in spoiling


@given(st.integers(1, 3), st.lists(st.sampled_from(KINDS), max_size=4, unique=True))
def test_no_kind_comes_three_times_in_a_row_and_long_ones_are_every_third_at_most(
    depth: int, left_out: list[QuestionKind]
) -> None:
    kinds = [kind for kind in KINDS if kind not in left_out]
    pool = [a_question(10 * place + number, kind, depth) for place, kind in enumerate(kinds) for number in range(9)]
    asked = [question.kind for question in answer_all(pool, 30)]
    short = [kind for kind in kinds if kind not in LONG]
    assert len(short) >= 2
    for first in range(28):
        assert len(set(asked[first : first + SAME_IN_A_ROW + 1])) > 1
        assert sum(kind in LONG for kind in asked[first : first + 3]) <= 1


def test_a_mix_has_every_kind_in_about_its_share() -> None:
    pool = [a_question(100 * place + number, kind) for place, kind in enumerate(KINDS) for number in range(60)]
    had = Counter(question.kind for question in answer_all(pool, 100))
    assert set(had) == set(KINDS)
    for kind, share in SHARES.items():
        assert abs(had[kind] - 100 * share) <= 8, (kind, had[kind])


@given(pools(), mixes)
def test_a_beginner_is_asked_nothing_deeper_than_there_is_need_for(
    pool: list[Question], mix: list[QuestionKind]
) -> None:
    found = next_question(Bank.of(pool), {}, today=TODAY, days=[a_day(*mix)], choose=the_first)
    assert found is not None
    within = [question for question in pool if MET_BEFORE[question.depth] == 0 and question.kind not in LONG]
    if within:
        assert found.depth == 1


@given(st.permutations([1, 1, 1, 2, 2, 3, 3]))
def test_depth_rises_within_a_kind(depths: list[int]) -> None:
    pool = [a_question(number, "short_answer", depth) for number, depth in enumerate(depths)]
    asked = [question.depth for question in answer_all(pool, 7)]
    assert asked == sorted(asked)


@given(pools(), mixes, st.integers(0, 9))
def test_a_day_begins_with_something_short_unless_its_plan_says_otherwise(
    pool: list[Question], mix: list[QuestionKind], met: int
) -> None:
    standing = {f"q.old.{number}": a_review(pool[0], due_on=TODAY) for number in range(met)}
    found = next_question(Bank.of(pool), standing, today=TODAY, days=[a_day(*mix)], choose=the_first)
    assert found is not None
    if any(question.kind not in LONG for question in pool):
        assert found.kind not in LONG or found.kind in mix[:1]


@given(st.lists(st.sampled_from(sorted(set(KINDS) - LONG)), min_size=1, max_size=6))
def test_the_days_new_questions_follow_its_mix(mix: list[QuestionKind]) -> None:
    pool = [
        a_question(100 * place + number, kind, today=True) for place, kind in enumerate(KINDS) for number in range(12)
    ]
    asked = [question.kind for question in answer_all(pool, len(mix), days=[a_day(*mix)])]
    in_a_row = any(len(set(mix[first : first + 3])) == 1 for first in range(len(mix) - 2))
    if in_a_row:
        assert not any(len(set(asked[first : first + 3])) == 1 for first in range(len(asked) - 2))
    else:
        assert asked == mix


@given(pools(), st.integers(1, NOT_AGAIN))
def test_nothing_comes_again_at_once_where_there_is_something_else(pool: list[Question], count: int) -> None:
    lately = pool[:count]
    found = next_question(Bank.of(pool), {}, today=TODAY, lately=lately, choose=the_first)
    assert found is not None
    if len(pool) > count:
        assert found not in lately
    elif len(pool) > 1:
        assert found is not lately[0]


def test_every_third_question_is_one_that_is_due() -> None:
    old = [a_question(number, kind) for number, kind in enumerate(("short_answer", "order", "match"))]
    new = [a_question(10 + number, kind, today=True) for number, kind in enumerate(("short_answer", "calculation"))]
    standing = {question.id: a_review(question, due_on=TODAY) for question in old}
    days = [a_day("calculation", "short_answer")]
    for answered, wanted in ((0, new), (1, new), (2, old)):
        found = next_question(
            Bank.of([*old, *new]),
            standing,
            today=TODAY,
            days=days,
            answered_today=[new[0]] * answered,
            choose=the_first,
        )
        assert found in wanted


@given(pools(), st.sampled_from([None, *FAMILIES]))
def test_what_was_chosen_is_all_that_is_asked(pool: list[Question], family: str | None) -> None:
    scope = Scope(family=next((each for each in FAMILIES if each == family), None))
    covered = [question for question in pool if scope.covers(question)]
    assert all(family is None or question.kind in FAMILIES[scope.family or "short"] for question in covered)
    assert covered == pool if scope.is_mix else len(covered) <= len(pool)


def test_every_kind_belongs_to_one_family_and_has_a_share() -> None:
    assert sorted(kind for kinds in FAMILIES.values() for kind in kinds) == sorted(KINDS)
    assert set(SHARES) == set(KINDS)
    assert abs(sum(SHARES.values()) - 1) < 1e-9


# ---------------------------------------------------------------------------------------------- as it is put


@given(st.integers(1, 10**9))
def test_a_choice_is_shuffled_the_same_way_for_the_same_attempt(attempt_id: int) -> None:
    question = closed_bank.choice()
    put = as_put(question, attempt_id)
    assert put == as_put(question, attempt_id)
    assert sorted(option.text for option in put.options) == sorted(option.text for option in question.options)
    for place, option in enumerate(put.options):
        marked = mark_choice(put, "ABCD"[place])
        assert chosen(put, "ABCD"[place]) == (option.text,)
        assert marked.awarded == int(option.right)


def test_the_right_option_stands_everywhere_alike() -> None:
    question = closed_bank.choice()
    places = Counter(
        next(place for place, option in enumerate(as_put(question, attempt_id).options) if option.right)
        for attempt_id in range(1, 2001)
    )
    assert all(420 <= places[place] <= 580 for place in range(4)), places


@given(st.integers(1, 10**9))
def test_a_sum_keeps_its_numbers_in_one_attempt_and_still_has_others(attempt_id: int) -> None:
    put = as_put(closed_bank.total(), attempt_id)
    assert put == as_put(closed_bank.total(), attempt_id) == as_put(put, attempt_id)
    assert put.template is not None
    assert put.number is not None


def test_other_kinds_are_put_as_they_stand() -> None:
    for question in (closed_bank.order(), closed_bank.match()):
        assert as_put(question, 7) is question
