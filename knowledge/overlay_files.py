"""Entries over a course as content files again: ready to be copied over the course's folder and reviewed.

A change to something that stands in the files becomes a copy of its file in which only the changed fields differ, so
that it reads well beside the old one. Drafts go to a file of their own for each topic. Nobody's name is in an entry,
so none gets into a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from knowledge.lint.lock import FILE, Lock, LockUnreadable, read_lock, updated, write_lock
from knowledge.loader import ContentError, Files, Problem, load
from knowledge.nodes import value_of
from knowledge.overlay import Entry, LeftOut, apply, sifted, unreviewed
from knowledge.schema import Course, Shape

KINDS = ("terms", "comparisons", "questions", "misconceptions", "tips")
"""Fields of a course that entries can change. Each is a folder of the same name."""

DRAFTS = "from-tutors"
"""How the names of the files end that hold drafts."""

_NOTICE = """\
# From tutors, in their words. Review each entry: put it into your own words, give it an example where it has none, and
# delete `confirmed: false`. Until then learners can look it up and nothing asks about it.
"""
_WIDTH = 110

Changes: TypeAlias = dict[str, Any]
"""Field -> its new value, as YAML will hold it."""


class FilesExist(Exception):
    """Some files that would be written are there already."""

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__(", ".join(map(str, files)))
        self.files = tuple(files)


@dataclass(frozen=True, slots=True)
class OverlayFiles:
    """Name below the course's folder -> text of each file that differs from the course's, the new record of ids too."""

    texts: Mapping[str, str]
    lock: Lock
    carried: int
    """Entries that are in the files. Those which the course holds by now are neither carried nor left out."""
    left_out: tuple[LeftOut, ...]

    def write(self, folder: Path, *, force: bool) -> tuple[Path, ...]:
        """Write the files into *folder* and return them; none where there is nothing to write.

        Raises :class:`FilesExist` with nothing written, unless *force* says to write over them, and ``OSError``.
        """
        if not self.texts:
            return ()
        files = {folder / name: text for name, text in self.texts.items()}
        targets = (*files, folder / FILE)
        if not force and (there := [file for file in targets if file.exists()]):
            raise FilesExist(there)
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        write_lock(folder / FILE, self.lock)
        return targets


def overlay_files(root: Path, entries: Sequence[Entry]) -> OverlayFiles:
    """What the folder *root* would hold with *entries* in it. Raises :class:`ContentError` where it cannot be read.

    Entries that the lint has something to say about are left out, each with its problems.
    """
    loaded = load(root)
    problems = list(loaded.problems)
    lock = None
    try:
        lock = read_lock(root / FILE)
    except LockUnreadable as error:
        problems.append(Problem(FILE, 0, "", str(error)))
    if problems:
        raise ContentError(problems)
    merged, kept, left_out = _merged(loaded.course, entries)
    return OverlayFiles(_texts(root, loaded.course, loaded.files, merged), updated(merged, lock), kept, left_out)


def _merged(course: Course, entries: Sequence[Entry]) -> tuple[Course, int, tuple[LeftOut, ...]]:
    """The course with the entries in it, how many of them changed something, and those that do not fit."""
    fit, left_out = sifted(course, unreviewed(course, entries))
    merged, changing = course, 0
    for entry in fit:
        before, merged = merged, apply(merged, [entry])
        changing += before is not merged
    return merged, changing, left_out


@dataclass
class _File:
    """What becomes of one file: the fields that change in the items it has, and the items that join it."""

    changes: list[tuple[yaml.MappingNode, Changes]] = field(default_factory=list)
    added: list[Changes] = field(default_factory=list)


def _texts(root: Path, course: Course, files: Files, merged: Course) -> dict[str, str]:
    found: dict[str, _File] = {}
    for kind in KINDS:
        before = {item.id: item for item in getattr(course, kind)}
        for item in getattr(merged, kind):
            if item.id not in before:
                found.setdefault(_draft_file(kind, item), _File()).added.append(_plain(item))
            elif item != before[item.id]:
                source = files.sources[kind, item.id]
                assert isinstance(source.node, yaml.MappingNode)
                changes = _changes(value_of(source.node), before[item.id], item)
                found.setdefault(source.file, _File()).changes.append((source.node, changes))
    return {name: _text(root / name, file) for name, file in found.items()}


def _draft_file(kind: str, item: Any) -> str:
    topic = f"{item.topic}-" if hasattr(item, "topic") else ""
    return f"{kind}/{topic}{DRAFTS}.yaml"


def _text(file: Path, wanted: _File) -> str:
    old = file.read_text(encoding="utf-8-sig") if file.is_file() else _NOTICE
    lines = re.findall(r"[^\n]*\n|[^\n]+", old)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    edits = [edit for node, changes in wanted.changes for edit in _edits(lines, node, changes)]
    for start, end, text in sorted(edits, reverse=True):
        lines[start:end] = [text]
    return "".join(lines) + "".join(f"\n{_dump([item])}" for item in wanted.added)


def _edits(lines: Sequence[str], node: yaml.MappingNode, changes: Changes) -> Iterator[tuple[int, int, str]]:
    """Lines from, lines to, and what stands there instead, for each field of an item that changes.

    An item in braces is written anew as a whole.
    """
    if node.flow_style:
        start = node.start_mark.line
        yield start, _end(node), _dump([value_of(node) | changes])
        return
    column = node.value[0][0].start_mark.column
    starts = [key.start_mark.line for key, _ in node.value]
    ends = [*starts[1:], _end(node)]
    places = {key.value: (start, end) for (key, _), start, end in zip(node.value, starts, ends, strict=True)}
    last = _trimmed(lines, starts[-1], ends[-1], column)
    for name, value in changes.items():
        text = _indented(_dump({name: value}), column)
        if name in places:
            start, end = places[name]
            yield start, _trimmed(lines, start, end, column), lines[start][:column] + text[column:]
        else:
            yield last, last, text


def _end(node: yaml.Node) -> int:
    """The line behind *node*."""
    return int(node.end_mark.line) + (node.end_mark.column > 0)


def _trimmed(lines: Sequence[str], start: int, end: int, column: int) -> int:
    """*end* without the blank lines and comments in front of it: they belong to what follows."""
    while end > start + 1:
        line = lines[end - 1]
        text = line.lstrip()
        if text and not (text.startswith("#") and len(line) - len(text) <= column):
            break
        end -= 1
    return end


def _changes(raw: Any, before: Shape, after: Shape) -> Changes:
    """The fields of *after* that differ from *before*, written as far as possible as they stand in *raw*."""
    changed: Changes = {}
    for name in type(after).model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            changed[name] = _value(raw.get(name), old, new)
    return changed


def _value(raw: Any, old: Any, new: Any) -> Any:
    if old == new and raw is not None:
        return raw
    if isinstance(raw, dict) and isinstance(old, Shape) and isinstance(new, Shape):
        return raw | _changes(raw, old, new)
    if isinstance(raw, list) and isinstance(old, tuple) and isinstance(new, tuple) and len(raw) <= len(new):
        same = [_value(*three) for three in zip(raw, old, new, strict=False)]
        return same + [_plain(each) for each in new[len(raw) :]]
    return _plain(new)


def _plain(value: Any) -> Any:
    """*value* as YAML holds it, without what goes without saying."""
    if isinstance(value, Shape):
        return value.model_dump(mode="json", exclude_defaults=True)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


class _Dumper(yaml.SafeDumper):
    """The habits of the course's files: lists indented under their key, long text folded."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = ">" if len(text) > _WIDTH - 30 and "\n" not in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _string)


def _dump(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return text


def _indented(text: str, column: int) -> str:
    return "".join(f"{' ' * column}{line}" if line.strip() else line for line in text.splitlines(keepends=True))
