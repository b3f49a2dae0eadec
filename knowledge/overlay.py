"""What tutors add at run time, as entries over the course that the files give.

``apply`` is pure: course and entries in, course out. Entries are applied in their order, so a later one wins; to undo
an entry is to leave it out. An entry that does not fit (its target is gone, its text is too long) changes nothing:
``check`` says so, and what else the lint has to say about the course with the entries in it.

A draft that has gone into the files under its id has been reviewed; ``unreviewed`` leaves it out, so that what the
files say wins. ``knowledge.overlay_files`` writes entries back as files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from knowledge.loader import Files, Problem, explained
from knowledge.schema import (
    Comparison,
    Course,
    Id,
    MarkScheme,
    Misconception,
    Phrase,
    Question,
    Shape,
    Term,
    Text,
    Tip,
)


class AskedAs(Shape):
    """A way of asking for a term without its name, as a learner put it."""

    kind: Literal["asked_as"] = "asked_as"
    term: Id
    line: Text = Field(max_length=200)


class AcceptedPhrase(Shape):
    """One more way of earning a marking point, and the answer that showed the need for it."""

    kind: Literal["accepted_phrase"] = "accepted_phrase"
    question: Id
    point: str
    phrase: Phrase
    example: Text = Field(max_length=1200)


class Correction(Shape):
    """New text for one field of an item. ``field`` may go into a part, for example ``hints.nudge``."""

    kind: Literal["correction"] = "correction"
    item: Id
    field: str = Field(pattern=r"^[a-z_]+(?:\.[a-z_]+)?$")
    text: Text


class NewTerm(Shape):
    """A draft of a glossary entry."""

    kind: Literal["new_term"] = "new_term"
    item: Term


class NewComparison(Shape):
    """A draft of a comparison."""

    kind: Literal["new_comparison"] = "new_comparison"
    item: Comparison


class NewQuestion(Shape):
    """A draft of a question."""

    kind: Literal["new_question"] = "new_question"
    item: Question


class NewMisconception(Shape):
    """A draft of a misconception."""

    kind: Literal["new_misconception"] = "new_misconception"
    item: Misconception


class NewTip(Shape):
    """A draft of a tip."""

    kind: Literal["new_tip"] = "new_tip"
    item: Tip


Draft = NewTerm | NewComparison | NewQuestion | NewMisconception | NewTip
Entry = Annotated[AskedAs | AcceptedPhrase | Correction | Draft, Field(discriminator="kind")]

_DRAWERS: dict[type[Shape], str] = {
    NewTerm: "terms",
    NewComparison: "comparisons",
    NewQuestion: "questions",
    NewMisconception: "misconceptions",
    NewTip: "tips",
}
"""Draft -> the course's field that it goes into. Corrections reach the same fields."""

_Item = TypeVar("_Item", bound=Shape)

_FIXED = frozenset({"id", "topic", "kind", "verb", "case", "figure", "origin"})
"""Texts that are names of things: a correction must not turn one item into another."""


def entry_from_json(text: str | bytes) -> Entry:
    """The entry that ``entry.model_dump_json()`` wrote. Raises ``pydantic.ValidationError``."""
    return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Entry]:
    return TypeAdapter(Entry)


def apply(course: Course, entries: Sequence[Entry]) -> Course:
    """*course* with *entries* in it. Entries that do not fit are left out; see :func:`check`."""
    return _applied(course, entries)[0]


def check(course: Course, entries: Sequence[Entry], *, examples: bool = True) -> list[Problem]:
    """What is wrong with *entries*: those that do not fit, and what the lint finds only with them in.

    With *examples*, the example answers of the questions and misconceptions that the entries touch are marked as well.
    """
    from knowledge.lint import lint

    changed, problems = _applied(course, entries)
    if changed is course:
        return problems
    before = set(lint(course))
    problems += [problem for problem in lint(changed) if problem not in before]
    if examples:
        problems += _example_problems(course, changed)
    return problems


def unreviewed(course: Course, entries: Sequence[Entry]) -> list[Entry]:
    """*entries* without the drafts that are in the files by now. *course* is the one that the files give."""
    published = {item.id for drawer in _DRAWERS.values() for item in getattr(course, drawer)}
    return [entry for entry in entries if not isinstance(entry, Draft) or entry.item.id not in published]


class LeftOut(NamedTuple):
    """An entry that does not belong in a course as it stands, and why."""

    entry: Entry
    problems: tuple[Problem, ...]


def sifted(
    course: Course, entries: Sequence[Entry], *, examples: bool = True
) -> tuple[tuple[Entry, ...], tuple[LeftOut, ...]]:
    """*entries* parted into those that :func:`check` has nothing to say about, in their order, and the rest.

    Halves are looked at on their own only where the whole has problems, so one bad entry in a thousand is found in
    about twenty checks.
    """
    kept, left_out = _sifted(course, (), entries, examples=examples)
    return tuple(kept), tuple(left_out)


def _sifted(
    course: Course, before: Sequence[Entry], entries: Sequence[Entry], *, examples: bool
) -> tuple[Sequence[Entry], list[LeftOut]]:
    """The same for *entries* that follow on others with which all is well."""
    problems = check(course, [*before, *entries], examples=examples) if entries else []
    if not problems:
        return entries, []
    if len(entries) == 1:
        return (), [LeftOut(entries[0], tuple(problems))]
    middle = len(entries) // 2
    first, left_first = _sifted(course, before, entries[:middle], examples=examples)
    second, left_second = _sifted(course, [*before, *first], entries[middle:], examples=examples)
    return [*first, *second], left_first + left_second


def _applied(course: Course, entries: Sequence[Entry]) -> tuple[Course, list[Problem]]:
    drawers = {name: {item.id: item for item in getattr(course, name)} for name in _DRAWERS.values()}
    published = {id_ for drawer in drawers.values() for id_ in drawer}
    problems: list[Problem] = []
    for entry in entries:
        problems += _put(entry, drawers, published)
    changes = {name: tuple(drawer.values()) for name, drawer in drawers.items()}
    changes = {name: items for name, items in changes.items() if items != getattr(course, name)}
    return (course.model_copy(update=changes) if changes else course), problems


def _put(entry: Entry, drawers: dict[str, dict[str, Any]], published: set[str]) -> Iterator[Problem]:
    """Put one entry into *drawers* (field of the course -> id -> item), or say why it does not fit."""
    match entry:
        case AskedAs(term=name, line=line):
            term = drawers["terms"].get(name)
            if term is None:
                yield Problem("", 0, name, "there is no such term")
            elif line not in term.asked_as:
                drawers["terms"][name] = _with(term, asked_as=(*term.asked_as, line))
        case AcceptedPhrase():
            yield from _accept(entry, drawers["questions"])
        case Correction():
            yield from _correct(entry, drawers)
        case _:
            yield from _draft(entry, drawers, published)


def _accept(entry: AcceptedPhrase, questions: dict[str, Any]) -> Iterator[Problem]:
    question: Question | None = questions.get(entry.question)
    scheme = question.scheme if question else None
    if question is None or scheme is None or entry.point not in {point.id for point in scheme.points}:
        yield Problem("", 0, entry.question, f"there is no marking point {entry.point} in this question")
        return
    points = []
    for point in scheme.points:
        if point.id == entry.point:
            ways = (*point.any_of, entry.phrase) if entry.phrase not in point.any_of else point.any_of
            shown = (*point.accept, entry.example) if entry.example not in point.accept else point.accept
            points.append(_with(point, any_of=ways, accept=shown))
        else:
            points.append(point)
    changed = MarkScheme(points=tuple(points), misconceptions=scheme.misconceptions)
    questions[entry.question] = _with(question, scheme=changed)


def _correct(entry: Correction, drawers: dict[str, dict[str, Any]]) -> Iterator[Problem]:
    drawer = next((drawer for drawer in drawers.values() if entry.item in drawer), None)
    if drawer is None:
        yield Problem("", 0, entry.item, "there is nothing of this id to correct")
        return
    item = drawer[entry.item]
    if entry.field not in correctable(type(item)):
        yield Problem("", 0, entry.item, f"{entry.field} is no text that can be corrected")
        return
    outer, _, inner = entry.field.partition(".")
    value: Any = entry.text
    try:
        if inner:
            value = _validated(getattr(item, outer), **{inner: entry.text})
        drawer[entry.item] = _validated(item, **{outer: value})
    except ValidationError as error:
        for _, message in explained(error):
            yield Problem("", 0, entry.item, message)


def _draft(entry: Draft, drawers: dict[str, dict[str, Any]], published: set[str]) -> Iterator[Problem]:
    name = entry.item.id
    home = _DRAWERS[type(entry)]
    elsewhere = [drawer for drawer, items in drawers.items() if drawer != home and name in items]
    if elsewhere:
        yield Problem("", 0, name, f"this id belongs to one of the {elsewhere[0]}")
        return
    if name in published:
        yield Problem("", 0, name, "is in the course already: correct it instead of drafting it anew")
    drawers[home][name] = entry.item


def correctable(shape: type[Shape]) -> frozenset[str]:
    """The fields of *shape* that hold a text which a correction may replace."""
    found = set()
    for name, about in shape.model_fields.items():
        if name in _FIXED:
            continue
        if about.annotation in (str, str | None):
            found.add(name)
        elif isinstance(about.annotation, type) and issubclass(about.annotation, Shape):
            found |= {f"{name}.{below}" for below in correctable(about.annotation)}
    return frozenset(found)


def _with(item: _Item, **changes: Any) -> _Item:
    return item.model_copy(update=changes)


def _validated(item: _Item, **changes: Any) -> _Item:
    return type(item).model_validate({**dict(item), **changes})


def _example_problems(course: Course, changed: Course) -> list[Problem]:
    """What the marker makes of the examples of the questions and misconceptions that are not as they were."""
    from knowledge.lint.examples import example_problems

    before = {id(item) for item in (*course.questions, *course.misconceptions)}
    questions = tuple(question for question in changed.questions if id(question) not in before)
    touched = {question.id for question in questions}
    touched |= {wrong.id for wrong in changed.misconceptions if id(wrong) not in before}
    part = changed.model_copy(update={"questions": questions, "safeguarding": None})
    return [problem for problem in example_problems(part, Files()) if problem.id.partition("/")[0] in touched]
