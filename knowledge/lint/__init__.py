"""The content lint: everything about a course that its shapes cannot say.

:func:`lint` looks at the course as a value, so it serves the files of a course and the entries that tutors make at run
time alike. What needs more than the course (the record of ids, the source documents, the marker) stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from knowledge.lint.arithmetic import worked_examples
from knowledge.lint.coverage import bank, coverage, days
from knowledge.lint.figures import figures
from knowledge.lint.forms import ambiguous, shared_forms, subjects
from knowledge.lint.questions import marks, numbers, options, repeats, stems, templates
from knowledge.lint.references import ids, plan, references
from knowledge.lint.roleplays import roleplays
from knowledge.lint.wording import definitions, reading_age, spelling
from knowledge.loader import Files, Problem
from knowledge.schema import Course

Check = Callable[[Course, Files], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    ids,
    references,
    plan,
    definitions,
    reading_age,
    spelling,
    shared_forms,
    ambiguous,
    subjects,
    worked_examples,
    marks,
    options,
    numbers,
    templates,
    stems,
    repeats,
    roleplays,
    figures,
    coverage,
    bank,
    days,
)


def lint(course: Course, files: Files | None = None) -> list[Problem]:
    """Every problem of *course*, in the order of its files. Without *files* the problems name ids but no lines."""
    places = files or Files()
    return sorted(problem for check in CHECKS for problem in check(course, places))
