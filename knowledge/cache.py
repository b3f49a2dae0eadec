"""A read course kept as JSON, so that a process starts without reading a thousand pages of YAML again.

The key is a hash of every content file and of the shapes themselves: whatever changes makes a new file. A copy that
cannot be read or written is no error; the course is then read from its files.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from knowledge import schema
from knowledge.loader import DEFAULT_COURSE, load_course
from knowledge.schema import Course


def load_cached(folder: Path, path: Path = DEFAULT_COURSE) -> Course:
    """Return the course in ``path``, from the copy in ``folder`` where it fits the files. Errors as the loader's."""
    copy = folder / f"course-{_key(path)}.json"
    with suppress(OSError, ValidationError):
        return Course.model_validate_json(copy.read_bytes())
    course = load_course(path)
    with suppress(OSError):
        _replace_copies(folder, copy, course)
    return course


def _key(path: Path) -> str:
    seen = hashlib.sha256(Path(schema.__file__).read_bytes())
    for file in sorted(path.rglob("*.yaml")):
        seen.update(str(file.relative_to(path)).encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()[:20]


def _replace_copies(folder: Path, copy: Path, course: Course) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = copy.with_suffix(".part")
    part.write_text(course.model_dump_json(exclude_defaults=True), encoding="utf-8")
    for old in folder.glob("course-*.json"):
        old.unlink()
    part.replace(copy)
