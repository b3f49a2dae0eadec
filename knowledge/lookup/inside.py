"""Terms that are named inside a longer message: *my teacher keeps going on about net promoter score*."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

from knowledge.lookup.forms import Form, Forms, Kind
from knowledge.lookup.normalise import fold
from knowledge.lookup.wordlists import words_in
from knowledge.lookup.wrappers import ASKING, BEFORE_A_TERM, GENERAL, LEADING, STOP, TRAILING

_LONGEST_SPAN = 8
_OPENING = 2
_MANY_WORDS = 60
_MOST_SPOTS = 16
_STRANGE = 0.25
"""The share of unknown words from which a message may well be about something else."""
_BESIDE_ONE = 0.5
"""How crowded a word is that stands beside one other noun or verb."""
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]+\b")
_CUES = BEFORE_A_TERM | words_in("cues")
_CUES_AFTER = words_in("cues after")
INSIDE = (
    "weight", "not plain", "quiet acronym", "capitals", "crowded", "after a cue", "before a cue", "asking", "slips",
    "derived",
    "strange", "heavier", "meant", "length",
    "study", "name", "first", "the only one", "question",
)  # fmt: skip
"""What is compared; the names stand beside the weights in ``calibrated.json``."""

_OPENERS = words_in("openers")
_AROUND = STOP | LEADING | TRAILING | GENERAL


class Spot(NamedTuple):
    """A form that stands in the text from word ``start`` to ``end``, and how firmly it stands there."""

    form: int
    start: int
    end: int
    quality: float


def spots_in(words: Sequence[str], qualities: Sequence[float], forms: Forms) -> list[Spot]:
    """The forms in the text that may open a card, the longest first at each place; none lies inside another."""
    folded = [fold(word) for word in words]
    found: list[Spot] = []
    done = 0
    for start in range(len(folded)):
        if len(found) >= _MOST_SPOTS:
            break
        if len(folded) > _MANY_WORDS and folded[start] not in forms.openings:
            continue
        if not forms.any_folded_starts_with(folded[start]):
            continue
        for end in range(min(len(folded), start + _LONGEST_SPAN), max(start, done), -1):
            numbers = forms.by_fold.get("".join(folded[start:end]))
            only_opens = start == 0 and _is_opening(words, end)
            if numbers and not only_opens and not _is_accident(words[start:end], forms.forms[numbers[0]]):
                quality = min(qualities[start:end])
                found += [Spot(n, start, end, quality) for n in numbers if forms.forms[n].kind is not Kind.SUGGEST]
                done = end
                break
    return found


def _is_accident(words: Sequence[str], form: Form) -> bool:
    """Small words that happen to make a form: *give me an example* is not about the mean, nor *why* about five whys."""
    small = not STOP.isdisjoint(words)
    return small and (len(words) > len(form.words) or (len(words) == 1 and words[0] != form.compact))


def _is_opening(words: Sequence[str], end: int) -> bool:
    """Whether the words up to ``end`` only open a question: *what if* nobody says anything."""
    return end == _OPENING < len(words) and STOP.issuperset(words[:end])


def capitals_in(text: str) -> frozenset[str]:
    """The words somebody wrote in capitals, lower case; none when everything is in capitals."""
    if text.isupper():
        return frozenset()
    return frozenset([word.lower() for word in _CAPITALS.findall(text)])


def features_of(
    spot: Spot,
    words: Sequence[str],
    forms: Forms,
    guard: Container[str],
    capitals: frozenset[str],
) -> tuple[float, ...]:
    """What speaks for and against the spot being what the message is about: the first ten of ``INSIDE``."""
    form = forms.forms[spot.form]
    single = spot.end - spot.start == 1
    word = words[spot.start]
    plain = single and word in guard
    shouted = plain and form.acronym and word in capitals
    before = words[spot.start - 1] if spot.start else ""
    after = words[spot.end] if spot.end < len(words) else ""
    crowded = (bool(before) and before not in _AROUND) + (bool(after) and after not in _AROUND)
    return (
        min(1.0, form.weight / (3 * forms.heaviest)),
        float(not plain),
        float(plain and form.acronym and not shouted),
        float(shouted),
        crowded / 2 if plain else 0.0,
        float(before in _CUES),
        float(after in _CUES_AFTER),
        float(not ASKING.isdisjoint(words)),
        spot.quality - 1.0,
        float(form.kind is Kind.DERIVED),
    )


def features_of_place(spot: Spot, spots: Sequence[Spot], words: Sequence[str], forms: Forms) -> tuple[float, ...]:
    """Where the spot stands among the others, and if the message is a question: the last four of ``INSIDE``."""
    return (
        float(forms.forms[spot.form].kind is Kind.NAME),
        float(all(other.start >= spot.start for other in spots)),
        float(all(forms.forms[other.form].term == forms.forms[spot.form].term for other in spots)),
        float(words[0] in _OPENERS),
    )


def is_a_word_as_well(features: Sequence[float]) -> bool:
    """Whether a spot (by ``INSIDE``) is an abbreviation in small letters and an English word too: *heat*, *last*."""
    return bool(dict(zip(INSIDE, features, strict=True))["quiet acronym"])


def is_asked_about(features: Sequence[float]) -> bool:
    """Whether a spot (by ``INSIDE``) stands where a question names what it asks about: *an essay about churn*."""
    named = dict(zip(INSIDE, features, strict=True))
    return bool(named["after a cue"]) and not named["crowded"]


def is_outright(features: Sequence[float]) -> bool:
    """Whether a spot (by ``INSIDE``) is no plain English word, and written without a slip."""
    named = dict(zip(INSIDE, features, strict=True))
    return bool(named["not plain"]) and named["slips"] == 0


def is_by_name(features: Sequence[float], *, telling: bool) -> bool:
    """Whether a spot (by ``INSIDE``) is a term's name, the first named and as it is written, beside few strange words.

    A plain word must be a ``telling`` one and must not crowd against another noun, unless a question is about nothing
    else and has no strange word: *how does empowerment help staff*.
    """
    named = dict(zip(INSIDE, features, strict=True))
    if not named["first"] or named["strange"] >= _STRANGE:
        return False
    alone = named["question"] and named["the only one"] and not named["strange"] and named["crowded"] <= _BESIDE_ONE
    return is_written(features, telling=telling and (alone or not named["crowded"]))


def is_written(features: Sequence[float], *, telling: bool) -> bool:
    """Whether a spot (by ``INSIDE``) is a term's name as it is written; a plain word must be a ``telling`` one."""
    named = dict(zip(INSIDE, features, strict=True))
    return bool(named["name"]) and named["slips"] == 0 and (bool(named["not plain"]) or telling)


def features_of_best(features: Sequence[float] | None) -> tuple[float, ...]:
    """What the firmest spot (by ``INSIDE``), or None for none, tells about the message."""
    if features is None:
        return (0.0,) * 6
    named = dict(zip(INSIDE, features, strict=True))
    return (
        1.0,
        named["not plain"],
        named["after a cue"],
        named["quiet acronym"],
        named["crowded"],
        named["weight"],
    )
