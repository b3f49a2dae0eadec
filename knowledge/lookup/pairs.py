"""The two terms that a text compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from knowledge.lookup.compare import CUES, JOINTS, LINKS, PERHAPS, asks_to_compare, sides_of, with_joints
from knowledge.lookup.exact import Reader, exact_forms, exact_matches, match_of
from knowledge.lookup.families import Families
from knowledge.lookup.forms import Forms
from knowledge.lookup.guard import Guard
from knowledge.lookup.hints import Hints
from knowledge.lookup.inside import spots_in
from knowledge.lookup.match import CAP, CONFIDENT, UNSURE, Match, PairFound, Reason, below
from knowledge.lookup.normalise import words_of
from knowledge.lookup.question import Question
from knowledge.lookup.wrappers import LIGHT, is_small

_FEW_WORDS, _SOME_WORDS, _MANY_WORDS = 6, 20, 40
_SLIPS_IN = 8
_SLIPS_PERHAPS = 10
"""Words of a text that may be a misspelt pair although it does not, or only perhaps, ask to compare; a longer one
describes."""
_FEW_OF_A_SIDE = 4
_LEAST_WITHOUT_A_CUE = 0.9
"""How firmly both sides must be named in a longer text that has only *and* or *or* to say that it compares."""

_IN_SO_MANY_WORDS, _IN_A_SIDE, _OUTRIGHT = 0.93, 0.9, 0.95
"""The scores of a term that is named with nothing else, or with something else, beside it; and what is firm enough."""

_TAILS = frozenset(["for", "in", "with", "when", "at", "on", "what", "whats", "which", "who", "how", "if", "because"])
"""What begins the words after a side that only say where, what for or what is asked."""
_LINKING = frozenset(["and", "or", "vs", "versus"])


class Pairs:
    """Reads comparisons. ``read`` reads a text, ``spelled`` finds what a side names if it is not written outright."""

    def __init__(
        self,
        forms: Forms,
        guard: Guard,
        families: Families,
        hints: Hints,
        read: Reader,
        spelled: Callable[[Question], list[Match]],
    ) -> None:
        self._forms = forms
        self._guard = guard
        self._families = families
        self._hints = hints
        self._read = read
        self._spelled = spelled

    def find(self, text: str) -> PairFound | None:
        """The two terms in the text's order, or None where it does not compare two different terms."""
        words = words_of(with_joints(text))
        compares, perhaps = asks_to_compare(words), not PERHAPS.isdisjoint(words)
        if not 2 <= len(words) <= _MANY_WORDS or not (compares or perhaps or not JOINTS.isdisjoint(words)):
            return None
        few = len(words) <= _FEW_WORDS
        least = UNSURE if compares else CONFIDENT if perhaps or few else _LEAST_WITHOUT_A_CUE
        question, whole = self._read(tuple(words))
        if whole and whole.sure and JOINTS.isdisjoint(question.words[: whole.start] + question.words[whole.end :]):
            return None
        outright = self._named_side_by_side(question.words, asked=compares or perhaps)
        return outright or self._firmest(
            question.words, least, slips=compares or len(words) <= (_SLIPS_PERHAPS if perhaps else _SLIPS_IN)
        )

    def _firmest(self, words: Sequence[str], least: float, *, slips: bool) -> PairFound | None:
        """The pair whose sides are named most firmly, without other terms between them, in as many words as can be.

        Only with ``slips`` are misspelt sides read, which takes longest.
        """
        best: PairFound | None = None
        most = (0.0, 0, 0)
        read: dict[tuple[str, ...], list[Match]] = {}

        def named(side: list[str]) -> list[Match]:
            key = tuple(side)
            if key not in read:
                read[key] = self._written(side) or (self._misspelt(side) if slips else [])
            return read[key]

        for left, right in sides_of(words):
            easiest_first = sorted((left, right), key=lambda side: (tuple(side) not in read, len(side)))
            if not all(_is_firm_enough(named(side), max(least, most[0])) for side in easiest_first):
                continue
            pair = self._pair_of(named(left), named(right))
            if pair is None or _firmness(pair) < least:
                continue
            joined = sum(word in LINKS for word in (*left, *right))
            worth = (min(_firmness(pair), _OUTRIGHT), -joined, len({*left, *right}))
            if worth > most:
                best, most = pair, worth
        return best

    def _pair_of(self, first: Sequence[Match], second: Sequence[Match]) -> PairFound | None:
        """The two that belong together most where a side could be several terms: *reliability and validity*."""
        pairs = [(one, other) for one in first for other in second if one.term_id != other.term_id]
        if not pairs:
            return None
        if len(first) == len(second) == 1:
            return PairFound(first[0], second[0])
        one, other = max(pairs, key=lambda pair: self._kinship(pair[0].term_id, pair[1].term_id))
        firm = min(max(one.score, other.score), _LEAST_WITHOUT_A_CUE)
        return PairFound(replace(one, score=max(one.score, firm)), replace(other, score=max(other.score, firm)))

    def _kinship(self, one: str, other: str) -> float:
        """The weight of the words that the forms of two terms share."""
        ids = self._forms.ids
        return self._families.shared_weight(ids.index(one), ids.index(other))

    def _named_side_by_side(self, words: list[str], *, asked: bool) -> PairFound | None:
        """Two terms that are named outright with only words of a comparison around: *swot or pestle, which one*."""
        if len(words) > _SOME_WORDS:
            return None
        spots = [
            spot
            for spot in spots_in(words, [1.0] * len(words), self._forms)
            if not is_small(" ".join(words[spot.start : spot.end]))
        ]
        terms = {self._forms.forms[spot.form].term for spot in spots}
        if len(terms) != 2 or len({spot.start for spot in spots}) != 2:
            return None
        outside = [w for at, w in enumerate(words) if not any(spot.start <= at < spot.end for spot in spots)]
        if not all(_is_of_comparison(word) for word in outside) or not (asked or not _LINKING.isdisjoint(outside)):
            return None
        first, second = (
            match_of(self._forms, spot.form, _IN_SO_MANY_WORDS, Reason.exact) for spot in (spots[0], spots[-1])
        )
        return PairFound(first, second) if first.term_id != second.term_id else None

    def _written(self, words: list[str]) -> list[Match]:
        """The term that one side of a comparison names without a slip, or the terms that it could name."""
        if head := self._before_tail(words):
            return head
        question = Question(words, self._forms.weights)
        core = question if question.core == question.words else Question(question.core, self._forms.weights)
        telling = [word for word in words if not is_small(word) and word not in LIGHT]
        bare = Question(telling, self._forms.weights) if 0 < len(telling) < len(core.words) else core
        for asked in dict.fromkeys((question, core, bare)):
            if exact := exact_forms(asked, self._forms, self._guard):
                matches = exact_matches(exact, self._forms)
                return matches[:1] if exact.sure else below(matches, self._hints.heads(asked.words))
        number = self._forms.in_capitals.get(core.words[0]) if len(core.words) == 1 else None
        if number is not None:
            return [match_of(self._forms, number, _IN_SO_MANY_WORDS, Reason.exact)]
        surest = self._hints.surest(self._families.find(question.words))
        return [surest] if surest else []

    def _misspelt(self, words: list[str]) -> list[Match]:
        """The term that one side of a comparison names with a slip, begins, or has among other words."""
        question = Question(words, self._forms.weights)
        matches = self._spelled(question) if self._may_be_misspelt(question.core) else []
        if not matches or matches[0].score < CONFIDENT:
            return self._begun_or_named(question.core) or [match for match in matches[:1] if match.score >= UNSURE]
        return matches[:1]

    def _may_be_misspelt(self, words: Sequence[str]) -> bool:
        """Whether a word is neither English nor the glossary's, or there are but few and one is the glossary's."""
        known = [word in self._forms.weights for word in words]
        if len(words) <= _FEW_OF_A_SIDE and any(
            there and not is_small(word) for word, there in zip(words, known, strict=True)
        ):
            return True
        return any(not there and word not in self._guard for word, there in zip(words, known, strict=True))

    def _before_tail(self, words: list[str]) -> list[Match]:
        """The term that is named before words that say where or what for: *blast for angry customers*."""
        at = next((at for at, word in enumerate(words) if at and word in _TAILS), 0)
        if not at:
            return []
        whole = exact_forms(Question(words, self._forms.weights), self._forms, self._guard)
        head = exact_forms(Question(words[:at], self._forms.weights), self._forms, self._guard)
        if head is None or not head.sure or (whole is not None and whole.start < at < whole.end):
            return []
        return exact_matches(head, self._forms)

    def _begun_or_named(self, words: Sequence[str]) -> list[Match]:
        """The one term that begins so, or that is named among other words."""
        if len(words) == 1 and is_small(words[0]):
            return []
        begun = {match.term_id: match for match in self._hints.completions("".join(words))}
        if len(begun) == 1:
            return [replace(one, score=min(one.score, _IN_A_SIDE)) for one in begun.values()]
        spots = spots_in(words, [1.0] * len(words), self._forms)
        terms = {self._forms.forms[spot.form].term for spot in spots}
        if len(terms) == 1 and spots[0].end - spots[0].start > 1:
            return [match_of(self._forms, spots[0].form, _IN_A_SIDE, Reason.exact)]
        return []


def _is_of_comparison(word: str) -> bool:
    return is_small(word) or word in PERHAPS or word in CUES or word in JOINTS or word in LIGHT


def _is_firm_enough(side: Sequence[Match], least: float) -> bool:
    """Whether a pair with this side can be so firm, whatever the other is."""
    if len(side) > 1:
        return least <= _LEAST_WITHOUT_A_CUE
    return bool(side) and max(side[0].score, CAP) >= least


def _firmness(pair: PairFound) -> float:
    return min(pair.first.score, pair.second.score)
