"""How good look-up is: ``python -m knowledge.lookup.evaluate [FILE...]`` prints a table by kind of query.

A file holds one JSON object a line: ``{"text": ..., "terms": [...], "kind": ...}``; no terms means that nothing may be
found. Without a file the development queries are used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from knowledge.loader import load_glossary
from knowledge.lookup.calibration.queries import CLEAN, NOTHING, SURFACE, TYPOS, UNSEEN, Query, development_queries
from knowledge.lookup.index import Index
from knowledge.lookup.match import CONFIDENT, Match, entries_of
from knowledge.schema import Course


@dataclass(slots=True)
class Tally:
    """Counts for one kind of query, and the processor time of each in milliseconds."""

    asked: int = 0
    first: int = 0
    third: int = 0
    listed: int = 0
    found: int = 0
    confident: int = 0
    confident_right: int = 0
    times: list[float] = field(default_factory=list)
    misses: list[tuple[Query, list[Match]]] = field(default_factory=list)

    def add(self, query: Query, matches: list[Match], milliseconds: float) -> None:
        """Counts one query's outcome."""
        ids = [match.term_id for match in matches]
        right = bool(ids) and ids[0] in query.terms
        if query.kind == "compare":
            right = tuple(ids[:2]) == query.terms
        sure = bool(matches) and matches[0].score >= CONFIDENT
        self.asked += 1
        self.times.append(milliseconds)
        self.first += right
        self.third += right or (query.kind != "compare" and not set(ids[:3]).isdisjoint(query.terms))
        self.listed += not set(ids).isdisjoint(query.terms) and (not sure or right)
        self.found += bool(ids)
        self.confident += sure
        self.confident_right += sure and right
        if (bool(ids) if not query.terms else not right) or (sure and not right):
            self.misses.append((query, matches))


def evaluate(index: Index, queries: Iterable[Query]) -> dict[str, Tally]:
    """Asks every query once and tallies by kind."""
    tallies: dict[str, Tally] = {}
    for query in queries:
        start = process_time()
        if query.kind == "compare":
            pair = index.find_pair(query.text)
            matches = [pair.first, pair.second] if pair else []
        else:
            matches = index.find(query.text)
        tallies.setdefault(query.kind, Tally()).add(query, matches, 1000 * (process_time() - start))
    return tallies


def merged(tallies: dict[str, Tally], kinds: Sequence[str]) -> Tally:
    """The tallies of several kinds as one."""
    total = Tally()
    for kind in kinds:
        if one := tallies.get(kind):
            for name in ("asked", "first", "third", "listed", "found", "confident", "confident_right"):
                setattr(total, name, getattr(total, name) + getattr(one, name))
            total.times += one.times
            total.misses += one.misses
    return total


def table(tallies: dict[str, Tally]) -> str:
    """The figures as text, one line a kind and the sums below."""
    order = [*SURFACE, "meaning", UNSEEN, "unclear", *NOTHING]
    kinds = [kind for kind in order if kind in tallies] + sorted(set(tallies) - set(order))
    lines = [
        f"{'kind':16}{'asked':>7}"
        + "".join([f"{name:>9}" for name in ("top-1", "top-3", "list", "sure", "sure ok", "found", "p50 ms", "p99 ms")])
    ]
    lines += [_line(kind, tallies[kind]) for kind in kinds]
    lines.append("")
    for name, group in (("all clean", CLEAN), ("all typos", TYPOS), ("all surface", SURFACE), ("everything", kinds)):
        if (total := merged(tallies, group)).asked:
            lines.append(_line(name, total))
    return "\n".join(lines)


def _line(name: str, tally: Tally) -> str:
    def percent(part: int, whole: int) -> str:
        return f"{100 * part / whole:.1f}" if whole else "-"

    times = sorted(tally.times)
    return (
        f"{name:16}{tally.asked:>7}{percent(tally.first, tally.asked):>9}{percent(tally.third, tally.asked):>9}"
        f"{percent(tally.listed, tally.asked):>9}{percent(tally.confident, tally.asked):>9}"
        f"{percent(tally.confident_right, tally.confident):>9}{percent(tally.found, tally.asked):>9}"
        f"{times[len(times) // 2]:>9.2f}{times[int(len(times) * 0.99)]:>9.2f}"
    )


def read_queries(path: Path) -> list[Query]:
    """The queries of a file of JSON lines."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Query(row["text"], tuple(row.get("terms", ())), row.get("kind", "all"), hand_written=True) for row in rows]


def report(course: Course, paths: Sequence[Path], *, misses: bool) -> str:
    """The table for the files, or for the development queries (made with another seed than those calibrated on)."""
    queries = [query for path in paths for query in read_queries(path)] or development_queries(
        entries_of(course), seed=2
    )
    index = Index.of(course)
    tallies = evaluate(index, queries)
    text = table(tallies)
    if misses:
        for tally in tallies.values():
            for query, matches in tally.misses:
                got = ", ".join(f"{match.term_id} {match.score:.2f}" for match in matches[:3]) or "nothing"
                text += f"\n{query.kind}: {query.text!r} wants {', '.join(query.terms) or 'nothing'}; got {got}"
    return text


def main(arguments: Sequence[str]) -> int:
    """The command: files to evaluate, and ``--misses`` to list what went wrong."""
    paths = [Path(argument) for argument in arguments if argument != "--misses"]
    sys.stdout.write(report(load_glossary(), paths, misses="--misses" in arguments) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
