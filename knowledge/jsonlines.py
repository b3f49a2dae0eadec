"""One line in, one line of JSON out, in order and at once: how other programs talk to look-up and marker."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, BinaryIO

_BOM = b"\xef\xbb\xbf"


class BadLine(ValueError):
    """A line that cannot be answered, and why."""


def answer_lines(source: BinaryIO, sink: BinaryIO, answer: Callable[[str], dict[str, Any]]) -> None:
    """Answer each line of *source* with a flushed line on *sink*; a bad line gets ``{"error": ...}``."""
    for number, raw in enumerate(source):
        try:
            line = (raw.removeprefix(_BOM) if number == 0 else raw).decode("utf-8").rstrip("\r\n")
            answered = answer(line)
        except UnicodeDecodeError as error:
            answered = {"error": f"the line is not UTF-8: {error.reason} at byte {error.start}"}
        except BadLine as error:
            answered = {"error": str(error)}
        write_line(sink, answered)


def write_line(sink: BinaryIO, value: Any) -> None:
    """One flushed line of JSON. A lone surrogate, which UTF-8 cannot hold, goes out as the escape it came in as."""
    sink.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    sink.flush()


def object_in(line: str) -> dict[str, Any]:
    """The JSON object that *line* holds. Raises :class:`BadLine`."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"the line is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadLine("the line holds JSON, but not an object")
    return value


def text_of(value: dict[str, Any], key: str) -> str:
    """The text under *key*. Raises :class:`BadLine` when it is missing or something else."""
    text = value.get(key)
    if not isinstance(text, str):
        raise BadLine(f'"{key}" is missing or not a text')
    return text
