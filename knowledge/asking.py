"""Look-up and marking over JSON: what a line may hold and what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ValidationError

from knowledge.jsonlines import BadLine, object_in, text_of
from knowledge.loader import explained, load_glossary
from knowledge.schema import Course, Question

if TYPE_CHECKING:
    from knowledge.lookup import Index
    from knowledge.marking import Marker, MarkResult


class TermsUnreadable(ValueError):
    """A file of terms that holds something else."""


class TermGiven(BaseModel):
    """A term of a file, in the shape of the export. Whatever else the file says about it is not looked at."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    suggest_only: tuple[str, ...] = ()
    definition: str = ""
    asked_as: tuple[str, ...] = ()


def index_of_course(path: Path) -> Index:
    """An index over the terms of the course in *path*; the rest of it is not read."""
    from knowledge.lookup import Index

    return Index.of(load_glossary(path))


def index_of_file(file: Path) -> Index:
    """An index over ``{"terms": [...]}`` or the bare list. Raises :class:`TermsUnreadable`."""
    from knowledge.lookup import Entry, Index

    try:
        raw = json.loads(file.read_text(encoding="utf-8-sig"))
        terms = raw.get("terms") if isinstance(raw, dict) else raw
        if not isinstance(terms, list):
            raise TermsUnreadable(f'{file} holds neither a list nor {{"terms": [...]}}')
        given = [TermGiven.model_validate(term) for term in terms]
    except OSError as error:
        raise TermsUnreadable(f"{file} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        _, message = next(explained(error))
        raise TermsUnreadable(f"{file}: a term: {message}") from error
    except (ValueError, RecursionError) as error:
        raise TermsUnreadable(f"{file} cannot be read: {error}") from error
    return Index.build(Entry(**term.model_dump()) for term in given)


def answer_lookup(index: Index, line: str, limit: int) -> dict[str, Any]:
    """The matches for a line: plain text, or ``{"q": text}``. Raises :class:`BadLine`."""
    text = text_of(object_in(line), "q") if line.lstrip().startswith("{") else line
    matches = index.find(text, limit)
    return {
        "q": text,
        "matches": [
            {"id": match.term_id, "score": round(match.score, 4), "form": match.form, "reason": match.reason.value}
            for match in matches
        ],
    }


@dataclass(frozen=True, slots=True)
class Desk:
    """A marker with the questions it knows by id."""

    marker: Marker
    questions: Mapping[str, Question]

    @classmethod
    def of(cls, course: Course) -> Self:
        from knowledge.marking import Marker

        return cls(Marker.of(course), {question.id: question for question in course.questions})

    def answer(self, line: str) -> dict[str, Any]:
        """The result for one line of JSON. Raises :class:`BadLine`."""
        return self.mark(object_in(line))

    def mark(self, request: dict[str, Any]) -> dict[str, Any]:
        """The result for ``{"id" or "question": ..., "answer": ...}``. Raises :class:`BadLine`."""
        question = self._question(request)
        return result_to_json(self.marker.mark(question, text_of(request, "answer")))

    def _question(self, request: dict[str, Any]) -> Question:
        from knowledge.export import question_from_export

        if "question" not in request:
            name = text_of(request, "id")
            if name not in self.questions:
                raise BadLine(f"there is no question {name}")
            return self.questions[name]
        if not isinstance(request["question"], dict):
            raise BadLine('"question" must be a question as export prints it')
        try:
            return question_from_export(request["question"])
        except ValidationError as error:
            _, message = next(explained(error))
            raise BadLine(f"question: {message}") from error


def result_to_json(result: MarkResult) -> dict[str, Any]:
    """A marking result as other programs read it. A span counts Python characters of the answer.

    ``trap`` is the known cause of a wrong number.
    """
    return {
        "awarded": result.awarded,
        "available": result.available,
        "gate": result.gate,
        "points": [
            {"id": point.id, "status": point.status, "quote": point.quote, "span": point.span}
            for point in result.points
        ],
        "misconceptions": [found.id for found in result.misconceptions],
        "verb": list(result.verb),
        "trap": result.trap or None,
    }
