"""What an import found and dropped, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from knowledge.importer import Imported


def imported_to_json(imported: Imported) -> dict[str, Any]:
    """What was found as one JSON object: ``items``, ``prose`` and ``dropped``."""
    return {
        "items": [asdict(item) for item in imported.items],
        "prose": [asdict(prose) for prose in imported.prose],
        "dropped": [asdict(drop) for drop in imported.dropped],
    }


def report_lines(imported: Imported) -> Iterator[str]:
    """What was found, topic by topic, and each dropped line with its reason."""
    for topic in imported.topics:
        items = [item for item in imported.items if item.topic == topic.id]
        prose = [piece for piece in imported.prose if piece.topic == topic.id]
        yield f"{topic.name} ({topic.id}), from {', '.join(topic.pages)}"
        yield f"  items ({len(items)}): {_counted(item.kind for item in items)}"
        yield f"  prose: {_counted(piece.kind for piece in prose) or 'none'}"
    yield f"Dropped lines: {len(imported.dropped)}"
    for drop in imported.dropped:
        text = drop.text if len(drop.text) <= 60 else f"{drop.text[:59]}…"
        yield f"  {drop.ref}: {drop.why}: {text}"


def _counted(kinds: Iterator[str]) -> str:
    return ", ".join(f"{kind} {number}" for kind, number in Counter(kinds).items())
