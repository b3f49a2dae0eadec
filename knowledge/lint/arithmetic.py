"""Worked examples: the numbers must come out."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.arithmetic import ArithmeticProblem, evaluate
from knowledge.loader import Files, Problem
from knowledge.schema import Course


def worked_examples(course: Course, files: Files) -> Iterator[Problem]:
    """Each worked example's result follows from its numbers, to half of the last digit it is written with."""
    for term in course.terms:
        if term.worked is None:
            continue
        try:
            result = evaluate(term.worked.expression, term.worked.given)
        except ArithmeticProblem as problem:
            yield files.problem("terms", term.id, f"worked.expression {problem}", "worked", "expression")
            continue
        if abs(result - term.worked.result) > _half_of_last_digit(term.worked.result):
            message = f"worked.result is {term.worked.result:g}, the expression gives {result:.6g}"
            yield files.problem("terms", term.id, message, "worked", "result")


def _half_of_last_digit(number: float) -> float:
    digits = len(repr(number).partition(".")[2]) if number % 1 else 0
    return 0.5 * 10.0**-digits + 1e-9
