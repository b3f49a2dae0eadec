"""The verb ladder: one case asked three times, each time one step deeper."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.schema import Question, Verb

RUNGS: tuple[Verb, ...] = ("explain", "analyse", "evaluate")


def step_up(question: Question, bank: Iterable[Question]) -> Question | None:
    """Return the question about the same case that asks for the next step, or None at the top or off the ladder."""
    if question.case is None or question.scheme is None or question.verb not in RUNGS[:-1]:
        return None
    above = RUNGS[RUNGS.index(question.verb) + 1]
    return next(
        (each for each in bank if each.case == question.case and each.scheme and each.verb == above and each.confirmed),
        None,
    )
