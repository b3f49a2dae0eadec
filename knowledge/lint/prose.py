"""What a learner reads in a course, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from knowledge.schema import Course, Shape

KINDS = (
    "topics", "terms", "comparisons", "questions", "cases", "figures", "misconceptions", "tips", "roleplays", "plan",
    "fast_track", "source_items", "references",
)  # fmt: skip
"""Fields of a course that hold lists of items."""

NOT_READ = frozenset({
    "id", "topic", "kind", "term", "terms", "related", "sources", "seeds", "misconception", "misconceptions", "retests",
    "case", "figure", "step", "verb", "letter", "url", "origin", "slot",                            # names of things
    "aliases", "abbreviations", "suggest_only", "asked_as", "any_of", "contradicted_by", "accept", "reject",
    "expression", "given",                                                                     # what learners may type
    "vary", "derive", "where", "value",                                                                    # arithmetic
})  # fmt: skip


class Piece(NamedTuple):
    """A text of a course, and where it stands: field of the course, id of the item, path inside the item."""

    kind: str
    item: str
    path: tuple[str | int, ...]
    text: str


def name_of(kind: str, item: Any) -> str:
    """How an item is called in :class:`knowledge.loader.Files`: by its id, a day of the plan by its number."""
    return str(item.day) if kind in ("plan", "fast_track") else str(item.id)


def pieces(course: Course) -> Iterator[Piece]:
    """Every text of *course* that is shown to somebody."""
    for kind in KINDS:
        for item in getattr(course, kind):
            for path, text in _texts(item, ()):
                yield Piece(kind, name_of(kind, item), path, text)
    if course.safeguarding:
        for path, text in _texts(course.safeguarding, ()):
            yield Piece("safeguarding", "", path, text)


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Shape):
        for name in type(value).model_fields:
            if name not in NOT_READ:
                yield from _texts(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _texts(below, (*path, key))
    elif isinstance(value, tuple):
        for index, below in enumerate(value):
            yield from _texts(below, (*path, index))
