"""The morning's prompts: many learners are prompted as each would be alone, each when their message's turn comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select

from bot.application import practise, prompt_learners
from bot.application.live_course import LiveCourse
from bot.application.prompt_learners import DailyPrompt, RenderPrompt
from bot.domain.delivery import Letter, Outgoing, State
from bot.domain.learner import Learner, Status
from bot.domain.plan import take_due
from bot.domain.practice import EVERYTHING, LOOKS_BACK, Review
from bot.storage import Store, Tx, attempts, claims, cohorts, conversations, learners, lookups, outbox, plays, tables
from bot.storage.attempts import ANSWERED, OPEN, WAITING
from knowledge.loader import load_course
from knowledge.schema import Question

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ZONES = ("Europe/London", "Pacific/Auckland", "America/New_York")
PEOPLE = range(1, 10)


@pytest.fixture(scope="module")
def live() -> LiveCourse:
    return LiveCourse(load_course(), revision=0)


def the_last(questions: Sequence[Question]) -> Question:
    return questions[-1]


def plain(prompt: DailyPrompt) -> Outgoing:
    """A prompt that says what it is about."""
    text = f"{prompt.day} {prompt.asked.question.id} {prompt.asked.attempt_id} {'waits' if prompt.waits else 'now'}"
    return Outgoing(prompt.learner.chat_id, "sendMessage", {"text": text})


def meet(tx: Tx, live: LiveCourse, chat_id: int) -> None:
    """Let somebody come who is due now; the higher the number, the more lies behind them."""
    zone = ZONES[chat_id % len(ZONES)]
    minutes = {"Europe/London": 720, "Pacific/Auckland": 60, "America/New_York": 420}[zone]
    learner = Learner(
        chat_id=chat_id,
        zone=zone,
        status=Status.ACTIVE,
        prompt_at=minutes,
        quiet_from=0,
        quiet_until=0,
        plan_start=date(2026, 11, 20 + chat_id % 3),
        plan_run=1,
        next_due=NOON - timedelta(minutes=chat_id),
    )
    learners.add(tx, learner, now=NOON)
    learners.save(tx, learner)
    for number in range(4 * (chat_id - 1)):
        question = live.course.questions[7 * number % 200 + chat_id]
        at = NOON - timedelta(hours=2 * number + 1)
        put = attempts.add(tx, chat_id=chat_id, question_id=question.id, source="practise", plan_day=1, now=at)
        attempts.change(tx, put, only_from=[WAITING], state=ANSWERED, answered_at=at)
        due_on = date(2026, 11, 21 + number % 7)
        attempts.save_review(tx, chat_id, Review(question.id, 1, due_on, at, 1, 2))
        lookups.record(tx, chat_id, live.course.terms[number].id, now=at)


async def due(store: Store, *, limit: int = 50, classes_only: bool = False) -> tuple[int, int]:
    """Write the prompts that are due at noon."""
    return await store.write(
        lambda tx: prompt_learners.prompt_due(tx, now=NOON, limit=limit, classes_only=classes_only)
    )


async def composed(store: Store, live: LiveCourse, *, render: RenderPrompt = plain) -> list[Letter]:
    """Claim what waits and compose the prompts among it."""

    def work(tx: Tx) -> list[Letter]:
        claimed = claims.claim(tx, worker="me", now=NOON, limit=50, rate=50, burst=50, reserve=0, owed=0)
        return list(prompt_learners.compose(tx, live, claimed.letters, now=NOON, choose=the_last, render=render))

    return await store.write(work)


async def prompted(store: Store, live: LiveCourse) -> tuple[int, int]:
    """Write the prompts that are due at noon, and compose them."""
    counts = await due(store)
    await composed(store, live)
    return counts


def states(tx: Tx) -> dict[int, State]:
    """How each chat's message stands."""
    rows = tx.execute(select(tables.outbox.c.chat_id, tables.outbox.c.state))
    return {row.chat_id: State(row.state) for row in rows}


def written(tx: Tx) -> dict[int, str]:
    """What was written to each chat."""
    rows = tx.execute(select(tables.outbox.c.chat_id, tables.outbox.c.payload))
    return {row.chat_id: row.payload["text"] for row in rows}


async def test_everybody_is_asked_what_they_would_be_asked_alone(store: Store, live: LiveCourse) -> None:
    def alone(tx: Tx) -> dict[int, str]:
        for chat_id in PEOPLE:
            meet(tx, live, chat_id)
        found = {}
        for chat_id in PEOPLE:
            learner = take_due(practise.learner_of(tx, chat_id), now=NOON).learner
            question = practise.choose_next(tx, live, learner, scope=EVERYTHING, choose=the_last, now=NOON)
            assert question is not None
            found[chat_id] = question.id
        return found

    expected = await store.write(alone)
    assert await prompted(store, live) == (len(PEOPLE), len(PEOPLE))
    texts = await store.read(written)
    assert {chat_id: text.split()[1] for chat_id, text in texts.items()} == expected
    assert len(set(expected.values())) > 2
    for chat_id in PEOPLE:
        attempt = await store.read(lambda tx, c=chat_id: attempts.get(tx, int(written(tx)[c].split()[2])))
        assert attempt is not None
        assert (attempt.chat_id, attempt.question_id) == (chat_id, expected[chat_id])
        assert (attempt.source, attempt.state) == ("prompt", WAITING)


async def test_all_that_a_prompt_changes_of_a_learner_is_written(store: Store, live: LiveCourse) -> None:
    def moved(tx: Tx) -> list[Learner]:
        for chat_id in PEOPLE:
            meet(tx, live, chat_id)
        return [take_due(practise.learner_of(tx, chat_id), now=NOON).learner for chat_id in PEOPLE]

    expected = await store.write(moved)
    await prompted(store, live)
    assert await store.write(lambda tx: [practise.learner_of(tx, chat_id) for chat_id in PEOPLE]) == expected


async def test_a_second_round_prompts_nobody_again(store: Store, live: LiveCourse) -> None:
    await store.write(lambda tx: [meet(tx, live, chat_id) for chat_id in PEOPLE])
    assert await due(store, limit=4) == (4, 4)
    assert await due(store) == (5, 5)
    assert await due(store) == (0, 0)

    def set_back(tx: Tx) -> None:
        learner = practise.learner_of(tx, 1)
        learners.save(tx, replace(learner, next_due=NOON, last_prompt_on=None))

    await store.write(set_back)
    assert await due(store) == (1, 0)
    assert len(await composed(store, live)) == len(PEOPLE)


async def test_only_people_in_a_class_are_prompted_where_that_is_asked_for(store: Store, live: LiveCourse) -> None:
    def work(tx: Tx) -> None:
        for chat_id in PEOPLE:
            meet(tx, live, chat_id)
        kept, closed = (cohorts.add(tx, tutor_id=700, name=name, code=name, now=NOON) for name in ("2B", "2C"))
        cohorts.enrol(tx, cohort_id=kept, chat_id=3, name="Ben", now=NOON)
        cohorts.enrol(tx, cohort_id=closed, chat_id=4, name="Mia", now=NOON)
        cohorts.close(tx, closed, now=NOON)

    await store.write(work)
    assert await due(store, classes_only=True) == (len(PEOPLE), 1)
    assert [letter.chat_id for letter in await composed(store, live)] == [3]
    assert await store.read(lambda tx: learners.count_due(tx, now=NOON)) == 0


async def test_a_prompt_waits_only_for_those_in_the_middle_of_something(store: Store, live: LiveCourse) -> None:
    just_now, long_ago = NOON - timedelta(minutes=5), NOON - timedelta(hours=2)

    def work(tx: Tx) -> None:
        for chat_id in PEOPLE:
            meet(tx, live, chat_id)
        for chat_id, opened in ((1, just_now), (2, long_ago)):
            put = attempts.add(tx, chat_id=chat_id, question_id="q", source="practise", plan_day=1, now=opened)
            attempts.change(tx, put, only_from=[WAITING], state=OPEN, opened_at=opened)
            conversations.open_attempt(tx, chat_id, put)
        for chat_id, moved, step in ((3, just_now, "play:1"), (4, long_ago, "play:1"), (5, just_now, "zone")):
            plays.add(tx, chat_id=chat_id, roleplay_id="play", seed=1, now=moved)
            conversations.enter(tx, chat_id, step)
        for chat_id in PEOPLE:
            assert practise.has_fresh_question(tx, chat_id, now=NOON) == (chat_id in {1, 3})

    await store.write(work)
    await prompted(store, live)
    texts = await store.read(written)
    assert {chat_id for chat_id, text in texts.items() if text.endswith("waits")} == {1, 3}


async def test_the_question_fits_what_was_done_while_the_prompt_waited(store: Store, live: LiveCourse) -> None:
    await store.write(lambda tx: meet(tx, live, 1))
    await due(store)

    def answer(tx: Tx) -> str:
        learner = practise.learner_of(tx, 1)
        first = practise.choose_next(tx, live, learner, scope=EVERYTHING, choose=the_last, now=NOON)
        assert first is not None
        put = attempts.add(tx, chat_id=1, question_id=first.id, source="practise", plan_day=1, now=NOON)
        attempts.change(tx, put, only_from=[WAITING], state=ANSWERED, answered_at=NOON)
        attempts.save_review(tx, 1, Review(first.id, 1, date(2026, 11, 25), NOON, 1, 2))
        return first.id

    answered = await store.write(answer)
    (letter,) = await composed(store, live)
    assert letter.method == "sendMessage"
    assert letter.payload["text"].split()[1] != answered
    assert await store.read(written) == {1: letter.payload["text"]}


async def test_nobody_is_prompted_who_has_stopped_or_is_gone_meanwhile(store: Store, live: LiveCourse) -> None:
    await store.write(lambda tx: [meet(tx, live, chat_id) for chat_id in (1, 2, 3, 4)])
    await due(store)

    def leave(tx: Tx) -> None:
        learners.save(tx, replace(practise.learner_of(tx, 1), status=Status.STOPPED))
        learners.save(tx, replace(practise.learner_of(tx, 2), status=Status.PAUSED))
        tx.execute(delete(tables.learner).where(tables.learner.c.chat_id == 3))

    await store.write(leave)
    assert [letter.chat_id for letter in await composed(store, live)] == [4]
    gone = dict.fromkeys((1, 2, 3), State.CANCELLED)
    assert await store.read(states) == {**gone, 4: State.LEASED}
    put = await store.read(lambda tx: [source for chat_id in gone for _, source in attempts.last_put(tx, chat_id, 9)])
    assert "prompt" not in put


async def test_a_course_without_questions_prompts_nobody(store: Store, live: LiveCourse) -> None:
    await store.write(lambda tx: meet(tx, live, 1))
    await due(store)
    empty = LiveCourse(live.course.model_copy(update={"questions": ()}), revision=0)
    assert await composed(store, empty) == []
    assert await store.read(states) == {1: State.CANCELLED}


async def test_a_prompt_that_cannot_be_composed_holds_up_no_other(
    store: Store, live: LiveCourse, caplog: pytest.LogCaptureFixture
) -> None:
    def fails_for_the_second(prompt: DailyPrompt) -> Outgoing:
        if prompt.learner.chat_id == 2:
            raise KeyError("topic")
        return plain(prompt)

    await store.write(lambda tx: [meet(tx, live, chat_id) for chat_id in (1, 2, 3)])
    await due(store)
    assert {letter.chat_id for letter in await composed(store, live, render=fails_for_the_second)} == {1, 3}
    assert await store.read(states) == {1: State.LEASED, 2: State.DEAD, 3: State.LEASED}
    assert "could not be composed" in caplog.text
    assert await composed(store, live) == []


async def test_a_prompt_is_composed_once_however_often_it_is_sent(store: Store, live: LiveCourse) -> None:
    await store.write(lambda tx: meet(tx, live, 1))
    await due(store)
    (first,) = await composed(store, live)
    put_back = partial(
        outbox.retry_attempt, letter=first, worker="me", not_before=NOON, reason="flood", ambiguous=False
    )
    assert await store.write(put_back)
    (second,) = await composed(store, live)
    assert (second.id, second.payload, second.attempt) == (first.id, first.payload, 2)
    assert len(await store.read(lambda tx: attempts.last_put(tx, 1, 9))) == 1


async def everybody(store: Store, *, rate: float, now: datetime = NOON) -> dict[int, datetime]:
    """Write all prompts that are due as the job does; return when each waiting one may go out."""
    await prompt_learners.prompt_everybody_due(
        store, now=lambda: now, rate=rate, classes_only=False, written=lambda: None
    )

    def look(tx: Tx) -> dict[int, datetime]:
        rows = select(tables.outbox.c.chat_id, tables.outbox.c.not_before).where(tables.outbox.c.state == State.PENDING)
        return {row.chat_id: row.not_before for row in tx.execute(rows)}

    return await store.read(look)


async def test_a_class_is_prompted_at_its_hour_and_thousands_within_the_time_that_they_take(
    store: Store, live: LiveCourse
) -> None:
    await store.write(lambda tx: [meet(tx, live, chat_id) for chat_id in PEOPLE])
    assert set((await everybody(store, rate=len(PEOPLE))).values()) == {NOON}

    def tomorrow(tx: Tx) -> None:
        tx.execute(delete(tables.outbox))
        for chat_id in PEOPLE:
            learner = practise.learner_of(tx, chat_id)
            learners.save(tx, replace(learner, next_due=NOON, last_prompt_on=None))

    orders = []
    for day in range(2):
        began = NOON + timedelta(days=day)
        await store.write(tomorrow)
        due = await everybody(store, rate=0.1, now=began)
        assert all(began <= each <= began + timedelta(seconds=90) for each in due.values())
        assert max(due.values()) - min(due.values()) > timedelta(seconds=30)
        orders.append(sorted(due, key=lambda chat_id: due[chat_id]))
    assert orders[0] != orders[1]


async def test_who_is_due_a_minute_after_thousands_does_not_wait_for_all_of_them(
    store: Store, live: LiveCourse
) -> None:
    await store.write(lambda tx: [meet(tx, live, chat_id) for chat_id in PEOPLE if chat_id != 9])
    late = await everybody(store, rate=0.01)
    after = NOON + timedelta(minutes=1)
    await store.write(lambda tx: meet(tx, live, 9))
    both = await everybody(store, rate=1, now=after)
    assert both[9] == after
    assert sum(moment > both[9] for moment in late.values()) >= 5


async def test_what_is_read_for_many_is_what_is_read_for_one(store: Store, live: LiveCourse) -> None:
    def work(tx: Tx) -> None:
        for chat_id in PEOPLE:
            meet(tx, live, chat_id)
        last, met = attempts.last_put_of(tx, PEOPLE, LOOKS_BACK), attempts.met_by(tx, PEOPLE)
        terms = lookups.of_learners(tx, PEOPLE)
        for chat_id in PEOPLE:
            assert last[chat_id] == [each for each, _ in attempts.last_put(tx, chat_id, LOOKS_BACK)]
            standing = attempts.standing(tx, chat_id)
            assert met[chat_id] == {each: (one.due_on, one.seen_at) for each, one in standing.items()}
            assert terms[chat_id] == set(lookups.of_learner(tx, chat_id))
        since = {chat_id: NOON - timedelta(hours=chat_id) for chat_id in PEOPLE}
        for chat_id, answered in attempts.answered_since(tx, since).items():
            mine = [each for each in attempts.of_learner(tx, chat_id) if each.answered_at is not None]
            assert answered == [each.question_id for each in mine if each.answered_at >= since[chat_id]]

    await store.write(work)


async def test_of_many_messages_those_that_are_new_are_counted(store: Store) -> None:
    def message(number: int) -> Outgoing:
        return Outgoing(number, "sendMessage", {"text": "Hello"}, dedupe_key=f"hello:{number}")

    def work(tx: Tx) -> None:
        assert outbox.enqueue_many(tx, [], now=NOON) == 0
        assert outbox.enqueue_many(tx, [message(1), message(2)], now=NOON) == 2
        assert outbox.enqueue_many(tx, [message(number) for number in range(5)], now=NOON) == 3
        assert outbox.pending(tx) == 5

    await store.write(work)
