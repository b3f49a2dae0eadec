"""What may be kept of words that nothing was found for: a short question, without whoever asked it."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import timedelta

from knowledge.lookup.guard import names
from knowledge.lookup.normalise import words_of
from knowledge.lookup.question import Question
from knowledge.words import english_words

KEPT_FOR = timedelta(days=60)
LONGEST = 80
"""Characters of a question; a longer text is an answer or a diary, and none of it is kept."""
MOST_WORDS = 14
NAME, LINK, MAIL, NUMBER = "[name]", "[link]", "[e-mail]", "#"
"""What stands in place of what was masked."""

_MASKS = re.compile(r"\[(?:name|link|e-mail)\]|#")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE)
_AT_NAME = re.compile(r"@\w+")
_DIGITS = re.compile(r"[+(]*\d(?:[\d\s().,:/-]*\d)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CAPITALISED = re.compile(r"[^\W\d_]\S*")
_TITLES = frozenset(["mr", "mrs", "ms", "mx", "dr", "prof"])
_INTRODUCING = ("my", "name", "is")


def kept_question(text: str, known: Container[str]) -> str | None:
    """Return the form of a missed question that may be kept, or None where nothing of it may.

    Digits, e-mail addresses, links, @names and words that look like somebody's name are masked. ``known`` are the
    words of the glossary, as :func:`knowledge.lookup.normalise.words_of` gives them: Kano is no learner.
    """
    if "\n" in text.strip():
        return None
    flat = " ".join(text.split())
    if not flat or len(flat) > LONGEST or len(flat.split()) > MOST_WORDS:
        return None
    masked = _LINK.sub(LINK, _MAIL.sub(MAIL, flat))
    masked = _DIGITS.sub(NUMBER, _AT_NAME.sub(NAME, masked))
    kept = _without_names(masked, known)[:LONGEST]
    return kept if key_of(kept, known) else None


def key_of(text: str, known: Container[str]) -> str:
    """Return what two askers share who mean the same: the words without the question around them, and no masks.

    Empty where nothing is left to look for.
    """
    question = Question(words_of(without_masks(text)), known)
    return "" if question.is_all_asking else " ".join(question.core)


def without_masks(text: str) -> str:
    """Return the words that are left when the masks are taken out."""
    return " ".join(_MASKS.sub(" ", text).split())


def _without_names(text: str, known: Container[str]) -> str:
    sentence_case = not _is_all_capitalised(text)
    before = ("", "", "")

    def mask(found: re.Match[str]) -> str:
        nonlocal before
        word = found[0]
        if _is_masked(text, found):
            return word
        introduced = before[-1] in _TITLES or before == _INTRODUCING
        surname = before[-1] == NAME and word.lower() not in english_words()
        capital = sentence_case and found.start() > 0 and word[0].isupper() and not word.isupper()
        is_name = _is_name(word, known, suspicious=introduced or surname or capital)
        before = (*before[1:], NAME if is_name else word.lower())
        return NAME if is_name else word

    return _WORD.sub(mask, text)


def _is_masked(text: str, found: re.Match[str]) -> bool:
    """Tell whether a word stands inside a mask."""
    return text[found.start() - 1 : found.start()] == "[" and text[found.end() : found.end() + 1] == "]"


def _is_name(word: str, known: Container[str], *, suspicious: bool) -> bool:
    """``suspicious``: it stands where a name would. Then it is one unless the glossary has it."""
    if all(part in known for part in words_of(word)):
        return False
    plain = word.lower().replace("’", "'").removesuffix("'s")
    return suspicious or (plain in names() and plain not in english_words())


def _is_all_capitalised(text: str) -> bool:
    """Tell whether Every Word Begins Like This, so that a capital says nothing."""
    words = [word for word in _CAPITALISED.findall(text) if len(word) > 3]
    return len(words) > 1 and all(word[0].isupper() for word in words)
