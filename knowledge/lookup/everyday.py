"""Everyday expressions with a word of the glossary in them, which ask about no term: *heat pump*, *trust fund*."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

Expressions = dict[str, list[tuple[str, ...]]]
"""First word -> the expressions that begin with it, the longest first."""


@cache
def _listed() -> tuple[tuple[str, ...], ...]:
    lines = (files("knowledge.lookup") / "everyday.txt").read_text("utf-8").splitlines()
    return tuple([tuple(line.split()) for line in lines if not line.startswith("#")])


def expressions_beside(forms: Iterable[Sequence[str]]) -> Expressions:
    """The packaged expressions, without those that stand in a form of the glossary."""
    found: Expressions = {}
    for expression in sorted(_listed(), key=len, reverse=True):
        found.setdefault(expression[0], []).append(expression)
    for form in forms:
        for at, word in enumerate(form[:-1]):
            if word in found:
                found[word] = [one for one in found[word] if tuple(form[at : at + len(one)]) != one]
    return found


def without_expressions(words: Sequence[str], expressions: Expressions) -> list[str]:
    """The words that are left when the expressions are taken out."""
    left: list[str] = []
    at = 0
    while at < len(words):
        length = _length_at(words, at, expressions)
        if not length:
            left.append(words[at])
        at += max(1, length)
    return left


def _length_at(words: Sequence[str], at: int, expressions: Expressions) -> int:
    for expression in expressions.get(words[at], ()):
        if tuple(words[at : at + len(expression)]) == expression:
            return len(expression)
    return 0
