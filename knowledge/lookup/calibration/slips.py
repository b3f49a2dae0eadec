"""Ways in which a term comes out wrong: slips of the finger and misspellings, each a pure function of its chance."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT_KEYS = {
    key: (
        row[max(0, at - 1) : at]
        + row[at + 1 : at + 2]
        + _ROWS[max(0, y - 1)][at : at + 1]
        + _ROWS[min(2, y + 1)][at : at + 1]
    ).replace(key, "")
    for y, row in enumerate(_ROWS)
    for at, key in enumerate(row)
}
_VOWELS = "aeiou"
_HEARD = (
    ("tion", "shun"), ("tion", "sion"), ("sion", "tion"), ("ph", "f"), ("ie", "ei"), ("ei", "ie"), ("ence", "ance"),
    ("ance", "ence"), ("able", "ible"), ("ible", "able"), ("ough", "uff"), ("qu", "kw"), ("ck", "k"), ("c", "k"),
    ("c", "s"), ("s", "c"), ("k", "c"), ("y", "i"), ("i", "y"), ("er", "or"), ("or", "er"), ("er", "ar"), ("ar", "er"),
    ("ea", "ee"), ("ee", "ea"), ("ai", "ay"), ("ou", "ow"), ("th", "f"), ("wh", "w"), ("kn", "n"), ("wr", "r"),
    ("ght", "t"), ("ment", "mant"), ("our", "or"), ("ise", "ize"), ("ll", "l"), ("ss", "s"), ("mm", "m"), ("tt", "t"),
    ("pp", "p"), ("rr", "r"), ("nn", "n"), ("cc", "c"), ("ff", "f"), ("l", "ll"), ("s", "ss"), ("m", "mm"), ("e", ""),
    ("o", "u"), ("u", "o"), ("a", "e"), ("e", "a"), ("e", "i"), ("i", "e"), ("o", "a"), ("z", "s"), ("x", "ks"),
    ("g", "j"), ("j", "g"), ("v", "f"), ("d", "t"), ("m", "n"), ("ure", "er"), ("age", "idge"), ("ue", "oo"),
)  # fmt: skip
"""What is written for what is heard."""


def _place(text: str, chance: Random) -> int:
    """A letter's position; the first letter is hit a third as often as the others."""
    places = [at for at, letter in enumerate(text) if letter.isalnum()]
    weights = [1 if at == 0 or text[at - 1] == " " else 3 for at in places]
    return chance.choices(places, weights)[0]


def neighbour(text: str, chance: Random) -> str:
    """A key beside the one meant."""
    at = _place(text, chance)
    keys = _NEXT_KEYS.get(text[at], "")
    return text[:at] + chance.choice(keys) + text[at + 1 :] if keys else text


def left_out(text: str, chance: Random) -> str:
    """A letter left out."""
    at = _place(text, chance)
    return text[:at] + text[at + 1 :]


def doubled(text: str, chance: Random) -> str:
    """A letter struck twice."""
    at = _place(text, chance)
    return text[:at] + text[at] + text[at:]


def extra(text: str, chance: Random) -> str:
    """A neighbouring key struck as well."""
    at = _place(text, chance)
    keys = _NEXT_KEYS.get(text[at], "")
    return text[: at + 1] + chance.choice(keys) + text[at + 1 :] if keys else text


def swapped(text: str, chance: Random) -> str:
    """Two letters in the wrong order."""
    places = [at for at in range(len(text) - 1) if text[at : at + 2].isalnum() and text[at] != text[at + 1]]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def other_vowel(text: str, chance: Random) -> str:
    """Another vowel."""
    places = [at for at, letter in enumerate(text) if letter in _VOWELS]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + chance.choice(_VOWELS.replace(text[at], "")) + text[at + 1 :]


def as_heard(text: str, chance: Random) -> str:
    """One spelling for the same sound."""
    ways = [(m.start(), old, new) for old, new in _HEARD for m in re.finditer(old, text)]
    if not ways:
        return text
    at, old, new = chance.choice(ways)
    return text[:at] + new + text[at + len(old) :]


def unspaced(text: str, chance: Random) -> str:
    """A space left out, or struck one letter late."""
    places = [at for at, letter in enumerate(text) if letter == " "]
    if not places:
        return text
    at = chance.choice(places)
    if chance.random() < 0.5 or at + 2 > len(text):
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1] + " " + text[at + 2 :]


Slip = Callable[[str, Random], str]
TYPING: tuple[Slip, ...] = (neighbour, neighbour, left_out, left_out, left_out, doubled, extra, swapped, swapped)
SPELLING: tuple[Slip, ...] = (as_heard, as_heard, as_heard, other_vowel, left_out, doubled)


def slipped(text: str, times: int, chance: Random, kinds: tuple[Slip, ...] = TYPING + SPELLING) -> str:
    """The text after so many slips, never the text itself unless nothing else comes of it."""
    for _ in range(20):
        result = text
        for _ in range(times):
            result = chance.choice(kinds)(result, chance) or text
        if result != text:
            return result
    return text
