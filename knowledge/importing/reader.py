"""One page, read from top to bottom: each line ends up in something that was found, or is left with a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from knowledge.importing.lines import (
    LIST_HEADINGS,
    PROSE_HEADINGS,
    ItemKind,
    ProseKind,
    bullet_text,
    heading_text,
    indent_of,
    is_caption,
    is_marked_heading,
    is_number,
    is_qualification,
    is_short,
    is_title_case,
    item_text,
    known_heading,
    tidy,
    without_emphasis,
)

_TEASER = 60
"""From this length on, a line that another one continues is a cut-off copy. A title may begin a sentence, too."""


class Line(NamedTuple):
    """A line that is not blank. ``number`` counts from 1; ``text`` may be empty where nothing can be seen."""

    number: int
    raw: str
    text: str


class Found(NamedTuple):
    """An item or a piece of prose, and the numbers of its lines."""

    kind: ItemKind | ProseKind
    head: str | None
    text: str
    lines: tuple[int, ...]


class Left(NamedTuple):
    """A line that nothing was made of."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class PageRead:
    """What one page gave. Every line that is not blank stands in exactly one of ``found`` and ``left``."""

    title: str | None
    found: tuple[Found, ...]
    left: tuple[Left, ...]


@dataclass(slots=True)
class _Section:
    """Where the reading stands. ``kind`` is nothing at the top of the page and under an unknown heading."""

    kind: ItemKind | ProseKind | None = None
    heading: Line | None = None
    taken: int = 0
    captioned: bool = False

    @property
    def is_top(self) -> bool:
        return self.heading is None


@dataclass(slots=True)
class _Open:
    """Text that the next line may continue."""

    kind: ItemKind | ProseKind
    indent: int
    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)


def read_page(text: str) -> PageRead:
    """Read one page in either layout: compact lists, or the whole text of a web page with its furniture."""
    return _Reading(lines_of(text)).read()


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of *text* that are not blank, numbered as an editor numbers them."""
    rows = enumerate(re.split(r"\r\n|\r|\n", text), 1)
    return tuple(Line(number, raw, tidy(raw)) for number, raw in rows if raw.strip())


class _Title(NamedTuple):
    text: str | None = None
    at: frozenset[int] = frozenset()
    glued: int = 0
    """Number of the line in which the title and the way to the page stand as one word, or 0."""


def _title_of(lines: Sequence[Line]) -> _Title:
    """The title: a later line that the first one begins with, or the first line where it could be one."""
    first = next((line for line in lines if line.text), None)
    if first is None or bullet_text(first.text) is not None or known_heading(first.text) or is_number(first.text):
        return _Title()
    again = [line for line in lines if line.number > first.number and _may_be_title(line.text, first.text)]
    if again:
        title = max((line.text for line in again), key=len)
        at = frozenset(line.number for line in again if line.text == title)
        if title == first.text:
            return _Title(heading_text(title), at | {first.number})
        return _Title(heading_text(title), at, glued=first.number)
    if is_short(first.text) and not is_qualification(first.text) and heading_text(first.text):
        return _Title(heading_text(first.text), frozenset({first.number}))
    return _Title()


def _may_be_title(text: str, first: str) -> bool:
    return len(text) > 3 and first.startswith(text) and is_short(text) and not known_heading(text)


class _Reading:
    """One pass over the lines of a page."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.title = _title_of(lines)
        self.section = _Section()
        self.open: _Open | None = None
        self.found: list[Found] = []
        self.left: list[Left] = []

    def read(self) -> PageRead:
        counted = False
        for at, line in enumerate(self.lines):
            following = self.lines[at + 1].text if at + 1 < len(self.lines) else ""
            counted = self._counter(line, following, counted) or (not self._furniture(line) and self._body(line, at))
        self._close()
        self._end_section()
        return PageRead(self.title.text, tuple(self.found), tuple(sorted(self.left)))

    def _counter(self, line: Line, following: str, counted: bool) -> bool:
        """Leave a counter. True after its number, when its label comes next and looks like a heading."""
        if is_number(line.text):
            self._leave(line, "a counter")
            return True
        number, _, label = line.text.partition(" ")
        alone = counted and bullet_text(line.text) is None and is_short(line.text)
        if (alone or (is_number(number) and known_heading(label))) and bullet_text(following) is None:
            self._leave(line, "a counter's label")
            self.counter_done = line.number
        return False

    def _body(self, line: Line, at: int) -> bool:
        return False
