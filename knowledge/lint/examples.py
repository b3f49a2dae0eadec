"""Content carries its own test: every example answer is marked, every model answer must earn full marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge.loader import Files, Problem
from knowledge.marking import Marker, check_phrases, run_examples
from knowledge.marking.examples import ExampleFailure, question_failures
from knowledge.schema import Course
from knowledge.templates import instantiate

Path = tuple[str | int, ...]

OTHER_SEEDS = range(1, 9)
"""Further choices of numbers with which the model answer of a template is marked."""


def example_problems(course: Course, files: Files) -> Iterator[Problem]:
    """Phrases that cannot match, and examples that come out otherwise than their author says."""
    places = _Places(course, files)
    for broken in check_phrases(course):
        yield places.problem(broken.where, f"{broken.phrase!r}: {broken.why}", broken.phrase)
    for failure in (*run_examples(course), *_template_failures(course)):
        yield places.problem(failure.id, f"{failure.kind}: {failure.text!r}: {failure.why}", failure.text)


def _template_failures(course: Course) -> Iterator[ExampleFailure]:
    marker = Marker.of(course)
    for question in course.questions:
        for seed in OTHER_SEEDS if question.template else ():
            yield from question_failures(marker, instantiate(question, seed))


class _Places:
    """Finds the line of a text from the names that the marker gives to places."""

    def __init__(self, course: Course, files: Files) -> None:
        self.course = course
        self.files = files
        self.questions = {question.id: question for question in course.questions}
        self.misconceptions = {misconception.id: misconception for misconception in course.misconceptions}
        self.lexicon = {each.id: each for each in course.lexicon}

    def problem(self, where: str, message: str, text: str) -> Problem:
        """A problem of ``question/point``, a question, a misconception, ``<class>`` or ``safeguarding``."""
        name, _, point = where.partition("/")
        if name in self.questions:
            path = self._point(name, point)
            item = _at(self.questions[name], path)
            found = self.files.problem("questions", name, message, *path, *_path_to(item, text))
            return found._replace(id=where)
        if name in self.misconceptions:
            return self.files.problem("misconceptions", name, message, *_path_to(self.misconceptions[name], text))
        if (each := self.lexicon.get(where.strip("<>"))) is not None:
            return self.files.problem("lexicon", each.id, message, *_path_to(each, text))
        found = self.files.problem("safeguarding", "", message, *_path_to(self.course.safeguarding, text))
        return found._replace(id=where)

    def _point(self, question: str, point: str) -> Path:
        scheme = self.questions[question].scheme
        ids = [each.id for each in scheme.points] if scheme else []
        return ("scheme", "points", ids.index(point)) if point in ids else ()


def _at(item: Any, path: Path) -> Any:
    for step in path:
        item = item[step] if isinstance(step, int) else getattr(item, step)
    return item


def _path_to(item: Any, text: str) -> Path:
    """Where *text* stands in the parts of *item* that the marker reads; empty when it does not."""
    for name in ("accept", "reject", "forms", "model_answer"):
        part = getattr(item, name, ())
        if part == text:
            return (name,)
        if isinstance(part, tuple) and text in part:
            return (name, part.index(text))
    for name in ("any_of", "contradicted_by", "harm", "unless"):
        for index, phrase in enumerate(getattr(item, name, ())):
            if text in (phrase.phrase, phrase.negated, *phrase.all_of):
                return (name, index)
    return ()
