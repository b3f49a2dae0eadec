"""The ten difficult customers that ship, played through on every path there is."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

import pytest

from knowledge.lint.roleplays import best_is_longest
from knowledge.loader import load_course
from knowledge.roleplays import earned, ending_after
from knowledge.schema import RolePlay

PLAYS = load_course().roleplays
HEDGES = re.compile(r"\b(?:probably|likely|may|might|could|depends?)\b")


def test_there_are_ten_and_the_plan_leads_to_them_in_its_days() -> None:
    assert Counter(play.day for play in PLAYS) == {8: 2, 9: 2, 10: 4, 11: 2}


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
def test_all_243_paths_lead_to_an_ending_and_each_ending_is_reached(play: RolePlay) -> None:
    ends = Counter(ending_after(play, path) for path in product(range(3), repeat=5))
    assert sum(ends.values()) == 243
    assert set(ends) == {"recovered", "neutral", "escalated"}


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
def test_the_best_lines_win_a_customer_back_and_the_poorest_lose_them(play: RolePlay) -> None:
    def always(mark: int) -> list[int]:
        return [next(i for i, choice in enumerate(turn.choices) if earned(choice) == mark) for turn in play.turns]

    assert ending_after(play, always(2)) == "recovered"
    assert ending_after(play, always(1)) == "neutral"
    assert ending_after(play, always(0)) == "escalated"


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
def test_endings_are_likely_and_never_promised(play: RolePlay) -> None:
    for text in play.endings.values():
        assert HEDGES.search(text), text


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.id)
def test_what_names_a_law_says_as_of_when(play: RolePlay) -> None:
    said = play.model_dump_json(exclude={"law"})
    if re.search(r"(?<!-)\b(?:Act|Regulations|ICO|dispute scheme|30 days|14 days)\b", said):
        assert play.law is not None


def test_guessing_by_length_or_place_does_not_pay() -> None:
    turns = [turn for play in PLAYS for turn in play.turns]
    assert sum(map(best_is_longest, turns)) <= 0.4 * len(turns)
    for place in range(3):
        assert sum(turn.choices[place].mood == 2 for turn in turns) <= 0.5 * len(turns)
