"""Texts that compare two things: *diff between csat n nps*, *nps or csat?*, *X vs Y*."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from knowledge.lookup.normalise import words_of
from knowledge.lookup.wordlists import words_in

_STRONG = frozenset(["vs", "versus", "v", "against"])
LINKS = frozenset(["and", "or", "n"])
"""Words that name one thing beside another."""
_WEAK = LINKS | frozenset(["from", "to", "with", "than", "as", "different"])
JOINTS = _STRONG | _WEAK
"""Words that may stand between the two."""

CUES = words_in("comparing")
"""Words that ask to compare."""
PERHAPS = words_in("comparing perhaps")
"""Words that ask to compare where both sides are named outright."""
_OF_COMPARING = JOINTS | CUES | PERHAPS
_ASKS_TO_COMPARE = CUES - {"better"}
_MOST_SPLITS = 8
_FEW_WORDS = 16
_SIGNS = re.compile(r"\s*[/,;+]\s*")
_EQUALS = re.compile(r"(?<=[^\W\d])\s*=+\s*(?=[^\W\d])")
"""*Churn = retention*, but not *2+2=4*."""
_LEAD_IN = re.compile(r"^([^:]{1,30}):\s+(?=\S)")


_PRONOUNS = frozenset(["one", "ones"])
"""*A vulnerable customer or a difficult one*."""


Sides = tuple[list[str], list[str]]


def with_joints(text: str) -> str:
    """The text with signs that join in words: *nps/csat*, *nps 🆚 csat*, *nps, csat and ces*, *so: nps = csat*."""
    return _SIGNS.sub(" and ", _EQUALS.sub(" vs ", _without_lead_in(text).replace("🆚", " vs ")))


def _without_lead_in(text: str) -> str:
    """The text without a few words before a colon that name nothing and do not compare: *correct me: ...*."""
    lead = _LEAD_IN.match(text) if ":" in text else None
    if lead is None or not _OF_COMPARING.isdisjoint(words_of(lead[1])):
        return text
    return text[lead.end() :]


def asks_to_compare(words: Sequence[str]) -> bool:
    """Whether a word says that things are compared, and not just *and* or *or*."""
    tells_from = "tell" in words and "from" in words[words.index("tell") + 2 :]
    return tells_from or not CUES.isdisjoint(words) or not _STRONG.isdisjoint(words)


def sides_of(words: Sequence[str]) -> Iterator[Sides]:
    """The likeliest ways of cutting the words into two sides, question words included, at most eight cuts.

    Where three or more are named, two neighbours come first. A side that lacks the other's last word is tried with it
    as well: *primary vs secondary data*.
    """
    compares = asks_to_compare(words)
    cuts = [at for at, word in enumerate(words) if word in _STRONG]
    links = LINKS if compares or len(words) <= _FEW_WORDS else ()
    cuts += [at for at, word in enumerate(words) if word in links]
    cuts += [at for at, word in enumerate(words) if compares and word in _WEAK - LINKS]
    cuts += [at for at, word in enumerate(words) if word in PERHAPS and 0 < at < len(words) - 1]
    cuts = cuts[:_MOST_SPLITS]
    if len(cuts) > 1:
        places = sorted(dict.fromkeys(cuts))
        parts = [words[start + 1 : end] for start, end in pairwise([-1, *places, len(words)])]
        yield from _sides([(one, other) for one, other in pairwise(parts) if one and other])
    yield from _sides([(words[:at], words[at + 1 :]) for at in cuts])
    if not cuts and compares:
        plain = _nearest_run([word for word in words if word not in CUES][::-1])[::-1]
        yield from [(plain[:at], plain[at:]) for at in range(1, min(len(plain), _MOST_SPLITS))]


def _sides(cut: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Iterator[Sides]:
    for before, after in cut:
        left, right = _nearest_run(before[::-1])[::-1], _nearest_run(after)
        if left and right:
            if right[-1] in _PRONOUNS and len(right) > 1:
                yield left, [*right[:-1], left[-1]]
            yield left, right
            if len(right) > 1:
                yield [*left, right[-1]], right
            if len(left) > 1:
                yield left, [*left[:-1], *right]


def _nearest_run(words: Sequence[str]) -> list[str]:
    """The first run of words between those that ask for a comparison that could name something."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word in _ASKS_TO_COMPARE:
            runs.append([])
        else:
            runs[-1].append(word)
    return next((run for run in runs if any(word not in _EDGES for word in run)), [])


_EDGES = JOINTS | {"is", "are", "how", "what", "whats", "the", "a", "of", "to", "it"}
