"""The packaged lists of words by which questions are read, from ``wordlists.txt``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in (files("knowledge.lookup") / "wordlists.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(name, []).extend(line.split())
    return {name: frozenset(words) for name, words in found.items()}


def words_in(name: str) -> frozenset[str]:
    """The words of one list. An unknown name is an error of the program: ``KeyError``."""
    return _lists()[name]
