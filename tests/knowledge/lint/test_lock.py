from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.lint.lock import (
    Lock,
    LockUnreadable,
    changed_ideas,
    check_lock,
    lock_of,
    read_lock,
    updated,
    write_lock,
)
from knowledge.schema import Course


@pytest.fixture
def locked(small: Course) -> Lock:
    return updated(small, None)


def without_tips(course: Course) -> Course:
    return course.model_copy(update={"tips": ()})


def messages(course: Course, lock: Lock | None) -> list[str]:
    return [f"{problem.id}: {problem.message}" for problem in check_lock(course, lock)]


def test_a_fresh_record_has_nothing_to_say(small: Course, locked: Lock) -> None:
    assert messages(small, locked) == []
    assert changed_ideas(small, locked) == []


def test_a_course_without_a_record_is_told_how_to_get_one(small: Course) -> None:
    assert messages(small, None) == [": there is no record of published ids; lint --update-lock writes it"]


def test_a_marking_point_is_on_record_too(locked: Lock) -> None:
    assert locked.ids["q.ci.why-loop/ongoing"].kind == "points"


def test_the_record_survives_the_file(small: Course, locked: Lock, tmp_path: Path) -> None:
    lock = Lock(locked.ids, {"q.ci.old": {"now": "q.ci.why-loop", "because": 'said "twice": joined'}})
    write_lock(tmp_path / "ids.lock", lock)
    assert read_lock(tmp_path / "ids.lock") == lock
    write_lock(tmp_path / "ids.lock", Lock())
    assert read_lock(tmp_path / "ids.lock") == Lock()


def test_an_id_must_not_vanish(small: Course, locked: Lock) -> None:
    [message] = messages(without_tips(small), locked)
    assert message.startswith("tip.ci.name-it: has vanished (tips: Name your model)")


def test_a_vanished_id_stays_on_record_when_the_record_is_updated(small: Course, locked: Lock) -> None:
    assert "tip.ci.name-it" in updated(without_tips(small), locked).ids


def test_an_id_may_go_when_the_record_says_why(small: Course, locked: Lock) -> None:
    lock = Lock(locked.ids, {"tip.ci.name-it": {"because": "it was wrong"}})
    assert messages(without_tips(small), lock) == []
    assert "tip.ci.name-it" not in updated(without_tips(small), lock).ids
    assert messages(without_tips(small), updated(without_tips(small), lock)) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"now": "term.pdca"}, "renamed: say why"),
        ({"now": "tip.ci.gone", "because": "joined"}, "renamed: there is no tip.ci.gone"),
    ],
)
def test_a_renaming_must_make_sense(small: Course, locked: Lock, entry: dict[str, str], said: str) -> None:
    lock = Lock(locked.ids, {"tip.ci.name-it": entry})
    assert any(said in message for message in messages(without_tips(small), lock))


def test_a_renamed_id_is_never_used_again(small: Course, locked: Lock) -> None:
    lock = Lock(locked.ids, {"tip.ci.name-it": {"because": "it was wrong"}})
    assert messages(small, lock) == ["tip.ci.name-it: is renamed and used again; take a new id"]


def test_an_id_must_not_change_its_kind(small: Course, locked: Lock) -> None:
    term = small.terms[0].model_copy(update={"id": "tip.ci.name-it"})
    swapped = small.model_copy(update={"tips": (), "terms": (*small.terms, term)})
    assert messages(swapped, locked) == ["tip.ci.name-it: was one of tips and is now one of terms; use a new id"]
    assert updated(swapped, locked).ids["tip.ci.name-it"].kind == "tips"


def test_new_ids_are_named_until_they_are_on_record(small: Course, locked: Lock) -> None:
    added = small.model_copy(update={"tips": (*small.tips, small.tips[0].model_copy(update={"id": "tip.ci.new"}))})
    assert messages(added, locked) == [": 1 ids are not on record yet (tip.ci.new); lint --update-lock adds them"]
    assert messages(added, updated(added, locked)) == []


def test_a_new_wording_is_noticed_and_allowed(small: Course, locked: Lock) -> None:
    reworded = small.tips[0].model_copy(update={"text": "Another thing altogether."})
    course = small.model_copy(update={"tips": (reworded,)})
    assert messages(course, locked) == []
    assert changed_ideas(course, locked) == ["tip.ci.name-it"]


def test_white_space_is_no_new_wording(small: Course, locked: Lock) -> None:
    spaced = small.tips[0].model_copy(update={"text": small.tips[0].text.replace(" ", "\n")})
    assert lock_of(small.model_copy(update={"tips": (spaced,)})) == locked.ids


@pytest.mark.parametrize("content", ["ids: [", "- a", "ids: {a: b}", "ids: {a: [1]}", "renamed: {a: b}"])
def test_a_damaged_record_is_reported(tmp_path: Path, content: str) -> None:
    (tmp_path / "ids.lock").write_text(content)
    with pytest.raises(LockUnreadable):
        read_lock(tmp_path / "ids.lock")
