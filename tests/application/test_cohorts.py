"""Classes: making them, joining by a link, and what a tutor gets to see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.application import join_cohort, run_cohort
from bot.application.tell_learner import tell
from bot.chat.views import classes
from bot.domain.errors import Gone, JoinCodeDead, Unreadable
from bot.domain.learner import Status
from bot.storage import Store, Tx, attempts, cohorts, learners
from bot.storage.attempts import ANSWERED, OPEN, WAITING
from tests.application.classroom import (
    NOON,
    OTHER_TUTOR,
    TUTOR,
    at,
    change_learner,
    claim,
    make_class,
    make_learner,
    make_tutor,
    status_of,
)

AISHA, BEN = 11, 12


def join(tx: Tx, chat_id: int, code: str, name: str = "Aisha") -> join_cohort.Offer:
    """Join by a link as a press does."""
    return join_cohort.join(tx, chat_id, code, name=name, zone="Europe/London", now=NOON)


def answer(tx: Tx, chat_id: int, *, hours: float) -> None:
    """Answer a question some hours after noon."""
    number = attempts.add(tx, chat_id=chat_id, question_id="q.one", source="practise", plan_day=None, now=at(hours))
    attempts.change(tx, number, only_from=[WAITING, OPEN], state=ANSWERED, answered_at=at(hours))


async def test_a_join_link_puts_somebody_the_bot_never_met_into_the_class(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        class_id = make_class(tx, code="abc")
        offer = join_cohort.offer(tx, AISHA, "abc")
        assert (offer.cohort.name, offer.tutor_name, offer.is_in, offer.has_plan) == ("2B", "Ms Carter", False, False)
        assert learners.get(tx, AISHA) is None
        join(tx, AISHA, "abc")
        assert [each.name for each in cohorts.people(tx, class_id)] == ["Aisha"]
        assert status_of(tx, AISHA) is Status.ACTIVE

    await store.write(work)


async def test_joining_twice_counts_once_and_keeps_the_first_name(store: Store) -> None:
    def work(tx: Tx) -> None:
        class_id = make_class(tx, code="abc")
        assert not join(tx, AISHA, "abc").is_in
        assert join(tx, AISHA, "abc", name="Another name").is_in
        assert [each.name for each in cohorts.people(tx, class_id)] == ["Aisha"]

    await store.write(work)


async def test_joining_switches_messages_on_for_somebody_who_had_stopped_but_not_for_somebody_on_a_break(
    store: Store,
) -> None:
    def work(tx: Tx) -> None:
        make_class(tx, code="abc")
        make_learner(tx, AISHA, status=Status.STOPPED)
        make_learner(tx, BEN, status=Status.PAUSED)
        join(tx, AISHA, "abc")
        join(tx, BEN, "abc")
        assert (status_of(tx, AISHA), status_of(tx, BEN)) == (Status.ACTIVE, Status.PAUSED)

    await store.write(work)


async def test_a_replaced_link_is_dead_and_the_new_one_works(store: Store) -> None:
    def work(tx: Tx) -> None:
        class_id = make_class(tx, code="old")
        run_cohort.new_link(tx, TUTOR, class_id, code="new", now=at(1))
        with pytest.raises(JoinCodeDead) as dead:
            join_cohort.offer(tx, AISHA, "old")
        assert (dead.value.cohort, dead.value.ended_at) == ("2B", at(1))
        assert join_cohort.offer(tx, AISHA, "new").cohort.id == class_id

    await store.write(work)


async def test_a_link_that_never_was_is_unknown(store: Store) -> None:
    def work(tx: Tx) -> None:
        with pytest.raises(Gone, match="link"):
            join_cohort.offer(tx, AISHA, "never")

    await store.write(work)


async def test_a_closed_class_lets_everybody_go_and_its_link_dies(store: Store) -> None:
    def work(tx: Tx) -> None:
        class_id = make_class(tx, code="abc")
        make_learner(tx, AISHA, class_id)
        run_cohort.close(tx, TUTOR, class_id, now=at(1))
        assert join_cohort.classes_of(tx, AISHA) == []
        assert run_cohort.overview(tx, TUTOR).classes == []
        with pytest.raises(JoinCodeDead):
            join(tx, BEN, "abc")
        with pytest.raises(Gone, match="cohort"):
            run_cohort.card(tx, TUTOR, class_id, now=at(1))

    await store.write(work)


async def test_another_tutors_class_is_out_of_reach(store: Store) -> None:
    def work(tx: Tx) -> None:
        class_id = make_class(tx, tutor_id=OTHER_TUTOR)
        make_learner(tx, AISHA, class_id)
        for act in (
            lambda: run_cohort.card(tx, TUTOR, class_id, now=NOON),
            lambda: run_cohort.rename(tx, TUTOR, class_id, name="Mine", now=NOON),
            lambda: run_cohort.new_link(tx, TUTOR, class_id, code="mine", now=NOON),
            lambda: run_cohort.close(tx, TUTOR, class_id, now=NOON),
            lambda: run_cohort.people(tx, TUTOR, class_id, page=0, now=NOON),
            lambda: run_cohort.remove_person(tx, TUTOR, class_id, AISHA),
        ):
            with pytest.raises(Gone, match="cohort"):
                act()
        assert [each.chat_id for each in cohorts.people(tx, class_id)] == [AISHA]

    await store.write(work)


async def test_a_class_card_counts_who_answered_paused_and_never_began(store: Store) -> None:
    def work(tx: Tx) -> run_cohort.ClassCard:
        class_id = make_class(tx)
        for number in range(1, 6):
            make_learner(tx, number, class_id)
        answer(tx, 1, hours=-1)
        answer(tx, 1, hours=-2)
        answer(tx, 2, hours=-24 * 8)
        change_learner(tx, 3, status=Status.PAUSED)
        return run_cohort.card(tx, TUTOR, class_id, now=NOON)

    standing = (await store.write(work)).standing
    assert (standing.joined, standing.answered_this_week, standing.paused, standing.not_started) == (5, 1, 1, 3)


async def test_people_come_ten_at_a_time_and_a_page_too_far_is_the_last(store: Store) -> None:
    def work(tx: Tx) -> None:
        class_id = make_class(tx)
        for number in range(1, 24):
            make_learner(tx, number, class_id)
        answer(tx, 5, hours=-1)
        pages = [run_cohort.people(tx, TUTOR, class_id, page=page, now=NOON) for page in range(3)]
        assert [len(page.shown) for page in pages] == [10, 10, 3]
        assert len({each.chat_id for page in pages for each in page.shown}) == 23
        assert pages[0].answered == {5}
        assert run_cohort.people(tx, TUTOR, class_id, page=9, now=NOON).page == 2

    await store.write(work)


async def test_a_removed_learner_is_told_after_their_quiet_hours(store: Store) -> None:
    night = at(10)

    def work(tx: Tx) -> None:
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id)
        cohort, person = run_cohort.remove_person(tx, TUTOR, class_id, AISHA)
        assert tell(tx, classes.removed(cohort, person), now=night)
        with pytest.raises(Gone, match="person"):
            run_cohort.remove_person(tx, TUTOR, class_id, AISHA)

    await store.write(work)
    assert await claim(store, now=night) == []
    assert [letter.chat_id for letter in await claim(store, now=at(19.1))] == [AISHA]


async def test_somebody_who_said_stop_is_not_told_anything(store: Store) -> None:
    def work(tx: Tx) -> None:
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id, status=Status.STOPPED)
        assert not tell(tx, classes.removed(*run_cohort.remove_person(tx, TUTOR, class_id, AISHA)), now=NOON)

    await store.write(work)


async def test_leaving_a_class_leaves_the_other_alone(store: Store) -> None:
    def work(tx: Tx) -> None:
        first, second = make_class(tx, "2A"), make_class(tx, "2B")
        make_learner(tx, AISHA, first, second)
        assert join_cohort.leave(tx, AISHA, first).name == "2A"
        assert [each.id for each in join_cohort.classes_of(tx, AISHA)] == [second]
        with pytest.raises(Gone, match="enrolment"):
            join_cohort.leave(tx, AISHA, first)

    await store.write(work)


@given(st.text(max_size=60))
def test_a_class_name_is_one_line_of_one_to_forty_characters_or_unreadable(text: str) -> None:
    one_line = " ".join(text.split())
    if 1 <= len(one_line) <= 40:
        assert run_cohort.read_name(text) == one_line
    else:
        with pytest.raises(Unreadable, match="name"):
            run_cohort.read_name(text)


def test_a_join_code_is_ten_letters_and_digits_and_never_the_same_twice() -> None:
    codes = {run_cohort.new_code() for _ in range(2_000)}
    assert len(codes) == 2_000
    for code in codes:
        assert len(code) == 10
        assert code.isascii()
        assert code.isalnum()
