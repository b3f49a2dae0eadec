"""The index: a glossary, ready to be searched."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from knowledge.lookup.alike import Speller
from knowledge.lookup.byform import ByForm
from knowledge.lookup.choice import Choice
from knowledge.lookup.context import Context
from knowledge.lookup.doubts import Doubts
from knowledge.lookup.exact import exact_matches, reader
from knowledge.lookup.families import Families
from knowledge.lookup.forms import Forms, shown_by
from knowledge.lookup.found import Compared
from knowledge.lookup.guard import Guard
from knowledge.lookup.hints import Hints
from knowledge.lookup.inside import spots_in
from knowledge.lookup.lists import Shared, UnderSubjects
from knowledge.lookup.match import (
    CONFIDENT,
    MOST_WORDS_OF_A_NAME,
    UNSURE,
    Entry,
    Match,
    PairFound,
    below,
    capped,
    entries_of,
    is_card,
)
from knowledge.lookup.meaning import Descriptions
from knowledge.lookup.mending import Mender
from knowledge.lookup.misheard import Misheard
from knowledge.lookup.normalise import words_of
from knowledge.lookup.pairs import Pairs
from knowledge.lookup.question import Question, corrections_in, kind_in, tail_in
from knowledge.lookup.ranking import Ranking
from knowledge.lookup.rehearing import Rehearing
from knowledge.lookup.scale import Scale, packaged_scale
from knowledge.lookup.subjects import Subjects
from knowledge.lookup.tails import crosses_into, is_elsewhere, is_firm_in, is_strange, needs_tail, telling_of
from knowledge.lookup.wrappers import LIGHT, is_small

if TYPE_CHECKING:
    from knowledge.schema import Course

_LEAST = 0.002
"""What scores less is not worth a line in a list."""

_MOST_WORDS_OF_A_HEAD = 4
_FEW_WORDS = 6
_LIKENED = 0.86
"""The score of a name that the rest of the message is likened to."""


class Index:
    """Finds the term that a message asks about. Immutable once built; safe to share between threads."""

    __slots__ = (
        "_by_form",
        "_choice",
        "_context",
        "_descriptions",
        "_doubts",
        "_families",
        "_forms",
        "_guard",
        "_hints",
        "_pairs",
        "_ranking",
        "_read",
        "_rehearing",
        "_shared",
        "_under_subjects",
    )

    def __init__(self, forms: Forms, descriptions: Descriptions, subjects: Subjects, scale: Scale) -> None:
        guard = Guard()
        read = reader(forms, guard)
        speller = Speller(forms, guard)
        families = Families(forms)
        mender = Mender(forms, guard, speller, families)
        hints = Hints(forms, guard, speller, families, mender)
        doubts = Doubts(forms, guard, speller, families, hints, descriptions)
        names = shown_by(forms)
        self._forms = forms
        self._descriptions = descriptions
        self._guard = guard
        self._read = read
        self._families = families
        self._hints = hints
        self._doubts = doubts
        self._by_form = ByForm(forms, speller, doubts, scale)
        self._context = Context(forms, guard, mender, descriptions, names, scale)
        self._ranking = Ranking(forms, scale)
        self._choice = Choice(forms, descriptions, names)
        self._shared = Shared(forms, guard, families, descriptions, names, read)
        self._under_subjects = UnderSubjects(forms, hints, subjects, names, read)
        self._rehearing = Rehearing(forms, guard, families, hints, Misheard(forms, guard, descriptions), read)
        self._pairs = Pairs(forms, guard, families, hints, read, self._spelled)

    @classmethod
    def build(
        cls,
        entries: Iterable[Entry],
        *,
        subjects: Mapping[str, Iterable[str]] | None = None,
        scale: Scale | None = None,
    ) -> Self:
        """An index over the entries.

        ``subjects`` are broad words and the ids of the terms that fall under them. ``scale`` is for calibration; the
        packaged one is used without it.
        """
        listed = list(entries)
        with _nothing_collected():
            return cls(Forms(listed), Descriptions(listed), Subjects(subjects or {}, listed), scale or packaged_scale())

    @classmethod
    def of(cls, course: Course) -> Self:
        """An index over the terms and subjects of a course."""
        return cls.build(entries_of(course), subjects=course.subjects)

    # ------------------------------------------------------------------------------------------------ what is asked

    def find(self, text: str, limit: int = 5) -> list[Match]:
        """The terms that the text most likely asks about, best first. Empty when it asks about none of them."""
        words = words_of(text)
        if not words or limit < 1:
            return []
        return self._under_subjects.added_to(self._meant(text, words, limit), words, self._card)[:limit]

    def find_pair(self, text: str) -> PairFound | None:
        """The two terms that the text compares, or None where it does not compare two different terms."""
        return self._pairs.find(text)

    def prefix(self, text: str, limit: int = 5) -> list[Match]:
        """The terms whose forms begin like the text, for a list that is shown while somebody types."""
        words = words_of(text)
        if not words or limit < 1:
            return []
        best: dict[str, Match] = {}
        for match in self._hints.completions("".join(words)) + self.find(text, limit):
            if match.term_id not in best or match.score > best[match.term_id].score:
                best[match.term_id] = match
        return sorted(best.values(), key=lambda match: (-match.score, len(match.form)))[:limit]

    def compared(self, text: str) -> Compared:
        """Everything that could be meant where nothing simpler answers: what calibration learns from."""
        words = words_of(text)
        if not words:
            return Compared([])
        question, exact = self._read(tuple(words))
        if exact or self._doubts.is_everyday(question):
            return Compared([])
        if self._hints.firm(question, self._families.find(words)):
            return Compared([])
        return self._context.added_to(Compared(self._by_form.find(question)), text, question)

    # -------------------------------------------------------------------------------------------- parts of a message

    def _meant(self, text: str, words: list[str], limit: int) -> list[Match]:
        """As :meth:`find`, for what is no subject of several terms."""
        if (kind := kind_in(words)) and (named := self._card(kind, limit)):
            return named
        matches = self._asked(text, words, limit)
        at = tail_in(words)
        if is_card(matches):
            named = self._before_tail(words, at, matches, limit) if at else matches
            return self._shared.with_shared(words, named)[:limit]
        for said in corrections_in(words):
            if again := self._card(said, limit):
                return again
        if heard := self._rehearing.find(words, matches, limit):
            return heard
        if at and not crosses_into(matches, words[at:]) and (named := self._outright_in(words, at, limit)):
            return below(named, matches)[:limit]
        return self._shared.with_shared(words, matches)[:limit]

    def _before_tail(self, words: list[str], at: int, matches: list[Match], limit: int) -> list[Match]:
        """The matches; first what is named before words that only explain it, if the card needs these as well."""
        if not needs_tail(matches[0], words, at):
            return matches
        head = words[:at]
        named = self._card(head, limit)
        if named and not is_firm_in(named[0], head, self._forms):
            return matches
        if not named and is_card(self._rehearing.find(head, [], limit)):
            named = self._rehearing.find(head, self._asked(" ".join(head), head, limit), limit)
        listed = [capped(match) for match in matches]
        if is_card(named):
            return below(named[:1], listed)[:limit]
        strange = len(words) <= _FEW_WORDS and is_strange(head, self._forms.weights, self._guard, self._descriptions)
        return listed if strange else matches

    def _outright_in(self, words: list[str], at: int, limit: int) -> list[Match]:
        """The card of what is named in so many words before a tail that speaks of nothing else."""
        head, tail = words[:at], words[at:]
        weights = self._forms.weights
        if is_elsewhere(tail, weights) or len(Question(head, weights).core) > _MOST_WORDS_OF_A_HEAD:
            return []
        named = self._card(head, limit)
        if not named or not is_firm_in(named[0], head, self._forms):
            return []
        again = self._card(tail, limit)
        return again if again and telling_of(named[0]) < telling_of(again[0]) else named

    def _card(self, words: list[str], limit: int) -> list[Match]:
        """As :meth:`_asked` for a part of a text, of which only a card is wanted."""
        if not self._may_be_card(words):
            return []
        named = self._asked(" ".join(words), words, limit)
        return named if is_card(named) else []

    def _may_be_card(self, words: list[str]) -> bool:
        """Whether words have a form, or most of one, sound so, or may be a slip: nothing else opens a card."""
        question, exact = self._read(tuple(words))
        if exact or "like" in question.words[1:]:
            return not exact or exact.sure
        if any(word not in self._guard and word not in self._forms.weights for word in question.core):
            return True
        if spots_in(question.words, [1.0] * len(question.words), self._forms):
            return True
        related = self._families.find(question.words)
        return bool(related or self._hints.firm(question, related) or self._hints.hears(question))

    # ----------------------------------------------------------------------------------------------------- the ways

    def _asked(self, text: str, words: Sequence[str], limit: int) -> list[Match]:
        """As :meth:`find`, for a text that says what it means at once."""
        question, exact = self._read(tuple(words))
        if exact and self._doubts.is_part_of_everyday(question, exact):
            return []
        if exact and exact.sure:
            card = exact_matches(exact, self._forms)
            listed = self._hints.with_relatives(card, question, exact)
            return self._shared.with_meant(question.words[exact.start : exact.end], listed)[:limit]
        if likened := self._likened(question):
            return likened
        if self._doubts.is_everyday(question):
            return []
        if exact:
            listed = below(exact_matches(exact, self._forms), self._hints.heads(question.core))
            matches = below(listed, self._named_or_described(text, question))
        else:
            matches = self._found(text, question)
        if matches and matches[0].score < CONFIDENT and self._doubts.is_anothers(question.core):
            return []
        if is_card(matches) and self._doubts.is_slip_of_another(question.core, matches[0]):
            matches = [capped(match) for match in matches]
        matches = [match for match in matches if match.score >= _LEAST]
        telling = [word for word in question.core if not is_small(word) and word not in LIGHT]
        few = len(question.words) <= _FEW_WORDS and len(telling) == 1
        if matches and few and matches[0].score >= UNSURE:
            matches = self._shared.with_meant(telling, self._hints.with_others(matches, telling[0]))
        return matches[:limit]

    def _likened(self, question: Question) -> list[Match]:
        """The term that the rest is likened to: *that pestle thing like pestle and mortar*."""
        words = question.words
        if "like" not in words[1:] or len(words) > MOST_WORDS_OF_A_NAME:
            return []
        _, exact = self._read(tuple(words[: words.index("like", 1)]))
        if not exact or not exact.sure:
            return []
        surely = exact.end - exact.start > 1 or not self._guard.is_english(words[exact.start])
        matches = exact_matches(exact, self._forms)
        return [replace(one, score=_LIKENED) if surely else capped(one) for one in matches]

    def _found(self, text: str, question: Question) -> list[Match]:
        """The terms for a text in which no form is written outright."""
        related = self._families.find(question.words)
        silent = not related and self._doubts.says_nothing(question.words)
        if (silent or question.is_all_asking) and (names := self._hints.begun_names(question.words)):
            return names
        if silent:
            return []
        if firm := self._hints.firm(question, related):
            return firm
        matches = self._hints.checked(self._named_or_described(text, question), related)
        if matches and (longer := self._hints.heard_longer(question.core, matches[0])):
            return [longer, *[capped(match) for match in matches if match.term_id != longer.term_id]]
        if question.is_all_asking or (matches and matches[0].score >= CONFIDENT):
            return matches
        return self._hints.faint(question, related, matches, self._again)

    def _named_or_described(self, text: str, question: Question) -> list[Match]:
        """What the calibrated ways find: by form if that is firm, otherwise inside the text and by meaning too."""
        named = Compared(self._by_form.find(question))
        matches = self._ranking.answered(named)
        if is_card(matches):
            return matches
        context = self._context.added_to(named, text, question)
        return self._choice.among(self._ranking.answered(context), question, context)

    def _again(self, question: Question) -> list[Match]:
        """What a question names once its words are corrected."""
        return self._ranking.answered(Compared(self._by_form.find(question)))

    def _spelled(self, question: Question) -> list[Match]:
        """What a part of a text names, whatever the text is about."""
        return self._ranking.scored(self._by_form.find(question))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """While very much is made that stays, looking for garbage in it takes a fifth of the time, and finds none."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()
