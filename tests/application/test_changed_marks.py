"""Marks that change after the fact: improvements, disputes, rulings and marking again, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta

import pytest

from bot.application import (
    change_mark,
    dispute_answer,
    improve_answer,
    mark_answer,
    override_mark,
    practise,
    remark_answers,
    rule_on_dispute,
)
from bot.application.live_course import LiveCourse
from bot.application.practise import Answered
from bot.chat.views import disputes as views
from bot.domain.errors import Gone, Stale, Unreadable
from bot.domain.practice import Review
from bot.storage import (
    Store,
    Tx,
    attempts,
    cohorts,
    conversations,
    disputes,
    erasure,
    markings,
    outbox,
    overlay,
    remarkings,
)
from bot.storage.attempts import Attempt
from bot.storage.roles import Tutor
from knowledge.overlay import AcceptedPhrase, apply
from knowledge.proposing import from_plain_words
from knowledge.schema import Phrase
from tests.application.classroom import (
    NOON,
    OTHER_TUTOR,
    TUTOR,
    at,
    claim,
    make_class,
    make_learner,
    make_tutor,
    texts,
)
from tests.bank import (
    ADDED,
    ALL_POINTS,
    BAKERY,
    CHECK,
    DISPUTED,
    DISPUTED_QUOTE,
    ONE_POINT,
    SAME_WORDS,
    TWO_POINTS,
    bank,
)

AISHA, BEN, CHLOE = 11, 12, 13
LIVE = bank()
QUESTION = LIVE.questions[BAKERY]
PHRASE = Phrase(all_of=("count", "minutes"))
SAM = Tutor(TUTOR, "Sam", admin=False, added_at=NOON)
ADMIN = Tutor(OTHER_TUTOR, "Ms Carter", admin=True, added_at=NOON)


def with_phrase(phrase: Phrase = PHRASE) -> LiveCourse:
    """The course once a phrase is live."""
    entry = AcceptedPhrase(question=BAKERY, point=CHECK, phrase=phrase, example=DISPUTED_QUOTE)
    return LiveCourse.build(apply(LIVE.course, [entry]), revision=1)


class FixedCourses:
    """Whoever knows the course: always the same one. Remembers for whose tutors it was asked."""

    def __init__(self, live: LiveCourse) -> None:
        self.live = live
        self.asked: list[tuple[int, ...]] = []

    async def current(self, revision: int, tutors: Collection[int] = ()) -> LiveCourse:
        self.asked.append(tuple(tutors))
        return self.live


def answer(tx: Tx, chat_id: int, text: str, *, hours: float = 0, message_id: int | None = None) -> Attempt:
    """Ask about the bakery and answer."""
    asked = practise.ask(tx, chat_id=chat_id, question=QUESTION, source="practise", plan_day=None, now=at(hours))
    practise.open_question(tx, asked.attempt_id, message_id=900 + asked.attempt_id, now=at(hours))
    practise.record_answer(
        tx,
        practise.learner_of(tx, chat_id),
        practise.mine(tx, chat_id, asked.attempt_id),
        QUESTION,
        answer=text,
        message_id=message_id,
        result=LIVE.marker.mark(QUESTION, text),
        now=at(hours),
    )
    return practise.mine(tx, chat_id, asked.attempt_id)


def improve(tx: Tx, attempt: Attempt, text: str, *, hours: float = 0) -> Answered:
    """Improve an answer."""
    improve_answer.begin(tx, LIVE, attempt.chat_id, attempt.id, now=at(hours))
    seen = markings.get(tx, attempt)
    return improve_answer.record_improvement(
        tx,
        practise.learner_of(tx, attempt.chat_id),
        attempt,
        QUESTION,
        seen=seen,
        text=text,
        message_id=None,
        result=mark_answer.mark(LIVE.marker, QUESTION, (*seen.texts, text), seen.granted),
        now=at(hours),
    )


def standing(tx: Tx, chat_id: int) -> Review | None:
    """Return how the question stands for somebody."""
    return attempts.standing(tx, chat_id).get(BAKERY)


def mark_of(tx: Tx, attempt: Attempt) -> int | None:
    """Return the mark of an answer."""
    return practise.mine(tx, attempt.chat_id, attempt.id).awarded


def disputed(tx: Tx, chat_id: int, text: str = DISPUTED) -> int:
    """Answer, dispute the point about checking, and return the dispute's id."""
    attempt = answer(tx, chat_id, text)
    dispute_answer.dispute(tx, LIVE, chat_id, attempt.id, CHECK, sentence=0, now=NOON)
    [found] = disputes.of_attempt(tx, attempt.id)
    return found.id


# ----------------------------------------------------------------------------------------------------- improving


async def test_taking_an_answer_back_brings_back_how_the_question_stood(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        answer(tx, AISHA, ALL_POINTS)
        before = standing(tx, AISHA)
        answer(tx, AISHA, "baseline", hours=30)
        assert standing(tx, AISHA) != before
        assert practise.take_back_answer(tx, AISHA) == ("baseline", True)
        assert standing(tx, AISHA) == before

    await store.write(work)


async def test_taking_a_first_answer_back_leaves_the_question_new(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        answer(tx, AISHA, "baseline")
        practise.take_back_answer(tx, AISHA)
        assert standing(tx, AISHA) is None

    await store.write(work)


async def test_an_improvement_moves_the_date_as_if_it_had_been_the_first_answer(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        make_learner(tx, BEN)
        for chat_id in (AISHA, BEN):
            answer(tx, chat_id, ALL_POINTS)
        improved = improve(tx, answer(tx, AISHA, ONE_POINT, hours=48), ADDED, hours=48)
        answer(tx, BEN, TWO_POINTS, hours=48)
        assert (improved.was, improved.awarded, improved.improvements) == (1, 2, 2)
        assert standing(tx, AISHA) == standing(tx, BEN)

    await store.write(work)


async def test_an_improvement_marked_on_old_words_is_marked_anew(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        attempt = answer(tx, AISHA, ONE_POINT)
        seen = markings.get(tx, attempt)
        improve(tx, attempt, ADDED)
        with pytest.raises(Stale):
            improve_answer.record_improvement(
                tx,
                practise.learner_of(tx, AISHA),
                attempt,
                QUESTION,
                seen=seen,
                text=ADDED,
                message_id=None,
                result=LIVE.marker.mark(QUESTION, ADDED),
                now=NOON,
            )

    await store.write(work)


async def test_a_prompt_waits_while_an_answer_is_being_improved(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        attempt = answer(tx, AISHA, ONE_POINT)
        improve_answer.begin(tx, LIVE, AISHA, attempt.id, now=at(1))
        assert practise.has_fresh_question(tx, AISHA, now=at(1.2))
        prompt = practise.ask(tx, chat_id=AISHA, question=QUESTION, source="prompt", plan_day=1, now=at(1.2))
        practise.open_question(tx, prompt.attempt_id, message_id=7, now=at(1.2))
        assert conversations.get(tx, AISHA).open_attempt == attempt.id
        practise.open_question(tx, prompt.attempt_id, message_id=7, now=at(2))
        assert conversations.get(tx, AISHA).open_attempt == prompt.attempt_id

    await store.write(work)


async def test_an_answer_from_before_its_parts_were_kept_can_be_improved(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        attempt = answer(tx, AISHA, ONE_POINT)
        markings.drop(tx, attempt.id)
        assert improve(tx, attempt, ADDED).awarded == 2
        assert markings.get(tx, attempt).texts == (ONE_POINT, ADDED)

    await store.write(work)


async def test_a_changed_mark_does_not_move_a_question_that_was_met_again_since(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        early = answer(tx, AISHA, ONE_POINT)
        answer(tx, AISHA, TWO_POINTS, hours=30)
        before = standing(tx, AISHA)
        change_mark.change(
            tx,
            early,
            markings.get(tx, early),
            to_mark=3,
            result=None,
            why=markings.BY_TUTOR,
            tutor_id=TUTOR,
            now=at(40),
        )
        assert standing(tx, AISHA) == before
        assert mark_of(tx, early) == 3

    await store.write(work)


async def test_only_recent_result_cards_are_remembered(store: Store) -> None:
    def work(tx: Tx) -> list[str]:
        make_learner(tx, AISHA)
        for hours in (0, 1, 1.05):
            attempt = answer(tx, AISHA, ONE_POINT, hours=hours)
            outbox.fill_slot(tx, AISHA, practise.card_slot(attempt.id), 5)
        outbox.fill_slot(tx, AISHA, "menu", 6)
        newest = answer(tx, AISHA, ONE_POINT, hours=1.1)
        return [
            name
            for name in ("menu", *(practise.card_slot(number) for number in range(newest.id - 3, newest.id)))
            if outbox.slot_message(tx, AISHA, name) is not None
        ]

    kept = await store.write(work)
    assert kept[0] == "menu"
    assert len(kept) == 3


# ----------------------------------------------------------------------------------------------------- disputing


async def test_a_dispute_waits_for_the_tutors_of_the_learners_classes_and_else_for_admins(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        make_tutor(tx, OTHER_TUTOR, admin=True)
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id)
        make_learner(tx, BEN)
        of_aisha, of_ben = disputed(tx, AISHA), disputed(tx, BEN)
        assert disputes.count_for(tx, TUTOR, admin=False) == 1
        assert disputes.count_for(tx, OTHER_TUTOR, admin=True) == 1
        assert rule_on_dispute.case(tx, LIVE, SAM, of_aisha).class_name == "2B"
        with pytest.raises(Gone, match="dispute case"):
            rule_on_dispute.case(tx, LIVE, SAM, of_ben)
        cohorts.close(tx, class_id, now=NOON)
        assert disputes.count_for(tx, TUTOR, admin=False) == 0
        assert disputes.count_for(tx, OTHER_TUTOR, admin=True) == 2

    await store.write(work)


async def test_the_queue_goes_round_oldest_first(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        class_id = make_class(tx)
        numbers = []
        for chat_id in (AISHA, BEN, CHLOE):
            make_learner(tx, chat_id, class_id)
            numbers.append(disputed(tx, chat_id))
        shown, after = [], 0
        for _ in range(4):
            found = rule_on_dispute.next_case(tx, LIVE, SAM, after=after)
            assert found is not None
            assert found.left == 3
            shown.append(found.dispute.id)
            after = found.dispute.id
        assert shown == [*numbers, numbers[0]]

    await store.write(work)


async def test_twenty_disputes_of_one_learner_may_wait(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        for _ in range(dispute_answer.MOST_WAITING):
            disputed(tx, AISHA)
        with pytest.raises(Gone, match="dispute queue"):
            disputed(tx, AISHA)

    await store.write(work)


async def test_a_met_point_and_a_sentence_that_is_not_there_cannot_be_disputed(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        attempt = answer(tx, AISHA, TWO_POINTS)
        assert [each.id for each in dispute_answer.points(tx, LIVE, AISHA, attempt.id).points] == ["again"]
        for point, sentence in ((CHECK, 0), ("again", 9), ("again", -1), ("gone", 0)):
            with pytest.raises(Gone, match="dispute"):
                dispute_answer.dispute(tx, LIVE, AISHA, attempt.id, point, sentence=sentence, now=NOON)

    await store.write(work)


async def test_taking_an_answer_back_takes_its_waiting_disputes_along(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        disputed(tx, AISHA)
        practise.take_back_answer(tx, AISHA)
        assert disputes.of_learner(tx, AISHA) == []

    await store.write(work)


async def test_accepting_and_declining_work_once(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        class_id = make_class(tx)
        for chat_id in (AISHA, BEN):
            make_learner(tx, chat_id, class_id)
        first, second = disputed(tx, AISHA), disputed(tx, BEN)
        ruled = rule_on_dispute.accept(tx, LIVE, SAM, first, None, now=NOON)
        assert (ruled.was, ruled.awarded, ruled.entry_id) == (0, 1, None)
        with pytest.raises(Unreadable):
            rule_on_dispute.decline(tx, LIVE, SAM, second, line="  ", now=NOON)
        declined = rule_on_dispute.decline(tx, LIVE, SAM, second, line="no\nreason  given", now=NOON)
        assert declined is not None
        assert declined.line == "no reason given"
        assert disputes.declined_quotes(tx, BAKERY, CHECK) == [DISPUTED_QUOTE]
        for number in (first, second):
            with pytest.raises(Gone, match="ruling"):
                rule_on_dispute.accept(tx, LIVE, SAM, number, None, now=NOON)
            with pytest.raises(Gone, match="ruling"):
                rule_on_dispute.decline(tx, LIVE, SAM, number, line="again", now=NOON)

    await store.write(work)


@pytest.mark.parametrize(("tutor", "scoped"), [(SAM, True), (ADMIN, False)])
async def test_a_tutors_phrase_is_for_own_classes_and_an_admins_for_everybody(
    store: Store, tutor: Tutor, scoped: bool
) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx, tutor.chat_id, admin=tutor.admin)
        class_id = make_class(tx, tutor_id=tutor.chat_id)
        make_learner(tx, AISHA, class_id)
        number = disputed(tx, AISHA)
        case = rule_on_dispute.case(tx, LIVE, tutor, number)
        checked = rule_on_dispute.try_words(LIVE, case, "count + minutes", declined=())
        rule_on_dispute.show_proposal(tx, case, checked)
        with pytest.raises(Gone, match="proposal"):
            rule_on_dispute.accept(tx, LIVE, tutor, number, from_plain_words("other", example="x"), now=NOON)
        rule_on_dispute.accept(tx, LIVE, tutor, number, checked.phrase, now=NOON)
        [entry] = overlay.live(tx)
        work_left = remarkings.oldest(tx)
        assert work_left is not None
        assert entry.cohort_id == (class_id if scoped else None)
        assert work_left.tutor_id == (TUTOR if scoped else None)

    await store.write(work)


async def test_a_question_that_left_the_course_can_only_be_declined(store: Store) -> None:
    emptied = LiveCourse.build(LIVE.course.model_copy(update={"questions": ()}), revision=1)

    def work(tx: Tx) -> None:
        make_tutor(tx, OTHER_TUTOR, admin=True)
        make_learner(tx, AISHA)
        number = disputed(tx, AISHA)
        case = rule_on_dispute.case(tx, emptied, ADMIN, number)
        assert case.point is None
        assert "no longer in the course" in str(views.waiting(OTHER_TUTOR, case).payload["text"])
        with pytest.raises(Gone, match="item"):
            rule_on_dispute.accept(tx, emptied, ADMIN, number, None, now=NOON)
        assert rule_on_dispute.decline(tx, emptied, ADMIN, number, line="gone", now=NOON) is None

    await store.write(work)


# ----------------------------------------------------------------------------------------------- marking again


async def remark(store: Store, courses: FixedCourses, *, chunk: int = 2) -> int:
    """Mark everything again and count the steps."""
    steps = 0
    while await remark_answers.step(store, courses, now=NOON, render=views.risen, chunk=chunk):
        steps += 1
    return steps


async def test_earlier_answers_are_marked_again_in_pieces_and_only_rise(store: Store) -> None:
    def prepare(tx: Tx) -> list[Attempt]:
        for chat_id in (AISHA, BEN, CHLOE):
            make_learner(tx, chat_id)
        found = [answer(tx, AISHA, SAME_WORDS), answer(tx, BEN, ONE_POINT), answer(tx, BEN, DISPUTED, hours=1)]
        found += [answer(tx, CHLOE, ALL_POINTS), answer(tx, AISHA, DISPUTED, hours=2)]
        remarkings.begin(tx, question_id=BAKERY, tutor_id=None, now=NOON)
        return found

    answers = await store.write(prepare)
    later = await store.write(lambda tx: answer(tx, CHLOE, SAME_WORDS, hours=3))
    assert await remark(store, FixedCourses(with_phrase())) == 3
    marks = await store.read(lambda tx: [mark_of(tx, each) for each in (*answers, later)])
    assert marks == [1, 1, 1, 3, 1, 0]
    told = texts(await claim(store, now=NOON))
    assert len(told) == 2
    assert all("\n" not in each and each.endswith("up from 0.") for each in told)
    changes = await store.read(lambda tx: markings.changes_of_learner(tx, AISHA))
    assert [(each.why, each.from_mark, each.to_mark, each.tutor_id) for each in changes] == [
        (markings.BY_REMARKING, 0, 1, None)
    ] * 2


async def test_two_workers_marking_the_same_answers_again_change_each_once(store: Store) -> None:
    def prepare(tx: Tx) -> None:
        for chat_id in (AISHA, BEN, CHLOE):
            make_learner(tx, chat_id)
            answer(tx, chat_id, SAME_WORDS)
        remarkings.begin(tx, question_id=BAKERY, tutor_id=None, now=NOON)

    await store.write(prepare)
    courses = FixedCourses(with_phrase())
    await asyncio.gather(*(remark(store, courses) for _ in range(3)))
    for chat_id in (AISHA, BEN, CHLOE):
        assert len(await store.read(lambda tx, who=chat_id: markings.changes_of_learner(tx, who))) == 1
    assert len(await claim(store, now=NOON)) == 3


async def test_a_tutors_phrase_marks_only_answers_of_their_own_classes_again(store: Store) -> None:
    def prepare(tx: Tx) -> list[Attempt]:
        make_tutor(tx)
        make_learner(tx, AISHA, make_class(tx))
        make_learner(tx, BEN)
        found = [answer(tx, chat_id, SAME_WORDS) for chat_id in (AISHA, BEN)]
        remarkings.begin(tx, question_id=BAKERY, tutor_id=TUTOR, now=NOON)
        return found

    answers = await store.write(prepare)
    courses = FixedCourses(with_phrase())
    await remark(store, courses)
    assert courses.asked == [(TUTOR,)]
    assert await store.read(lambda tx: [mark_of(tx, each) for each in answers]) == [1, 0]


async def test_marking_again_leaves_marks_that_a_tutor_set(store: Store) -> None:
    def prepare(tx: Tx) -> Attempt:
        make_tutor(tx)
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id)
        attempt = answer(tx, AISHA, f"{SAME_WORDS} {ADDED}")
        override_mark.set_mark(tx, LIVE, TUTOR, class_id, attempt.id, from_mark=1, to_mark=0, now=NOON)
        remarkings.begin(tx, question_id=BAKERY, tutor_id=None, now=NOON)
        return attempt

    attempt = await store.write(prepare)
    await remark(store, FixedCourses(with_phrase()))
    assert await store.read(lambda tx: mark_of(tx, attempt)) == 0


async def test_a_question_that_left_the_course_ends_the_work(store: Store) -> None:
    def prepare(tx: Tx) -> None:
        make_learner(tx, AISHA)
        answer(tx, AISHA, SAME_WORDS)
        remarkings.begin(tx, question_id="q.gone", tutor_id=None, now=NOON)

    await store.write(prepare)
    assert await remark(store, FixedCourses(LIVE)) == 1
    assert await store.read(remarkings.oldest) is None


# ------------------------------------------------------------------------------------------------- setting a mark


@pytest.mark.parametrize(("from_mark", "to_mark"), [(0, 2), (1, 1), (1, 4), (1, -1)])
async def test_a_mark_is_set_only_from_what_was_seen_to_what_there_is(
    store: Store, from_mark: int, to_mark: int
) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id)
        attempt = answer(tx, AISHA, ONE_POINT)
        with pytest.raises(Gone, match="mark"):
            override_mark.set_mark(
                tx, LIVE, TUTOR, class_id, attempt.id, from_mark=from_mark, to_mark=to_mark, now=NOON
            )
        with pytest.raises(Gone, match="cohort"):
            override_mark.one(tx, LIVE, OTHER_TUTOR, class_id, attempt.id)

    await store.write(work)


async def test_ruling_for_a_learner_whose_mark_was_set_changes_no_mark(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id)
        number = disputed(tx, AISHA)
        [attempt] = attempts.last_answered(tx, AISHA, limit=1)
        override_mark.set_mark(tx, LIVE, TUTOR, class_id, attempt.id, from_mark=0, to_mark=2, now=NOON)
        ruled = rule_on_dispute.accept(tx, LIVE, SAM, number, None, now=NOON)
        assert (ruled.was, ruled.awarded) == (2, 2)
        assert mark_of(tx, attempt) == 2

    await store.write(work)


# ------------------------------------------------------------------------------------------------------- erasing


async def test_erasing_a_tutor_leaves_rulings_and_changes_without_them(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id)
        number = disputed(tx, AISHA)
        case = rule_on_dispute.case(tx, LIVE, SAM, number)
        checked = rule_on_dispute.try_words(LIVE, case, "count + minutes", declined=())
        rule_on_dispute.show_proposal(tx, case, checked)
        rule_on_dispute.accept(tx, LIVE, SAM, number, checked.phrase, now=NOON)
        erasure.erase(tx, TUTOR, now=NOON)
        [left] = disputes.of_learner(tx, AISHA)
        [change] = markings.changes_of_learner(tx, AISHA)
        assert (left.ruled_by, left.state, change.tutor_id) == (None, disputes.ACCEPTED, None)
        assert remarkings.oldest(tx) is None

    await store.write(work)


async def test_erasing_a_learner_leaves_nothing_of_their_answers(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        class_id = make_class(tx)
        make_learner(tx, AISHA, class_id)
        number = disputed(tx, AISHA, f"{DISPUTED} {ADDED}")
        rule_on_dispute.accept(tx, LIVE, SAM, number, None, now=NOON)
        erasure.erase(tx, AISHA, now=NOON)
        assert disputes.get(tx, number) is None
        assert markings.changes_of_learner(tx, AISHA) == []
        assert attempts.of_learner(tx, AISHA) == []

    await store.write(work)


async def test_an_edit_is_found_by_its_message_for_ten_minutes(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        make_learner(tx, BEN)
        answer(tx, AISHA, ONE_POINT, message_id=50)
        in_time, too_late = NOON + timedelta(minutes=10), NOON + timedelta(minutes=10, seconds=1)
        found = improve_answer.find_edited(tx, LIVE, AISHA, 50, now=in_time)
        assert found is not None
        assert found.texts("new") == ("new",)
        assert improve_answer.find_edited(tx, LIVE, AISHA, 50, now=too_late) is None
        assert improve_answer.find_edited(tx, LIVE, AISHA, 51, now=in_time) is None
        assert improve_answer.find_edited(tx, LIVE, BEN, 50, now=in_time) is None

    await store.write(work)
