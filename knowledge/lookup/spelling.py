"""How far apart two spellings are, weighed by how people mistype and misspell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, LCSseq, Levenshtein

from knowledge.lookup.normalise import sound

_VOWELS = frozenset("aeiouy")
_SOUND_ALIKE = frozenset(
    frozenset(pair)
    for pair in ("ck", "cs", "sz", "cq", "kq", "gj", "dt", "fv", "pb", "mn", "iy", "uw", "vw", "xc", "gk")
)
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OFFSET = (0.0, 0.25, 0.75)
_PLACE = {letter: (x + _OFFSET[y], y) for y, row in enumerate(_KEYBOARD) for x, letter in enumerate(row)}
_NEIGHBOURS = frozenset(
    frozenset((one, other))
    for one, (x1, y1) in _PLACE.items()
    for other, (x2, y2) in _PLACE.items()
    if one != other and abs(x1 - x2) <= 1.1 and abs(y1 - y2) <= 1
)

SWAP, DOUBLING, VOWEL, ALIKE, NEIGHBOUR, SILENT, LETTER = 0.6, 0.4, 0.55, 0.6, 0.65, 0.6, 1.0
"""What a slip costs: two letters swapped, one doubled or undoubled, a vowel, ... any other letter."""

FIRST = 0.3
"""What it costs on top when the first letter is concerned: it is seldom wrong."""


_UNLIKE = 0.5
"""From this share of wrong letters on, it is not worth weighing them one by one."""


def edits_allowed(length: int) -> int:
    """The most edits at which a word of this length is still worth comparing closely."""
    if length < 4:
        return 1
    if length < 6:
        return 2
    return min(12, 1 + (length * 3) // 10)


def nearest(typed: str, texts: Sequence[str], most: int, limit: int) -> list[tuple[str, int]]:
    """Up to ``limit`` of the texts that are at most so many edits away, the nearest first, with the number of edits.

    What lacks more letters in their order than that, which is sooner counted than edits, is not compared.
    """
    like = process.extract(typed, texts, scorer=LCSseq.distance, score_cutoff=most, limit=None)
    if not like:
        return []
    places = sorted([place for _, _, place in like])
    near = process.extract(
        typed, [texts[place] for place in places], scorer=OSA.distance, score_cutoff=most, limit=limit
    )
    return [(text, edits) for text, edits, _ in near]


def swaps_of(word: str) -> list[str]:
    """The words that come of swapping two neighbouring letters."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def are_neighbours(one: str, other: str) -> bool:
    """Whether two letters are beside each other on the keyboard."""
    return frozenset((one, other)) in _NEIGHBOURS


def _replaced(typed: str, meant: str) -> float:
    if typed in _VOWELS and meant in _VOWELS:
        return VOWEL
    pair = frozenset((typed, meant))
    if pair in _SOUND_ALIKE:
        return ALIKE
    return NEIGHBOUR if pair in _NEIGHBOURS else LETTER


def _added_or_left_out(text: str, position: int) -> float:
    letter = text[position]
    if (position and text[position - 1] == letter) or (position + 1 < len(text) and text[position + 1] == letter):
        return DOUBLING
    if letter in _VOWELS:
        return VOWEL
    return SILENT if letter in "hwt" else 0.85


def cost(typed: str, meant: str) -> float:
    """The weighed number of slips that turn ``meant`` into ``typed``; 0 for equal texts."""
    total = 0.0
    steps: list[tuple[str, int, int]] = Levenshtein.editops(typed, meant).as_list()  # type: ignore[assignment]
    skip = False
    for at, (kind, i, j) in enumerate(steps):
        if skip:
            skip = False
            continue
        if at + 1 < len(steps) and _is_swap(typed, meant, steps[at], steps[at + 1]):
            total += SWAP
            skip = True
        elif kind == "replace":
            total += _replaced(typed[i], meant[j])
        elif kind == "insert":
            total += _added_or_left_out(meant, j)
        else:
            total += _added_or_left_out(typed, i)
    if typed and meant and typed[0] != meant[0]:
        total += FIRST
    return total


def _is_swap(typed: str, meant: str, one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    kind, i, j = one
    kind2, i2, j2 = other
    if kind == kind2 == "replace":
        return i2 == i + 1 and j2 == j + 1 and typed[i] == meant[j2] and typed[i2] == meant[j]
    if kind == "insert" and kind2 == "delete":
        return i2 <= i + 1 and meant[j] == typed[i2]
    if kind == "delete" and kind2 == "insert":
        return j2 <= j + 1 and typed[i] == meant[j2]
    return False


def likeness(typed: str, meant: str) -> float:
    """1 for equal texts, towards 0 the more is wrong, in proportion to their length."""
    longest = max(len(typed), len(meant), 1)
    edits = OSA.distance(typed, meant)
    if edits > _UNLIKE * longest:
        return 1.0 - edits / longest
    return max(0.0, 1.0 - cost(typed, meant) / longest)


def sounds_like(typed: str, meant: str) -> float:
    """The likeness of how two texts sound, 0 to 1. Keys of fewer than three signs say nothing."""
    shorter = min(len(typed), len(meant))
    if shorter < 3:
        return 0.0
    return max(0.0, 1.0 - OSA.distance(typed, meant) / max(len(typed), len(meant)))


def sound_of(words: Iterable[str]) -> str:
    """The sound key of a phrase."""
    return "".join([sound(word) for word in words])
