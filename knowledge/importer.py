"""Reads revision-topic pages, so that a course can be drafted from them.

:func:`read_pages` is pure: pages in, what was found and what was dropped out. Pages with the same synopsis are one
topic, and what they repeat word for word is merged. Nothing is merged because it is alike: a mistake and the criterion
that warns of it differ by a word or two. ``knowledge.importing.drafts`` writes the files of a draft.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.importing.lines import ItemKind, ProseKind, is_item_kind, is_prose_kind, tidy
from knowledge.importing.reader import Found, PageRead, read_page

LARGEST = 1024 * 1024
"""Bytes of a page. A revision page has some ten thousand."""

MOST_LINES = 5000
"""Lines of a page that are not blank. A revision page has some hundred."""

_TOPIC_ID = 24
"""Characters of a topic's id, so that the ids of its items, which begin with it, stay within sixty."""

_MINOR = frozenset({"a", "an", "and", "for", "in", "introduction", "of", "on", "the", "to", "understanding", "with"})


class Page(NamedTuple):
    """A page: the name that references give, and its text."""

    name: str
    text: str


class Refused(NamedTuple):
    """A page that cannot be read, and why."""

    page: str
    why: str

    def __str__(self) -> str:
        return f"{self.page}: {self.why}"


class PagesRefused(Exception):
    """Some of the pages cannot be read. Carries each of them with its reason."""

    def __init__(self, refused: Sequence[Refused]) -> None:
        super().__init__("\n".join(map(str, refused)))
        self.refused = tuple(refused)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, in the page's words without markup. ``refs`` are "page:line", one for each of its lines."""

    topic: str
    kind: ItemKind
    head: str | None
    text: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph about the topic, or the name of a qualification."""

    topic: str
    kind: ProseKind
    text: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line of which nothing was made."""

    ref: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class TopicFound:
    """A topic and the pages that tell of it. The name is its title, or a page's name where no page has a title."""

    id: str
    name: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """Everything that the pages hold. Each line that is not blank is in one item, one prose record or dropped."""

    items: tuple[Item, ...]
    prose: tuple[Prose, ...]
    dropped: tuple[Dropped, ...]
    topics: tuple[TopicFound, ...]


class _Read(NamedTuple):
    name: str
    page: PageRead


def read_pages(pages: Sequence[Page]) -> Imported:
    """Read *pages* together. Raises :class:`PagesRefused` with every page that is no page of this kind.

    Where two pages have the same name, all of them go by their place in *pages*, counted from 1.
    """
    reads: list[_Read] = []
    refused: list[Refused] = []
    for name, page in zip(_names(pages), pages, strict=True):
        if why := _unreadable(page.text):
            refused.append(Refused(name, why))
            continue
        read = read_page(page.text)
        if any(is_item_kind(found.kind) for found in read.found):
            reads.append(_Read(name, read))
        else:
            refused.append(Refused(name, "no revision page: it has none of the headings with a list of points"))
    if refused:
        raise PagesRefused(refused)
    return _together(reads)


def slug(text: str, longest: int) -> str:
    """*text* as part of an id: lower case, hyphens, at most *longest* characters, cut between words if possible."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = [word for word in re.split(r"[^a-z0-9]+", plain) if word]
    joined = "-".join([word for word in words if word not in _MINOR] or words)
    if len(joined) > longest:
        cut = joined[: longest + 1]
        joined = cut.rpartition("-")[0] or joined[:longest]
    return joined or f"x{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def unused(name: str, taken: set[str], longest: int) -> str:
    """*name*, or *name* with the first number from 2 on that makes it new to *taken*, to which it is added."""
    free, number = name, 1
    while free in taken:
        number += 1
        tail = f"-{number}"
        free = name[: longest - len(tail)].rstrip("-.") + tail
    taken.add(free)
    return free


def _names(pages: Sequence[Page]) -> list[str]:
    names = [tidy(page.name.encode("utf-8", "replace").decode()) or "page" for page in pages]
    return names if len(set(names)) == len(names) else [str(place) for place in range(1, len(names) + 1)]


def _unreadable(text: str) -> str | None:
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        return "not written in UTF-8"
    if size > LARGEST:
        return "larger than 1 MiB, which no revision page is"
    if "\0" in text:
        return "a binary file, not a page of text"
    if sum(1 for row in text.splitlines() if row.strip()) > MOST_LINES:
        return f"longer than {MOST_LINES} lines, which no revision page is"
    return None


def _together(reads: Sequence[_Read]) -> Imported:
    taken: set[str] = set()
    topics: list[TopicFound] = []
    items: list[Item] = []
    prose: list[Prose] = []
    for group in _by_synopsis(reads):
        topic = _topic(group, taken)
        topics.append(topic)
        for found, refs in _merged(group):
            if is_item_kind(found.kind):
                items.append(Item(topic.id, found.kind, found.head, found.text, refs))
            elif is_prose_kind(found.kind):
                prose.append(Prose(topic.id, found.kind, found.text, refs))
    dropped = [Dropped(f"{read.name}:{left.line}", left.text, left.why) for read in reads for left in read.page.left]
    return Imported(tuple(items), tuple(prose), tuple(dropped), tuple(topics))


def _by_synopsis(reads: Sequence[_Read]) -> list[list[_Read]]:
    groups: dict[str, list[_Read]] = {}
    for place, read in enumerate(reads):
        synopsis = next((found.text for found in read.page.found if found.kind == "synopsis"), None)
        groups.setdefault(synopsis if synopsis is not None else f"\n{place}", []).append(read)
    return list(groups.values())


def _topic(group: Sequence[_Read], taken: set[str]) -> TopicFound:
    titles = [read.page.title for read in group if read.page.title]
    name = min(titles or [read.name for read in group])
    return TopicFound(unused(slug(name, _TOPIC_ID), taken, _TOPIC_ID), name, tuple(read.name for read in group))


def _merged(group: Sequence[_Read]) -> Iterator[tuple[Found, tuple[str, ...]]]:
    """Everything found in *group*, once, with the lines of every place where it stands."""
    places: dict[Found, list[str]] = {}
    for read in group:
        for found in read.page.found:
            refs = places.setdefault(found._replace(lines=()), [])
            refs += [f"{read.name}:{line}" for line in found.lines]
    return ((found, tuple(refs)) for found, refs in places.items())
