"""Figures: each is drawn by somebody and shown by somebody."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.figures import drawn
from knowledge.loader import Files, Problem
from knowledge.schema import Course


def figures(course: Course, files: Files) -> Iterator[Problem]:
    """A figure needs a drawing, a card or question that shows it, and its terms to itself."""
    asked = {question.figure for question in course.questions}
    taken: dict[str, str] = {}
    for figure in course.figures:
        if figure.id not in drawn():
            message = f"nothing draws it: knowledge/figures/drawings has no {figure.id.replace('-', '_')}.py"
            yield files.problem("figures", figure.id, message, "id")
        if not figure.terms and figure.id not in asked:
            yield files.problem("figures", figure.id, "no term and no question shows it", "terms")
        for term in figure.terms:
            if (other := taken.setdefault(term, figure.id)) != figure.id:
                yield files.problem("figures", figure.id, f"terms: the card of {term} shows {other} already", "terms")
