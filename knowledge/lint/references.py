"""Whatever names something else in the course must name something that is there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from knowledge.lint.prose import KINDS, name_of
from knowledge.loader import Files, Problem
from knowledge.schema import Course, Shape

FIELDS: dict[str, str] = {
    "topic": "topics",
    "terms": "terms",
    "related": "terms",
    "seeds": "source_items",
    "sources": "references",
    "misconceptions": "misconceptions",
    "misconception": "misconceptions",
    "retests": "questions",
    "case": "cases",
    "figure": "figures",
}
"""Field that holds ids -> the course's field where they must stand. Means the same in every shape."""

NUMBERED = ("plan", "fast_track")


def references(course: Course, files: Files) -> Iterator[Problem]:
    """Ids that name nothing, and terms that name themselves."""
    known = {kind: {str(item.id) for item in getattr(course, kind)} for kind in set(FIELDS.values())}
    for kind in KINDS:
        for item in getattr(course, kind):
            name = name_of(kind, item)
            for path, field, target in _named(item, ()):
                if target not in known[FIELDS[field]]:
                    message = f"{'.'.join(map(str, path))}: there is no {target} in {FIELDS[field]}"
                    yield files.problem(kind, name, message, *path)
    yield from _confusables(course, files, known["terms"])
    yield from _themselves(course, files)


def _named(shape: Shape, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for field in type(shape).model_fields:
        value = getattr(shape, field)
        if isinstance(value, Shape):
            yield from _named(value, (*path, field))
        elif isinstance(value, str) and field in FIELDS:
            yield (*path, field), field, value
        elif isinstance(value, tuple):
            for index, below in enumerate(value):
                if isinstance(below, Shape):
                    yield from _named(below, (*path, field, index))
                elif field in FIELDS:
                    yield (*path, field, index), field, below


def _confusables(course: Course, files: Files, known: set[str]) -> Iterator[Problem]:
    for term in course.terms:
        for index, other in enumerate(term.confusable):
            if other.term not in known:
                message = f"confusable.{index}: there is no {other.term} in terms"
                yield files.problem("terms", term.id, message, "confusable", index)


def _themselves(course: Course, files: Files) -> Iterator[Problem]:
    for term in course.terms:
        if term.id in term.related or term.id in {other.term for other in term.confusable}:
            yield files.problem("terms", term.id, "names itself as related or confusable", "related")
        for repeat in _repeated([*term.related]):
            yield files.problem("terms", term.id, f"related: {repeat} stands there twice", "related")
    for pair in course.comparisons:
        if pair.terms[0] == pair.terms[1]:
            yield files.problem("comparisons", pair.id, "compares a term with itself", "terms")


def ids(course: Course, files: Files) -> Iterator[Problem]:
    """One id names one thing in the whole course, because histories and buttons carry the id alone."""
    owners: dict[str, list[str]] = defaultdict(list)
    for kind in KINDS:
        if kind not in NUMBERED:
            for item in getattr(course, kind):
                owners[item.id].append(kind)
    for name, kinds in owners.items():
        if len(kinds) > 1:
            yield files.problem(kinds[-1], name, f"this id is used {len(kinds)} times: {', '.join(kinds)}")
    for question in course.questions:
        for repeat in _repeated(point.id for point in question.scheme.points) if question.scheme else ():
            yield files.problem("questions", question.id, f"two points have the id {repeat}", "scheme", "points")


def plan(course: Course, files: Files) -> Iterator[Problem]:
    """The plan's days count up from 1, its steps are plan items, and the fast track covers every day once."""
    days = [day.day for day in course.plan]
    if days != list(range(1, len(days) + 1)):
        yield files.problem("plan", str(days[0]), f"the days must count up from 1 without a gap, they are {days}")
    steps = {item.id for item in course.source_items if item.kind == "plan"}
    for day in course.plan:
        if day.step not in steps:
            yield files.problem("plan", str(day.day), f"step: there is no plan item {day.step}", "step")
    if course.fast_track:
        covered = sorted(chain.from_iterable(day.covers for day in course.fast_track))
        if covered != days:
            first = str(course.fast_track[0].day)
            yield files.problem("fast_track", first, f"covers must name each plan day once, it names {covered}")
    for play in course.roleplays:
        if course.plan and play.day not in days:
            yield files.problem("roleplays", play.id, f"day: the plan has no day {play.day}", "day")


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
