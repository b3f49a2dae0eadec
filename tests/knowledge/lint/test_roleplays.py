"""One slip in a role-play gives one problem that says where and what."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.lint import lint
from knowledge.loader import load
from knowledge.roleplays import LABELS, LETTERS
from knowledge.schema import Course, RolePlay

MOODS = ((0, 2, -2), (-2, 0, 2), (2, -2, 0), (0, -2, 2), (-2, 2, 0))


def a_play(name: str = "rp.queue") -> dict[str, object]:
    """A role-play with nothing wrong in it, as YAML holds it."""
    turns = [
        {
            "letter": letter,
            **({"line": "And now?"} if place else {}),
            "choices": [
                {"text": f"I would say this {mark}.", "reply": "So.", "coach": f"{LABELS[letter]}: so.", "mood": mark}
                for mark in MOODS[place]
            ],
        }
        for place, letter in enumerate(LETTERS)
    ]
    return {
        "id": name,
        "title": "The queue",
        "persona": "Ana waits.",
        "channel": "a till",
        "opening": "Well?",
        "mood": 5,
        "depth": 1,
        "day": 1,
        "turns": turns,
        "endings": {"recovered": "Good.", "neutral": "So so.", "escalated": "Bad."},
        "what_if": "What if?",
        "what_if_lines": ["One.", "Two."],
        "terms": ["term.pdca"],
        "seeds": ["ci.concept.loop"],
        "origin": "added",
    }


def said(folder: Path, *plays: dict[str, object]) -> list[str]:
    """What the lint says about these role-plays."""
    (folder / "roleplays").mkdir()
    (folder / "roleplays" / "all.yaml").write_text(yaml.safe_dump([*plays], sort_keys=False), encoding="utf-8")
    loaded = load(folder)
    assert loaded.problems == ()
    return [str(problem) for problem in lint(loaded.course, loaded.files)]


def turn(play: dict[str, object], place: int) -> dict[str, object]:
    turns = play["turns"]
    assert isinstance(turns, list)
    found: dict[str, object] = turns[place]
    return found


def choice(play: dict[str, object], place: int, option: int) -> dict[str, object]:
    choices = turn(play, place)["choices"]
    assert isinstance(choices, list)
    found: dict[str, object] = choices[option]
    return found


def test_a_role_play_without_a_slip_is_clean(small_folder: Path) -> None:
    assert said(small_folder, a_play()) == []


def test_the_letters_come_in_their_order(small_folder: Path) -> None:
    play = a_play()
    turn(play, 0)["letter"] = "close"
    assert any("rp.queue: turns: the letters must be hear, empathise" in line for line in said(small_folder, play))


def test_each_turn_has_one_choice_of_each_mood(small_folder: Path) -> None:
    play = a_play()
    choice(play, 2, 1)["mood"] = 2
    assert any("turns.2.choices: one choice must be the best (2)" in line for line in said(small_folder, play))


def test_each_coach_note_names_its_letter(small_folder: Path) -> None:
    play = a_play()
    choice(play, 3, 1)["coach"] = "Better say who does it."
    problems = said(small_folder, play)
    assert len(problems) == 1
    assert "turns.3.choices.1.coach: must begin with the letter: Take action:" in problems[0]
    assert problems[0].startswith("roleplays/all.yaml:")


def test_every_turn_but_the_first_says_what_leads_to_it(small_folder: Path) -> None:
    play = a_play()
    turn(play, 0)["line"] = "Hello?"
    del turn(play, 4)["line"]
    problems = said(small_folder, play)
    assert any("turns.0.line: the first turn answers the opening" in line for line in problems)
    assert any("turns.4.line: say what leads to this turn" in line for line in problems)


def test_options_are_of_similar_length(small_folder: Path) -> None:
    play = a_play()
    choice(play, 1, 0)["text"] = "I would say this, and then a great deal more, because I do like to talk."
    assert any("turns.1.choices: the lengths of the options" in line for line in said(small_folder, play))


def test_every_ending_is_there_and_can_be_reached(small_folder: Path) -> None:
    play, calm = a_play(), a_play("rp.calm")
    play["endings"] = {"recovered": "Good.", "escalated": "Bad."}
    for place in range(5):
        for option in range(3):
            choice(calm, place, option)["mood"] = 0
    problems = said(small_folder, play, calm)
    assert any("rp.queue: endings: neutral is missing" in line for line in problems)
    assert any("rp.calm: endings: nothing leads to escalated" in line for line in problems)


@pytest.mark.parametrize(("field", "value"), [("terms", "term.x"), ("seeds", "ci.x")])
def test_what_a_role_play_names_is_there(small_folder: Path, field: str, value: str) -> None:
    problems = said(small_folder, a_play() | {field: [value]})
    assert any(f"rp.queue: {field}.0: there is no {value}" in line for line in problems)


def test_its_day_is_in_the_plan(small_folder: Path) -> None:
    assert any("day: the plan has no day 9" in line for line in said(small_folder, a_play() | {"day": 9}))


@pytest.mark.parametrize(
    ("order", "longer", "problem"),
    [
        ((0, 2, -2), "!", "the best option is the longest in 10 of 10 role-play turns; at most 4"),
        ((2, 0, -2), "", "the best option is the first in 10 of 10 role-play turns; at most 4"),
    ],
)
def test_the_best_option_does_not_give_itself_away(
    small: Course, order: tuple[int, ...], longer: str, problem: str
) -> None:
    plays = [a_play("rp.one"), a_play("rp.two")]
    for play in plays:
        for place in range(5):
            for option, mark in enumerate(order):
                choice(play, place, option).update(mood=mark, text="I would say so" + (longer if mark == 2 else ""))
    given = tuple(map(RolePlay.model_validate, plays))
    assert [each.message for each in lint(small.model_copy(update={"roleplays": given}))] == [problem]
