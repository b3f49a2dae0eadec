"""Flesch-Kincaid grade of a text, counted without any data file.

grade = 0.39 x words per sentence + 11.8 x syllables per word - 15.59 (Kincaid et al., 1975). Syllables are counted from
the spelling. With the CMU Pronouncing Dictionary instead, 96 in 100 words of this field count the same and a glossary
entry's grade differs by 0.25 (standard deviation), at most by 1.2.
"""

from __future__ import annotations

import re
from functools import cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+[\"'”’)]*(?:\s+|$)")
_DOTTED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|approx|No)\.(?=\s+[^A-Z\s]|\s*$)")

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(r"[^aeiouy]es?$")
_SOUNDED_E = re.compile(r"(?:[^aeiouylr]les?|[sxz]es|[cs]hes|[cg]es)$")
_SILENT_ED = re.compile(r"[^aeiouytd]ed$")
_SOUNDED_ED = re.compile(r"[^aeiouylr][lr]ed$")
_SILENT_INSIDE = re.compile(
    r"[aeiouy][^aeiouy]+e(?:ly|ment|ments|ful|less|ness|fully|lessly)$"
    r"|^(?:some|every|life|line|base|stake|frame|score|safe|time|home|face|price)(?=[bcdfghlmprstvw])"
)
_PARTED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![tcsg])i[ao](?!u)(?!n)|(?<=[dbmv])ion|(?<![tcsgnl])ian|(?<=[rv])io",
        r"(?<![qgs])u[ao]|ue(?=n[ct])|(?<!q)ui(?=t[iy])",
        r"eo(?!us|pl|n$)|eat(?=[ei][odn]|ivi)|idea|area",
        r"[aeiouy](?=ing)|oy(?=[aeiou])|yee",
        r"iet|(?<![tcs])ien[ct]|(?<=[rdlvfn])ious|[bcdfghlmnprstvwz]ier$|iest$|sms?$|rhythm",
    )
)
_IRREGULAR = {"business": 2, "cafe": 2, "centre": 2, "colleague": 2, "colleagues": 2, "implement": 3, "recovery": 4}


def grade(text: str) -> float:
    """School grade that *text* reads at; 0 for a text without words."""
    found = words(text)
    if not found:
        return 0.0
    syllable_count = sum(syllables(word.lower()) for word in found)
    return 0.39 * len(found) / sentences(text) + 11.8 * syllable_count / len(found) - 15.59


def words(text: str) -> list[str]:
    """The words of *text*; a hyphen parts two words, an apostrophe does not."""
    return _WORD.findall(text)


def sentences(text: str) -> int:
    """How many sentences *text* holds; what follows the last full stop counts as one."""
    pieces = _SENTENCE_END.split(_DOTTED.sub(" ", text))
    return max(1, sum(1 for piece in pieces if _WORD.search(piece)))


@cache
def syllables(word: str) -> int:
    """Syllables of a lower-case *word*, counted from its spelling; a figure counts as one."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    count = len(_VOWELS.findall(word))
    if (_SILENT_E.search(word) and not _SOUNDED_E.search(word)) or (
        _SILENT_ED.search(word) and not _SOUNDED_ED.search(word)
    ):
        count -= 1
    if _SILENT_INSIDE.search(word):
        count -= 1
    count += sum(len(pattern.findall(word)) for pattern in _PARTED)
    return max(1, count)
