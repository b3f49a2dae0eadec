"""Reading the content files again while the bot runs: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.application.live_course import LiveCourse
from knowledge.lint import lint
from knowledge.loader import DEFAULT_COURSE, Problem, load


def read_again(root: Path = DEFAULT_COURSE) -> LiveCourse | Sequence[Problem]:
    """Return the course as its files say it now, ready for use, or all that is wrong with them. Takes a while."""
    loaded = load(root)
    if problems := [*loaded.problems, *lint(loaded.course, loaded.files)]:
        return sorted(problems)
    return LiveCourse.build(loaded.course, revision=0)
