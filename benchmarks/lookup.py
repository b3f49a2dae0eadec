"""Look-up beside the usual ways of finding a term: accuracy and time in one run, then size, start and memory.

``python -m benchmarks.lookup`` asks every third development query; ``--all`` asks all of them; ``--large`` adds made-up
glossaries of 5,000 and 50,000 terms. thefuzz is compared where it is installed. All times are of the processor, so
that other programs on the machine do not count.
"""

from __future__ import annotations

import difflib
import gc
import importlib
import random
import sqlite3
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

from rapidfuzz import process
from rapidfuzz.fuzz import WRatio

from knowledge.loader import load_glossary
from knowledge.lookup import Entry, Index, entries_of
from knowledge.lookup.calibration.queries import NOTHING, SURFACE, Query, development_queries
from knowledge.lookup.guard import names
from knowledge.lookup.match import CONFIDENT
from knowledge.words import english_words

Finder = Callable[[str], tuple[str | None, bool]]
"""From a text to the best term's id, and whether it would be shown at once."""


def forms_of(entries: Sequence[Entry]) -> dict[str, str]:
    """Lower-case form -> term id."""
    return {
        form.casefold(): entry.id
        for entry in reversed(entries)
        for form in (entry.name, *entry.aliases, *entry.abbreviations)
    }


def our_finder(entries: Sequence[Entry]) -> Finder:
    """The look-up of this project."""
    index = Index.build(entries)

    def find(text: str) -> tuple[str | None, bool]:
        matches = index.find(text)
        return (matches[0].term_id, matches[0].score >= CONFIDENT) if matches else (None, False)

    return find


def wratio_finder(entries: Sequence[Entry], cutoff: float) -> Finder:
    """``rapidfuzz.process.extractOne`` with WRatio."""
    forms = forms_of(entries)
    choices = list(forms)

    def find(text: str) -> tuple[str | None, bool]:
        best = process.extractOne(text.casefold(), choices, scorer=WRatio, score_cutoff=cutoff)
        return (forms[best[0]], best[1] >= 90) if best else (None, False)

    return find


def difflib_finder(entries: Sequence[Entry]) -> Finder:
    """``difflib.get_close_matches`` with its own cutoff."""
    forms = forms_of(entries)
    choices = list(forms)

    def find(text: str) -> tuple[str | None, bool]:
        best = difflib.get_close_matches(text.casefold(), choices, n=1)
        return (forms[best[0]], True) if best else (None, False)

    return find


def trigram_finder(entries: Sequence[Entry]) -> Finder:
    """SQLite's full-text index of trigrams, best rank first."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE forms USING fts5(form, term UNINDEXED, tokenize='trigram')")
    database.executemany("INSERT INTO forms VALUES (?, ?)", forms_of(entries).items())

    def find(text: str) -> tuple[str | None, bool]:
        plain = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
        pieces = {word[at : at + 3] for word in plain.split() for at in range(len(word) - 2)}
        if not pieces:
            return None, False
        asked = " OR ".join(f'"{piece}"' for piece in sorted(pieces))
        row = database.execute("SELECT term FROM forms WHERE forms MATCH ? ORDER BY rank LIMIT 1", (asked,)).fetchone()
        return (row[0], True) if row else (None, False)

    return find


def thefuzz_finder(entries: Sequence[Entry]) -> Finder | None:
    """``thefuzz.process.extractOne``, or None where it is not installed."""
    try:
        fuzzy: Any = importlib.import_module("thefuzz.process")
    except ImportError:
        return None
    forms = forms_of(entries)
    choices = list(forms)

    def find(text: str) -> tuple[str | None, bool]:
        best = fuzzy.extractOne(text, choices)
        return (forms[best[0]], best[1] >= 90) if best else (None, False)

    return find


def percentile(times: Sequence[float], share: float) -> float:
    """The time that this share of the queries stays below."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def compare(name: str, find: Finder, queries: Sequence[Query]) -> str:
    """One line of the table."""
    right = {"surface": [0, 0], "meaning": [0, 0]}
    strays = strays_sure = nothing = 0
    times = []
    for query in queries:
        start = process_time()
        term, sure = find(query.text)
        times.append(1000 * (process_time() - start))
        if query.kind in NOTHING:
            nothing += 1
            strays += term is not None
            strays_sure += sure
        elif query.kind in SURFACE or query.kind == "meaning":
            tally = right["meaning" if query.kind == "meaning" else "surface"]
            tally[0] += term in query.terms
            tally[1] += 1
    surface, meaning = (100 * part / max(1, whole) for part, whole in right.values())
    return (
        f"{name:34}{surface:9.1f}{meaning:9.1f}{100 * strays / max(1, nothing):9.1f}"
        f"{100 * strays_sure / max(1, nothing):9.1f}{percentile(times, 0.5):9.2f}{percentile(times, 0.99):9.2f}"
    )


def accuracy(entries: Sequence[Entry], queries: Sequence[Query]) -> None:
    """Prints the comparison."""
    print(f"{len(queries)} queries, {len(entries)} terms, {len(forms_of(entries))} forms")
    print(f"{'':34}{'surface':>9}{'meaning':>9}{'stray':>9}{'sure':>9}{'p50 ms':>9}{'p99 ms':>9}")
    finders: list[tuple[str, Finder | None, int]] = [
        ("this look-up", our_finder(entries), 1),
        ("extractOne WRatio, no cutoff", wratio_finder(entries, 0), 1),
        ("extractOne WRatio, cutoff 86", wratio_finder(entries, 86), 1),
        ("SQLite FTS5 trigram", trigram_finder(entries), 1),
        ("difflib (every 20th query)", difflib_finder(entries), 20),
        ("thefuzz (every 20th query)", thefuzz_finder(entries), 20),
    ]
    for name, find, step in finders:
        if find is None:
            print(f"{name:34}  not installed")
        else:
            print(compare(name, find, queries[::step]))


def made_up(count: int, chance: random.Random) -> list[Entry]:
    """A glossary of invented two- and three-word terms over a vocabulary that grows with it."""
    words = sorted(word for word in english_words() if 4 < len(word) < 11)
    vocabulary = chance.sample(words, min(len(words), 500 + count // 4))
    entries = []
    for number in range(count):
        name = " ".join(chance.choices(vocabulary, k=chance.choice((2, 2, 3))))
        aliases = (" ".join(chance.choices(vocabulary, k=2)),)
        prose = [" ".join(chance.choices(vocabulary, k=12)) for _ in range(3)]
        entries.append(Entry(f"term.{number}", name, aliases, (), (), prose[0], (prose[1],), prose[2]))
    return entries


def large(count: int) -> None:
    """Prints build time and query times for a made-up glossary."""
    chance = random.Random(7)
    entries = made_up(count, chance)
    start = process_time()
    index = Index.build(entries)
    built = process_time() - start
    texts = []
    for entry in chance.sample(entries, 300):
        name = entry.name
        at = chance.randrange(1, len(name) - 1)
        texts += [name, name[:at] + name[at + 1 :], f"what does {name} mean", entry.definition, f"{name[: at + 2]}"]
    times = []
    for text in texts:
        start = process_time()
        index.find(text)
        times.append(1000 * (process_time() - start))
    print(
        f"{count:7,} terms: built in {built:.2f} s; {len(texts)} queries p50 {percentile(times, 0.5):.2f} ms, "
        f"p99 {percentile(times, 0.99):.2f} ms, slowest {max(times):.2f} ms"
    )


def sizes(entries: Sequence[Entry]) -> None:
    """Prints start, memory and the slowest message."""
    start = process_time()
    english_words()
    names()
    print(f"word lists read in {process_time() - start:.3f} s, once for the process")
    builds = []
    for _ in range(5):
        start = process_time()
        Index.build(entries)
        builds.append(process_time() - start)
    gc.collect()
    tracemalloc.start()
    index = Index.build(entries)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(f"index built in {min(builds):.3f} s (best of 5), holds {held / 1e6:.1f} MB")
    text = ("my tutor keeps going on about custmer satisfacton and i realy dont get it " * 60)[:4096]
    times = []
    for _ in range(5):
        start = process_time()
        index.find(text)
        times.append(1000 * (process_time() - start))
    print(f"a message of 4,096 characters: {min(times):.2f} ms (best of 5)")


def main(arguments: Sequence[str]) -> int:
    """The command."""
    tracemalloc.start()
    english_words()
    names()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    entries = entries_of(load_glossary())
    queries = development_queries(entries, seed=3)
    accuracy(entries, queries if "--all" in arguments else queries[::3])
    print(f"word lists hold {held / 1e6:.1f} MB")
    sizes(entries)
    if "--large" in arguments:
        for count in (5_000, 50_000):
            large(count)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
