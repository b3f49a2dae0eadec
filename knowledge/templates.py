"""Calculations whose numbers are fresh each time.

A template names its numbers and the values that each may take; stem, model answer and working hold ``{name}`` where a
number goes. A seed chooses the numbers, and the same question and seed give the same numbers for ever, on every
machine: the choice is a hash and no random generator.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from knowledge.arithmetic import ArithmeticProblem, evaluate, holds

if TYPE_CHECKING:
    from knowledge.schema import Question, Template

TRIES = 400
"""How many choices of numbers are looked at for one seed before the template counts as impossible."""

OPENING = 0
"""The seed of the form in which a question stands in the course."""

MOST_DECIMALS = 2

_HAIR = 1e-6
"""What computing with decimals may add or lose."""

_HOLE = re.compile(r"\{(?P<name>[^{}:]*)(?::\.(?P<decimals>\d)f)?\}")
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def instantiate(question: Question, seed: int | str) -> Question:
    """The question with the numbers that *seed* chooses; a question without a template as it is.

    What comes back has no template: it is a plain calculation. Raises ``ValueError`` where the template cannot be
    filled, which the lint finds beforehand.
    """
    if question.template is None:
        return question
    fields = {**dict(question), **filled(question.template, question.id, seed), "template": None}
    return type(question).model_validate(fields)


def filled(template: Template, key: str, seed: int | str) -> dict[str, Any]:
    """``stem``, ``model_answer`` and ``number`` of a question, with the numbers in.

    Raises :class:`knowledge.arithmetic.ArithmeticProblem` where no numbers fit or a text has a hole nothing fills.
    """
    for attempt in range(TRIES):
        numbers = _numbers(template, f"{key}|{seed}|{attempt}")
        if all(holds(condition, numbers) for condition in template.where):
            fields = _fields(template, numbers)
            if _asks_fairly(fields, traps=len(template.traps)):
                return fields
    raise ArithmeticProblem("no choice of numbers meets the conditions, with traps and stem apart from the result")


def _numbers(template: Template, key: str) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, allowed in template.vary.items():
        values = allowed.values if not isinstance(allowed, tuple) else allowed
        digest = hashlib.sha256(f"{key}|{name}".encode()).digest()
        numbers[name] = float(values[int.from_bytes(digest[:8], "big") % len(values)])
    for name, expression in template.derive.items():
        numbers[name] = _rounded(evaluate(expression, numbers), 9)
    return numbers


def _fields(template: Template, numbers: Mapping[str, float]) -> dict[str, Any]:
    value = _rounded(evaluate(template.value, numbers), template.decimals)
    shown = {**numbers, "result": value}
    wrong = [_rounded(evaluate(trap.value, numbers), template.decimals) for trap in template.traps]
    return {
        "stem": fill(template.stem, numbers),
        "model_answer": fill(template.model_answer, shown),
        "number": {
            "value": value,
            "tolerance": template.tolerance,
            "unit": template.unit,
            "unit_required": template.unit_required,
            "working": tuple(fill(step, shown) for step in template.working),
            "traps": {
                _written(other, None).replace(",", ""): trap.why
                for other, trap in zip(wrong, template.traps, strict=True)
            },
        },
    }


def _asks_fairly(fields: Mapping[str, Any], *, traps: int) -> bool:
    """Whether the traps stand apart, none of them counts as right, and no figure of the stem is the answer already."""
    number = fields["number"]
    value, tolerance = number["value"], number["tolerance"]
    wrong = sorted(float(trap) for trap in number["traps"])
    apart = all(higher - lower > tolerance + _HAIR for lower, higher in pairwise(wrong))
    others = (*wrong, *_figures(fields["stem"], value))
    return len(wrong) == traps and apart and all(abs(other - value) > tolerance + _HAIR for other in others)


def _figures(stem: str, value: float) -> Sequence[float]:
    """The figures of a stem, with the sign of *value*: a learner may copy one and put the sign in front."""
    found = [float(figure.replace(",", "")) for figure in _FIGURE.findall(stem)]
    return [-figure for figure in found] if value < 0 else found


def fill(text: str, numbers: Mapping[str, float]) -> str:
    """*text* with each ``{name}`` written out, or ``{name:.1f}`` where a number of decimals is asked for."""
    whole = _HOLE.sub(lambda hole: _filled_hole(hole, numbers), text)
    if "{" in whole or "}" in whole:
        raise ArithmeticProblem(f"a hole is written {{name}} or {{name:.1f}}, not as in: {whole[:80]}")
    return whole


def _filled_hole(hole: re.Match[str], numbers: Mapping[str, float]) -> str:
    if hole["name"] not in numbers:
        raise ArithmeticProblem(f"{hole[0]}: there is no number of this name")
    return _written(numbers[hole["name"]], int(hole["decimals"]) if hole["decimals"] else None)


def _written(value: float, decimals: int | None) -> str:
    """A number as people write it: 1,250 or 4.5, with exactly *decimals* places where they are given."""
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    if abs(value - round(value, MOST_DECIMALS)) > 1e-9:
        raise ArithmeticProblem(f"{value:g} has more than {MOST_DECIMALS} decimals: say {{name:.1f}} where it is shown")
    return f"{value:,.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")


def _rounded(value: float, decimals: int) -> float:
    """*value* to so many places, halves away from zero as schools teach it, and never minus nought."""
    nudged = round(abs(value) * 10**decimals + 1e-9)
    return (nudged / 10**decimals if decimals else float(nudged)) * (-1 if value < 0 else 1) + 0.0
