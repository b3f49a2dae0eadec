"""The development queries, with what each should find. The same glossary and seed always give the same queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml
from rapidfuzz.distance import OSA

from knowledge.lookup.calibration.slips import SPELLING, TYPING, slipped, unspaced
from knowledge.lookup.guard import Guard
from knowledge.lookup.match import Entry
from knowledge.lookup.normalise import fold, simplify, words_of
from knowledge.lookup.wrappers import LEADING, STOP, TRAILING
from knowledge.words import english_words


@dataclass(frozen=True, slots=True)
class Query:
    """A message and the terms it may find. No terms: it must find nothing. ``kind`` is its line in the table."""

    text: str
    terms: tuple[str, ...]
    kind: str
    hand_written: bool = False


CLEAN = ("exact", "abbreviation", "spacing", "spelling UK/US", "word order", "plural", "wrapper", "compare")
TYPOS = ("typo", "typo heavy", "typo short", "typo severe", "typo wrapped", "misspelt")
SURFACE = (*CLEAN, *TYPOS, "one word", "prefix", "spoken", "inside")
"""The kinds in which the term itself is written, however badly."""

UNSEEN = "meaning unseen"
"""The kind that is only evaluated, never learnt from."""

NOTHING = ("no match", "near miss")
"""The kinds that must find nothing; a near miss has a word of the glossary in it (*heat pump*)."""


def development_queries(entries: Sequence[Entry], seed: int = 1) -> list[Query]:
    """Every query there is, hand-written and made."""
    owned = _owned_forms(entries)
    known = {entry.id for entry in entries}
    chance = Random(seed)  # noqa: S311 -- repeatable slips, no secret
    queries = [
        *_clean(owned, chance),
        *_typed_badly(owned, chance),
        *_asked(owned, chance),
        *_shared_words(entries),
        *_other_words(owned, chance),
        *_hand_written(known),
    ]
    strict = {" ".join(words_of(text)) for text, _ in owned}
    words = {word for text, _ in owned for word in words_of(text)} - STOP - LEADING - TRAILING
    return [
        query if words.isdisjoint(words_of(query.text)) or query.terms else replace(query, kind="near miss")
        for query in queries
        if query.terms or " ".join(words_of(query.text)) not in strict
    ]


def _owned_forms(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """(form, term) for every form that exactly one term has and that may open its card."""
    owners: dict[str, set[str]] = {}
    listed: list[tuple[str, str]] = []
    for entry in entries:
        listed += [(text, entry.id) for text in (entry.name, *entry.aliases, *entry.abbreviations)]
        for text in (entry.name, *entry.aliases, *entry.abbreviations, *entry.suggest_only):
            owners.setdefault(_key(text), set()).add(entry.id)
        for text in entry.suggest_only:
            owners[_key(text)].add("")
    return [(text, term) for text, term in listed if len(owners[_key(text)]) == 1]


def _key(text: str) -> str:
    return "".join([fold(word) for word in words_of(text)])


def _clean(owned: list[tuple[str, str]], chance: Random) -> Iterator[Query]:
    for text, term in owned:
        short = text.isupper() and " " not in text
        yield Query(
            chance.choice((text, text.lower(), text.upper(), f" {text}? ")),
            (term,),
            "abbreviation" if short else "exact",
        )
        if short and text.isalpha() and len(text) < 6 and chance.random() < 0.5:
            yield Query(
                chance.choice((".".join(text) + ".", " ".join(text), "-".join(text).lower())), (term,), "spacing"
            )
        words = text.split()
        if len(words) > 1 and chance.random() < 0.3:
            yield Query(chance.choice(("".join(words), "-".join(words), "  ".join(words).lower())), (term,), "spacing")
        turned = " ".join(reversed(words)).lower()
        if (
            len(words) in {2, 3}
            and chance.random() < 0.1
            and "vs" not in words
            and _sharing(owned, turned, "") == ("",)
        ):
            yield Query(turned, (term,), "word order")
        if len(text) > 5 and text[-1].isalpha() and text[-1] not in "sy" and chance.random() < 0.1:
            yield Query(text + "s", (term,), "plural")
        if fold(simplify(text)) != simplify(text) and text[-1] != "s" and " " not in text:
            yield Query(fold(simplify(text)), (term,), "spelling UK/US")


def _typed_badly(owned: list[tuple[str, str]], chance: Random) -> Iterator[Query]:
    guard = Guard()
    english = english_words()
    forms = {_key(text) for text, _ in owned}
    for text, term in owned:
        plain = simplify(text)
        letters = len(plain.replace(" ", ""))
        made: list[tuple[str, str]] = []
        if letters < 3 or plain.isdigit() or (letters == 3 and text.isupper()):
            continue
        if letters <= 6 and " " not in plain:
            made.append((slipped(plain, 1, chance), "typo short"))
        if letters >= 6:
            made.append((slipped(plain, 1 + (letters > 14 and chance.random() < 0.5), chance), "typo"))
            if chance.random() < 0.4:
                made.append((unspaced(slipped(plain, 1, chance, TYPING), chance), "typo"))
        if letters >= 9 and chance.random() < 0.5:
            made.append((slipped(plain, max(2, letters // 6), chance), "typo heavy"))
        if letters >= 9 and chance.random() < 0.4:
            made.append((slipped(plain, max(3, letters // 4), chance, SPELLING), "typo severe"))
        if letters >= 7:
            cut = chance.randint(max(4, len(plain) // 2), max(5, len(plain) * 4 // 5))
            begun = plain[:cut].strip()
            if chance.random() < 0.5 and not (" " not in begun and begun in guard):
                made.append((begun, "prefix"))
        for typed, kind in made:
            alone = typed.replace(" ", "") if kind != "prefix" else typed
            if _key(typed) not in forms and alone not in english:
                yield Query(typed, _sharing(owned, typed, term) if kind == "prefix" else (term,), kind)


def _sharing(owned: list[tuple[str, str]], start: str, term: str) -> tuple[str, ...]:
    """All terms that have a form with this beginning."""
    start = start.replace(" ", "")
    others = [other for text, other in owned if "".join(words_of(text)).startswith(start.replace("-", ""))]
    return tuple(dict.fromkeys((term, *others)))


def _asked(owned: list[tuple[str, str]], chance: Random) -> Iterator[Query]:
    ways = _read("asked.yaml")
    english = english_words()
    sample = [pair for pair in owned if chance.random() < 0.5]
    for text, term in sample:
        plain = simplify(text) if chance.random() < 0.7 else text
        yield Query(chance.choice(ways["wrapper"]).replace("{}", plain), (term,), "wrapper")
        if len(plain) > 6:
            typed = slipped(plain.lower(), 1 + (len(plain) > 14), chance)
            if typed not in english:
                yield Query(chance.choice(ways["wrapper"]).replace("{}", typed), (term,), "typo wrapped")
        if chance.random() < 0.8 and not (text.isupper() and text.lower() in english):
            yield Query(chance.choice(ways["inside"]).replace("{}", plain), (term,), "inside")
    for (text, term), (other_text, other) in zip(sample[::2], sample[1::2], strict=False):
        if term != other:
            asked = chance.choice(ways["compare"])
            yield Query(asked.replace("{}", text, 1).replace("{}", other_text, 1), (term, other), "compare")


def _shared_words(entries: Sequence[Entry]) -> Iterator[Query]:
    """A word of names and aliases on its own: one that several terms share, or a strange one that only one term has."""
    having: dict[str, dict[str, None]] = {}
    whole: set[str] = set()
    for entry in entries:
        for text in (entry.name, *entry.aliases):
            words = words_of(text)
            whole.add("".join(words))
            for word in words:
                having.setdefault(word, {})[entry.id] = None
    english = english_words()
    for word, terms in having.items():
        if len(terms) == 1 and len(word) > 4 and word.isalpha() and word not in english and word not in whole:
            yield Query(word, tuple(terms), "one word")
        if len(terms) > 2 and len(word) > 3 and word not in whole and word not in STOP | LEADING | TRAILING:
            yield Query(word, tuple(terms), "unclear")


def _other_words(owned: list[tuple[str, str]], chance: Random) -> Iterator[Query]:
    """Ordinary words that are no term, with a slip that does not bring them as near to a word of one."""
    guard = Guard()
    words = {word for text, _ in owned for word in words_of(text)}
    for text in _text("no-match.txt").splitlines():
        if text.isalpha() and 4 < len(text) < 11 and chance.random() < 0.4:
            typed = slipped(text, 1, chance)
            if typed not in guard and len(typed) > 3 and min(OSA.distance(typed, word) for word in words) > 1:
                yield Query(typed, (), "no match")


def _hand_written(known: set[str]) -> Iterator[Query]:
    files = (
        ("misspelt.yaml", "misspelt"),
        ("spoken.yaml", "spoken"),
        ("descriptions.yaml", "meaning"),
        ("unseen.yaml", UNSEEN),
    )
    for name, kind in files:
        for term, texts in _read(name).items():
            for text in texts:
                if term in known:
                    yield Query(str(text), (term,), kind, hand_written=True)
    for text, terms in _read("unclear.yaml").items():
        if there := tuple([term for term in terms if term in known]):
            yield Query(str(text), there, "unclear", hand_written=True)
    for text in _text("no-match.txt").splitlines():
        if text and not text.startswith("#"):
            yield Query(text, (), "no match", hand_written=True)


@cache
def _text(name: str) -> str:
    return (files("knowledge.lookup.calibration") / name).read_text("utf-8")


def _read(name: str) -> Any:
    return yaml.safe_load(_text(name))
