"""Texts that compare two things: *diff between csat n nps*, *nps or csat?*, *X vs Y*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.lookup.wordlists import words_in

_STRONG = frozenset(["vs", "versus", "v", "against"])
_WEAK = frozenset(["and", "or", "n", "from", "to", "with", "than", "as", "different"])
JOINTS = _STRONG | _WEAK
"""Words that may stand between the two."""

_CUES = words_in("comparing")
_ASKS_TO_COMPARE = _CUES - {"better"}
_MOST_SPLITS = 8


def sides_of(words: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The likeliest ways of cutting the words into two sides, question words included, at most eight cuts.

    A side that lacks the other's last word is tried with it as well: *primary vs secondary data*.
    """
    compares = not _CUES.isdisjoint(words) or not _STRONG.isdisjoint(words)
    cuts = [at for at, word in enumerate(words) if word in _STRONG]
    if compares or len(words) <= 10:
        cuts += [at for at, word in enumerate(words) if word in _WEAK]
    for at in cuts[:_MOST_SPLITS]:
        left, right = _without_cues(words[:at]), _without_cues(words[at + 1 :])
        if left and right:
            yield left, right
            if len(right) > 1:
                yield [*left, right[-1]], right
            if len(left) > 1:
                yield left, [*left[:-1], *right]


def _without_cues(words: Sequence[str]) -> list[str]:
    """The longest run of words between those that ask for a comparison, the last of equals."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word in _ASKS_TO_COMPARE:
            runs.append([])
        else:
            runs[-1].append(word)
    filled = [run for run in runs if any(word not in _EDGES for word in run)]
    return max(reversed(filled), key=len) if filled else []


_EDGES = JOINTS | {"is", "are", "how", "what", "whats", "the", "a", "of", "to", "it"}
