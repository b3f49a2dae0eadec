"""Checks for authors: phrases that cannot work, and examples that are not marked as they should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge.marking.gate import EMPTY_WORDS
from knowledge.marking.marker import Marker
from knowledge.marking.phrases import OfClass, PhraseError, Sequenced, Stem, atoms_of, single
from knowledge.marking.result import MarkResult, Status
from knowledge.marking.safety import SafetyNet
from knowledge.marking.tokens import read
from knowledge.schema import Course, MarkingPoint, Phrase, Question


@dataclass(frozen=True, slots=True)
class Problem:
    """A phrase or form that cannot do its work. ``where`` names question and point, misconception or class."""

    where: str
    phrase: str
    why: str


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that is not marked as its author says. ``id`` is as in :class:`Problem`."""

    id: str
    kind: Literal["accept", "reject", "model"]
    text: str
    why: str


def check_phrases(course: Course) -> list[Problem]:
    """Every phrase and class form of a course that is wrong in itself."""
    classes = frozenset(each.id for each in course.lexicon)
    problems = list(_check_lexicon(course))
    for where, phrase in _phrases_of(course):
        problems.extend(_check_phrase(where, phrase, classes))
    for question in course.questions:
        if question.scheme is not None:
            for point in question.scheme.points:
                problems.extend(_check_point(question, point, course))
    return problems


def _check_lexicon(course: Course) -> Iterator[Problem]:
    seen: set[str] = set()
    for each in course.lexicon:
        where = f"<{each.id}>"
        if each.id in seen:
            yield Problem(where, each.id, "there is another class of this name")
        seen.add(each.id)
        for form in each.forms:
            try:
                atoms_of(form, classes_allowed=False)
            except PhraseError as error:
                yield Problem(where, form, error.why)
        for form in sorted({form for form in each.forms if each.forms.count(form) > 1}):
            yield Problem(where, form, "the form stands there twice")


def _phrases_of(course: Course) -> Iterator[tuple[str, Phrase]]:
    for question in course.questions:
        for point in question.scheme.points if question.scheme else ():
            for phrase in (*point.any_of, *point.contradicted_by):
                yield f"{question.id}/{point.id}", phrase
    for misconception in course.misconceptions:
        for phrase in misconception.any_of:
            yield misconception.id, phrase
    if course.safeguarding is not None:
        for phrase in (*course.safeguarding.harm, *course.safeguarding.unless):
            yield "safeguarding", phrase


def _written(phrase: Phrase) -> tuple[str, ...]:
    if phrase.phrase is not None:
        return (phrase.phrase,)
    return (phrase.negated,) if phrase.negated is not None else phrase.all_of


def _check_phrase(where: str, phrase: Phrase, classes: frozenset[str]) -> Iterator[Problem]:
    written = _written(phrase)
    if phrase.all_of and len(phrase.all_of) < 2:
        yield Problem(where, " + ".join(written), "all_of needs two slots or more; use phrase for one")
    for slot in written:
        try:
            atoms = atoms_of(slot)
        except PhraseError as error:
            yield Problem(where, slot, error.why)
            continue
        for atom in single(atoms):
            if isinstance(atom, OfClass) and atom.id not in classes:
                yield Problem(where, slot, f"there is no class <{atom.id}>")
        if all(isinstance(atom, Stem) and atom.word in EMPTY_WORDS for atom in single(atoms)):
            yield Problem(where, slot, "every word of it is one that any sentence has")


def _check_point(question: Question, point: MarkingPoint, course: Course) -> Iterator[Problem]:
    """A point that no answer can earn, because every phrase is made of the question's own words."""
    stem_words = frozenset(read(question.stem).stems)
    by_id = {each.id: each for each in course.lexicon}
    try:
        slots = [[atoms_of(slot) for slot in _written(phrase)] for phrase in point.any_of if phrase.negated is None]
    except PhraseError:
        return
    if len(slots) < len(point.any_of):
        return
    if not any(_may_add(atoms, stem_words, by_id) for phrase in slots for atoms in phrase):
        where = f"{question.id}/{point.id}"
        yield Problem(where, point.label, "every phrase is made of the question's own words, which never earn marks")


def _may_add(atoms: Sequenced, stem_words: frozenset[str], classes: object) -> bool:
    return any(not isinstance(atom, Stem) or atom.stem not in stem_words for atom in single(atoms))


def run_examples(course: Course) -> list[ExampleFailure]:
    """Mark every example of a course: points, misconceptions, model answers and safeguarding."""
    marker = Marker.of(course)
    failures: list[ExampleFailure] = []
    for question in course.questions:
        failures.extend(question_failures(marker, question))
    failures.extend(_misconception_failures(course, marker))
    failures.extend(_safeguarding_failures(course))
    return failures


def question_failures(marker: Marker, question: Question) -> Iterator[ExampleFailure]:
    """The examples of one question that are not marked as their author says."""
    if question.scheme is None:
        if question.kind == "calculation":
            yield from _model_failure(question, marker.mark(question, question.model_answer))
        return
    for point in question.scheme.points:
        where = f"{question.id}/{point.id}"
        for text in point.accept:
            status = status_of(marker.mark(question, text), point.id)
            if status is not Status.MET:
                yield ExampleFailure(where, "accept", text, _why(marker.mark(question, text), status))
        for text in point.reject:
            result = marker.mark(question, text)
            if status_of(result, point.id) is Status.MET:
                quote = next(each.quote for each in result.points if each.id == point.id)
                yield ExampleFailure(where, "reject", text, f"earned the point for: {quote}")
    yield from _model_failure(question, marker.mark(question, question.model_answer))


def status_of(result: MarkResult, point_id: str) -> Status:
    """What became of one point."""
    return next((each.status for each in result.points if each.id == point_id), Status.NOT_FOUND)


def _why(result: MarkResult, status: Status) -> str:
    return f"{status.value} (gate: {result.gate.value})" if result.gate else status.value


def _model_failure(question: Question, result: MarkResult) -> Iterator[ExampleFailure]:
    if result.awarded == question.marks:
        return
    missed = ", ".join(f"{each.id}: {each.status.value}" for each in result.points if each.status is not Status.MET)
    gate = f", gate {result.gate.value}" if result.gate else ""
    why = f"earned {result.awarded} of {question.marks}{gate} ({missed or 'all points met'})"
    yield ExampleFailure(question.id, "model", question.model_answer, why)


def _misconception_failures(course: Course, marker: Marker) -> Iterator[ExampleFailure]:
    for misconception in course.misconceptions:
        look = marker.misconception_finder(misconception)
        for text in misconception.accept:
            if look(text) is None:
                yield ExampleFailure(misconception.id, "accept", text, "the misconception was not found")
        for text in misconception.reject:
            if (quote := look(text)) is not None:
                yield ExampleFailure(misconception.id, "reject", text, f"found the misconception in: {quote}")


def _safeguarding_failures(course: Course) -> Iterable[ExampleFailure]:
    if course.safeguarding is None:
        return
    net = SafetyNet.of(course.safeguarding, course.lexicon)
    for text in course.safeguarding.accept:
        if not net.concerns(text):
            yield ExampleFailure("safeguarding", "accept", text, "no concern was found")
    for text in course.safeguarding.reject:
        if net.concerns(text):
            yield ExampleFailure("safeguarding", "reject", text, "a concern was found")
