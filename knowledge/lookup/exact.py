"""Forms that are written outright: as the glossary has them, or in another case, spacing, spelling, number or order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from knowledge.lookup.forms import Form, Forms, Kind, bag
from knowledge.lookup.guard import Guard
from knowledge.lookup.match import CAP, TELLING, Match, Reason, capped
from knowledge.lookup.normalise import fold, spoken_letters, with_numbers
from knowledge.lookup.question import Question
from knowledge.lookup.wrappers import STOP, is_small

_LAST_READ = 16
"""Texts that are remembered: whoever looks for a pair first looks for one term next."""
_MOST_SPOKEN = 9
_IN_ANOTHER_ORDER = 0.03
_RUN_TOGETHER = 0.01
_ABBREVIATION_AND_WORD = 2
_MANY_LETTERS = 7
"""Letters that small words of a question do not make up by accident: *up selling* is upselling."""
_OPENERS = frozenset(["how", "when", "where", "who", "why"])
_PLACE = frozenset(["in", "at", "for"])
"""*Metrics in customer service* says where; it is not *customer service metrics* in another order."""


@dataclass(frozen=True, slots=True)
class Exact:
    """The forms written from word ``start`` to ``end``, one for each term, names first.

    ``sure`` when one term owns the form and the rest of the message does not speak against it. ``looseness`` is what
    the way of comparing takes off the score.
    """

    forms: tuple[int, ...]
    start: int
    end: int
    looseness: float
    sure: bool


def exact_matches(exact: Exact, forms: Forms) -> list[Match]:
    """A card, or a list in the order of the forms."""
    matches: list[Match] = []
    for number in exact.forms:
        form = forms.forms[number]
        score = 1.0 - exact.looseness if exact.sure else CAP - 0.01 * (1 + len(matches))
        matches.append(Match(forms.ids[form.term], round(score, 4), form.text, reason_of_exact(form)))
    return matches


def match_of(forms: Forms, number: int, score: float, reason: Reason) -> Match:
    """A match by one form; never a card where the form only opens a list."""
    form = forms.forms[number]
    match = Match(forms.ids[form.term], round(score, 4), form.text, reason)
    return capped(match) if form.kind is Kind.SUGGEST else match


def reason_of_exact(form: Form) -> Reason:
    """How a form that was written outright counts as found."""
    return Reason.abbreviation if form.acronym else Reason.exact


def exact_forms(question: Question, forms: Forms, guard: Guard) -> Exact | None:
    """The forms that are the message, or are what is left of it without the question; None where there are none."""
    count = len(question.words)
    for start, end in question.spans(forms.longest + 2):
        whole = start == 0 and end == count
        numbers, looseness = _written(question.words[start:end], forms, whole=whole)
        for shorter in () if numbers else _without_last(question, start, end, forms):
            numbers, looseness = _named_outright(question.words[start:shorter], forms, guard)
            if numbers:
                end = shorter
                break
        if numbers and start >= count - question.setting and question.setting < count:
            before = _named_before(question, count - question.setting, forms, guard)
            numbers, looseness, start, end = before or (numbers, looseness, start, end)
        if not numbers or (looseness and end - start < 3 and question.is_question_word(start, end)):
            continue
        if whole and (looseness < _IN_ANOTHER_ORDER or not _is_unfinished(question, forms)):
            begun = looseness > _RUN_TOGETHER and _is_begun_in_words(question.words, forms)
            return _exact(numbers, forms, start, end, looseness, sure=True) if not begun else None
        if (whole or end < count) and _is_unfinished(question, forms):
            return None
        if end == count and start and _is_begun_in_words(question.words, forms):
            return None
        if _is_meant(question, start, end, numbers, forms, guard):
            return _exact(numbers, forms, start, end, looseness + 0.01, sure=True)
    return None


Reader = Callable[[tuple[str, ...]], tuple[Question, Exact | None]]


def reader(forms: Forms, guard: Guard) -> Reader:
    """A function that gives a text's question and the forms written in it; what was read last is not read again."""

    @lru_cache(maxsize=_LAST_READ)
    def read(words: tuple[str, ...]) -> tuple[Question, Exact | None]:
        question = Question(words, forms.weights)
        return question, exact_forms(question, forms, guard)

    return read


def _named_before(
    question: Question, end: int, forms: Forms, guard: Guard
) -> tuple[tuple[int, ...], float, int, int] | None:
    """The form before the words that say where: *what is describe in customer service*."""
    start = question.before
    if start >= end:
        start = end - 1
    numbers, looseness = _written(question.words[start:end], forms, whole=False)
    if not numbers or not question.asks_for(start, end):
        return None
    return numbers, looseness, start, end


def _exact(numbers: tuple[int, ...], forms: Forms, start: int, end: int, looseness: float, *, sure: bool) -> Exact:
    best: dict[int, int] = {}
    for number in sorted(numbers, key=lambda number: forms.forms[number].kind):
        best.setdefault(forms.forms[number].term, number)
    owners = [number for number in best.values() if forms.forms[number].kind is not Kind.SUGGEST]
    listed = {forms.forms[number].words for number in numbers if forms.forms[number].kind is Kind.SUGGEST}
    if sure and len(owners) == 1 and (not listed or forms.forms[owners[0]].words in listed):
        return Exact(tuple(owners), start, end, looseness, sure=True)
    return Exact(tuple(best.values()), start, end, looseness, sure=False)


def _written(words: list[str], forms: Forms, *, whole: bool) -> tuple[tuple[int, ...], float]:
    """The forms that are these words, strictest way of comparing first, and how loose that way is."""
    together = "".join(words)
    if numbers := forms.by_text.get(" ".join(words)):
        only_listed = all(forms.forms[number].kind is Kind.SUGGEST for number in numbers)
        return (*numbers, *(forms.by_fold.get("".join([fold(word) for word in words]), ()) if only_listed else ())), 0.0
    spelt = all(len(word) == 1 for word in words)
    by_accident = (
        len(words) > 1 and not (whole or spelt) and len(together) < _MANY_LETTERS and not STOP.isdisjoint(words)
    )
    together = "" if by_accident else together
    if together and (numbers := forms.by_compact.get(together)):
        return numbers, 0.01
    folded = [fold(word) for word in words]
    if together and (numbers := forms.by_fold.get(fold(together) if spelt else "".join(folded))):
        return numbers, 0.02
    if len(words) < 2:
        return (), 0.0
    if _PLACE.isdisjoint(words) and (numbers := forms.by_bag.get(bag(folded))):
        return numbers, _IN_ANOTHER_ORDER
    return _spoken(words, forms) if len(words) <= _MOST_SPOKEN else ((), 0.0)


def _spoken(words: list[str], forms: Forms) -> tuple[tuple[int, ...], float]:
    """The forms that come out when letters' names and numbers are written as they are meant."""
    counted = with_numbers(words)
    for said in (words, counted):
        if said is None:
            continue
        if said is counted and (numbers := forms.by_fold.get("".join(said))):
            return numbers, 0.03
        if (spelt := spoken_letters(said)) and (numbers := forms.by_compact.get(spelt)):
            return numbers, 0.03
    return (), 0.0


def _named_outright(words: list[str], forms: Forms, guard: Guard) -> tuple[tuple[int, ...], float]:
    """As :func:`_written`, for words that cannot be plain English: *kano* theory, *heat* method."""
    numbers, looseness = _written(words, forms, whole=False)
    if len(words) == 1 and guard.is_english(words[0]):
        numbers = tuple([number for number in numbers if forms.forms[number].acronym])
    return numbers, looseness + 0.02


def _without_last(question: Question, start: int, end: int, forms: Forms) -> Iterator[int]:
    """Where the span may end without words such as *model*, or without the last word that an abbreviation stands for.

    *OLA agreement* names what *OLA* names.
    """
    if end - start == _ABBREVIATION_AND_WORD:
        short, last = question.words[start:end]
        if fold(last) in forms.last_words.get(short, ()) and not is_small(last):
            yield end - 1
    yield from question.without_general(start, end)


def _is_unfinished(question: Question, forms: Forms) -> bool:
    """Whether the message is the beginning of a longer form, so that nothing at its end is a question word."""
    return bool(forms.starting_with("".join(question.words), 1))


def _is_begun_in_words(words: list[str], forms: Forms) -> bool:
    """Whether a longer form begins with just these words, of which only the last may be unfinished: *learn mode*."""
    begun = [
        forms.forms[number] for text in forms.starting_with("".join(words), 8) for number in forms.by_compact[text]
    ]
    return any(form.words[: len(words) - 1] == tuple(words[:-1]) and len(form.words) == len(words) for form in begun)


def _is_meant(question: Question, start: int, end: int, numbers: tuple[int, ...], forms: Forms, guard: Guard) -> bool:
    """Whether a span inside a question is the term and not just a word of the question."""
    words = question.words[start:end]
    if len(words) > 1 and not question.is_question_word(start, end):
        return True
    if not guard.is_english(words[0]):
        return True
    acronym = any(forms.forms[number].acronym for number in numbers)
    if (acronym or question.is_question_word(start, end)) and not question.stands_as_term(start, end):
        return False
    return question.asks_for(start, end) or (len(words[0]) >= TELLING and question.words[0] in _OPENERS)
