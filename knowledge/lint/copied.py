"""Wording that also stands in the source documents: facts carry over, sentences do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.loader import Problem

RUN = 9
"""Words in a row that are no coincidence."""

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def copied(root: Path, sources: Path) -> Iterator[Problem]:
    """Runs of :data:`RUN` or more words that a content file under *root* shares with a ``*.txt`` file in *sources*."""
    known = {
        run
        for source in sorted(sources.glob("*.txt"))
        for run in _runs([word for word, _ in _words(source.read_text(encoding="utf-8", errors="replace"))])
    }
    for file in sorted(root.rglob("*.yaml")):
        yield from _shared(file.relative_to(root).as_posix(), _words(file.read_text(encoding="utf-8")), known)


def _shared(name: str, words: list[tuple[str, int]], known: set[tuple[str, ...]]) -> Iterator[Problem]:
    hits = [index for index, run in enumerate(_runs([word for word, _ in words])) if run in known]
    position = 0
    while position < len(hits):
        first = last = hits[position]
        while position < len(hits) and hits[position] <= last + 1:
            last = hits[position]
            position += 1
        shared = " ".join(word for word, _ in words[first : last + RUN])
        yield Problem(name, words[first][1], "", f"{last + RUN - first} words as in a source document: {shared[:120]}")


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def _words(text: str) -> list[tuple[str, int]]:
    lines = enumerate(text.lower().replace("’", "'").splitlines(), 1)
    return [(word, number) for number, line in lines for word in _WORD.findall(line)]
