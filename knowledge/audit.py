"""How far the marker agrees with people who marked the same answers.

Each line of the file is ``{"id": question, "answer": text, "points": {point id: true or false}}``; other keys are left
alone. A point is credited when its status is ``met``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.jsonlines import BadLine, object_in, text_of
from knowledge.marking import Marker
from knowledge.schema import Course, Question

PRECISION = 0.95
RECALL = 0.85


@dataclass(frozen=True, slots=True)
class Ruling:
    """One answer with the points a person gave and those the marker gave."""

    question: Question
    answer: str
    human: frozenset[str]
    machine: frozenset[str]
    marks: tuple[int, int]
    """By the person, by the marker."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over some rulings."""

    answers: int
    precision: float
    """Of the points that the marker gave, the share that the person gave too; 1 where it gave none."""
    recall: float
    """Of the points that the person gave, the share that the marker found; 1 where the person gave none."""
    kappa: float | None
    """Quadratic weighted kappa of the marks (Cohen, 1968); none where it has no meaning (everybody always agrees)."""
    false_credit: int
    """Answers that earned something from the marker and nothing from the person."""

    @property
    def good_enough(self) -> bool:
        return self.precision >= PRECISION and self.recall >= RECALL


def rulings(course: Course, lines: Iterable[str]) -> Iterator[Ruling]:
    """Mark the answer of each line. Raises :class:`BadLine`, naming the line."""
    questions = {question.id: question for question in course.questions}
    marker = Marker.of(course)
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _ruling(marker, questions, object_in(line))
            except BadLine as error:
                raise BadLine(f"line {number}: {error}") from error


def agreement(found: Sequence[Ruling]) -> Agreement:
    """The figures for *found*."""
    given = sum(len(one.machine) for one in found)
    due = sum(len(one.human) for one in found)
    both = sum(len(one.machine & one.human) for one in found)
    return Agreement(
        answers=len(found),
        precision=both / given if given else 1.0,
        recall=both / due if due else 1.0,
        kappa=quadratic_weighted_kappa([one.marks for one in found]),
        false_credit=sum(bool(one.machine) and not one.human for one in found),
    )


def quadratic_weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """1 for agreement, 0 for chance, below 0 for worse; a disagreement weighs the square of its size."""
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(m * n * (a - b) ** 2 for a, m in first.items() for b, n in second.items())
    if not expected:
        return None
    return 1.0 - len(pairs) * sum((a - b) ** 2 for a, b in pairs) / expected


def by_question(found: Iterable[Ruling]) -> Mapping[str, list[Ruling]]:
    """Rulings under the id of their question, in the order of the file."""
    grouped: dict[str, list[Ruling]] = defaultdict(list)
    for one in found:
        grouped[one.question.id].append(one)
    return grouped


def _ruling(marker: Marker, questions: Mapping[str, Question], line: dict[str, Any]) -> Ruling:
    question = questions.get(text_of(line, "id"))
    points = line.get("points")
    if question is None or question.scheme is None:
        raise BadLine(f"there is no question {line['id']} with marking points")
    if not isinstance(points, dict) or not all(isinstance(given, bool) for given in points.values()):
        raise BadLine('"points" must say true or false for each point')
    known = {point.id: point.marks for point in question.scheme.points}
    if unknown := sorted(points.keys() - known.keys()):
        raise BadLine(f"{question.id} has no point {', '.join(unknown)}")
    answer = text_of(line, "answer")
    result = marker.mark(question, answer)
    human = frozenset(name for name, given in points.items() if given)
    return Ruling(
        question,
        answer,
        human,
        frozenset(point.id for point in result.points if point.status == "met"),
        (min(question.marks, sum(known[name] for name in human)), result.awarded),
    )


def audit_report(found: Sequence[Ruling]) -> Iterator[str]:
    """Lines for a person: a row for each question, what was credited wrongly, what was missed, and the sum."""
    yield f"{'question':<48}{'answers':>8}{'P':>7}{'R':>7}{'QWK':>7}{'false':>7}"
    for name, group in by_question(found).items():
        yield _row(name, agreement(group))
    yield _row("all", agreement(found))
    for one in found:
        for point in sorted(one.machine - one.human):
            yield f"credited, not due: {one.question.id} {point}: {one.answer}"
        for point in sorted(one.human - one.machine):
            yield f"due, not found: {one.question.id} {point}: {one.answer}"


def _row(name: str, found: Agreement) -> str:
    kappa = "-" if found.kappa is None else f"{found.kappa:.2f}"
    figures = f"{found.answers:>8}{found.precision:>7.3f}{found.recall:>7.3f}{kappa:>7}{found.false_credit:>7}"
    return f"{name:<48}{figures}"
