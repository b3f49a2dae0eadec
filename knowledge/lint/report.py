"""What the lint says beyond its problems: how much there is, how it reads, what serves the source items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median

from knowledge.lint.coverage import SERVED_BY, table
from knowledge.lint.questions import right_is_longest
from knowledge.lint.roleplays import best_is_longest
from knowledge.lint.wording import term_grade
from knowledge.schema import Course


def report(course: Course) -> Iterator[str]:
    """Lines for a person who looks after the content."""
    counts = ("topics", "terms", "comparisons", "questions", "cases", "misconceptions", "tips", "roleplays", "plan")
    yield ", ".join(f"{len(getattr(course, kind))} {kind.replace('plan', 'plan days')}" for kind in counts)
    if course.terms:
        grades = sorted(term_grade(term) for term in course.terms)
        yield f"reading grade of the glossary: median {median(grades):.1f}, highest {grades[-1]:.1f}"
    for term in course.terms:
        if not term.confirmed:
            yield f"waits for a review: {term.id} ({term.name}), reads at grade {term_grade(term):.1f}"
    kinds = Counter(question.kind for question in course.questions)
    if kinds:
        yield "questions: " + ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in kinds.most_common())
    choices = [question for question in course.questions if question.kind == "multiple_choice"]
    if choices:
        yield f"the right option is the longest in {sum(map(right_is_longest, choices))} of {len(choices)} choices"
    turns = [turn for play in course.roleplays for turn in play.turns]
    if turns:
        yield f"the best option is the longest in {sum(map(best_is_longest, turns))} of {len(turns)} role-play turns"
    if course.source_items:
        yield from _coverage(course)


def _coverage(course: Course) -> Iterator[str]:
    yield f"{'source items served by':<24}" + "".join(f"{name:>16}" for name in SERVED_BY)
    rows = table(course)
    for kind, row in rows.items():
        yield f"{kind:<24}" + "".join(f"{f'{found} of {all_of_them}':>16}" for found, all_of_them in row.values())
    sums = {name: sum(row[name][0] for row in rows.values()) for name in SERVED_BY}
    yield f"{'all':<24}" + "".join(f"{f'{found} of {len(course.source_items)}':>16}" for found in sums.values())
