"""Laws of role-plays: orders, patience, endings, what is looked back on, who comes next."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roleplay import Scene, best_line, next_customer, order, rewrite
from knowledge.roleplays import LETTERS, earned
from knowledge.schema import Choice, Letter, RolePlay, RolePlayTurn

MOODS = (2, 0, -2)


def a_turn(letter: Letter, moods: tuple[int, ...]) -> RolePlayTurn:
    """A turn whose options have these moods."""
    choices = [{"text": f"{letter} {mood}", "reply": "r", "coach": "c", "mood": mood} for mood in moods]
    return RolePlayTurn.model_validate({"letter": letter, "line": "l", "choices": choices})


def a_play(mood: int = 5, *, name: str = "rp.one", day: int = 8, depth: int = 1, moods: object = None) -> RolePlay:
    """A role-play that begins at a mood; ``moods`` are those of the options of each turn."""
    each = moods if isinstance(moods, list) else [MOODS] * len(LETTERS)
    return RolePlay.model_validate(
        {
            "id": name,
            "title": "t",
            "persona": "p",
            "channel": "c",
            "opening": "o",
            "mood": mood,
            "depth": depth,
            "day": day,
            "turns": [a_turn(letter, each[place]).model_dump() for place, letter in enumerate(LETTERS)],
            "endings": {"recovered": "r", "neutral": "n", "escalated": "e"},
            "what_if": "w",
            "what_if_lines": ["a", "b"],
            "terms": ["term.heat"],
            "seeds": [],
            "origin": "added",
        }
    )


plays = st.builds(
    a_play,
    st.integers(0, 10),
    moods=st.lists(st.permutations(MOODS).map(tuple), min_size=len(LETTERS), max_size=len(LETTERS)),
)
seeds = st.integers(0, 2**31 - 1)
presses = st.lists(st.integers(0, 2), max_size=len(LETTERS))
all_presses = st.lists(st.integers(0, 2), min_size=len(LETTERS), max_size=len(LETTERS))


def played(play: RolePlay, seed: int, shown: list[int]) -> Scene:
    scene = Scene(play, seed)
    for place in shown:
        scene = scene.say(place)
    return scene


@given(seeds, st.integers(0, 4))
def test_an_order_shows_every_option_once_and_never_changes(seed: int, turn: int) -> None:
    assert sorted(order(seed, turn)) == [0, 1, 2]
    assert order(seed, turn) == order(seed, turn)


def test_orders_are_the_same_in_every_version() -> None:
    assert [order(7, turn) for turn in range(5)] == [(2, 1, 0), (2, 1, 0), (0, 1, 2), (1, 2, 0), (0, 2, 1)]


def test_every_option_stands_everywhere_about_as_often() -> None:
    first = Counter(order(seed, turn)[0] for seed in range(600) for turn in range(5))
    assert all(900 < times < 1100 for times in first.values())


@given(plays, seeds, presses)
def test_what_is_pressed_is_what_was_shown(play: RolePlay, seed: int, shown: list[int]) -> None:
    scene = Scene(play, seed)
    for place in shown:
        expected = scene.options[place]
        scene = scene.say(place)
        assert scene.said[-1] is expected
    assert scene.turn == len(shown)


@given(plays, seeds, presses)
def test_patience_stays_within_its_bounds_and_moves_by_two_at_most(play: RolePlay, seed: int, shown: list[int]) -> None:
    scene = Scene(play, seed)
    for place in shown:
        after = scene.say(place)
        assert 0 <= after.mood <= 10
        assert abs(after.mood - scene.mood) <= 2
        scene = after


@given(plays, seeds, all_presses)
def test_the_ending_follows_from_patience_and_from_what_was_done(play: RolePlay, seed: int, shown: list[int]) -> None:
    scene = played(play, seed, shown)
    assert scene.over
    if scene.mood <= 1:
        assert scene.ending == "escalated"
    elif scene.mood >= 7 and scene.letters["take-action"] > 0:
        assert scene.ending == "recovered"
    else:
        assert scene.ending == "neutral"


@given(plays, seeds, st.lists(st.integers(0, 2), max_size=4))
def test_nothing_has_ended_before_the_last_turn(play: RolePlay, seed: int, shown: list[int]) -> None:
    scene = played(play, seed, shown)
    assert scene.ending is None
    assert not scene.over


@given(plays, seeds, all_presses, st.integers(0, 4))
def test_a_better_choice_never_ends_worse(play: RolePlay, seed: int, shown: list[int], turn: int) -> None:
    rank = ("escalated", "neutral", "recovered")
    scene = played(play, seed, shown)
    best = max(range(3), key=lambda place: play.turns[turn].choices[place].mood)
    better = Scene(play, seed, (*scene.choices[:turn], best, *scene.choices[turn + 1 :]))
    assert scene.ending is not None
    assert better.ending is not None
    assert rank.index(better.ending) >= rank.index(scene.ending)


@given(plays, seeds, presses)
def test_each_letter_earns_from_none_to_two(play: RolePlay, seed: int, shown: list[int]) -> None:
    letters = played(play, seed, shown).letters
    assert list(letters) == list(LETTERS[: len(shown)])
    assert set(letters.values()) <= {0, 1, 2}


@given(plays, seeds, all_presses)
def test_looking_back_praises_no_weaker_line_and_rewrites_no_stronger_one(
    play: RolePlay, seed: int, shown: list[int]
) -> None:
    scene = played(play, seed, shown)
    marks = [earned(choice) for choice in scene.said]
    best, weakest = best_line(scene), rewrite(scene)
    assert (best is None) == (max(marks) == 0)
    assert best is None or earned(best[1]) == max(marks)
    assert (weakest is None) == (min(marks) == 2)
    if weakest is not None:
        assert earned(weakest.said) == min(marks)
        assert earned(weakest.stronger) == 2
        assert scene.letters[weakest.letter] == min(marks)


def test_of_equal_lines_the_last_is_praised_and_the_first_is_rewritten() -> None:
    scene = Scene(a_play(), 1, (0, 1, 1, 0, 0))
    best, weakest = best_line(scene), rewrite(scene)
    assert best is not None
    assert weakest is not None
    assert (best[0], weakest.letter) == ("close", "empathise")


EASY, TODAY, HARD = a_play(name="rp.easy", day=8), a_play(name="rp.today", day=10), a_play(name="rp.hard", day=9)
ALL = (EASY, HARD, TODAY)


def test_somebody_new_of_today_comes_before_everybody_else() -> None:
    assert next_customer(ALL, {}, days={10}) is TODAY
    assert next_customer(ALL, {"rp.today": 3}, days={10}) is EASY
    assert next_customer(ALL, {}) is EASY


def test_once_all_were_met_the_weakest_comes_again() -> None:
    assert next_customer(ALL, {"rp.easy": 9, "rp.hard": 4, "rp.today": 8}) is HARD


def test_nobody_is_met_twice_in_a_row_unless_there_is_nobody_else() -> None:
    assert next_customer(ALL, {}, not_again="rp.easy") is HARD
    assert next_customer((EASY,), {"rp.easy": 2}, not_again="rp.easy") is EASY
    assert next_customer((), {}) is None


def test_a_choice_earns_by_its_mood() -> None:
    moods = {Choice(text="t", reply="r", coach="c", mood=mood): mark for mood, mark in ((2, 2), (0, 1), (-2, 0))}
    assert all(earned(choice) == mark for choice, mark in moods.items())
