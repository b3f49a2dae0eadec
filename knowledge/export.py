"""A course as JSON, for other programs.

A question's scheme is laid open: ``points`` and ``misconceptions`` stand beside the stem, and a question without a
scheme has an empty list of points. What is exported can be read back, whole or question by question.
"""

from __future__ import annotations

from typing import Any

from knowledge.schema import Course, Question

_OUTSIDE: dict[str, str] = {"source_items": "sources"}
"""Field of the course -> its name outside, where that differs."""


def course_to_export(course: Course) -> dict[str, Any]:
    """The whole course as one JSON object."""
    exported = {_OUTSIDE.get(kind, kind): value for kind, value in course.model_dump(mode="json").items()}
    return exported | {"questions": [question_to_export(question) for question in course.questions]}


def question_to_export(question: Question) -> dict[str, Any]:
    """A question as JSON, its marking points at the top level."""
    exported = question.model_dump(mode="json")
    scheme = exported.pop("scheme") or {"points": [], "misconceptions": []}
    return exported | {"points": scheme["points"], "misconceptions": scheme["misconceptions"]}


def question_from_export(exported: dict[str, Any]) -> Question:
    """The question behind an exported object; one that still carries ``scheme`` is read too.

    Raises ``pydantic.ValidationError`` where the object is no question.
    """
    fields = dict(exported)
    points = fields.pop("points", None)
    misconceptions = fields.pop("misconceptions", ())
    if points and not fields.get("scheme"):
        fields["scheme"] = {"points": points, "misconceptions": misconceptions}
    return Question.model_validate(fields)
