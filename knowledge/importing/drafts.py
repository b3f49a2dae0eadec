"""Draft content from pages: the files of a course as far as the pages go, in the shapes of :mod:`knowledge.schema`.

What a page does not tell (a term's example, a mark scheme) is left out, so that the loader names it as missing. The
wording is still the page's, which every file says at its top.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from knowledge.importer import Imported, Item, slug, unused
from knowledge.importing.report import report_lines

_NOTICE = """\
# A draft. The words are those of the pages it was made from: put everything into your own before a learner sees it.
# `python -m knowledge lint --content FOLDER` names what is missing still.
"""
_ID = 60
_ABBREVIATED = re.compile(r"(?P<name>.+?) \((?P<short>[A-Z][A-Z0-9&-]{1,9})\)")

_Entries: TypeAlias = Sequence[tuple[Sequence[str], dict[str, Any]]]
"""For each entry the lines it comes from, and its fields."""


class DraftExists(Exception):
    """A file of the draft is there already, and somebody may have worked on it."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is there already; name another folder with --out")
        self.file = file


def write_drafts(imported: Imported, folder: Path | None) -> tuple[Path, ...]:
    """Write the drafts and return their files: all into *folder*, or each topic into ``drafts/<topic>``.

    Nothing is ever written over. Raises :class:`DraftExists`, with nothing written, and ``OSError``.
    """
    files: dict[Path, str] = {}
    if folder is not None:
        files = {folder / name: text for name, text in draft_files(imported).items()}
    else:
        for topic in imported.topics:
            part = only(imported, topic.id)
            files |= {Path("drafts", topic.id, name): text for name, text in draft_files(part).items()}
    for file in files:
        if file.exists():
            raise DraftExists(file)
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tuple(files)


def only(imported: Imported, topic: str) -> Imported:
    """What was found of one topic, and what was dropped from its pages."""
    topics = tuple(one for one in imported.topics if one.id == topic)
    pages = {page for one in topics for page in one.pages}
    return Imported(
        tuple(item for item in imported.items if item.topic == topic),
        tuple(prose for prose in imported.prose if prose.topic == topic),
        tuple(drop for drop in imported.dropped if drop.ref.rpartition(":")[0] in pages),
        topics,
    )


def draft_files(imported: Imported) -> Mapping[str, str]:
    """Name -> text of each file of the draft. Files that would be empty are left out."""
    names = _source_ids(imported.items)
    files = {
        "course.yaml": _NOTICE + _dump(_course(imported)),
        "sources.yaml": _listing([(item.refs, _source(item, names[item])) for item in imported.items]),
        "report.txt": "\n".join(report_lines(imported)) + "\n",
    }
    term_ids: set[str] = set()
    tip_ids: set[str] = set()
    for topic in imported.topics:
        items = [item for item in imported.items if item.topic == topic.id]
        terms = [(item.refs, _term(item, names[item], term_ids)) for item in items if _is_term(item)]
        tips = [(item.refs, _tip(item, names[item], tip_ids)) for item in items if item.kind == "tip"]
        files |= {f"terms/{topic.id}.yaml": _listing(terms)} if terms else {}
        files |= {f"tips/{topic.id}.yaml": _listing(tips)} if tips else {}
    return files


def _course(imported: Imported) -> dict[str, Any]:
    return {
        "id": "draft",
        "name": "; ".join(topic.name for topic in imported.topics),
        "topics": [_topic(imported, topic.id, topic.name) for topic in imported.topics],
    }


def _topic(imported: Imported, topic: str, name: str) -> dict[str, Any]:
    said = {prose.kind: prose.text for prose in reversed(imported.prose) if prose.topic == topic}
    awards = [prose.text for prose in imported.prose if prose.topic == topic and prose.kind == "qualification"]
    about = said.get("synopsis") or said.get("description")
    fields = {
        "id": topic,
        "name": name,
        "synopsis": shortened(about, 700) if about else None,
        "qualification": " / ".join(awards) or None,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _source_ids(items: Sequence[Item]) -> dict[Item, str]:
    taken: set[str] = set()
    names = {}
    for item in items:
        front = f"{item.topic}.{item.kind}."
        names[item] = unused(front + slug(item.head or item.text, _ID - len(front)), taken, _ID)
    return names


def _source(item: Item, name: str) -> dict[str, Any]:
    gist = shortened(f"{item.head}: {item.text}" if item.head else item.text, 240)
    return {"id": name, "topic": item.topic, "kind": item.kind, "gist": gist}


def _is_term(item: Item) -> bool:
    return item.kind == "term" or (item.kind == "concept" and item.head is not None)


def _term(item: Item, source: str, taken: set[str]) -> dict[str, Any]:
    """A term as far as the page tells of it: always without an example, often without a definition."""
    name, abbreviation = name_of(item)
    fields: dict[str, Any] = {"id": unused(f"term.{slug(name, _ID - 5)}", taken, _ID), "topic": item.topic}
    fields["name"] = name
    if abbreviation:
        fields["abbreviations"] = [abbreviation]
    if item.head is not None:
        fields["definition" if len(item.text) <= 260 else "explanation"] = item.text
    return fields | {"seeds": [source], "origin": "source", "confirmed": False}


def name_of(item: Item) -> tuple[str, str | None]:
    """The name that a term on a page goes by, and its abbreviation where one stands behind it in brackets."""
    whole = item.head or item.text
    parted = _ABBREVIATED.fullmatch(whole)
    return (parted["name"], parted["short"]) if parted else (whole, None)


def _tip(item: Item, source: str, taken: set[str]) -> dict[str, Any]:
    front = f"tip.{item.topic}."
    title = shortened(item.head or item.text, 60)
    name = unused(front + slug(title, _ID - len(front)), taken, _ID)
    text = shortened(item.text, 480)
    return {"id": name, "topic": item.topic, "title": title, "text": text, "seeds": [source], "origin": "source"}


def shortened(text: str, longest: int) -> str:
    """*text*, cut between words with an ellipsis where it is longer than *longest* characters."""
    if len(text) <= longest:
        return text
    cut = text[:longest]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(",;:") + "…"


def _listing(entries: _Entries) -> str:
    return _NOTICE + "".join(_commented(refs, fields) for refs, fields in entries)


def _commented(refs: Sequence[str], fields: dict[str, Any]) -> str:
    return f"# {', '.join(refs)}\n{_dump([fields])}"


def _dump(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110)
