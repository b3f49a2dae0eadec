from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lint.arithmetic import ArithmeticProblem, evaluate


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("(promoters - detractors) / total * 100", 35.0),
        ("round(promoters / 3, 2)", 36.67),
        ("round(promoters / 3)", 37.0),
        ("sqrt(total ** 2)", 200.0),
        ("min(promoters, detractors) + max(1, 2) - abs(-3)", 39.0),
        ("-total + +1", -199.0),
    ],
)
def test_arithmetic_over_given_names_is_computed(expression: str, value: float) -> None:
    assert evaluate(expression, {"promoters": 110, "detractors": 40, "total": 200}) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')", "open('x')", "total.real", "[1][0]", "(lambda: 1)()", "1 if total else 2", "'a' * 3",
        "True", "9 ** 9 ** 9", "2 ** 101", "1 / 0", "sqrt(-1)", "(-8) ** 0.5", "passives", "1 +", "", "min()", "max",
        "1; 2", "round(1, ndigits=2)", "1j", "total // 3", "total % 3", "1e999", "(" * 300 + "1" + ")" * 300,
    ],
)  # fmt: skip
def test_anything_else_is_refused(expression: str) -> None:
    with pytest.raises(ArithmeticProblem):
        evaluate(expression, {"total": 200})


@given(st.text(max_size=60))
def test_no_text_does_anything_but_give_a_number_or_a_refusal(expression: str) -> None:
    with contextlib.suppress(ArithmeticProblem):
        assert math.isfinite(evaluate(expression, {"a": 2.0}))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.sampled_from("+-*"))
def test_it_agrees_with_python(left: float, right: float, sign: str) -> None:
    expected = {"+": left + right, "-": left - right, "*": left * right}[sign]
    assert math.isclose(evaluate(f"a {sign} b", {"a": left, "b": right}), expected)
