"""A calculator for worked examples and calculations: numbers and names, + - * / **, and a few functions.

Nothing else runs, because what it computes was written by authors and tutors.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

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
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_LARGEST_EXPONENT = 100


class ArithmeticProblem(ValueError):
    """An expression that cannot be computed, and why."""


def evaluate(expression: str, names: Mapping[str, float]) -> float:
    """The value of *expression*. Raises :class:`ArithmeticProblem` for anything that is not arithmetic over *names*."""
    with _told_plainly():
        result = _value(_parsed(expression), names)
    if not math.isfinite(result):
        raise ArithmeticProblem("has no finite value")
    return result


def holds(condition: str, names: Mapping[str, float]) -> bool:
    """Whether *names* meet a comparison such as ``10 <= detractors < promoters``. Raises like :func:`evaluate`."""
    with _told_plainly():
        tree = _parsed(condition)
        if not isinstance(tree, ast.Compare) or not all(type(op) in _COMPARISONS for op in tree.ops):
            raise ArithmeticProblem("is no comparison: two or more values with < <= > >= == or != between them")
        values = [_value(side, names) for side in (tree.left, *tree.comparators)]
        return all(
            _COMPARISONS[type(op)](left, right) for op, left, right in zip(tree.ops, values, values[1:], strict=False)
        )


@lru_cache(maxsize=1024)
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression.strip(), mode="eval").body


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn whatever arithmetic can raise into :class:`ArithmeticProblem`."""
    try:
        yield
    except ArithmeticProblem:
        raise
    except SyntaxError as error:
        raise ArithmeticProblem(f"is not arithmetic: {error.msg}") from error
    except ZeroDivisionError as error:
        raise ArithmeticProblem("divides by zero") from error
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise ArithmeticProblem(f"cannot be computed: {error}") from error


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
