"""Logistic regression by Newton's method: small, deterministic, and all that the calibrations need."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

RIDGE = 1.0
STEPS = 12

Row = tuple[tuple[float, ...], bool]
"""The features of one case, and whether it is so."""


def fitted(rows: Sequence[Row], count: int, weights_of_rows: Sequence[float] | None = None) -> list[float]:
    """Logistic weights, the constant first, with a small ridge. Without rows: all zero.

    ``weights_of_rows`` says how much each row counts (1 without it).
    """
    size = count + 1
    weights = [0.0] * size
    counted = [1.0] * len(rows) if weights_of_rows is None else weights_of_rows
    for _ in range(STEPS):
        gradient = [-RIDGE * weight for weight in weights]
        curve = [[RIDGE * (i == j) for j in range(size)] for i in range(size)]
        for (features, right), counts in zip(rows, counted, strict=True):
            values = (1.0, *features)
            total = sum([weight * value for weight, value in zip(weights, values, strict=True)])
            chance = 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))
            error, spread = counts * (right - chance), counts * chance * (1.0 - chance)
            for i, value in enumerate(values):
                if value:
                    gradient[i] += error * value
                    row, scaled = curve[i], spread * value
                    for j in range(i, size):
                        row[j] += scaled * values[j]
        for i in range(size):
            for j in range(i):
                curve[i][j] = curve[j][i]
        weights = [weight + step for weight, step in zip(weights, _solved(curve, gradient), strict=True)]
    return weights


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small positive definite system, by elimination."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda line: abs(rows[line][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for line in range(at + 1, size):
            factor = rows[line][at] / rows[at][at]
            for column in range(at, size + 1):
                rows[line][column] -= factor * rows[at][column]
    solution = [0.0] * size
    for at in range(size - 1, -1, -1):
        rest = sum([rows[at][column] * solution[column] for column in range(at + 1, size)])
        solution[at] = (rows[at][size] - rest) / rows[at][at]
    return solution
