"""Texts sorted by length, so that only those that may be so few edits away are compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress

_MANY_TEXTS = 10_000
_FEW = 4
"""Edits up to which the letters tell texts apart: most texts have all but five or more of the letters of another."""
_WORTHWHILE = 300
"""Fewer texts are sooner compared than sorted out by their letters."""
_BITS = bytes.maketrans(b"01", b"\0\1")


class ByLength:
    """Texts by length, with the place where each length starts."""

    __slots__ = ("_starts", "texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = sorted(texts, key=len)
        longest = len(self.texts[-1]) if self.texts else 0
        self._starts = [0] * (longest + 2)
        for text in self.texts:
            self._starts[len(text) + 1] += 1
        for length in range(1, longest + 2):
            self._starts[length] += self._starts[length - 1]

    def places(self, length: int, distance: int) -> slice:
        """Where the texts stand whose length differs from this by at most ``distance``."""
        last = len(self._starts) - 1
        start, end = max(0, length - distance), length + distance + 1
        return slice(self._starts[min(last, start)], self._starts[min(last, end)])

    def near(self, typed: str, distance: int) -> list[str]:
        """The texts whose length differs from that of ``typed`` by at most ``distance``."""
        return self.texts[self.places(len(typed), distance)]


class ByLetters:
    """As :class:`ByLength`; where few edits are allowed, only the texts that lack as few of the letters typed.

    Each edit takes away or replaces one letter at most.
    """

    __slots__ = ("_by_length", "_having")

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_length = ByLength(texts)
        places: dict[str, list[int]] = {}
        for place, text in enumerate(self._by_length.texts):
            for letter in _numbered(text):
                places.setdefault(letter, []).append(place)
        self._having = {letter: _bits(having) for letter, having in places.items()}
        """Letter, as often as it is there -> a bit for each text that has it as often."""

    def near(self, typed: str, distance: int) -> list[str]:
        """The texts that may be at most so many edits away, and some others."""
        places = self._by_length.places(len(typed), distance)
        texts = self._by_length.texts[places]
        if distance > _FEW or len(texts) < _WORTHWHILE:
            return texts
        every = (1 << places.stop) - 1
        lacking = [0] * (distance + 1)  # the texts that lack more than 0, 1, ... of the letters so far
        for letter in _numbered(typed):
            more = every & ~self._having.get(letter, 0)
            for count, those in enumerate(lacking):
                lacking[count], more = those | more, those & more
        nearest = (every & ~lacking[distance]) >> places.start
        return list(compress(texts, f"{nearest:0{len(texts)}b}".encode().translate(_BITS)[::-1]))


class ByFirstLetters:
    """As :class:`ByLetters`; of very many texts only those that begin with one of the first two letters typed."""

    __slots__ = ("_all", "_initials")

    def __init__(self, texts: Iterable[str], parts: type[ByLength | ByLetters] = ByLetters) -> None:
        listed = list(texts)
        self._all = parts(listed if len(listed) <= _MANY_TEXTS else ())
        self._initials: dict[str, ByLength] = {}
        if len(listed) > _MANY_TEXTS:
            begun: dict[str, list[str]] = {}
            for text in listed:
                begun.setdefault(text[0], []).append(text)
            self._initials = {initial: ByLength(part) for initial, part in begun.items()}

    def near(self, typed: str, distance: int) -> list[str]:
        """The texts that may be at most so many edits away, and some others."""
        if not self._initials:
            return self._all.near(typed, distance)
        found: list[str] = []
        for initial in dict.fromkeys(typed[:2]):
            if initial in self._initials:
                found += self._initials[initial].near(typed, distance)
        return found


def _bits(places: Sequence[int]) -> int:
    """A number with these bits set, which are in order."""
    octets = bytearray((places[-1] >> 3) + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")


def _numbered(text: str) -> list[str]:
    """The letters, each as often as it was there so far: *noon* is n, o, oo, nn."""
    so_far: dict[str, str] = {}
    numbered = []
    for letter in text:
        so_far[letter] = run = so_far.get(letter, "") + letter
        numbered.append(run)
    return numbered
