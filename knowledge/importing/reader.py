"""One page, read from top to bottom: each line ends up in something that was found, or is left with a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from knowledge.importing.lines import (
    ItemKind,
    ProseKind,
    bullet_text,
    heading_text,
    indent_of,
    is_caption,
    is_item_kind,
    is_marked_heading,
    is_number,
    is_prose_kind,
    is_qualification,
    is_short,
    is_title_case,
    item_text,
    known_heading,
    tidy,
    without_emphasis,
)

_LONGEST = 4000
"""Characters of one line, or of one entry that is wrapped. Nothing longer is an entry of a list."""

_TOP = 12
"""A cut-off copy of the synopsis stands within this many lines of the beginning."""

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
    """Items or paragraphs so far."""
    names_awards: bool = False
    captioned: bool = False

    @property
    def is_top(self) -> bool:
        return self.heading is None


@dataclass(slots=True)
class _Open:
    """Text that the next line may continue."""

    kind: ItemKind | ProseKind
    indent: int
    lines: list[Line]
    pieces: list[str]
    length: int


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
    if _could_be_title(first.text) and not any(bullet_text(line.text) is not None for line in lines[1:2]):
        return _Title(heading_text(first.text), frozenset({first.number}))
    return _Title()


def _could_be_title(text: str) -> bool:
    counter = is_number(text.partition(" ")[0]) and known_heading(text.partition(" ")[2])
    return is_short(text) and bool(heading_text(text)) and not is_qualification(text) and not counter


def _may_be_title(text: str, first: str) -> bool:
    return len(text) > 3 and first.startswith(text) and is_short(text) and not known_heading(text)


class _Reading:
    """One pass over the lines of a page. The first rule that knows what a line is takes it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.title = _title_of(lines)
        self.section = _Section()
        self.open: _Open | None = None
        self.counted = False
        self.found: list[Found] = []
        self.left: list[Left] = []

    def read(self) -> PageRead:
        rules = (
            self._unusable, self._titled, self._teaser, self._counter, self._bulleted, self._known, self._continued,
        )  # fmt: skip
        for line, after in zip_longest(self.lines, self.lines[1:]):
            following = after.text if after else ""
            if not any(rule(line, following) for rule in rules):
                self._plain(line, following)
        self._leave_section()
        return PageRead(self.title.text, tuple(self.found), tuple(sorted(self.left)))

    def _unusable(self, line: Line, _: str) -> bool:
        if not line.text:
            return self._leave(line, "nothing on it can be seen")
        if len(line.text) > _LONGEST:
            return self._leave(line, f"longer than {_LONGEST} characters")
        return False

    def _titled(self, line: Line, _: str) -> bool:
        if line.number == self.title.glued:
            return self._leave(line, "the title and the way to the page, run together")
        if line.number not in self.title.at:
            return False
        self._leave_section()
        return self._leave(line, "the title")

    def _teaser(self, line: Line, _: str) -> bool:
        cut = line.text.rstrip(".… ")
        if not self.section.is_top or len(cut) < _TEASER or line.number > self.lines[0].number + _TOP:
            return False
        whole = any(other.number > line.number and other.text.startswith(cut) for other in self.lines)
        return whole and self._leave(line, "cut off; it stands in full further down")

    def _counter(self, line: Line, following: str) -> bool:
        """A bare number and the label under it, which may be spelt like a heading. A real heading has a list."""
        counted, self.counted = self.counted, is_number(line.text)
        if self.counted:
            return self._leave(line, "a counter")
        number, _, label = line.text.partition(" ")
        alone = counted and is_short(line.text) and bullet_text(line.text) is None
        if bullet_text(following) is None and (alone or (is_number(number) and known_heading(label))):
            return self._leave(line, "a counter's label")
        return False

    def _bulleted(self, line: Line, _: str) -> bool:
        text = bullet_text(line.text)
        if text is None:
            return False
        if not is_item_kind(self.section.kind):
            return self._leave(line, self._why("a bullet outside the lists"))
        return self._begin(self.section.kind, line, text)

    def _known(self, line: Line, _: str) -> bool:
        kind = known_heading(line.text)
        return kind is not None and self._enter(_Section(kind, line))

    def _continued(self, line: Line, _: str) -> bool:
        """The rest of a sentence that a narrow page has wrapped."""
        text = self.open
        if text is None or line.number != text.lines[-1].number + 1 or is_marked_heading(line.text):
            return False
        deeper = is_item_kind(text.kind) and indent_of(line.raw) > text.indent
        wrapped_prose = not is_item_kind(text.kind) and not is_short(line.text)
        goes_on = text.kind != "qualification" and (line.text[0].islower() or deeper or wrapped_prose)
        if not goes_on or text.length + len(line.text) > _LONGEST:
            return False
        text.lines.append(line)
        text.pieces.append(line.text)
        text.length += len(line.text) + 1
        return True

    def _plain(self, line: Line, following: str) -> bool:
        """A line with no bullet that is no known heading: a caption, a sentence, a label or an unknown heading."""
        section = self.section
        if is_qualification(line.text) and not section.taken and section.kind in (None, "mark"):
            section.names_awards = True
            return self._begin("qualification", line, line.text)
        if is_item_kind(section.kind):
            return self._between_bullets(line)
        if is_prose_kind(section.kind):
            heading = is_marked_heading(line.text) or is_short(line.text)
            return self._unknown(line) if heading else self._begin(section.kind, line, line.text)
        if not section.is_top:
            return self._below_unknown(line)
        if is_marked_heading(line.text) or (is_short(line.text) and bullet_text(following) is not None):
            return self._unknown(line)
        if is_short(line.text):
            return self._leave(line, "a label at the top of the page")
        return self._begin("description", line, line.text)

    def _between_bullets(self, line: Line) -> bool:
        section = self.section
        if not section.taken and not section.captioned and is_caption(line.text):
            section.captioned = True
            return self._leave(line, "a caption under its heading")
        if is_marked_heading(line.text) or is_short(line.text):
            return self._unknown(line)
        return self._leave(line, "a line without a bullet in a list")

    def _below_unknown(self, line: Line) -> bool:
        if is_marked_heading(line.text) or (is_short(line.text) and is_title_case(line.text)):
            return self._unknown(line)
        return self._leave(line, self._why(""))

    def _unknown(self, line: Line) -> bool:
        return self._enter(_Section(None, line))

    def _enter(self, section: _Section) -> bool:
        self._leave_section()
        self.section = section
        return True

    def _leave_section(self) -> None:
        self._close()
        section, self.section = self.section, _Section()
        if section.heading is None:
            return
        if section.kind is None:
            why = "a heading that is not known"
        elif section.names_awards and not section.taken:
            why = "the heading over the names of qualifications"
        elif section.taken:
            why = f"the heading over what was read as {section.kind}"
        else:
            why = "a heading with nothing under it"
        self._leave(section.heading, why)

    def _why(self, otherwise: str) -> str:
        section = self.section
        if section.kind is None and section.heading is not None:
            return f'under "{heading_text(section.heading.text)}", a heading that is not known'
        return otherwise

    def _begin(self, kind: ItemKind | ProseKind, line: Line, text: str) -> bool:
        self._close()
        self.section.taken += kind != "qualification"
        self.open = _Open(kind, indent_of(line.raw), [line], [text], len(text))
        return True

    def _close(self) -> None:
        """Make an item or a piece of prose of the open text."""
        done, self.open = self.open, None
        if done is None:
            return
        text = " ".join(done.pieces)
        if is_item_kind(done.kind):
            head, plain = item_text(done.kind, text)
        else:
            head, plain = None, without_emphasis(text)
        if plain:
            self.found.append(Found(done.kind, head, plain, tuple(line.number for line in done.lines)))
            return
        self.section.taken -= 1
        for line in done.lines:
            self._leave(line, "an empty bullet")

    def _leave(self, line: Line, why: str) -> bool:
        self.left.append(Left(line.number, line.text, why))
        return True
