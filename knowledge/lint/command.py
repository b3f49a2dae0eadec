"""``python -m knowledge lint``: every check on the files of a course, and a report."""

from __future__ import annotations

import sys
from pathlib import Path

from knowledge.lint import lint
from knowledge.lint.copied import copied
from knowledge.lint.lock import FILE, LockUnreadable, changed_ideas, check_lock, read_lock, updated, write_lock
from knowledge.lint.report import report
from knowledge.loader import Problem, load
from knowledge.schema import Course


def run_lint(root: Path, *, sources: Path | None, examples: bool, update_lock: bool) -> int:
    """Print the problems of the course in *root*, then the report. 1 when there are problems, else 0."""
    loaded = load(root)
    problems = [*loaded.problems, *lint(loaded.course, loaded.files)]
    if sources:
        problems += copied(root, sources)
    if examples:
        from knowledge.lint.examples import example_problems

        problems += example_problems(loaded.course, loaded.files)
    notes: list[str] = []
    if not root.is_dir():
        problems = list(loaded.problems)
    elif update_lock and loaded.problems:
        problems.append(Problem(FILE, 0, "", "not updated: first make every file readable"))
    else:
        lock_problems, notes = _lock(root, loaded.course, update=update_lock)
        problems += lock_problems
    for problem in sorted(problems):
        print(problem)
    if problems:
        print()
    for line in (*report(loaded.course), *notes):
        print(line)
    print(f"{len(problems)} problems" if len(problems) != 1 else "1 problem")
    sys.stdout.flush()
    return 1 if problems else 0


def _lock(root: Path, course: Course, *, update: bool) -> tuple[list[Problem], list[str]]:
    try:
        lock = read_lock(root / FILE)
    except LockUnreadable as error:
        return [Problem(FILE, 0, "", str(error))], []
    notes = []
    if update:
        lock = updated(course, lock)
        write_lock(root / FILE, lock)
        notes.append(f"{FILE}: {len(lock.ids)} ids on record")
    elif changed := changed_ideas(course, lock):
        notes.append(f"reworded since {FILE} was written: {', '.join(changed)}")
    return list(check_lock(course, lock)), notes
