"""``ids.lock``: the ids that learners' histories may already hold.

An id that has been published must not vanish or come to name another kind of thing. Where that is meant, an entry under
``renamed`` says so and why::

    renamed:
      q.ci.old-cafe: {now: q.ci.new-cafe, because: "two questions on one idea were joined"}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.lint.prose import KINDS
from knowledge.loader import Problem
from knowledge.schema import Course

FILE = "ids.lock"

_HEAD = """\
# Published ids: id -> kind, name, hash of the idea. `python -m knowledge lint --update-lock` writes this file.
# An id that must go is named under `renamed`, with what stands for it now (if anything does) and why.
"""

_IDEA: Mapping[str, tuple[str, str]] = {
    "topics": ("name", "synopsis"),
    "terms": ("name", "definition"),
    "comparisons": ("id", "different"),
    "questions": ("id", "stem"),
    "cases": ("title", "brief"),
    "figures": ("title", "alt"),
    "misconceptions": ("name", "believed"),
    "tips": ("title", "text"),
    "roleplays": ("title", "opening"),
    "source_items": ("id", "gist"),
    "references": ("title", "title"),
}
"""Field of the course -> which fields of its items are the name and the idea."""


@dataclass(frozen=True, slots=True)
class Locked:
    """What is on record about one id."""

    kind: str
    name: str
    idea: str


@dataclass(frozen=True, slots=True)
class Lock:
    """The record of published ids."""

    ids: Mapping[str, Locked] = field(default_factory=dict)
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class LockUnreadable(ValueError):
    """``ids.lock`` is not what the lint writes."""


def lock_of(course: Course) -> dict[str, Locked]:
    """What the record would say about *course* as it stands. A marking point goes by ``question/point``."""
    found: dict[str, Locked] = {}
    for kind in KINDS:
        if kind in _IDEA:
            name, idea = _IDEA[kind]
            for item in getattr(course, kind):
                found[item.id] = Locked(kind, str(getattr(item, name)), _hash(getattr(item, idea)))
    for question in course.questions:
        for point in question.scheme.points if question.scheme else ():
            found[f"{question.id}/{point.id}"] = Locked("points", point.label, _hash(point.idea))
    return found


def read_lock(file: Path) -> Lock | None:
    """The record in *file*, or nothing when there is no such file. Raises :class:`LockUnreadable`."""
    if not file.is_file():
        return None
    try:
        raw: Any = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe loaders
        ids = {name: Locked(*map(str, entry)) for name, entry in (raw.get("ids") or {}).items()}
        renamed = {name: dict(entry) for name, entry in (raw.get("renamed") or {}).items()}
    except (yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise LockUnreadable(f"{file.name} cannot be read: {error}") from error
    return Lock(ids, renamed)


def check_lock(course: Course, lock: Lock | None) -> Iterator[Problem]:
    """Ids that vanished, changed their kind, came back, or are not on record yet."""
    if lock is None:
        yield Problem(FILE, 0, "", "there is no record of published ids; lint --update-lock writes it")
        return
    now = lock_of(course)
    for name, was in lock.ids.items():
        if name in lock.renamed:
            continue
        if name not in now:
            yield Problem(
                FILE, 0, name, f"has vanished ({was.kind}: {was.name}); bring it back or name it under renamed"
            )
        elif now[name].kind != was.kind:
            yield Problem(FILE, 0, name, f"was one of {was.kind} and is now one of {now[name].kind}; use a new id")
    for name, entry in lock.renamed.items():
        yield from _renamed(name, entry, now)
    if new := [name for name in now if name not in lock.ids and name not in lock.renamed]:
        more = ", ..." if len(new) > 3 else ""
        message = f"{len(new)} ids are not on record yet ({', '.join(new[:3])}{more}); lint --update-lock adds them"
        yield Problem(FILE, 0, "", message)


def changed_ideas(course: Course, lock: Lock | None) -> list[str]:
    """Ids whose wording changed since the record was written. No problem, but worth a look: is it the same idea?"""
    now = lock_of(course)
    return [name for name, was in (lock.ids if lock else {}).items() if name in now and now[name].idea != was.idea]


def updated(course: Course, lock: Lock | None) -> Lock:
    """The record with the new ids and wordings of *course*. What vanished stays on record until it is renamed."""
    old = lock or Lock()
    kept = {name: was for name, was in old.ids.items() if name not in old.renamed}
    fresh = {name: entry for name, entry in lock_of(course).items() if kept.get(name, entry).kind == entry.kind}
    return Lock({**kept, **fresh}, old.renamed)


def write_lock(file: Path, lock: Lock) -> None:
    """Write the record, sorted, one id a line, so that a change reads well in a diff."""
    lines = [_HEAD, "ids:\n" if lock.ids else "ids: {}\n"]
    lines += [f"  {name}: {_flow([was.kind, was.name, was.idea])}\n" for name, was in sorted(lock.ids.items())]
    lines.append("renamed:\n" if lock.renamed else "renamed: {}\n")
    lines += [f"  {name}: {_flow(entry)}\n" for name, entry in sorted(lock.renamed.items())]
    file.write_text("".join(lines), encoding="utf-8")


def _renamed(name: str, entry: Mapping[str, str], now: Mapping[str, Locked]) -> Iterator[Problem]:
    if not entry.get("because"):
        yield Problem(FILE, 0, name, "renamed: say why (because: ...)")
    if entry.get("now") and entry["now"] not in now:
        yield Problem(FILE, 0, name, f"renamed: there is no {entry['now']}")
    if name in now:
        yield Problem(FILE, 0, name, "is renamed and used again; take a new id")


def _flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:10]
