"""Reads a course from its folder of YAML files, and reports everything that is wrong with them at once.

A file is composed into YAML nodes first, so that each value knows its line; the values are then checked against the
shapes of :mod:`knowledge.schema`. :func:`load_course` gives a course or raises; :func:`load` gives what could be read,
where each item stands and what is wrong, for those who go on looking (the lint, an editor).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError

from knowledge.nodes import NotReadable, child, compose, line_of, value_of
from knowledge.schema import (
    MARKING_LANGUAGE,
    Bank,
    Case,
    Comparison,
    Course,
    FastTrackDay,
    Figure,
    Id,
    LexiconClass,
    MarkingLanguage,
    Misconception,
    PlanDay,
    Question,
    Reference,
    RolePlay,
    Safeguarding,
    Shape,
    SourceItem,
    Term,
    Text,
    Tip,
    Topic,
)

CONTENT = Path(__file__).parent / "content"
DEFAULT_COURSE = CONTENT / "customer-service"

LISTS: Mapping[str, tuple[str, type[Shape]]] = {
    "source_items": ("sources.yaml", SourceItem),
    "references": ("references.yaml", Reference),
    "lexicon": ("lexicon.yaml", LexiconClass),
    "terms": ("terms/*.yaml", Term),
    "comparisons": ("comparisons/*.yaml", Comparison),
    "questions": ("questions/*.yaml", Question),
    "cases": ("cases/*.yaml", Case),
    "figures": ("figures/*.yaml", Figure),
    "misconceptions": ("misconceptions/*.yaml", Misconception),
    "tips": ("tips/*.yaml", Tip),
    "roleplays": ("roleplays/*.yaml", RolePlay),
}
"""Field of the course -> where its items stand, and their shape. Each of these files holds a list."""

MAPS = ("course.yaml", "plan.yaml", "safeguarding.yaml", "ambiguous.yaml", "subjects.yaml")
"""Files that hold one mapping."""


class Problem(NamedTuple):
    """Something wrong with the content. ``file`` is empty and ``line`` 0 where no file stands behind an item."""

    file: str
    line: int
    id: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        return place + (f"{self.id}: " if self.id else "") + self.message


class ContentError(Exception):
    """The content cannot be used. Carries every problem that was found, in the order of the files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class Source(NamedTuple):
    """The YAML behind one item: its file, and its node, which knows lines."""

    file: str
    node: yaml.Node


@dataclass(slots=True)
class Files:
    """Where each item of a course stands. Empty for a course that no files stand behind."""

    sources: dict[tuple[str, str], Source] = field(default_factory=dict)
    """(field of the course, id) -> source. Days of the plan go by their number; a mapping file has the id ""."""

    def problem(self, kind: str, item: str, message: str, *path: str | int) -> Problem:
        """A problem with the value at *path* of the item *item* of the course's field *kind*."""
        source = self.sources.get((kind, item))
        if source is None:
            return Problem("", 0, item, message)
        return Problem(source.file, line_of(source.node, path), item, message)


class Loaded(NamedTuple):
    """What could be read of a course, where it stands, and what was wrong with the rest."""

    course: Course
    files: Files
    problems: tuple[Problem, ...]


def load_course(path: Path = DEFAULT_COURSE) -> Course:
    """The course in the folder *path*. Raises :class:`ContentError` with every violation of the shapes."""
    loaded = load(path)
    if loaded.problems:
        raise ContentError(loaded.problems)
    return loaded.course


def load_glossary(path: Path = DEFAULT_COURSE) -> Course:
    """A course of terms, ambiguous forms and subjects only, for look-up. Raises like :func:`load_course`."""
    reading = _Reading(path)
    terms = reading.items("terms")
    glossary = Course.model_validate(
        {"id": "glossary", "name": "glossary", "topics": (), "terms": terms, **reading.term_lists()}
    )
    if reading.problems:
        raise ContentError(sorted(reading.problems))
    return glossary


def load_terms(path: Path = DEFAULT_COURSE) -> tuple[Term, ...]:
    """Only the terms of a course, in a fraction of the time of the whole. Raises like :func:`load_course`."""
    return load_glossary(path).terms


def load(path: Path = DEFAULT_COURSE) -> Loaded:
    """As much of the course in *path* as fits the shapes. An item that does not fit is left out and reported."""
    reading = _Reading(path)
    reading.strangers()
    parts: dict[str, Any] = {kind: reading.items(kind) for kind in LISTS}
    parts |= reading.maps()
    course = Course(**parts)
    return Loaded(course, reading.files, tuple(sorted(reading.problems)))


class _Head(Shape):
    """What ``course.yaml`` holds."""

    id: Id
    name: Text
    marking_language: MarkingLanguage = MARKING_LANGUAGE
    topics: tuple[Topic, ...]
    bank: Bank = Bank()


_NAMELESS: Mapping[str, Any] = {"id": "unnamed", "name": "unnamed", "topics": ()}
"""Stands in for a ``course.yaml`` that cannot be read, so that the rest can still be looked at."""


class _Reading:
    """One pass over a course's folder. Collects problems instead of stopping at the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = Files()
        self.problems: list[Problem] = []
        if not root.is_dir():
            self.problems.append(Problem(str(root), 0, "", "there is no such folder"))

    def strangers(self) -> None:
        """Report YAML files that no part of a course is read from: their content would be lost without a word."""
        known = {file for glob, _ in LISTS.values() for file in self.root.glob(glob)}
        known |= {self.root / name for name in MAPS}
        for file in sorted([*self.root.rglob("*.yaml"), *self.root.rglob("*.yml")]):
            if file not in known:
                self._note(file, 1, "", "nothing is read from a file of this name; see knowledge/README.md")

    def items(self, kind: str) -> tuple[Shape, ...]:
        glob, shape = LISTS[kind]
        found: list[Shape] = []
        for file in sorted(self.root.glob(glob)):
            node = self._compose(file)
            if node is None:
                continue
            if not isinstance(node, yaml.SequenceNode):
                self._note(file, 1, "", "this file must hold a list")
                continue
            found.extend(self._validated(file, kind, shape, node.value))
        return tuple(found)

    def maps(self) -> dict[str, Any]:
        return {**self._course(), **self._plan(), **self._safeguarding(), **self.term_lists()}

    def _course(self) -> Mapping[str, Any]:
        file = self.root / "course.yaml"
        node = self._mapping(file)
        if node is None:
            if self.root.is_dir() and not file.is_file():
                self._note(file, 0, "", "the course needs this file: id, name and topics")
            return _NAMELESS
        head = next(self._validated(file, "course", _Head, [node]), None)
        if not isinstance(head, _Head):
            return _NAMELESS
        topics = child(node, "topics")
        for topic, below in zip(head.topics, topics.value if topics else (), strict=True):
            self.files.sources["topics", topic.id] = Source(self._name(file), below)
        self.files.sources["bank", ""] = Source(self._name(file), child(node, "bank") or node)
        return dict(head)

    def _plan(self) -> dict[str, Any]:
        file = self.root / "plan.yaml"
        node = self._mapping(file)
        parts: dict[str, Any] = {}
        shapes: dict[str, type[Shape]] = {"plan": PlanDay, "fast_track": FastTrackDay}
        if node is None:
            return parts
        self._unknown_keys(file, node, set(shapes))
        for kind, shape in shapes.items():
            days = child(node, kind)
            if isinstance(days, yaml.SequenceNode):
                parts[kind] = tuple(self._validated(file, kind, shape, days.value))
            elif days is not None:
                self._note(file, line_of(days), kind, "must be a list of days")
        return parts

    def _safeguarding(self) -> dict[str, Any]:
        file = self.root / "safeguarding.yaml"
        node = self._mapping(file)
        read = [] if node is None else list(self._validated(file, "safeguarding", Safeguarding, [node]))
        return {"safeguarding": read[0]} if read else {}

    def term_lists(self) -> dict[str, Any]:
        """What lists terms under words that several have in common."""
        return {kind: self._term_list(kind) for kind in ("ambiguous", "subjects")}

    def _term_list(self, kind: str) -> Mapping[str, tuple[Id, ...]]:
        file = self.root / f"{kind}.yaml"
        node = self._mapping(file)
        value = {} if node is None else self._value(file, node)
        if node is None or not isinstance(value, dict):
            return {}
        source = Source(self._name(file), node)
        self.files.sources[kind, ""] = source
        try:
            return TypeAdapter(Mapping[str, tuple[Id, ...]]).validate_python(value)
        except ValidationError as error:
            self._explain(source, "", error)
            return {}

    def _validated(self, file: Path, kind: str, shape: type[Shape], nodes: Sequence[yaml.Node]) -> Iterator[Shape]:
        for node in nodes:
            value = self._value(file, node)
            name = _item_name(kind, value)
            source = Source(self._name(file), node)
            if (kind, name) in self.files.sources and name:
                first = self.files.sources[kind, name]
                self._note(file, line_of(source.node), name, f"stands already in {first.file}:{line_of(first.node)}")
                continue
            if value is _UNUSABLE:
                continue
            self.files.sources[kind, name] = source
            try:
                yield shape.model_validate(value)
            except ValidationError as error:
                self._explain(source, name, error)

    def _explain(self, source: Source, name: str, error: ValidationError) -> None:
        for path, message in explained(error):
            self.problems.append(Problem(source.file, line_of(source.node, path), name, message))

    def _unknown_keys(self, file: Path, node: yaml.MappingNode, known: set[str]) -> None:
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value not in known:
                expected = ", ".join(sorted(known))
                self._note(file, line_of(key), "", f"unknown key here; expected {expected}")

    def _mapping(self, file: Path) -> yaml.MappingNode | None:
        node = self._compose(file) if file.is_file() else None
        if node is None or isinstance(node, yaml.MappingNode):
            return node
        self._note(file, 1, "", "this file must hold a mapping")
        return None

    def _compose(self, file: Path) -> yaml.Node | None:
        """The root node of *file*, or nothing when it is empty or cannot be read (then reported)."""
        try:
            return compose(file)
        except NotReadable as error:
            self._note(file, error.line, "", error.why)
            return None

    def _value(self, file: Path, node: yaml.Node) -> Any:
        try:
            return value_of(node)
        except NotReadable as error:
            name = child(node, "id")
            self._note(file, error.line, str(name.value) if name else "", error.why)
            return _UNUSABLE

    def _note(self, file: Path, line: int, name: str, message: str) -> None:
        self.problems.append(Problem(self._name(file), line, name, message))

    def _name(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()


_UNUSABLE = object()


def _item_name(kind: str, value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    name = value.get("day" if kind in ("plan", "fast_track") else "id", "")
    return str(name)


def explained(error: ValidationError) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each violation of a shape as an author reads it: the path to the value, and what is wrong with it."""
    for one in error.errors(include_url=False):
        where = f"{'.'.join(map(str, one['loc']))}: " if one["loc"] else ""
        yield one["loc"], where + _in_words(one)


def _in_words(error: Any) -> str:
    """A pydantic error as an author reads it."""
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "string_too_long":
        return f"at most {context['max_length']} characters, this has {len(given)}"
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "unknown key"
    if kind == "string_type" and isinstance(given, (bool, int, float)):
        return f"YAML reads this as {given!r}: put quotes round it"
    if kind == "string_pattern_mismatch":
        return f"{given!r} is no id: lower case, digits, single dots and hyphens"
    return str(error["msg"]).removeprefix("Value error, ")
