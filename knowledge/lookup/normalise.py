"""How a text is read before it is compared: case, accents, apostrophes, British or American spelling, plurals, numbers.

Everything here is a pure function of its text. A *word* is a run of letters and digits after :func:`simplify`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from knowledge.lookup.wordlists import words_in

LONGEST_TEXT = 4096
"""Code points that are read: Telegram's longest message."""

_WORD = re.compile(r"[^\W_]+")
_AS_ASCII = {ord(mark): "'" for mark in "’‘´ʼ＇"} | {ord(mark): None for mark in "\u200b\u200c\u200d\ufeff\u00ad"}
_SINGULAR_AS_IT_IS = words_in("singular as it is")
_IRREGULAR = {
    "adviser": "advisor",
    "analyses": "analysis",
    "bases": "basis",
    "behaviour": "behavior",
    "catalogue": "catalog",
    "centre": "center",
    "cheque": "check",
    "children": "child",
    "criterion": "criteria",
    "criterions": "criteria",
    "enquire": "inquire",
    "enquiry": "inquiry",
    "enquiries": "inquiry",
    "fulfil": "fulfill",
    "judgement": "judgment",
    "licence": "license",
    "mgmt": "management",
    "mgt": "management",
    "ombudsmen": "ombudsman",
    "percent": "percentage",
    "practise": "practice",
    "programme": "program",
    "skilful": "skillful",
    "versus": "vs",
}
_UNITS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SPOKEN_LETTERS = {
    said: letter
    for letter, ways in {
        "a": "a ay eh ays hey",
        "b": "b bee be bees",
        "c": "c see sea cee seas",
        "d": "d dee",
        "e": "e ee",
        "f": "f eff ef if",
        "g": "g gee jee",
        "h": "h aitch haitch",
        "i": "i eye aye eyes",
        "j": "j jay",
        "k": "k kay key",
        "l": "l el ell",
        "m": "m em am",
        "n": "n en an",
        "o": "o oh",
        "p": "p pee pea pees peas",
        "q": "q cue queue kew",
        "r": "r are ar our",
        "s": "s ess es esses",
        "t": "t tee tea tees teas",
        "u": "u you yoo",
        "v": "v vee",
        "x": "x ex",
        "y": "y why wye",
        "z": "z zed zee",
    }.items()
    for said in ways.split()
}

_NUMBERS = frozenset(_UNITS) | frozenset(_TENS)
_NOUGHTS = frozenset(["oh", "o", "zero", "nought", "naught"])
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_FIGURES = _NOUGHTS | frozenset(_TIMES)
_RESPELT = frozenset([said for said, letter in _SPOKEN_LETTERS.items() if said != letter] + ["double"])
"""Words without which nothing was spelt aloud."""

_DOTTED = re.compile(r"\.[A-Za-z]\.")
_DOTTED_PLURAL = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?\.?['`]?s\b")
"""*K.P.I's*: without the plural each letter is a word of its own, and they are put together later."""

_SPACED_PLURAL = re.compile(r"['`](?<=\b[A-Za-z] [A-Za-z]['`])s\b")
"""*K P I's*: likewise."""

_PERCENT = re.compile(r"%|(?<![a-z])(?:per cent|pct)(?![a-z])")


def simplify(text: str) -> str:
    """Lower case without accents, apostrophes and invisible marks; ``&`` is *and*, ``%`` and *pct* are *percent*."""
    text = text[:LONGEST_TEXT]
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_AS_ASCII))
        text = "".join(mark for mark in decomposed if not unicodedata.combining(mark)).casefold()
    if "." in text and _DOTTED.search(text):
        text = _DOTTED_PLURAL.sub(lambda found: found[0].replace(".", ""), text)
    if "'" in text or "`" in text:
        text = _SPACED_PLURAL.sub("", text).replace("'", "").replace("`", "")
    text = text.lower().replace("&", " and ")
    return _PERCENT.sub(" percent ", text) if "%" in text or "pct" in text or "per cent" in text else text


def words_of(text: str) -> list[str]:
    """The words of a text in order, simplified. Empty for a text of signs and emoji only."""
    return _WORD.findall(simplify(text))


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """One spelling for British and American, singular and plural, digit and number word.

    *organisations* and *organization* fold to the same word; *customs* does not fold to *custom*.
    """
    if word in _UNITS:
        return str(_UNITS[word])
    if word in _TENS:
        return str(_TENS[word])
    word = _IRREGULAR.get(word, word)
    if len(word) < 4:
        return word
    word = _singular(word)
    word = _IRREGULAR.get(word, word)
    return _american(word)


def _singular(word: str) -> str:
    if not word.endswith("s") or word in _SINGULAR_AS_IT_IS or word.endswith(("ss", "us")):
        return word
    if word.endswith("is") and len(word) > 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


_IS_TO_IZ = re.compile(r"(?<=[a-z]{3})is(?=(?:e[drs]?|ing|ation|ational|able|ers?)$)")
_YS_TO_YZ = re.compile(r"(?<=[a-z]l)ys(?=(?:e[drs]?|ing|ers?)$)")
_OUR_TO_OR = re.compile(r"(?<=[a-z]{2}[^aeiou])our(?=$|(?:ed|ing|al|ed|ite|able|ful|ist)$)")
_DOUBLE_L = re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing|er|ers|or|ors)$)")


def _american(word: str) -> str:
    if "is" in word:
        word = _IS_TO_IZ.sub("iz", word)
    if "lys" in word:
        word = _YS_TO_YZ.sub("yz", word)
    if "our" in word:
        word = _OUR_TO_OR.sub("or", word)
    if "ll" in word:
        word = _DOUBLE_L.sub("l", word)
    return word


_SUFFIXES = (
    dict.fromkeys(["ed", "ing", "ings", "ly", "ment", "ments", "ness", "able", "ied", "ier"], 3)
    | dict.fromkeys(
        [
            "er",
            "ers",
            "or",
            "ors",
            "ion",
            "ions",
            "ition",
            "itive",
            "ive",
            "al",
            "ally",
            "ably",
            "ible",
            "ibly",
            "ful",
            "fully",
            "less",
            "ity",
            "ty",
            "ance",
            "ence",
            "ant",
            "ent",
            "ancy",
            "ency",
            "acy",
            "ism",
            "ize",
            "ized",
            "izes",
            "izing",
            "izer",
            "ization",
            "ic",
            "etic",
            "ical",
            "ship",
            "ice",
            "iest",
            "est",
            "ous",
            "iness",
            "ability",
            "ibility",
        ],
        4,
    )
    | dict.fromkeys(["ate", "ates", "ated", "ating", "ator", "ation", "ations", "ational", "ist"], 5)
)
"""Suffix -> the fewest letters that must stand before it."""
_STEMS = {
    "advice": "advis",
    "better": "good",
    "best": "good",
    "bought": "buy",
    "chose": "choos",
    "chosen": "choos",
    "complaint": "complain",
    "customs": "customs",
    "employee": "employ",
    "feel": "feel",
    "felt": "feel",
    "gave": "giv",
    "given": "giv",
    "gone": "go",
    "goes": "go",
    "heard": "hear",
    "kept": "keep",
    "knew": "know",
    "known": "know",
    "leaving": "leav",
    "left": "leav",
    "lost": "los",
    "loss": "los",
    "made": "mak",
    "paid": "pay",
    "said": "say",
    "satisfaction": "satisf",
    "satisfactory": "satisf",
    "sold": "sell",
    "sale": "sell",
    "spent": "spend",
    "spoke": "speak",
    "spoken": "speak",
    "taken": "tak",
    "taught": "teach",
    "thought": "think",
    "told": "tell",
    "tried": "try",
    "took": "tak",
    "went": "go",
    "wrote": "writ",
    "written": "writ",
}
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a word, lighter and some forty times faster than Snowball in Python: enough to rank descriptions."""
    word = fold(word)
    if word in _STEMS:
        return _STEMS[word]
    if len(word) < 4 or not word.isascii():
        return word
    for _ in range(2):
        for length in range(min(7, len(word) - 3), 0, -1):
            fewest = _SUFFIXES.get(word[-length:])
            if fewest is not None and len(word) - length >= fewest and not _VOWELS.isdisjoint(word[:-length]):
                word = word[:-length]
                break
        else:
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    if len(word) > 3 and word[-1] in "eiy" and word[-2] not in _VOWELS:
        word = word[:-1]
    return word


_SAID = {
    "gauge": "gaje",
    "queue": "kew",
    "queues": "kews",
    "queueing": "kewing",
    "rapport": "rapor",
    "schon": "shern",
    "tech": "tek",
    "techs": "teks",
}
"""Words that are not said as they are written."""
_SOUNDS = (
    (re.compile(r"([a-z])\1+"), r"\1"),
    (re.compile(r"^(?:kn|gn|pn)"), "n"),
    (re.compile(r"^wr"), "r"),
    (re.compile(r"^ps"), "s"),
    (re.compile(r"^x"), "z"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"(?:t|s|c|ss)i(?=on|ous|al|an|at|en)|sh|sch(?=e)|ch"), "x"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"tx"), "x"),
    (re.compile(r"(?<=.)gh(?=t|$|[^aeiou])"), ""),
    (re.compile(r"dg(?=[eiy])|g(?=[eiy])|j"), "j"),
    (re.compile(r"sc(?=[eiy])|c(?=[eiy])|z"), "s"),
    (re.compile(r"ck|c|qu?"), "k"),
    (re.compile(r"x?ks|x(?=x)"), "ks"),
    (re.compile(r"th"), "t"),
    (re.compile(r"v"), "f"),
    (re.compile(r"(?<=.)[hw]"), ""),
    (re.compile(r"mb$"), "m"),
    (re.compile(r"(?<=..)e$|(?<=..)es$"), ""),
    (re.compile(r"(?<=[aeiouy])r(?=[^aeiouy]|$)"), ""),
    (re.compile(r"[aeiouy]+"), "a"),
    (re.compile(r"([a-z])\1+"), r"\1"),
)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """A key of how a word sounds: words that sound alike have keys that are alike, with one sign for every vowel."""
    if not word.isascii() or not word.isalpha():
        return word
    word = _SAID.get(word, word)
    for pattern, key in _SOUNDS:
        word = pattern.sub(key, word)
    return word


def spoken_letters(words: Sequence[str]) -> str | None:
    """What was said with letters' names in it (*en pee ess* is ``nps``, *see sat* is ``csat``), or None without any."""
    if _RESPELT.isdisjoint(words):
        return None
    spelt = []
    for position, word in enumerate(words):
        after_double = position > 0 and words[position - 1] == "double"
        if word == "double" and position + 1 < len(words) and words[position + 1] in _SPOKEN_LETTERS:
            continue
        letter = _SPOKEN_LETTERS.get(word, word)
        spelt.append(letter if not after_double else "w" if letter == "u" else letter * 2)
    together = "".join(spelt)
    return together if together != "".join(words) else None


def are_letters(words: Sequence[str]) -> bool:
    """Whether each of the words may be the name of a letter, or *double* before one."""
    return words[-1] in _SPOKEN_LETTERS and all(word in _SPOKEN_LETTERS or word == "double" for word in words)


def with_numbers(words: Sequence[str]) -> list[str] | None:
    """The words with spoken numbers in digits (*nine thousand and one* is ``9001``), or None when there are none."""
    if _NUMBERS.isdisjoint(words) and not any(word.isdigit() for word in words):
        return None
    words, found = _with_repeated_digits(words)
    result: list[str] = []
    position = 0
    while position < len(words):
        value, length = _year_at(words, position) or _number_at(words, position)
        if length:
            found = True
            result.append(str(value))
            position += length
        else:
            result.append(words[position])
            position += 1
    return result if found else None


def _with_repeated_digits(words: Sequence[str]) -> tuple[Sequence[str], bool]:
    """The words with figures that were said one by one or as a multiple put together: *nine double oh one* is 9001."""
    if _FIGURES.isdisjoint(words):
        return words, False
    result: list[str] = []
    position = 0
    while position < len(words):
        figures, end = "", position
        grouped = False
        while end < len(words):
            times = _TIMES.get(words[end], 1)
            said = words[end + 1] if times > 1 and end + 1 < len(words) else words[end]
            figure = _figure_of(said, inside=bool(figures) or times > 1)
            if not figure:
                break
            figures += figure * times
            grouped = grouped or times > 1 or said in _NOUGHTS
            end += 1 + (times > 1)
        if grouped and len(figures) > 1:
            result.append(figures)
            position = end
        else:
            result.append(words[position])
            position += 1
    return result, len(result) < len(words)


def _figure_of(word: str, *, inside: bool) -> str:
    if word.isdigit():
        return word
    if word in _UNITS and word != "zero":
        return str(_UNITS[word])
    if word in _TENS:
        return str(_TENS[word])
    return "0" if inside and word in _NOUGHTS else ""


def _year_at(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """A year that is said in two halves: *twenty fifteen*, *nineteen seventy four*."""
    if words[start] not in ("nineteen", "twenty"):
        return None
    rest, length = _number_at(words, start + 1)
    if not length or not 10 <= rest < 100 or words[start + 1] in ("hundred", "thousand"):
        return None
    return (1900 if words[start] == "nineteen" else 2000) + rest, length + 1


def _number_at(words: Sequence[str], start: int) -> tuple[int, int]:
    total = group = 0
    position = start
    previous = ""
    while position < len(words):
        word = words[position]
        if (
            word in _UNITS
            and previous in {"", "tens", "hundred", "thousand"}
            and not (previous == "tens" and _UNITS[word] > 9)
        ):
            group += _UNITS[word]
            previous = "unit"
        elif word in _TENS and previous in {"", "hundred", "thousand"}:
            group += _TENS[word]
            previous = "tens"
        elif word == "hundred" and previous == "unit":
            group *= 100
            previous = "hundred"
        elif word == "thousand" and previous in {"unit", "tens", "hundred"}:
            total, group = total + group * 1000, 0
            previous = "thousand"
        elif not (
            word == "and"
            and previous in {"hundred", "thousand"}
            and position + 1 < len(words)
            and (words[position + 1] in _UNITS or words[position + 1] in _TENS)
        ):
            break
        position += 1
    return total + group, position - start
