"""The words at the end of a message that only explain what is named before them: *blast for angry customers*."""

from __future__ import annotations

from collections.abc import Container, Sequence

from knowledge.lookup.forms import Forms, Kind
from knowledge.lookup.guard import Guard
from knowledge.lookup.match import BY_NAME, UNSURE, Match, Reason
from knowledge.lookup.normalise import fold, words_of
from knowledge.lookup.question import Question, tail_in
from knowledge.lookup.wrappers import LIGHT, is_small

_PLACING = frozenset(["in", "with", "for"])
"""What begins a tail that may speak of something else: *goodwill in accounts*."""


def telling_of(match: Match) -> set[str]:
    """The telling words of the form that matched."""
    return {fold(word) for word in words_of(match.form) if not is_small(word)}


def needs_tail(match: Match, words: Sequence[str], at: int) -> bool:
    """Whether a form has words of the tail that begins at a place, and is not surely there with or without them."""
    form, before = telling_of(match), {fold(word) for word in words[:at]}
    crosses = not form.isdisjoint(before)
    if form.isdisjoint([fold(word) for word in words[at:]]) or (crosses and match.score > BY_NAME):
        return False
    return not (crosses and (form <= before or " ".join(words_of(match.form)) in " ".join(words)))


def crosses_into(matches: Sequence[Match], tail: Sequence[str]) -> bool:
    """Whether what was found is a form that has its own tail: *assessment criteria for interactions*."""
    if not matches or matches[0].score < UNSURE or matches[0].reason is Reason.meaning:
        return False
    form = words_of(matches[0].form)
    at = tail_in(form)
    return bool(at) and form[at] == tail[0]


def is_elsewhere(tail: Sequence[str], known: Container[str]) -> bool:
    """Whether a tail says where, and it is nowhere that the glossary speaks of: *goodwill in accounts*."""
    return tail[0] in _PLACING and any(not is_small(word) and len(word) > 1 and word not in known for word in tail)


def is_firm_in(match: Match, words: Sequence[str], forms: Forms) -> bool:
    """Whether a form of several words is there as it is written, or a name of one; or a name was misheard."""
    form = telling_of(match)
    if match.reason is Reason.spelling or (match.reason is Reason.words and len(form) > 1):
        return True
    return form <= {fold(word) for word in words} and (len(form) > 1 or _is_a_name(match, forms))


def _is_a_name(match: Match, forms: Forms) -> bool:
    numbers = forms.by_text.get(" ".join(words_of(match.form)), ())
    return any(forms.forms[number].kind is Kind.NAME for number in numbers)


def is_strange(words: Sequence[str], known: Container[str], guard: Guard, described: Container[str]) -> bool:
    """Whether an English word that no entry has stands where the name should be: *leg owing indicator*."""
    telling = [word for word in Question(words, known).core if not is_small(word) and word not in LIGHT]
    return any(word in guard and word not in described for word in telling)
