"""The question bank: marks, options, stems."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import ValidationError
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.utils import default_process

from knowledge.lint.forms import folded
from knowledge.loader import Files, Problem, explained
from knowledge.schema import Course, Question
from knowledge.templates import instantiate

LONGEST_IS_RIGHT = 0.35
"""Share of multiple-choice questions whose right option may be the longest; chance alone gives a quarter."""

BANK_FOR_A_SHARE = 20

ALIKE = 95
"""From this token_set_ratio on, two stems of the same verb, terms and case are taken for one question."""

SEEDS_TRIED = 25
"""How many choices of numbers a template is tried with."""

_ALL_OF_THEM = re.compile(
    r"(?i)\b(?:all|none|both|any|neither) of (?:the above|these|the below)\b|\bboth [a-d] and [a-d]\b"
)


def marks(course: Course, files: Files) -> Iterator[Problem]:
    """A scheme's points must be able to earn the marks that the question promises."""
    for question in course.questions:
        if question.scheme is None:
            continue
        possible = sum(point.marks for point in question.scheme.points)
        if question.marks > possible:
            message = f"marks: {question.marks} promised, the points can earn {possible}"
            yield files.problem("questions", question.id, message, "marks")


def options(course: Course, files: Files) -> Iterator[Problem]:
    """Four options, one right, none that refers to the others, none that says the same as another."""
    choices = [question for question in course.questions if question.kind == "multiple_choice"]
    for question in choices:
        if len(question.options) != 4:
            message = f"options: four are needed, these are {len(question.options)}"
            yield files.problem("questions", question.id, message, "options")
        if (right := sum(option.right for option in question.options)) != 1:
            yield files.problem("questions", question.id, f"options: one must be right, {right} are", "options")
        if len({folded(option.text) for option in question.options}) < len(question.options):
            yield files.problem("questions", question.id, "options: two say the same", "options")
        for index, option in enumerate(question.options):
            if _ALL_OF_THEM.search(option.text):
                message = f"options.{index}: an option must stand alone, not refer to the others"
                yield files.problem("questions", question.id, message, "options", index)
            if option.right and option.misconception:
                message = f"options.{index}: the right option cannot be a misconception"
                yield files.problem("questions", question.id, message, "options", index)
    longest = sum(map(right_is_longest, choices))
    if len(choices) >= BANK_FOR_A_SHARE and longest > LONGEST_IS_RIGHT * len(choices):
        limit = int(LONGEST_IS_RIGHT * len(choices))
        message = (
            f"the right option is the longest in {longest} of {len(choices)} multiple-choice questions; at most {limit}"
        )
        yield Problem("", 0, "", message)


def right_is_longest(question: Question) -> bool:
    """Whether somebody who always takes the longest option would be right."""
    right = max((len(option.text) for option in question.options if option.right), default=0)
    return right > max((len(option.text) for option in question.options if not option.right), default=0)


def numbers(course: Course, files: Files) -> Iterator[Problem]:
    """A trap of a calculation is a number, and not one that counts as right."""
    for question in course.questions:
        if question.number is None:
            continue
        for trap in question.number.traps:
            path = ("number", "traps", trap)
            try:
                value = float(trap)
            except ValueError:
                yield files.problem("questions", question.id, f"number.traps: {trap!r} is no number", *path)
                continue
            if abs(value - question.number.value) <= question.number.tolerance:
                yield files.problem("questions", question.id, f"number.traps: {trap} counts as right", *path)


def templates(course: Course, files: Files) -> Iterator[Problem]:
    """A template gives a question that fits its shape, whichever numbers are chosen."""
    for question in course.questions:
        for seed in range(SEEDS_TRIED if question.template else 0):
            try:
                instantiate(question, seed)
            except ValueError as error:
                why = next(explained(error))[1] if isinstance(error, ValidationError) else error
                yield files.problem("questions", question.id, f"template: with seed {seed}: {why}", "template")
                break


def stems(course: Course, files: Files) -> Iterator[Problem]:
    """Two questions with the same words in their stems are one question."""
    first: dict[str, str] = {}
    for question in course.questions:
        earlier = first.setdefault(folded(question.stem), question.id)
        if earlier != question.id:
            yield files.problem("questions", question.id, f"stem: the same as in {earlier}", "stem")


def repeats(course: Course, files: Files) -> Iterator[Problem]:
    """Two questions of one verb, terms and case whose stems are nearly the same, unless one says why they differ."""
    groups: dict[tuple[object, ...], list[Question]] = {}
    for question in course.questions:
        key = (question.verb, frozenset(question.terms), question.case)
        for earlier in groups.setdefault(key, []):
            if question.id in earlier.different or earlier.id in question.different:
                continue
            if folded(earlier.stem) == folded(question.stem):  # told by the check above
                continue
            if token_set_ratio(earlier.stem, question.stem, processor=default_process) >= ALIKE:
                message = f"stem: much like {earlier.id}; change one of them, or say under different: why they differ"
                yield files.problem("questions", question.id, message, "stem")
        groups[key].append(question)
    known = {question.id for question in course.questions}
    for question in course.questions:
        for named in question.different:
            if named not in known:
                message = f"different: there is no {named} in questions"
                yield files.problem("questions", question.id, message, "different", named)
