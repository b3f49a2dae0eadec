"""A calculator for worked examples. It knows numbers and names, + - * / **, and a few functions; nothing else runs."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from knowledge.loader import Files, Problem
from knowledge.schema import Course

_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "max": max,
    "min": min,
    "round": lambda value, digits=0.0: round(value, int(digits)),
    "sqrt": math.sqrt,
}
_LARGEST_EXPONENT = 100


class ArithmeticProblem(ValueError):
    """An expression that cannot be computed, and why."""


def evaluate(expression: str, names: Mapping[str, float]) -> float:
    """The value of *expression*. Raises :class:`ArithmeticProblem` for anything that is not arithmetic over *names*."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        result = _value(tree.body, names)
    except ArithmeticProblem:
        raise
    except SyntaxError as error:
        raise ArithmeticProblem(f"is not arithmetic: {error.msg}") from error
    except ZeroDivisionError as error:
        raise ArithmeticProblem("divides by zero") from error
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise ArithmeticProblem(f"cannot be computed: {error}") from error
    if not math.isfinite(result):
        raise ArithmeticProblem("has no finite value")
    return result


def _value(node: ast.expr, names: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name):
            if name not in names:
                raise ArithmeticProblem(f"{name} is not given")
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _binary(op, _value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return float(_FUNCTIONS[name](*(_value(arg, names) for arg in args)))
    raise ArithmeticProblem(f"{ast.unparse(node)}: only numbers, given names, + - * / ** and {', '.join(_FUNCTIONS)}")


def _binary(op: ast.operator, left: float, right: float) -> float:
    if isinstance(op, ast.Pow) and abs(right) > _LARGEST_EXPONENT:
        raise ArithmeticProblem(f"the exponent {right:g} is too large")
    result = _OPERATORS[type(op)](left, right)
    if isinstance(result, complex):
        raise ArithmeticProblem("has no real value")
    return float(result)


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
