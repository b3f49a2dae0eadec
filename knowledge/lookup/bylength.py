"""Texts sorted by length, so that only those of nearly equal length are compared."""

from __future__ import annotations

from collections.abc import Iterable

_MANY_TEXTS = 10_000


class ByLength:
    """Texts by length, with the place where each length starts."""

    __slots__ = ("_starts", "_texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = sorted(texts, key=len)
        longest = len(self._texts[-1]) if self._texts else 0
        self._starts = [0] * (longest + 2)
        for text in self._texts:
            self._starts[len(text) + 1] += 1
        for length in range(1, longest + 2):
            self._starts[length] += self._starts[length - 1]

    def near(self, length: int, distance: int) -> list[str]:
        """The texts whose length differs from this by at most ``distance``."""
        last = len(self._starts) - 1
        start, end = max(0, length - distance), length + distance + 1
        return self._texts[self._starts[min(last, start)] : self._starts[min(last, end)]]


class ByFirstLetters:
    """As :class:`ByLength`; of very many texts only those that begin with one of the first two letters typed."""

    __slots__ = ("_all", "_initials")

    def __init__(self, texts: Iterable[str]) -> None:
        listed = list(texts)
        self._all = ByLength(listed if len(listed) <= _MANY_TEXTS else ())
        self._initials: dict[str, ByLength] = {}
        if len(listed) > _MANY_TEXTS:
            parts: dict[str, list[str]] = {}
            for text in listed:
                parts.setdefault(text[0], []).append(text)
            self._initials = {initial: ByLength(part) for initial, part in parts.items()}

    def near(self, typed: str, distance: int) -> list[str]:
        """The texts whose length differs from that of ``typed`` by at most ``distance``."""
        if not self._initials:
            return self._all.near(len(typed), distance)
        found: list[str] = []
        for initial in dict.fromkeys(typed[:2]):
            if initial in self._initials:
                found += self._initials[initial].near(len(typed), distance)
        return found
