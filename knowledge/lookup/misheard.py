"""What a transcript of somebody's voice makes of a name beside other words: *like it scale*, *five wise technique*."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge.lookup.byear import heard_apart
from knowledge.lookup.bylength import ByLength
from knowledge.lookup.forms import Forms, Kind
from knowledge.lookup.guard import Guard
from knowledge.lookup.normalise import are_letters, fold, sound, spoken_letters
from knowledge.lookup.spelling import likeness, nearest
from knowledge.lookup.wrappers import is_small

_MOST_WORDS, _LONGEST_RUN = 10, 3
_FEWEST_LETTERS, _FEWEST_SOUNDS = 4, 2
_LONG_SOUND, _VERY_LONG_SOUND, _LONGEST_SOUND = 5, 9, 13
"""Sounds of which one may be heard wrong, two, and three."""
_WRONG = 0.25
"""The share of the sounds that may be, where vowels count little and a consonant's voice half."""
_SPELT, _SPELT_OF_SMALL, _SPELT_OF_KNOWN = 0.6, 0.7, 0.8
"""How alike the letters must be where nothing else speaks for the word, and where small words or other words of the
glossary are among them."""
_SPELT_BESIDE = 0.25
"""How alike they must be beside other words of the name."""
_SPELT_NEARLY, _SPELT_OF_NEAR = 0.6, 0.75
"""How alike they must be where a sound was heard wrong, beside other words of the name and alone."""
_SPELT_OF_COINED = 0.7
"""How alike a lone English word must be to a word that is none: *racy*."""
_FEWEST_NAMES, _MOST_LETTERS = 3, 6
"""Letters of an abbreviation that may be spelt by their names in a message."""
_DETERMINERS = frozenset({"a", "an", "the", "this", "that", "my", "your", "our", "his", "her", "its", "their"})
_AGAIN = re.compile(r"([a-z])\1+")
_LINKED = re.compile(r"re? [aeiou]")
_TH = re.compile(r"[fv]+")
"""*Empafee*: the sound of *th*, as many say it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message with what was heard wrong replaced by the words ``meant``.

    ``surely`` when they are so alike that no other word of the name need stand beside them; ``spelt`` when it is an
    abbreviation letter by letter, which is meant whatever else is said; ``coined`` when an English word sounds like one
    that is none, and ``nearly`` when a sound was heard wrong as well: each is enough for a list.
    """

    words: list[str]
    meant: tuple[str, ...]
    surely: bool
    spelt: bool = False
    coined: bool = False
    nearly: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    end: int
    meant: tuple[str, ...]
    surely: bool
    coined: bool = False
    nearly: bool = False


class Misheard:
    """The words of a glossary's names by their sound, to be put where others were heard."""

    def __init__(self, forms: Forms, guard: Guard, described: Container[str]) -> None:
        """``described`` are the words of the glossary's entries."""
        self._described = described
        self._weights = forms.weights
        self._guard = guard
        self._short = {form.compact for form in forms.forms if form.kind is Kind.ABBREVIATION}
        self._by_sound: dict[str, list[tuple[str, ...]]] = {}
        for meant in sorted(_words_of(forms)):
            for key in sorted(_sounds_of(meant)):
                if len(key) >= _FEWEST_SOUNDS:
                    self._by_sound.setdefault(key, []).append(meant)
        long: dict[str, dict[str, None]] = {}
        for key, heard in self._by_sound.items():
            if len(key) >= _LONG_SOUND:
                for initial in {meant[0][0] for meant in heard}:
                    long.setdefault(_initial(initial), {})[key] = None
        self._long = {initial: ByLength(keys) for initial, keys in long.items()}
        """The first sound -> the long keys of words that begin so."""

    def readings(self, words: Sequence[str]) -> Iterator[Reading]:
        """The message with everything replaced that may have been heard wrong, and with one thing at a time."""
        if len(words) > _MOST_WORDS:
            return
        if spelt := self._spelt(words):
            yield spelt
        found: list[_Run] = []
        for length in range(min(_LONGEST_RUN, len(words)), 0, -1):
            found += [
                heard for start in range(len(words) - length + 1) if (heard := self._run(words, start, start + length))
            ]
        found.sort(key=lambda run: run.nearly)
        apart: list[_Run] = []
        for run in found:
            if all(run.end <= other.start or run.start >= other.end for other in apart):
                apart.append(run)
        for runs in ([apart] if len(apart) > 1 else []) + [[run] for run in found]:
            put = list(words)
            for run in sorted(runs, key=lambda run: -run.start):
                put[run.start : run.end] = run.meant
            yield Reading(
                put,
                runs[0].meant,
                surely=all(run.surely for run in runs),
                coined=all(run.surely or run.coined for run in runs),
                nearly=any(run.nearly for run in runs),
            )

    def _spelt(self, words: Sequence[str]) -> Reading | None:
        """The message with an abbreviation that is spelt by the names of its letters: *see ee ess customer effort*."""
        for length in range(min(_MOST_LETTERS, len(words)), _FEWEST_NAMES - 1, -1):
            for start in range(len(words) - length + 1):
                run = words[start : start + length]
                if are_letters(run) and (short := spoken_letters(run)) in self._short:
                    return Reading([*words[:start], short, *words[start + length :]], (short,), surely=True, spelt=True)
        return None

    def _run(self, words: Sequence[str], start: int, end: int) -> _Run | None:
        """What sounds like these words run together, or like the one word."""
        run = words[start:end]
        small = [is_small(word) for word in run]
        if all(
            little or (len(word) > 1 and word in self._weights) for word, little in zip(run, small, strict=True)
        ) and not (all(small) and len(run) > 1 and self._is_beside_a_name(words, start, end)):
            return None
        compact = "".join(run)
        if len(compact) < _FEWEST_LETTERS or not compact.isalpha():
            return None
        near, exactly = self._near(run, compact)
        if not near:
            return None
        alike, meant = max(near)
        if len(run) == 1:
            coined = exactly and len(meant) == 1 and meant[0] not in self._guard and alike >= _SPELT_OF_COINED
            return _Run(start, end, meant, surely=False, coined=coined)
        known = any(self._is_known(word) for word, little in zip(run, small, strict=True) if not little)
        least = _SPELT_OF_KNOWN if known else _SPELT_OF_SMALL if any(small) else _SPELT
        least = least if exactly else max(least, _SPELT_OF_NEAR)
        return _Run(start, end, meant, surely=not all(small) and alike >= least, nearly=not exactly)

    def _is_known(self, word: str) -> bool:
        return word in self._weights or word in self._described

    def _is_beside_a_name(self, words: Sequence[str], start: int, end: int) -> bool:
        beside = (*words[max(0, start - 1) : start], *words[end : end + 1])
        return any(word in self._weights and not is_small(word) for word in beside)

    def _near(self, run: Sequence[str], compact: str) -> tuple[list[tuple[float, tuple[str, ...]]], bool]:
        """What sounds like it, with how alike the letters are, and whether it sounds exactly so."""
        keys, initial = _sounds_of(run), _initial(compact)
        if len(run) == 1 and _TH.search(compact) and compact not in self._guard:
            keys |= _sounds_of([_TH.sub("th", compact)])
        torn = _may_be_torn(run)
        if torn and _LINKED.search(" ".join(run)):
            keys.add(sound(compact))  # *mer abby an*: an r is heard before a vowel only
        found = [meant for key in keys for meant in self._by_sound.get(key, ())]
        exactly = bool(found)
        if not found and torn and not any(word in self._weights and not is_small(word) for word in run):
            found = [meant for key in keys for near in self._nearly(key, initial) for meant in self._by_sound[near]]
        alike = [
            (likeness(compact, "".join(meant)), meant)
            for meant in dict.fromkeys(found)
            if _initial(meant[0]) == initial and list(meant) != list(run)
        ]
        least = _SPELT_BESIDE if exactly else _SPELT_NEARLY
        return [one for one in alike if one[0] >= least], exactly

    def _nearly(self, key: str, initial: str) -> list[str]:
        if len(key) < _LONG_SOUND or initial not in self._long:
            return []
        edits = 1 if len(key) < _VERY_LONG_SOUND else 2 if len(key) < _LONGEST_SOUND else 3
        near = nearest(key, self._long[initial].near(key, edits), edits, 3)
        return [other for other, away in near if heard_apart(key, other, away) <= _WRONG * max(len(key), len(other))]


def _words_of(forms: Forms) -> set[tuple[str, ...]]:
    """The words of names, and what stands side by side in them."""
    heard = frozenset([word for word in forms.weights if _may_be_heard(word)])
    found: set[tuple[str, ...]] = set()
    for form in forms.forms:
        if form.kind is not Kind.SUGGEST:
            found.update([(word,) for word in form.words if word in heard])
            found.update([pair for pair in pairwise(form.words) if heard.issuperset(pair)])
    return found


def _may_be_torn(run: Sequence[str]) -> bool:
    """Whether words may be one that was torn apart: not *the king*, and not *impact e*."""
    return len(run) > 1 and run[0] not in _DETERMINERS and len(run[-1]) > 1


def _may_be_heard(word: str) -> bool:
    return len(word) >= _FEWEST_LETTERS and word.isalpha() and not is_small(word)


def _sounds_of(words: Sequence[str]) -> set[str]:
    """The sound of words run together, as they are, in the singular, and with an *es* that is only an *s*."""
    before = "".join([sound(word) for word in words[:-1]])
    return {_joined(before, ending) for ending in _endings_of(words[-1])}


def _initial(word: str) -> str:
    return "y" if word[0] == "y" else sound(word[0])


@lru_cache(maxsize=20_000)
def _endings_of(word: str) -> tuple[str, ...]:
    endings = [sound(word), sound(fold(word))]
    if word.endswith("ee"):
        endings.append(sound(word[:-2] + "y"))
    if word.endswith("es"):
        endings.append(sound(word[:-2] + "s"))
    return tuple(dict.fromkeys(endings))


def _joined(*sounds: str) -> str:
    """The sounds one after the other, what meets its like said once."""
    return _AGAIN.sub(r"\1", "".join(sounds))
