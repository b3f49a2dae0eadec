"""The index: a glossary, ready to be searched."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from rapidfuzz.distance import OSA

from knowledge.lookup.alike import Likeness, Speller
from knowledge.lookup.compare import LINKS
from knowledge.lookup.everyday import expressions_beside, without_expressions
from knowledge.lookup.exact import Exact, exact_matches, match_of, reader
from knowledge.lookup.families import Families, root, roots_of
from knowledge.lookup.forms import Form, Forms, Kind
from knowledge.lookup.found import Compared, Found, best_of_each, topic_features
from knowledge.lookup.guard import NEAR, Guard
from knowledge.lookup.hints import Hints
from knowledge.lookup.inside import (
    Spot,
    capitals_in,
    features_of,
    features_of_best,
    features_of_place,
    is_a_word_as_well,
    is_asked_about,
    is_by_name,
    is_outright,
    is_written,
    spots_in,
)
from knowledge.lookup.match import (
    CAP,
    CONFIDENT,
    UNSURE,
    Entry,
    Match,
    PairFound,
    Reason,
    below,
    best_first,
    capped,
    entries_of,
    in_turns,
)
from knowledge.lookup.meaning import Described, Descriptions
from knowledge.lookup.mending import Mender
from knowledge.lookup.misheard import Misheard
from knowledge.lookup.normalise import fold, sound, words_of
from knowledge.lookup.pairs import Pairs
from knowledge.lookup.question import Question, corrections_in, kind_in, tail_in
from knowledge.lookup.scale import Scale, packaged_scale
from knowledge.lookup.subjects import Subjects, is_chat
from knowledge.lookup.wrappers import GENERAL, LIGHT, SUBJECT, is_small

if TYPE_CHECKING:
    from knowledge.schema import Course

_LEAST = 0.002
"""What scores less is not worth a line in a list."""

_MOST_WORDS_OF_A_NAME = 10
_FEW_WORDS = 6
_SHORT_WORD, _LONG_WORD = 4, 6
_MOST_OF_A_SIDE = 3
"""Terms that each side of a link brings into a list."""
_TWO_WORDS = 2
_FEW_LISTED = 5
"""Fewer terms than that are joined by others that a lone word may be about."""
_MEANT = 0.46
_HARDLY = 0.1
"""The weight of the words that do not count in a name."""
_ENDING = 3
"""Letters that an ending may have."""
_NEARLY_DONE = 2
"""Letters that may be missing at the end of a form that is as good as written."""
_TOLD = 0.6
"""The score of a term that is asked for in the words of its entry."""
_TELLING_WORDS, _WHOLE, _WELL, _NEARLY_AS_LIKELY = 3, 0.999, 1.75, 0.76
"""Words that a description must have at least to be about what several entries share, how much of them must be in the
first entry, how well this must fit, and how well another beside it."""
_MOST_LISTED = 8
_SHARED = frozenset([Reason.exact, Reason.words, Reason.meaning])
"""The reasons for which a lone match may not be all that is meant."""
_BELOW = 0.55
"""The score of the first term that stands below such a match."""
_BY_NAME = CONFIDENT + 0.01
"""The score of a term that a longer message names by its very name."""
_TELLING = 8
"""Letters of a plain word that is seldom anything but a term's name."""
_LIKENING = frozenset(["like", "unlike"])
_MOST_WORDS_OF_A_HEAD = 4
_PLACING = frozenset(["in", "with", "for"])
"""What begins a tail that may speak of something else: *goodwill in accounts*."""
_MISHEARD = 0.83
"""The score of a name that other words were heard for."""
_MEANT_FAINTLY = 0.7
"""The score up to which a term that is only described comes behind one that is named."""
_LIKENED = 0.86
"""The score of a name that the rest of the message is likened to."""


class Index:
    """Finds the term that a message asks about. Immutable once built; safe to share between threads."""

    __slots__ = (
        "_descriptions",
        "_expressions",
        "_families",
        "_forms",
        "_guard",
        "_hints",
        "_mender",
        "_misheard",
        "_names",
        "_pairs",
        "_read",
        "_scale",
        "_speller",
        "_subjects",
    )

    def __init__(self, forms: Forms, descriptions: Descriptions, subjects: Subjects, scale: Scale) -> None:
        self._forms = forms
        self._descriptions = descriptions
        self._subjects = subjects
        self._scale = scale
        self._guard = Guard()
        self._read = reader(forms, self._guard)
        self._speller = Speller(forms, self._guard)
        self._families = Families(forms)
        self._mender = Mender(forms, self._guard, self._speller, self._families)
        self._misheard = Misheard(forms, self._guard, descriptions)
        self._hints = Hints(forms, self._guard, self._speller, self._families, self._mender)
        self._pairs = Pairs(forms, self._guard, self._families, self._hints, self._read, self._spelled)
        self._expressions = expressions_beside([form.words for form in forms.forms])
        self._names = {form.term: number for number, form in reversed(list(enumerate(forms.forms)))}
        self._names |= {form.term: number for number, form in enumerate(forms.forms) if form.kind is Kind.NAME}

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
        return self._with_subject(words, self._meant(text, words, limit))[:limit]

    def _meant(self, text: str, words: list[str], limit: int) -> list[Match]:
        """As :meth:`find`, for what is no subject of several terms."""
        if (kind := kind_in(words)) and (named := self._card(kind, limit)):
            return named
        matches = self._asked(text, words, limit)
        at = tail_in(words)
        if _is_card(matches):
            return self._with_shared(words, self._before_tail(words, at, matches, limit) if at else matches)[:limit]
        for said in corrections_in(words):
            if again := self._card(said, limit):
                return again
        if heard := self._misheard_in(words, matches, limit):
            return heard
        if at and not self._crosses(matches, words[at:]) and (named := self._outright_in(words, at, limit)):
            return below(named, matches)[:limit]
        return self._with_shared(words, matches)[:limit]

    def _before_tail(self, words: list[str], at: int, matches: list[Match], limit: int) -> list[Match]:
        """The matches; first what is named before words that only explain it, if the card needs these as well."""
        head = words[:at]
        form, before = self._by_form(matches[0]), {fold(word) for word in head}
        crosses = not form.isdisjoint(before)
        if form.isdisjoint([fold(word) for word in words[at:]]) or (crosses and matches[0].score > _BY_NAME):
            return matches
        if crosses and (form <= before or " ".join(words_of(matches[0].form)) in " ".join(words)):
            return matches
        named = self._card(head, limit)
        if named and not self._is_firm_in(named[0], head):
            return matches
        if not named and _is_card(self._misheard_in(head, [], limit)):
            named = self._misheard_in(head, self._asked(" ".join(head), head, limit), limit)
        listed = [capped(match) for match in matches]
        if _is_card(named):
            return below(named[:1], listed)[:limit]
        return listed if len(words) <= _FEW_WORDS and self._is_strange(head) else matches

    def _is_strange(self, words: list[str]) -> bool:
        """Whether an English word that no entry has stands where the name should be: *leg owing indicator*."""
        telling = [
            word for word in Question(words, self._forms.weights).core if not is_small(word) and word not in LIGHT
        ]
        return any(word in self._guard and word not in self._descriptions for word in telling)

    def _outright_in(self, words: list[str], at: int, limit: int) -> list[Match]:
        """The card of what is named in so many words before a tail that speaks of nothing else."""
        head, tail = words[:at], words[at:]
        if self._is_elsewhere(tail) or len(Question(head, self._forms.weights).core) > _MOST_WORDS_OF_A_HEAD:
            return []
        named = self._card(head, limit)
        if not named or not self._is_firm_in(named[0], head):
            return []
        again = self._card(tail, limit)
        return again if again and self._by_form(named[0]) < self._by_form(again[0]) else named

    def _crosses(self, matches: Sequence[Match], tail: Sequence[str]) -> bool:
        """Whether what was found is a form that has its own tail: *assessment criteria for interactions*."""
        if not matches or matches[0].score < UNSURE or matches[0].reason is Reason.meaning:
            return False
        form = words_of(matches[0].form)
        at = tail_in(form)
        return bool(at) and form[at] == tail[0]

    def _is_elsewhere(self, tail: Sequence[str]) -> bool:
        """Whether a tail says where, and it is nowhere that the glossary speaks of: *goodwill in accounts*."""
        return tail[0] in _PLACING and any(
            not is_small(word) and len(word) > 1 and word not in self._forms.weights for word in tail
        )

    def _is_firm_in(self, match: Match, words: Sequence[str]) -> bool:
        """Whether a form of several words is there as it is written, or a name of one; or a name was misheard."""
        form = self._by_form(match)
        if match.reason is Reason.spelling or (match.reason is Reason.words and len(form) > 1):
            return True
        return form <= {fold(word) for word in words} and (len(form) > 1 or self._is_a_name(match))

    def _by_form(self, match: Match) -> set[str]:
        """The telling words of the form that matched."""
        return {fold(word) for word in words_of(match.form) if not is_small(word)}

    def _is_a_name(self, match: Match) -> bool:
        numbers = self._forms.by_text.get(" ".join(words_of(match.form)), ())
        return any(self._forms.forms[number].kind is Kind.NAME for number in numbers)

    def _written_in(self, words: list[str]) -> Match | None:
        """The card of what is written in a message, or before its tail, without anything that takes longer."""
        at = tail_in(words)
        for said in (words, words[:at]) if at and not self._is_elsewhere(words[at:]) else (words,):
            question, exact = self._read(tuple(said))
            if exact:
                if exact.sure:
                    return exact_matches(exact, self._forms)[0]
            elif surest := self._hints.surest(self._families.find(question.words)):
                return surest
        return None

    def _misheard_in(self, words: list[str], matches: list[Match], limit: int) -> list[Match]:
        """What the message names once words are replaced by those that sound alike: *like it scale*."""
        for reading in self._misheard.readings(words):
            found = self._written_in(reading.words) or (self._written_in([*reading.meant]) if reading.spelt else None)
            if found is None:
                continue
            form = self._by_form(found)
            meant = {fold(word) for word in reading.meant}
            if form.isdisjoint(meant):
                continue
            beside = not (form - meant).isdisjoint([fold(word) for word in reading.words])
            if reading.surely or beside:
                first = replace(found, score=min(found.score, _MISHEARD))
                named = bool(matches) and matches[0].reason is not Reason.meaning and matches[0].score > _MEANT
                unsure = named or reading.nearly
                return below([capped(first) if unsure else first], [capped(match) for match in matches])[:limit]
            if reading.coined:
                return below([capped(found)], [capped(match) for match in matches])[:limit]
            if not matches and len(words) == 1 and self._may_be_misheard(words[0]):
                return [replace(found, score=_TOLD)]
        return []

    def _asked(self, text: str, words: Sequence[str], limit: int) -> list[Match]:
        """As :meth:`find`, for a text that says what it means at once."""
        question, exact = self._read(tuple(words))
        if exact and self._is_part_of_everyday(question, exact):
            return []
        if exact and exact.sure:
            card = exact_matches(exact, self._forms)
            listed = self._hints.with_relatives(card, question, exact)
            return self._with_meant(question.words[exact.start : exact.end], listed)[:limit]
        if likened := self._likened(question):
            return likened
        if self._is_everyday(question):
            return []
        if exact:
            listed = below(exact_matches(exact, self._forms), self._hints.heads(question.core))
            matches = below(listed, self._named_or_described(text, question))
        else:
            matches = self._found(text, question)
        if matches and matches[0].score < CONFIDENT and self._is_anothers(question.core):
            return []
        if _is_card(matches) and self._is_slip_of_another(question.core, matches[0]):
            matches = [capped(match) for match in matches]
        matches = [match for match in matches if match.score >= _LEAST]
        telling = [word for word in question.core if not is_small(word) and word not in LIGHT]
        few = len(question.words) <= _FEW_WORDS and len(telling) == 1
        if matches and few and matches[0].score >= UNSURE:
            matches = self._with_meant(telling, self._hints.with_others(matches, telling[0]))
        return matches[:limit]

    def _card(self, words: list[str], limit: int) -> list[Match]:
        """As :meth:`_asked` for a part of a text, of which only a card is wanted."""
        if not self._may_be_card(words):
            return []
        named = self._asked(" ".join(words), words, limit)
        return named if _is_card(named) else []

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

    def _with_meant(self, words: Sequence[str], matches: list[Match]) -> list[Match]:
        """What a lone word names, with terms below whose entries have much of it, where few have it in their names."""
        if len(words) != 1 or len(matches) >= _FEW_LISTED or len(words[0]) < _SHORT_WORD or is_small(words[0]):
            return matches
        if not self._families.is_known(words[0]):
            return matches
        meant = self._descriptions.find(words, self._guard, _FEW_LISTED).terms
        numbers = [self._names[one.term] for one in meant if one.term in self._names]
        others = [match_of(self._forms, number, _MEANT, Reason.meaning) for number in numbers]
        return below(matches, others)[:_FEW_LISTED]

    def _with_subject(self, words: list[str], matches: list[Match]) -> list[Match]:
        """The matches, with the terms that fall under the words: below a card, in turns with what else is named."""
        question, exact = self._read(tuple(words))
        if is_chat(question.around) or (exact and exact.sure):
            return matches
        under = self._subjects.under(question.core)
        if not under and len(question.core) < len(question.words):
            under = self._subjects.under(question.words)
        if under:
            return self._listed_under(under, matches, bool(exact))
        if _is_card(matches) or exact:
            return matches
        if linked := self._linked(question.core):
            return in_turns(linked, matches)
        if any(match.reason is not Reason.meaning for match in matches):
            return matches
        return in_turns(matches, self._names_of(self._subjects.beside_little(question.words)))

    def _may_be_misheard(self, word: str) -> bool:
        """Whether a lone word is long enough, and neither English nor a slip away from it."""
        if len(word) < _LONG_WORD or word in self._guard:
            return False
        return not self._guard.is_near_another(word, self._forms.weights, 1)

    def _linked(self, core: Sequence[str]) -> list[Match]:
        """What both sides of a link name or are the subject of: *ombudsmen and watchdogs*, *charter and promises*."""
        at = next((at for at, word in enumerate(core) if word in LINKS), 0)
        if not 0 < at < len(core) - 1 or len(core) > _FEW_WORDS:
            return []
        sides = [self._side(list(core[:at])), self._side(list(core[at + 1 :]))]
        return [capped(match) for match in in_turns(*sides)] if all(sides) else []

    def _side(self, words: list[str]) -> list[Match]:
        if named := self._card(words, 1):
            return named
        return (
            self._names_of(self._subjects.under(words))[:_MOST_OF_A_SIDE] or self._hints.heads(words)[:_MOST_OF_A_SIDE]
        )

    def _listed_under(self, under: Sequence[int], matches: list[Match], exact: bool) -> list[Match]:
        listed = self._names_of(under)
        if _is_card(matches):
            return below(matches[:1], [*listed, *matches[1:]])
        if exact:
            return below(matches, listed)
        named = [match for match in matches if match.score >= UNSURE and match.reason is not Reason.meaning]
        return in_turns(named, listed) if named else below(listed, matches)

    def _names_of(self, terms: Sequence[int]) -> list[Match]:
        """Terms as a list, in this order."""
        named = [self._names[term] for term in terms if term in self._names][:_MOST_LISTED]
        return [match_of(self._forms, n, CAP - 0.01 * place, Reason.words) for place, n in enumerate(named)]

    def _with_shared(self, words: Sequence[str], matches: list[Match]) -> list[Match]:
        """A lone match for several words that other entries have as well, with their terms below: *survey questions*.

        A name that is written as it is speaks of nothing else.
        """
        if len(matches) != 1 or matches[0].reason not in _SHARED or not 1 < len(words) <= _FEW_WORDS:
            return matches
        question, exact = self._read(tuple(words))
        telling = [word for word in question.core if not is_small(word)]
        if len(telling) < 2 or self._is_cut_short(telling[-1], matches[0]):
            return matches
        if exact and self._is_as_named(telling, self._forms.forms[exact.forms[0]]):
            return matches
        numbers = [one.form for one in self._families.find(question.words)]
        numbers += [self._names[term] for term in self._descriptions.sharing(telling) if term in self._names]
        others = [match_of(self._forms, n, _BELOW - 0.01 * place, Reason.meaning) for place, n in enumerate(numbers)]
        return below(matches, best_first(others))[:_FEW_LISTED]

    def _is_cut_short(self, word: str, match: Match) -> bool:
        """Whether a word is but the beginning of one of the form's: *effective com*."""
        return any(
            other.startswith(word) and (root(other) != root(word) or len(other) - len(word) > _ENDING)
            for other in words_of(match.form)
        )

    def _is_as_named(self, telling: Sequence[str], form: Form) -> bool:
        """Whether a name is meant and written, if not as a name in another order: *levels of service*."""
        said, named = ([fold(word) for word in words if not is_small(word)] for words in (telling, form.words))
        return form.kind is not Kind.ALIAS and (said == named or sorted(said) != sorted(named))

    def compared(self, text: str) -> Compared:
        """Everything that could be meant where nothing simpler answers: what calibration learns from."""
        words = words_of(text)
        if not words:
            return Compared([])
        question, exact = self._read(tuple(words))
        if exact or self._is_everyday(question):
            return Compared([])
        if self._hints.firm(question, self._families.find(words)):
            return Compared([])
        return self._in_context(text, question, Compared(self._by_spelling(question)))

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

    # ----------------------------------------------------------------------------------------------------- the ways

    def _found(self, text: str, question: Question) -> list[Match]:
        """The terms for a text in which no form is written outright."""
        related = self._families.find(question.words)
        silent = not related and self._says_nothing(question.words)
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
        """What the calibrated ways find: by spelling if that is firm, otherwise inside the text and by meaning too."""
        named = Compared(self._by_spelling(question))
        matches = self._answered(named)
        if matches and matches[0].score >= CONFIDENT:
            return matches
        context = self._in_context(text, question, named)
        matches = self._name_before_meaning(context, self._first_named(context, self._answered(context)))
        named_or_told = self._named_by_name(question, context, matches) or self._told(context)
        return named_or_told or self._all_alike(question, context)

    def _all_alike(self, question: Question, context: Compared) -> list[Match]:
        """The terms that a few words describe about equally well: *finding the cause of a problem*.

        All of the words must be in the first one's entry, which small talk seldom manages.
        """
        described = context.described
        if described is None or described.words < _TELLING_WORDS or described.share < _WHOLE or described.everyday:
            return []
        if described.terms[0].score < _WELL or any(word.isdigit() for word in question.words):
            return []
        best = described.terms[0].score
        return [
            match_of(self._forms, self._names[one.term], _TOLD * one.score / best, Reason.meaning)
            for one in described.terms
            if one.term in self._names and one.score >= _NEARLY_AS_LIKELY * best
        ]

    def _told(self, context: Compared) -> list[Match]:
        """The term whose "asked as" line the message nearly is, though it reads like small talk."""
        told = None if context.described is None else self._descriptions.told(context.described)
        return [] if told not in self._names else [match_of(self._forms, self._names[told], _TOLD, Reason.meaning)]

    def _again(self, question: Question) -> list[Match]:
        """What a question names once its words are corrected."""
        return self._answered(Compared(self._by_spelling(question)))

    def _spelled(self, question: Question) -> list[Match]:
        """What a part of a text names, whatever the text is about."""
        return self._scored(self._by_spelling(question))

    def _is_everyday(self, question: Question) -> bool:
        """Whether it is about an everyday expression, and has no other word of the glossary."""
        words = question.words
        if not 1 < len(words) <= _MOST_WORDS_OF_A_NAME:
            return False
        left = without_expressions(words, self._expressions)
        telling = [word for word in left if not is_small(word) and word not in GENERAL]
        return len(left) < len(words) and not any(word in self._forms.weights for word in telling)

    def _is_part_of_everyday(self, question: Question, exact: Exact) -> bool:
        """Whether what is written is but one word of an everyday expression: *mot test*."""
        beside = (*question.words[: exact.start], *question.words[exact.end :])
        return not all(is_small(word) for word in beside) and self._is_everyday(question)

    def _is_anothers(self, core: Sequence[str]) -> bool:
        """Whether it is a law or the like by somebody whom the glossary does not know: *hookes law*."""
        strange = len(core) == _TWO_WORDS and core[0] not in self._descriptions and core[0] not in self._forms.weights
        return strange and self._guard.is_of_somebody(core[0])

    def _says_nothing(self, words: Sequence[str]) -> bool:
        """Whether there are only small words, and none of them is a form: *well go on then*, but not *explain*."""
        return all(is_small(word) and word not in self._forms.by_text for word in words)

    def _by_spelling(self, question: Question) -> list[Found]:
        """Terms whose form is spelt, sounds, begins or is worded like the text, with or without its question words."""
        if question.is_all_asking:
            return []
        core, words = question.core, question.words
        likenesses: list[Likeness] = []
        if len(core) < len(words) <= _FEW_WORDS and self._may_belong(question):
            likenesses = self._speller.alike(words)
        if not likenesses or not (_is_one_close(likenesses) or self._is_begun(words)):
            likenesses += self._speller.alike(core) if len(core) <= _MOST_WORDS_OF_A_NAME else []
        found = []
        for one in likenesses:
            form = self._forms.forms[one.form]
            odds = self._scale.odds(one.way, one.features)
            listed = form.kind is Kind.SUGGEST or one.only_lists or self._could_be_another(words, core, form)
            found.append(Found(form.term, one.form, one.way, one.features, odds, listed))
        return found

    def _likened(self, question: Question) -> list[Match]:
        """The term that the rest is likened to: *that pestle thing like pestle and mortar*."""
        words = question.words
        if "like" not in words[1:] or len(words) > _MOST_WORDS_OF_A_NAME:
            return []
        _, exact = self._read(tuple(words[: words.index("like", 1)]))
        if not exact or not exact.sure:
            return []
        surely = exact.end - exact.start > 1 or not self._guard.is_english(words[exact.start])
        matches = exact_matches(exact, self._forms)
        return [replace(one, score=_LIKENED) if surely else capped(one) for one in matches]

    def _first_named(self, context: Compared, matches: list[Match]) -> list[Match]:
        """The matches; where several terms are named outright, a list with the one that is named first on top."""
        named = [one for one in context.found if one.way == "inside" and is_outright(one.features)]
        ids = [self._forms.ids[one.term] for one in named]
        if len(set(ids)) < 2 or not matches or matches[0].score < UNSURE:
            return matches
        top = next((match for match in matches[:3] if match.term_id == ids[0]), None)
        if top is None or matches[0].term_id not in ids:
            return matches
        rest = [capped(match) for match in matches if match is not top]
        return [replace(top, score=max(min(top.score, CAP), rest[0].score)), *rest]

    def _named_by_name(self, question: Question, context: Compared, matches: list[Match]) -> list[Match]:
        """The matches; a card where the first is named by its very name, and nothing speaks against it."""
        if not matches or not UNSURE <= matches[0].score < CONFIDENT or question.words[0] in _LIKENING:
            return matches
        card = matches
        for one in context.found:
            if one.way != "inside" or one.capped:
                continue
            if self._forms.ids[one.term] != matches[0].term_id:
                if is_outright(one.features):
                    return matches
                continue
            form = self._forms.forms[one.form]
            if is_by_name(one.features, telling=self._is_telling(form)):
                card = [replace(matches[0], score=_BY_NAME), *matches[1:]]
        return card

    def _is_telling(self, form: Form) -> bool:
        return len(form.compact) >= _TELLING and form.words[0] not in SUBJECT

    def _name_before_meaning(self, context: Compared, matches: list[Match]) -> list[Match]:
        """The matches; first the one term that is named in so many words, where another is only described."""
        if not matches or matches[0].reason is not Reason.meaning or matches[0].score > _MEANT_FAINTLY:
            return matches
        named = {
            one.form: self._forms.ids[one.term]
            for one in context.found
            if one.way == "inside"
            and not one.capped
            and is_written(one.features, telling=self._is_telling(self._forms.forms[one.form]))
        }
        if len(named) != 1 or matches[0].term_id in named.values():
            return matches
        (number,) = named
        first = match_of(self._forms, number, min(CAP, matches[0].score + 0.01), Reason.words)
        return below([first], matches)

    def _could_be_another(self, words: Sequence[str], core: Sequence[str], form: Form) -> bool:
        """Whether what was typed may well be something else, so that the form only belongs into a list."""
        if len(core) == 1:
            return _is_another_letter(core[0], form) or self._is_open(core[0], form)
        return self._means_another(words, core, form)

    def _is_open(self, typed: str, form: Form) -> bool:
        """Whether a word is the beginning of a form with much to come, and other terms begin so as well: *respo*."""
        missing = len(form.compact) - len(typed)
        return form.compact.startswith(typed) and missing > _NEARLY_DONE and self._hints.is_open(typed)

    def _means_another(self, words: Sequence[str], core: Sequence[str], form: Form) -> bool:
        """Whether a word was typed that means something else than the form's: *product* life cycle, equal *pay* act."""
        for typed in (core, words):
            if len(typed) == 1 or form.compact == "".join(typed):
                return False
        own = self._families.of_term(form.term)
        for word in core:
            if word in form.words or word not in self._guard or is_small(word) or word in LIGHT or word in GENERAL:
                continue
            if root(word) not in own and (
                word in self._descriptions or len(core) != len(form.words) or self._is_no_slip(word, core, form)
            ):
                return not any(sound(word) == sound(other) or _is_part(word, other) for other in form.words)
        return False

    def _is_slip_of_another(self, core: Sequence[str], match: Match) -> bool:
        """Whether a word is one slip from a word of other forms, and further from this one's: *customer exellence*."""
        form = words_of(match.form)
        if match.reason is not Reason.spelling or len(form) != len(core):
            return False
        for word in core:
            if len(word) < _TELLING or word in self._guard or word in self._forms.weights:
                continue
            meant = next((other for other, _ in self._speller.misspelt(word)), word)
            if meant not in form and OSA.distance(word, meant) == 1 and root(meant) not in roots_of(form):
                return not any(sound(word) == sound(other) or OSA.distance(word, other) <= NEAR for other in form)
        return False

    def _is_no_slip(self, word: str, core: Sequence[str], form: Form) -> bool:
        """Whether an English word beside one of the form's is too far from all of them: *goodwill impairment*."""
        return len(core) == _TWO_WORDS and all(
            OSA.distance(word, other, score_cutoff=NEAR) > NEAR for other in form.words
        )

    def _may_belong(self, question: Question) -> bool:
        """Whether the words around the core could belong to the term: *word* of mouth, swot *an*."""
        weights, before = self._forms.weights, question.words[: question.before]
        telling = any(weights.get(word, 0.0) > _HARDLY for word in before)
        after = question.around[question.before :]
        return telling or any(word in weights for word in after) or self._is_begun(question.words)

    def _is_begun(self, words: list[str]) -> bool:
        """Whether a form begins with these words, the last of them perhaps unfinished."""
        return bool(self._forms.starting_with("".join(words), 1))

    def _in_context(self, text: str, question: Question, named: Compared) -> Compared:
        """What was found so far, with the terms that are named inside the text, or that it describes."""
        words = question.words
        if len(words) < 2:
            return named
        described = self._descriptions.find(words, self._guard, 10)
        mended, qualities = self._mender.mended(words)
        spots = spots_in(mended, qualities, self._forms)
        inside = [] if question.is_all_asking else self._inside(text, mended, spots, described)
        best = max(inside, key=lambda one: one.odds, default=None)
        message = (*described.features_of_message(), *features_of_best(best.features if best else None))
        return Compared(named.found + inside + self._by_meaning(described, inside), message, described)

    def _inside(self, text: str, words: list[str], spots: Sequence[Spot], described: Described) -> list[Found]:
        capitals = capitals_in(text)
        told = {one.term: one.score / described.terms[0].score for one in described.terms}
        found = []
        for spot in spots:
            form = self._forms.forms[spot.form]
            heavier = sum(
                [other.start != spot.start and self._forms.forms[other.form].weight >= form.weight for other in spots]
            )
            features = (
                *features_of(spot, words, self._forms, self._guard, capitals),
                described.strange,
                min(heavier, 3) / 3,
                told.get(form.term, 0.0),
                min(len(words), 20) / 20,
                max(described.subject, described.task),
                *features_of_place(spot, spots, words, self._forms),
            )
            odds = self._scale.odds("inside", features)
            listed = form.kind is Kind.SUGGEST or is_a_word_as_well(features)
            found.append(Found(form.term, spot.form, "inside", features, odds, listed))
        return found

    def _by_meaning(self, described: Described, inside: Sequence[Found]) -> list[Found]:
        if described.words < 2:
            return []
        named = {one.term for one in inside}
        asked_about = {one.term for one in inside if is_asked_about(one.features)}
        found = []
        for one in described.terms:
            if one.term not in self._names:
                continue
            others = (float(bool(named - {one.term})), float(bool(asked_about - {one.term})))
            features = (*described.features(one), *others)
            odds = self._scale.odds("meaning", features)
            found.append(Found(one.term, self._names[one.term], "meaning", features, odds, capped=True))
        return found

    # ------------------------------------------------------------------------------------------------------- scores

    def _answered(self, compared: Compared) -> list[Match]:
        """The matches, or none when the text is probably not about any term."""
        return self._scored(compared.found) if self._scale.is_on_topic(topic_features(compared)) else []

    def _scored(self, found: Sequence[Found]) -> list[Match]:
        """One match for each term, best first."""
        best = best_of_each(found)
        matches: list[Match] = []
        for place, one in enumerate(best):
            lead = one.odds - (best[1].odds if place == 0 and len(best) > 1 else best[0].odds if place else -6.0)
            score = self._scale.score(one.way, self._scale.probability(one.way, one.odds, lead), best=place == 0)
            form = self._forms.forms[one.form]
            match = Match(self._forms.ids[one.term], round(score, 4), form.text, _reason(one))
            matches.append(capped(match) if one.capped else match)
        matches.sort(key=lambda match: -match.score)
        return matches


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


def _is_card(matches: Sequence[Match]) -> bool:
    return bool(matches) and matches[0].score >= CONFIDENT


def _is_one_close(likenesses: Sequence[Likeness]) -> bool:
    return len(likenesses) == 1 and likenesses[0].way == "close"


def _is_another_letter(typed: str, form: Form) -> bool:
    """Whether letters are there that a short abbreviation lacks: *gron* is no slip for GROW."""
    return form.acronym and len(typed) <= _SHORT_WORD and not set(typed) <= set(form.compact)


def _is_part(word: str, other: str) -> bool:
    return len(word) > 1 and (other.startswith(word) or other.endswith(word))


def _reason(one: Found) -> Reason:
    if one.way == "meaning":
        return Reason.meaning
    if one.way == "close":
        return Reason.spelling
    if one.way == "alike":
        _, whole, sound, worded = one.features[:4]
        return Reason.words if worded >= max(whole, sound) else Reason.spelling
    return Reason.words
