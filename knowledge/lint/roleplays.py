"""The role-plays: the order of the letters, fair options, and an ending of each kind that can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from knowledge.loader import Files, Problem
from knowledge.roleplays import LABELS, LETTERS, ending_after
from knowledge.schema import Course, RolePlay, RolePlayTurn

MOODS = [-2, 0, 2]
LONGEST_BY = 1.3
"""How many times as long as the shortest option of a turn the longest may be."""
BEST_IS_LONGEST = 0.4
BEST_IS_FIRST = 0.4
"""Shares of the turns whose best option may be the longest, or stand first; chance alone gives a third."""
TURNS_FOR_A_SHARE = 10


def roleplays(course: Course, files: Files) -> Iterator[Problem]:
    """What a learner could not play, or could guess without reading."""
    for play in course.roleplays:
        if [turn.letter for turn in play.turns] != [*LETTERS]:
            yield files.problem("roleplays", play.id, f"turns: the letters must be {', '.join(LETTERS)}", "turns")
            continue
        for place, turn in enumerate(play.turns):
            for message, *path in _slips(turn, first=place == 0):
                where = ".".join(map(str, ("turns", place, *path)))
                yield files.problem("roleplays", play.id, f"{where}: {message}", "turns", place, *path)
        yield from _endings(play, files)
    yield from _shares([turn for play in course.roleplays for turn in play.turns])


def _slips(turn: RolePlayTurn, *, first: bool) -> Iterator[tuple[str, *tuple[str | int, ...]]]:
    """What is wrong with one turn, and the path inside it."""
    if first == bool(turn.line):
        yield "the first turn answers the opening" if first else "say what leads to this turn", "line"
    if sorted(choice.mood for choice in turn.choices) != MOODS:
        yield "one choice must be the best (2), one fair (0), one poor (-2)", "choices"
    for place, choice in enumerate(turn.choices):
        if not choice.coach.startswith(f"{LABELS[turn.letter]}: "):
            yield f"must begin with the letter: {LABELS[turn.letter]}:", "choices", place, "coach"
    lengths = [len(choice.text) for choice in turn.choices]
    if max(lengths) > LONGEST_BY * min(lengths):
        yield f"the lengths of the options give something away: {lengths}", "choices"


def _endings(play: RolePlay, files: Files) -> Iterator[Problem]:
    reached = {ending_after(play, path) for path in product(range(3), repeat=len(play.turns))}
    for ending in ("recovered", "neutral", "escalated"):
        if ending not in play.endings:
            yield files.problem("roleplays", play.id, f"endings: {ending} is missing", "endings")
        elif ending not in reached:
            yield files.problem("roleplays", play.id, f"endings: nothing leads to {ending}", "endings", ending)


def _shares(turns: list[RolePlayTurn]) -> Iterator[Problem]:
    if len(turns) < TURNS_FOR_A_SHARE:
        return
    for what, count, share in (
        ("the longest", sum(map(best_is_longest, turns)), BEST_IS_LONGEST),
        ("the first", sum(turn.choices[0].mood == max(MOODS) for turn in turns), BEST_IS_FIRST),
    ):
        if count > share * len(turns):
            limit = int(share * len(turns))
            message = f"the best option is {what} in {count} of {len(turns)} role-play turns; at most {limit}"
            yield Problem("", 0, "", message)


def best_is_longest(turn: RolePlayTurn) -> bool:
    """Whether somebody who always takes the longest option would say the best thing."""
    best = max(turn.choices, key=lambda choice: choice.mood)
    return all(len(best.text) > len(other.text) for other in turn.choices if other is not best)
