"""What a tutor or a learner meets later on: another phrase the same day, a tutor who has gone, a course that moved on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import CursorResult, text

from bot.application import (
    dispute_answer,
    export_learner,
    improve_answer,
    remark_answers,
    rule_on_dispute,
)
from bot.application.live_course import CoursesFromStore, LiveCourse
from bot.chat.views import disputes as views
from bot.storage import Store, Tx, attempts, broadcasts, disputes, overlay, remarkings, reports, roles
from knowledge.proposing import Checked, from_plain_words
from knowledge.schema import Phrase
from tests.application.classroom import (
    NOON,
    OTHER_TUTOR,
    TUTOR,
    at,
    make_class,
    make_learner,
    make_tutor,
    send_all,
    texts,
)
from tests.application.test_changed_marks import (
    ADMIN,
    AISHA,
    LIVE,
    SAM,
    FixedCourses,
    answer,
    disputed,
    improve,
    mark_of,
    with_phrase,
)
from tests.bank import AGAIN, BAKERY, CHECK, DISPUTED, DISPUTED_QUOTE, ONE_POINT, SAME_WORDS


async def test_whoever_gains_by_two_phrases_of_one_day_hears_of_both(store: Store) -> None:
    words = f"{SAME_WORDS} The oven is warm all summer."

    def prepare(tx: Tx) -> None:
        make_learner(tx, AISHA)
        answer(tx, AISHA, words)
        remarkings.begin(tx, question_id=BAKERY, tutor_id=None, now=NOON)

    await store.write(prepare)
    first = with_phrase()
    while await remark_answers.step(store, FixedCourses(first), now=NOON, render=views.risen):
        pass
    await store.write(lambda tx: remarkings.begin(tx, question_id=BAKERY, tutor_id=None, now=at(1)))
    points = tuple(
        each.model_copy(update={"any_of": (*each.any_of, Phrase(phrase="warm all summer"))})
        if each.id == AGAIN
        else each
        for each in first.questions[BAKERY].scheme.points  # type: ignore[union-attr]
    )
    changed = first.questions[BAKERY].model_copy(
        update={"scheme": first.questions[BAKERY].scheme.model_copy(update={"points": points})}  # type: ignore[union-attr]
    )
    second = LiveCourse.build(first.course.model_copy(update={"questions": (changed,)}), revision=2)
    while await remark_answers.step(store, FixedCourses(second), now=at(1), render=views.risen):
        pass
    told = [*await send_all(store, now=at(1)), *await send_all(store, now=at(2))]
    assert [each.rpartition(",")[2] for each in texts(told)] == [" up from 0.", " up from 1."]


async def test_a_class_whose_tutor_was_removed_leaves_its_disputes_to_admins(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        make_tutor(tx, OTHER_TUTOR, admin=True)
        make_learner(tx, AISHA, make_class(tx))
        number = disputed(tx, AISHA)
        assert dispute_answer.readers(tx, AISHA).classes == ("2B",)
        assert rule_on_dispute.next_case(tx, LIVE, ADMIN, after=0) is None
        roles.remove(tx, TUTOR)
        assert dispute_answer.readers(tx, AISHA).classes == ()
        found = rule_on_dispute.next_case(tx, LIVE, ADMIN, after=0)
        assert found is not None
        assert found.dispute.id == number
        assert rule_on_dispute.accept(tx, LIVE, ADMIN, number, None, now=NOON).awarded == 1

    await store.write(work)


async def test_an_improvement_that_was_no_answer_takes_what_was_disputed_of_it_along(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        attempt = answer(tx, AISHA, f"{DISPUTED} {ONE_POINT.replace('measure', 'time')}")
        improve(tx, attempt, "Somebody asks what a baseline is.")
        dispute_answer.dispute(tx, LIVE, AISHA, attempt.id, CHECK, sentence=0, now=NOON)
        whole = dispute_answer.sentences(tx, LIVE, AISHA, attempt.id, AGAIN).sentences
        dispute_answer.dispute(tx, LIVE, AISHA, attempt.id, AGAIN, sentence=len(whole) - 1, now=NOON)
        assert improve_answer.take_back_improvement(tx, AISHA) is not None
        assert [each.point_id for each in disputes.of_attempt(tx, attempt.id)] == [CHECK]

    await store.write(work)


async def test_a_ruling_never_gives_more_than_there_was_to_earn(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_tutor(tx)
        make_learner(tx, AISHA, make_class(tx))
        number = disputed(tx, AISHA, f"{DISPUTED} Improving goes round and never stops.")
        [attempt] = attempts.last_answered(tx, AISHA, limit=1)
        attempts.change(tx, attempt.id, only_from=[attempts.ANSWERED], available=1)
        ruled = rule_on_dispute.accept(tx, LIVE, SAM, number, None, now=NOON)
        assert (ruled.was, ruled.awarded, mark_of(tx, attempt)) == (1, 1, 1)

    await store.write(work)


async def test_an_addition_that_this_version_cannot_read_is_left_out(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    courses = CoursesFromStore(store, LIVE, admins=frozenset())
    line = {"kind": "asked_as", "term": "term.baseline", "line": "how it was before"}
    secret = {"kind": "asked_as", "term": "term.baseline", "line": "a learner's words", "from_a_later_version": 1}

    def add(tx: Tx) -> None:
        for entry in (secret, line):
            overlay.add(tx, entry=entry, author=TUTOR, cohort_id=None, now=NOON)

    await store.write(add)
    live = await courses.current(await store.read(overlay.revision))
    assert live.terms["term.baseline"].asked_as == ("how it was before",)
    assert "addition 1 cannot be read" in caplog.text
    assert "a learner's words" not in caplog.text


async def plan_of(store: Store, query: str) -> str:
    """Return how the engine would run a query."""
    explain = "EXPLAIN QUERY PLAN " if store.exclusive else "EXPLAIN "  # type: ignore[attr-defined]

    def look(tx: Tx) -> str:
        if not tx.exclusive:
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        return "\n".join(str(tuple(row)) for row in tx.execute(text(explain + query)))

    return await store.read(look)


async def test_earlier_answers_to_a_question_are_found_without_reading_all(store: Store) -> None:
    plan = await plan_of(
        store,
        "SELECT * FROM attempt WHERE question_id = 'q' AND id > 5 AND id <= 900 AND state = 'answered' "
        "ORDER BY id LIMIT 25",
    )
    assert "ix_attempt_question" in plan


class Counting(Tx):
    """A transaction that counts its statements."""

    __slots__ = ("number",)

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx.connection, exclusive=tx.exclusive)
        self.number = 0

    def execute(self, *args: Any, **values: Any) -> CursorResult[Any]:
        """Count one more and run it."""
        self.number += 1
        return super().execute(*args, **values)


async def test_a_copy_of_many_answers_takes_no_more_statements_than_of_few(store: Store) -> None:
    def statements(tx: Tx) -> int:
        counting = Counting(tx)
        assert json.loads(export_learner.export(counting, LIVE, AISHA))["answers"]
        return counting.number

    def work(tx: Tx) -> None:
        make_learner(tx, AISHA)
        answer(tx, AISHA, ONE_POINT)
        few = statements(tx)
        for hours in range(1, 6):
            answer(tx, AISHA, ONE_POINT, hours=hours)
        assert statements(tx) == few

    await store.write(work)


async def test_a_copy_holds_what_a_person_reported_and_added_and_nobody_elses_words(store: Store) -> None:
    phrase = from_plain_words("count + minutes", example=DISPUTED_QUOTE)

    def work(tx: Tx) -> None:
        make_tutor(tx)
        make_learner(tx, TUTOR)
        make_learner(tx, AISHA, make_class(tx))
        number = disputed(tx, AISHA)
        rule_on_dispute.show_proposal(
            tx, rule_on_dispute.case(tx, LIVE, SAM, number), Checked(phrase, objections=(), also=(), tried=1)
        )
        rule_on_dispute.accept(tx, LIVE, SAM, number, phrase, now=NOON)
        reports.add(tx, chat_id=TUTOR, item="term.baseline", note="too long", now=NOON)
        broadcasts.add_draft(tx, tutor_id=TUTOR, cohort_ids=[1], body="Read the stem twice.", now=NOON)
        copy = export_learner.export(tx, LIVE, TUTOR).decode()
        kept = json.loads(copy)
        assert [each["note"] for each in kept["mistakes_you_reported"]] == ["too long"]
        assert [each["kind"] for each in kept["additions_you_made"]] == ["accepted_phrase"]
        assert [each["tip"] for each in kept["tips_you_wrote"]] == ["Read the stem twice."]
        assert DISPUTED_QUOTE not in copy

    await store.write(work)
