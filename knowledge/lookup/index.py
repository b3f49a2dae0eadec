"""The index: a glossary, ready to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Self

from rapidfuzz.distance import OSA

from knowledge.lookup.alike import Likeness, Speller
from knowledge.lookup.compare import CUES, JOINTS, asks_to_compare, sides_of, with_joints
from knowledge.lookup.everyday import expressions_beside, without_expressions
from knowledge.lookup.exact import Exact, exact_forms
from knowledge.lookup.families import Families
from knowledge.lookup.forms import Form, Forms, Kind
from knowledge.lookup.found import Compared, Found, best_of_each, topic_features
from knowledge.lookup.guard import Guard
from knowledge.lookup.inside import (
    Spot,
    capitals_in,
    features_of,
    features_of_best,
    is_a_word_as_well,
    is_asked_about,
    spots_in,
)
from knowledge.lookup.match import CAP, CONFIDENT, UNSURE, Entry, Match, PairFound, Reason
from knowledge.lookup.meaning import Described, Descriptions
from knowledge.lookup.normalise import words_of
from knowledge.lookup.question import Question
from knowledge.lookup.scale import Scale, packaged_scale
from knowledge.lookup.wrappers import STOP, is_small

_LEAST = 0.002
"""What scores less is not worth a line in a list."""

_MOST_WORDS_OF_A_NAME = 10
_FEW_WORDS = 6
_MOST_WORDS_OF_A_PAIR = 40
_MOST_MENDED = 6
_FEWEST_LETTERS, _MOST_LETTERS = 3, 5
"""Letters of a word that may be a slip of an abbreviation; a beginning has more than the fewest."""
_MOST_GUESSES = 5
_WHOLLY = 0.999
_SAME_FAMILIES = 0.85
"""The score of the one term whose words are all, and only, of the same families as the question's."""
_LEAST_WITHOUT_A_CUE = 0.9
"""How firmly both sides must be named where nothing but *and* or *or* says that two things are compared."""


class Index:
    """Finds the term that a message asks about. Immutable once built; safe to share between threads."""

    __slots__ = (
        "_acronyms",
        "_descriptions",
        "_expressions",
        "_families",
        "_forms",
        "_guard",
        "_names",
        "_scale",
        "_speller",
    )

    def __init__(self, forms: Forms, descriptions: Descriptions, scale: Scale) -> None:
        self._forms = forms
        self._descriptions = descriptions
        self._scale = scale
        self._guard = Guard()
        self._speller = Speller(forms, self._guard)
        self._families = Families(forms)
        self._acronyms: dict[str, list[Form]] = {}
        for form in forms.forms:
            if form.acronym and form.compact:
                self._acronyms.setdefault(form.compact[0], []).append(form)
        self._expressions = expressions_beside([form.words for form in forms.forms])
        self._names = {form.term: number for number, form in reversed(list(enumerate(forms.forms)))}
        self._names |= {form.term: number for number, form in enumerate(forms.forms) if form.kind is Kind.NAME}

    @classmethod
    def build(cls, entries: Iterable[Entry], *, scale: Scale | None = None) -> Self:
        """An index over the entries. ``scale`` is for calibration; the packaged one is used without it."""
        listed = list(entries)
        return cls(Forms(listed), Descriptions(listed), scale or packaged_scale())

    # ------------------------------------------------------------------------------------------------ what is asked

    def find(self, text: str, limit: int = 5) -> list[Match]:
        """The terms that the text most likely asks about, best first. Empty when it asks about none of them."""
        words = words_of(text)
        if not words or limit < 1:
            return []
        question = Question(words, self._forms.weights)
        exact = exact_forms(question, self._forms, self._guard)
        if exact and exact.sure:
            return self._exact_matches(exact)[:limit]
        if self._is_everyday(question):
            return []
        named = Compared(self._by_spelling(question))
        matches = self._answered(named)
        if not matches or matches[0].score < CONFIDENT:
            matches = self._answered(self._in_context(text, question, named))
        if not exact and (not matches or matches[0].score < UNSURE):
            matches = self._related(question, matches)
        if exact:
            listed = self._exact_matches(exact)
            there = {match.term_id for match in listed}
            below = listed[-1].score
            listed += [replace(m, score=min(m.score, below)) for m in matches if m.term_id not in there]
            return listed[:limit]
        return [match for match in matches if match.score >= _LEAST][:limit]

    def compared(self, text: str) -> Compared:
        """Everything that could be meant where no form is written outright: what calibration learns from."""
        words = words_of(text)
        question = Question(words, self._forms.weights)
        if not words or exact_forms(question, self._forms, self._guard) or self._is_everyday(question):
            return Compared([])
        return self._in_context(text, question, Compared(self._by_spelling(question)))

    def find_pair(self, text: str) -> PairFound | None:
        """The two terms that the text compares, or None where it does not compare two different terms."""
        words = words_of(text.replace("🆚", " vs "))
        compares = asks_to_compare(words)
        if compares:
            words = words_of(with_joints(text))
        least = UNSURE if compares else _LEAST_WITHOUT_A_CUE
        if not 3 <= len(words) <= _MOST_WORDS_OF_A_PAIR or (JOINTS | CUES).isdisjoint(words):
            return None
        question = Question(words, self._forms.weights)
        whole = exact_forms(question, self._forms, self._guard)
        if whole and whole.sure and JOINTS.isdisjoint(question.words[: whole.start] + question.words[whole.end :]):
            return None
        found: PairFound | None = None
        for left, right in sides_of(question.words):
            first, second = self._side(left), self._side(right)
            if first and second and first.term_id != second.term_id and min(first.score, second.score) >= least:
                pair = PairFound(first, second)
                if min(first.score, second.score) >= CONFIDENT:
                    return pair
                found = found or pair
        return found

    def prefix(self, text: str, limit: int = 5) -> list[Match]:
        """The terms whose forms begin like the text, for a list that is shown while somebody types."""
        words = words_of(text)
        if not words or limit < 1:
            return []
        best: dict[str, Match] = {}
        for match in self._completions("".join(words)) + self.find(text, limit):
            if match.term_id not in best or match.score > best[match.term_id].score:
                best[match.term_id] = match
        return sorted(best.values(), key=lambda match: (-match.score, len(match.form)))[:limit]

    # ----------------------------------------------------------------------------------------------------- the ways

    def _is_everyday(self, question: Question) -> bool:
        """Whether it is about an everyday expression, and has no other word of the glossary."""
        words = question.words
        if not 1 < len(words) <= _MOST_WORDS_OF_A_NAME:
            return False
        left = without_expressions(words, self._expressions)
        return len(left) < len(words) and not any(word in self._forms.weights and not is_small(word) for word in left)

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
            capped = form.kind is Kind.SUGGEST or one.only_lists
            found.append(Found(form.term, one.form, one.way, one.features, odds, capped))
        return found

    def _related(self, question: Question, matches: list[Match]) -> list[Match]:
        """Terms whose words are of the same families as the question's, before what else was found faintly."""
        related = self._families.find(question.core)
        if not related:
            return self._begun_or_short(question.core) + matches
        sure = related[0].share > _WHOLLY and related[0].several
        alone = len(related) == 1 or related[1].share <= _WHOLLY
        found = []
        for one in related:
            score = _SAME_FAMILIES if sure and alone and one is related[0] else CAP - 0.3 * (1 - one.share)
            form = self._forms.forms[one.form]
            match = Match(self._forms.ids[one.term], round(score, 4), form.text, Reason.words)
            found.append(_capped(match) if form.kind is Kind.SUGGEST else match)
        there = {match.term_id for match in found}
        return found + [match for match in matches if match.term_id not in there]

    def _begun_or_short(self, core: list[str]) -> list[Match]:
        """For a lone word that is none of English: forms that begin with it, or abbreviations that it is a slip of."""
        if len(core) != 1 or not len(core[0]) >= _FEWEST_LETTERS or core[0] in self._guard:
            return []
        word = core[0]
        begun = self._completions(word) if len(word) > _FEWEST_LETTERS else []
        if not begun and len(word) <= _MOST_LETTERS:
            begun = [
                Match(self._forms.ids[form.term], CAP, form.text, Reason.abbreviation)
                for form in self._acronyms.get(word[0], ())
                if OSA.distance(form.compact, word, score_cutoff=1) == 1
            ]
        best = {match.term_id: _capped(match) for match in reversed(begun)}
        return list(reversed(best.values())) if len(best) <= _MOST_GUESSES else []

    def _may_belong(self, question: Question) -> bool:
        """Whether the words around the core could belong to the term: *word* of mouth, swot *an*."""
        return any(word in self._forms.weights for word in question.around) or self._is_begun(question.words)

    def _is_begun(self, words: list[str]) -> bool:
        """Whether a form begins with these words, the last of them perhaps unfinished."""
        return bool(self._forms.starting_with("".join(words), 1))

    def _in_context(self, text: str, question: Question, named: Compared) -> Compared:
        """What was found so far, with the terms that are named inside the text, or that it describes."""
        words = question.words
        if len(words) < 2:
            return named
        described = self._descriptions.find(words, self._guard, 10)
        mended, qualities = self._mended(words)
        spots = spots_in(mended, qualities, self._forms)
        inside = [] if question.is_all_asking else self._inside(text, mended, spots, described)
        best = max(inside, key=lambda one: one.odds, default=None)
        message = (*described.features_of_message(), *features_of_best(best.features if best else None))
        return Compared(named.found + inside + self._by_meaning(described, inside), message)

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
            )
            odds = self._scale.odds("inside", features)
            capped = form.kind is Kind.SUGGEST or is_a_word_as_well(features)
            found.append(Found(form.term, spot.form, "inside", features, odds, capped))
        return found

    def _mended(self, words: list[str]) -> tuple[list[str], list[float]]:
        """The words with misspelt ones replaced by the glossary's, and how sure each is."""
        mended: list[str] = []
        qualities: list[float] = []
        left = _MOST_MENDED
        for word in words:
            near: list[tuple[str, float]] = []
            if (
                left
                and len(word) > 3
                and word not in STOP
                and word not in self._guard
                and word not in self._forms.weights
            ):
                near = self._speller.misspelt(word)
                left -= 1
            if near and near[0][1] > 0.7:
                mended.append(near[0][0])
                qualities.append(near[0][1])
            else:
                mended.append(word)
                qualities.append(1.0)
        return mended, qualities

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

    def _side(self, words: list[str]) -> Match | None:
        """The term that one side of a comparison names."""
        question = Question(words, self._forms.weights)
        core = question if question.core == question.words else Question(question.core, self._forms.weights)
        if exact := exact_forms(question, self._forms, self._guard) or exact_forms(core, self._forms, self._guard):
            return self._exact_matches(exact)[0]
        matches = self._scored(self._by_spelling(question))
        return matches[0] if matches and matches[0].score >= UNSURE else None

    def _completions(self, compact: str) -> list[Match]:
        matches = []
        for candidate in self._forms.starting_with(compact, 200):
            for number in self._forms.by_compact[candidate]:
                form = self._forms.forms[number]
                score = 0.80 + 0.19 * len(compact) / len(candidate)
                match = Match(self._forms.ids[form.term], score, form.text, _reason_of_exact(form))
                matches.append(_capped(match) if form.kind is Kind.SUGGEST else match)
        return matches

    # ------------------------------------------------------------------------------------------------------- scores

    def _exact_matches(self, exact: Exact) -> list[Match]:
        matches: list[Match] = []
        for number in exact.forms:
            form = self._forms.forms[number]
            score = 1.0 - exact.looseness if exact.sure else CAP - 0.01 * (1 + len(matches))
            matches.append(Match(self._forms.ids[form.term], round(score, 4), form.text, _reason_of_exact(form)))
        return matches

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
            matches.append(_capped(match) if one.capped else match)
        matches.sort(key=lambda match: -match.score)
        return matches


def _is_one_close(likenesses: Sequence[Likeness]) -> bool:
    return len(likenesses) == 1 and likenesses[0].way == "close"


def _capped(match: Match) -> Match:
    return match if match.score <= CAP else replace(match, score=CAP)


def _reason_of_exact(form: Form) -> Reason:
    return Reason.abbreviation if form.acronym else Reason.exact


def _reason(one: Found) -> Reason:
    if one.way == "meaning":
        return Reason.meaning
    if one.way == "close":
        return Reason.spelling
    if one.way == "alike":
        _, whole, sound, worded = one.features[:4]
        return Reason.words if worded >= max(whole, sound) else Reason.spelling
    return Reason.words
