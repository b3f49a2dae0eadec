"""YAML as nodes that know their lines, and the values behind them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where there is one: ten times as fast."""


class NotReadable(ValueError):
    """YAML that cannot be used. ``line`` is 1-based; 0 where no line can be named."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


def compose(file: Path) -> yaml.Node | None:
    """The root node of *file*, or nothing when the file is empty. Raises :class:`NotReadable`."""
    try:
        node: yaml.Node | None = yaml.compose(file.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except UnicodeDecodeError as error:
        raise NotReadable(0, f"is not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise NotReadable(0, f"cannot be read: {error.strerror}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotReadable(mark.line + 1 if mark else 1, f"is not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise NotReadable(1, f"is not YAML: {error}") from error
    return node


def value_of(node: yaml.Node) -> Any:
    """The Python value of *node*. Raises :class:`NotReadable`, also for a repeated key and an alias.

    Both would hide what an author meant: the one drops a value without a word, the other lets it stand far away.
    """
    return _value(node, set())


def child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    """The node under a key of a mapping or at a place of a list, if it is there."""
    if isinstance(node, yaml.MappingNode):
        return next((below for key, below in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None


def line_of(node: yaml.Node, path: Sequence[str | int] = ()) -> int:
    """1-based line of the value at *path* under *node*, or of the nearest thing above it that is there."""
    for step in path:
        below = child(node, step)
        if below is None:
            break
        node = below
    return int(node.start_mark.line) + 1


def _value(node: yaml.Node, seen: set[int]) -> Any:
    if id(node) in seen:
        raise NotReadable(line_of(node), "write the value out: aliases are not used in content")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag.endswith(":str") else _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(below, seen) for below in node.value]
    built: dict[Any, Any] = {}
    for key_node, below in node.value:
        key = _value(key_node, seen)
        if isinstance(key, (list, dict)):
            raise NotReadable(line_of(key_node), "a key must be plain text")
        if key in built:
            raise NotReadable(line_of(key_node), f"the key {key!r} stands here twice")
        built[key] = _value(below, seen)
    return built


def _scalar(node: yaml.ScalarNode) -> Any:
    try:
        return SafeConstructor().construct_object(node)
    except ConstructorError as error:
        raise NotReadable(line_of(node), str(error.problem)) from error
    except ValueError as error:  # a date such as 2026-02-30
        raise NotReadable(line_of(node), f"{node.value}: {error}") from error
