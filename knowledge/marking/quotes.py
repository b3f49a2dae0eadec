"""Quotes: the learner's own words around what was found, whole words, short enough for a phone."""

from __future__ import annotations

from knowledge.marking.result import Span
from knowledge.marking.tokens import Text

LONGEST_QUOTE = 80


def quote_of(text: Text, positions: tuple[int, ...]) -> tuple[str, Span]:
    """The slice of the source around these words: their clause where it fits, cut to about 80 characters."""
    first, last = min(positions), max(positions)
    first, last = _shorten(text, first, last)
    first, last = _widen(text, first, last)
    start, end = text.starts[first], text.ends[last]
    end = min(end, start + 2 * LONGEST_QUOTE) if first == last else end
    return text.source[start:end], (start, end)


def _length(text: Text, first: int, last: int) -> int:
    return text.ends[last] - text.starts[first]


def _shorten(text: Text, first: int, last: int) -> tuple[int, int]:
    while last > first and _length(text, first, last) > LONGEST_QUOTE:
        last -= 1
    return first, last


def _widen(text: Text, first: int, last: int) -> tuple[int, int]:
    """Add the words of the same clause, right then left in turn, while the quote stays short."""
    grew = True
    while grew:
        grew = False
        if _may_add(text, last + 1, last) and _length(text, first, last + 1) <= LONGEST_QUOTE:
            last, grew = last + 1, True
        if _may_add(text, first - 1, first) and _length(text, first - 1, last) <= LONGEST_QUOTE:
            first, grew = first - 1, True
    return first, last


def _may_add(text: Text, position: int, beside: int) -> bool:
    return 0 <= position < len(text) and text.clause[position] == text.clause[beside]
