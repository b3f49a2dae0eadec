"""Tips: the draft, the audience, quiet hours, pausing, stopping, and counters that add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.application import arrange, broadcast_tip, join_cohort
from bot.application.broadcast_tip import Audience, Progress
from bot.chat.callbacks import encode
from bot.chat.views import tips
from bot.domain.delivery import LEASE, Ambiguous, Letter, Refused, Sent
from bot.domain.errors import Gone, Unreadable
from bot.domain.learner import Status
from bot.domain.plan import quiet_end
from bot.storage import Store, Tx, broadcasts, claims, erasure, learners, open_store, outbox
from bot.storage.broadcasts import Broadcast
from bot.storage.migrate import migrate
from bot.storage.tables import enrolment
from bot.storage.tables import outbox as rows_of
from knowledge.loader import load_course
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
    mark,
    send_all,
    texts,
)

MENU = 5
"""The message whose [Send now] was pressed."""
MESSAGE = tips.message_of("Read the question twice & underline the verb.")


def write_draft(tx: Tx, *, to: int | None = None, now: datetime = NOON) -> int:
    """Write a tip to one class, or to all, and return its id."""
    draft = broadcast_tip.begin(tx, TUTOR, cohort_id=to, now=now)
    return broadcast_tip.write(tx, TUTOR, draft.id, MESSAGE, now=now).id


def send(tx: Tx, *, to: int | None = None, now: datetime = NOON) -> int:
    """Write a tip and press [Send now]."""
    draft = write_draft(tx, to=to, now=now)
    assert isinstance(broadcast_tip.start(tx, TUTOR, draft, message_id=MENU, now=now), Progress)
    return draft


async def tick(store: Store, *, now: datetime, chunk: int = 1000) -> bool:
    """Run the scheduler's step once."""
    return await store.write(
        lambda tx: broadcast_tip.step(tx, now=now, progress=tips.progress, report=tips.report, chunk=chunk)
    )


async def begin(store: Store, *settings: dict[str, Any], chunk: int = 1000) -> int:
    """Send a tip to a class whose learners 1, 2, ... have the given settings; the outbox holds it afterwards."""

    def work(tx: Tx) -> int:
        class_id = make_class(tx)
        for number, each in enumerate(settings, 1):
            make_learner(tx, number, class_id, **each)
        return send(tx)

    key = await store.write(work)
    await tick(store, now=NOON, chunk=chunk)
    return key


async def change(store: Store, act: Callable[..., Progress], key: int, *, now: datetime = NOON) -> Progress:
    """Press a button under the progress."""
    return await store.write(lambda tx: act(tx, TUTOR, key, now=now))


async def read(store: Store, key: int) -> Broadcast:
    """Return a broadcast as it stands."""
    found = await store.read(lambda tx: broadcasts.get(tx, key))
    assert found is not None
    return found


def tips_in(letters: list[Letter]) -> list[int]:
    """Return who gets the tip among letters, without the tutor's progress."""
    return sorted(letter.chat_id for letter in letters if letter.broadcast_id is not None)


def told(letters: list[Letter]) -> list[str]:
    """Return what the tutor's progress message becomes."""
    return texts([letter for letter in letters if letter.chat_id == TUTOR])


async def test_a_tip_reaches_everybody_once_and_the_report_says_who_has_blocked_the_bot(store: Store) -> None:
    key = await begin(store, *[{}] * 50)
    letters = await send_all(store, now=at(0.001), blocked_by={7, 31})
    assert tips_in(letters) == list(range(1, 51))
    await tick(store, now=at(0.002))
    report = told(await send_all(store, now=at(0.002)))
    assert report == ["<b>Sent to 48.</b>\n2 have blocked the bot."]
    ended = await read(store, key)
    assert (ended.total, ended.sent, ended.blocked, ended.settled) == (50, 48, 2, 50)
    assert ended.body is None
    assert not await tick(store, now=at(0.1))
    assert await send_all(store, now=at(0.1)) == []


async def test_the_message_sent_is_the_message_previewed(store: Store) -> None:
    await begin(store, {})
    (letter,) = [each for each in await claim(store, now=NOON) if each.broadcast_id is not None]
    assert dict(letter.payload) == dict(MESSAGE)
    assert "twice &amp; underline" in letter.payload["text"]


async def test_send_now_pressed_twice_sends_once(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, 1, make_class(tx))
        draft = write_draft(tx)
        broadcast_tip.start(tx, TUTOR, draft, message_id=MENU, now=NOON)
        with pytest.raises(Gone, match="draft"):
            broadcast_tip.start(tx, TUTOR, draft, message_id=MENU, now=NOON)

    await store.write(work)
    await tick(store, now=NOON)
    await tick(store, now=at(0.001))
    assert tips_in(await send_all(store, now=at(0.01))) == [1]


async def test_a_button_under_an_older_preview_never_sends_newer_words(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, 1, make_class(tx))
        older = write_draft(tx)
        newer = broadcast_tip.write(tx, TUTOR, older, tips.message_of("Something else"), now=NOON)
        broadcast_tip.discard(tx, TUTOR, newer.id, now=NOON)
        newer = broadcast_tip.draft(tx, TUTOR, write_draft(tx), now=NOON)
        with pytest.raises(Gone, match="draft"):
            broadcast_tip.start(tx, TUTOR, older, message_id=MENU, now=NOON)
        assert isinstance(broadcast_tip.start(tx, TUTOR, newer.id, message_id=MENU, now=NOON), Progress)

    await store.write(work)


async def test_drafts_belong_to_their_tutor_and_are_dropped_when_nobody_comes_back(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, 1, make_class(tx))
        draft = write_draft(tx)
        with pytest.raises(Gone, match="draft"):
            broadcast_tip.draft(tx, OTHER_TUTOR, draft, now=NOON)
        broadcast_tip.to_whom(tx, OTHER_TUTOR, now=NOON + timedelta(days=1))
        assert broadcast_tip.draft(tx, TUTOR, draft, now=NOON).message == MESSAGE
        broadcast_tip.to_whom(tx, OTHER_TUTOR, now=NOON + timedelta(days=3))
        with pytest.raises(Gone, match="draft"):
            broadcast_tip.draft(tx, TUTOR, draft, now=NOON)

    await store.write(work)


async def test_a_draft_sends_nothing_by_itself(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, 1, make_class(tx))
        write_draft(tx)

    await store.write(work)
    assert not await tick(store, now=NOON)
    assert await send_all(store, now=NOON) == []


async def test_the_audience_counts_each_person_once_and_says_who_is_left_out(store: Store) -> None:
    def work(tx: Tx) -> tuple[broadcast_tip.ToWhom, Audience]:
        first, second = make_class(tx, "2A"), make_class(tx, "2B")
        make_learner(tx, 1, first, second)
        make_learner(tx, 2, second, zone="Asia/Hong_Kong", quiet_from=19 * 60)
        make_learner(tx, 3, first, status=Status.PAUSED)
        make_learner(tx, 4, first, status=Status.STOPPED)
        make_learner(tx, 5, first, second, status=Status.BLOCKED)
        make_learner(tx, 6)
        return broadcast_tip.to_whom(tx, TUTOR, now=NOON), broadcast_tip.audience(tx, [first, second], now=NOON)

    choice, audience = await store.write(work)
    assert [size for _, size in choice.classes] == [4, 3]
    assert choice.everybody == 5
    assert audience == Audience(reachable=2, quiet=1, paused=1, stopped=1, blocked=1)


async def test_a_tip_that_would_reach_nobody_keeps_its_draft_and_says_so(store: Store) -> None:
    def work(tx: Tx) -> None:
        make_learner(tx, 1, make_class(tx), status=Status.PAUSED)
        draft = write_draft(tx)
        outcome = broadcast_tip.start(tx, TUTOR, draft, message_id=MENU, now=NOON)
        assert outcome == Audience(reachable=0, quiet=0, paused=1, stopped=0, blocked=0)
        assert broadcast_tip.draft(tx, TUTOR, draft, now=NOON).id == draft

    await store.write(work)
    assert await tick(store, now=NOON) is False


async def test_nobody_gets_a_tip_in_their_quiet_hours_and_everybody_gets_it_after_them(store: Store) -> None:
    night = {"quiet_from": 11 * 60, "quiet_until": 14 * 60 + 30}
    key = await begin(store, {}, night, {"zone": "Asia/Dubai", "quiet_from": 15 * 60, "quiet_until": 17 * 60}, night)
    assert tips_in(await send_all(store, now=at(0.01))) == [1]
    await tick(store, now=at(0.02))
    shown = told(await send_all(store, now=at(0.02)))
    assert shown == ["<b>Sending: 1 of 4</b>\n3 learners are in quiet hours and get it afterwards."]
    assert tips_in(await send_all(store, now=at(0.99))) == []
    assert tips_in(await send_all(store, now=at(1.01))) == [3]
    assert tips_in(await send_all(store, now=at(2.51))) == [2, 4]
    await tick(store, now=at(2.6))
    assert (await read(store, key)).ended_at == at(2.6)


HOURS: tuple[dict[str, Any], ...] = (
    {},
    {"quiet_from": 11 * 60, "quiet_until": 14 * 60},
    {"zone": "Asia/Tokyo"},
    {"zone": "Asia/Tokyo", "quiet_from": 0, "quiet_until": 0},
    {"status": Status.PAUSED},
)


@pytest.mark.parametrize("chunk", [1, 3, 4, 50])
@pytest.mark.parametrize("seed", range(4))
async def test_everybody_is_written_for_once_with_the_end_of_their_own_quiet_hours(
    store: Store, chunk: int, seed: int
) -> None:
    """Whoever comes first in a chunk, whose hours the others have, and however many classes somebody is in."""
    chance = Random(seed)
    people = {chat_id: chance.choice(HOURS) for chat_id in range(1, 13)}

    def work(tx: Tx) -> None:
        make_tutor(tx)
        classes = [make_class(tx, name) for name in ("2B", "2C")]
        for chat_id, hours in people.items():
            make_learner(tx, chat_id, *chance.sample(classes, chance.choice((1, 2))), **hours)
        send(tx, to=classes[0] if seed % 2 else None)

    await store.write(work)
    told = 0
    for _ in range(14):
        told += await store.write(
            lambda tx: sum(broadcasts.materialise(tx, each, now=NOON, chunk=chunk) for each in going(tx))
        )

    def check(tx: Tx) -> None:
        (one,) = broadcasts.live(tx)
        inside = {row.chat_id for row in tx.execute(select(enrolment).where(enrolment.c.cohort_id.in_(one.cohorts)))}
        rows = tx.execute(select(rows_of.c.chat_id, rows_of.c.not_before).where(rows_of.c.broadcast_id.is_not(None)))
        expected = {}
        for chat_id in inside:
            learner = learners.get(tx, chat_id)
            assert learner is not None
            if learner.status is Status.ACTIVE:
                expected[chat_id] = quiet_end(learner, NOON)
        assert sorted(map(tuple, rows)) == sorted(expected.items())
        assert told == len(expected)
        assert one.status == broadcasts.RUNNING

    await store.write(check)


def going(tx: Tx) -> list[Broadcast]:
    """The tips whose audience is not complete."""
    return [each for each in broadcasts.live(tx) if each.status == broadcasts.MATERIALISING]


async def test_a_tip_held_back_until_the_evening_still_respects_quiet_hours(store: Store) -> None:
    key = await begin(store, {}, {"quiet_from": 0, "quiet_until": 0})
    await change(store, broadcast_tip.pause, key)
    await change(store, broadcast_tip.go_on, key, now=at(10))
    await tick(store, now=at(10))
    assert tips_in(await send_all(store, now=at(10.01))) == [2]
    assert tips_in(await send_all(store, now=at(18.9))) == []
    assert tips_in(await send_all(store, now=at(19.01))) == [1]


async def test_pausing_holds_back_everything_that_is_not_out_yet_and_going_on_sends_the_rest_once(store: Store) -> None:
    key = await begin(store, *[{}] * 20)
    first = tips_in(await send_all(store, now=NOON, limit=6))
    assert (await change(store, broadcast_tip.pause, key)).paused
    assert await store.read(lambda tx: claims.has_work(tx, now=at(1))) is False
    assert tips_in(await send_all(store, now=at(1))) == []
    await tick(store, now=at(1))
    assert told(await send_all(store, now=at(1)))[-1] == f"<b>Paused: {len(first)} of 20 sent</b>"
    await change(store, broadcast_tip.go_on, key, now=at(1))
    await tick(store, now=at(1))
    rest = tips_in(await send_all(store, now=at(1)))
    assert sorted(first + rest) == list(range(1, 21))


async def test_a_paused_tip_does_not_hold_back_another(store: Store) -> None:
    key = await begin(store, *[{}] * 5)
    await change(store, broadcast_tip.pause, key)
    await store.write(lambda tx: send(tx))
    await tick(store, now=NOON)
    assert tips_in(await send_all(store, now=at(0.01))) == [1, 2, 3, 4, 5]


async def test_a_stopped_tip_ends_and_the_report_counts_those_who_did_not_get_it(store: Store) -> None:
    key = await begin(store, *[{}] * 20)
    done = tips_in(await send_all(store, now=NOON, limit=6))
    await change(store, broadcast_tip.stop, key)
    assert tips_in(await send_all(store, now=at(0.001))) == []
    await tick(store, now=at(0.001))
    report = told(await send_all(store, now=at(0.002)))[-1]
    left = 20 - len(done)
    assert report == f"<b>Stopped: sent to {len(done)} of 20.</b>\n{left} did not get it, because you stopped it."
    assert (await read(store, key)).settled == 20


async def test_stopping_a_long_tip_counts_those_it_was_never_written_for(store: Store) -> None:
    key = await begin(store, *[{}] * 30, chunk=10)
    await change(store, broadcast_tip.stop, key)
    for second in range(1, 6):
        await tick(store, now=NOON + timedelta(seconds=second), chunk=4)
    ended = await read(store, key)
    assert (ended.total, ended.cancelled, ended.sent) == (30, 30, 0)


async def test_buttons_of_a_tip_that_has_ended_say_so(store: Store) -> None:
    key = await begin(store, {})
    await send_all(store, now=NOON)
    await tick(store, now=NOON)
    for act in (broadcast_tip.pause, broadcast_tip.go_on, broadcast_tip.stop):
        with pytest.raises(Gone, match="broadcast"):
            await change(store, act, key)


async def test_a_long_audience_is_written_chunk_by_chunk_as_it_is_sent(store: Store) -> None:
    key = await begin(store, *[{}] * 25, chunk=10)
    waiting = [await store.read(lambda tx: outbox.pending(tx))]
    for second in range(1, 4):
        await tick(store, now=NOON + timedelta(seconds=second), chunk=10)
        waiting.append(await store.read(lambda tx: outbox.pending(tx)))
    assert max(waiting) <= 11
    seen: list[int] = []
    for second in range(10, 30):
        seen += tips_in(await send_all(store, now=NOON + timedelta(seconds=second)))
        await tick(store, now=NOON + timedelta(seconds=second), chunk=10)
    assert sorted(seen) == list(range(1, 26))
    assert (await read(store, key)).ended_at is not None


async def test_the_progress_message_is_edited_at_most_every_two_seconds_and_only_with_news(store: Store) -> None:
    await begin(store, *[{}] * 30)
    shown = []
    for tenth in range(1, 60):
        now = NOON + timedelta(seconds=tenth / 10)
        shown += [(tenth, text) for text in told(await send_all(store, now=now, limit=1))]
        await tick(store, now=now)
    assert shown
    assert all(later - earlier >= 20 for (earlier, _), (later, _) in pairwise(shown[:-1]))
    assert len({text for _, text in shown}) == len(shown)


async def test_whoever_pauses_leaves_or_stops_meanwhile_is_left_out_and_counted(store: Store) -> None:
    key = await begin(store, *[{}] * 6)

    def work(tx: Tx) -> None:
        change_learner(tx, 2, status=Status.PAUSED)
        (cohort,) = join_cohort.classes_of(tx, 3)
        join_cohort.leave(tx, 3, cohort.id)
        arrange.stop(tx, 4, now=NOON)
        erasure.erase(tx, 5, now=NOON)

    await store.write(work)
    assert tips_in(await send_all(store, now=at(0.01))) == [1, 6]
    await tick(store, now=at(0.01))
    ended = await read(store, key)
    assert (ended.total, ended.sent, ended.cancelled) == (6, 2, 4)


async def test_refused_and_ambiguous_messages_are_told_apart(store: Store) -> None:
    key = await begin(store, *[{}] * 4)
    letters = {letter.chat_id: letter for letter in await claim(store, now=NOON) if letter.broadcast_id is not None}
    await mark(store, letters[1], Sent(1), now=NOON)
    await mark(store, letters[2], Refused("too long"), now=NOON)
    await mark(store, letters[3], Ambiguous("time-out"), now=NOON)
    (again,) = [each for each in await claim(store, now=at(0.01)) if each.broadcast_id is not None]
    await mark(store, again, Ambiguous("time-out"), now=at(0.01))
    await claim(store, now=at(0.01) + LEASE)
    await claim(store, now=at(0.01) + 2 * LEASE)
    await claim(store, now=at(0.01) + 3 * LEASE)
    await tick(store, now=at(1))
    ended = await read(store, key)
    assert (ended.sent, ended.failed, ended.unknown, ended.cancelled) == (1, 1, 2, 0)


async def test_a_tutor_who_is_erased_leaves_no_draft_and_hears_no_more(store: Store) -> None:
    def work(tx: Tx) -> int:
        make_learner(tx, 1, make_class(tx))
        write_draft(tx)
        return send(tx)

    key = await store.write(work)
    await store.write(lambda tx: erasure.erase(tx, TUTOR, now=NOON))
    await tick(store, now=NOON)
    await tick(store, now=at(0.01))
    assert TUTOR not in [letter.chat_id for letter in await send_all(store, now=at(0.02))]
    assert (await read(store, key)).ended_at is not None


def test_every_ready_tip_of_the_course_fits_its_button() -> None:
    for tip in load_course().tips:
        assert encode("tip", "use", 10**9, tip.id)


@given(st.text(max_size=1100))
def test_a_tip_has_one_to_a_thousand_characters_or_is_unreadable(text: str) -> None:
    if 1 <= len(text.strip()) <= 1000:
        assert broadcast_tip.read_tip(text) == text.strip()
    else:
        with pytest.raises(Unreadable, match="tip"):
            broadcast_tip.read_tip(text)


@lru_cache
def empty_database() -> bytes:
    """Return the file of an SQLite database with the newest schema."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        migrate(f"sqlite:///{path}")
        return path.read_bytes()


ACTS = st.lists(st.sampled_from(["tick", "send", "pause", "go", "stop", "hour"]), max_size=25)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, people=st.integers(1, 12), blocked=st.sets(st.integers(1, 12)))
async def test_whatever_happens_nobody_gets_it_twice_and_the_counters_add_up(
    tmp_path_factory: pytest.TempPathFactory, acts: list[str], people: int, blocked: set[int]
) -> None:
    path = tmp_path_factory.mktemp("tips") / "bot.sqlite3"
    path.write_bytes(empty_database())
    store = open_store(f"sqlite:///{path}")
    try:
        key = await begin(store, *[{}] * people, chunk=5)
        now, got = NOON, []
        for act in [*acts, "go", *["tick", "send"] * (people + 3), "tick"]:
            now += timedelta(hours=1) if act == "hour" else timedelta(seconds=3)
            if act == "tick":
                await tick(store, now=now, chunk=5)
            elif act == "send":
                got += tips_in(await send_all(store, now=now, blocked_by=blocked, limit=4))
            elif act != "hour" and (await read(store, key)).ended_at is None:
                press = {"pause": broadcast_tip.pause, "go": broadcast_tip.go_on, "stop": broadcast_tip.stop}[act]
                await change(store, press, key, now=now)
        value = await read(store, key)
        assert len(got) == len(set(got))
        assert value.settled <= value.total
        if value.ended_at is not None:
            assert value.settled == value.total == people
            assert value.sent == len(set(got) - blocked)
    finally:
        await store.close()
