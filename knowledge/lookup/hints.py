"""What other traces of a name suggest: its words' families, its beginning, a slip in an abbreviation, its sound.

These need no calibration: each either fits one term only, and then is as good as the name, or opens a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from knowledge.lookup.alike import Speller, is_nearer_another
from knowledge.lookup.beginnings import Beginnings
from knowledge.lookup.byear import ByEar
from knowledge.lookup.exact import Exact, exact_forms, exact_matches, match_of, reason_of_exact
from knowledge.lookup.families import Families, Related
from knowledge.lookup.forms import Forms
from knowledge.lookup.guard import NEAR, Guard
from knowledge.lookup.match import CAP, CONFIDENT, Match, Reason, below, best_first, capped
from knowledge.lookup.mending import SURELY_MENDED, Mender
from knowledge.lookup.normalise import fold, words_of
from knowledge.lookup.question import Question
from knowledge.lookup.shorts import Abbreviations
from knowledge.lookup.wrappers import ASKING, EVERYDAY, GENERAL, LIGHT, STOP, SUBJECT, is_small

_WHOLLY, _NEARLY, _MOSTLY = 0.999, 0.81, 0.65
"""How much of the words must be of the same families: all, nearly all, or most where no other term comes near."""

_CLEARLY, _BY_FAR = 0.09, 0.2
"""How far ahead of the next term that must be."""

_SAME_FAMILIES, _SAME_FAMILY, _BEGUN, _SHORT, _HEARD, _JUST = 0.9, 0.86, 0.86, 0.84, 0.83, CONFIDENT + 0.01
"""The scores of the one term whose words are all of the same families as the question's, that a lone word is a form of,
that begins so, whose abbreviation has a slip, that sounds so, and that only just deserves a card."""

_RELATIVE = 0.55
"""The score of what is listed below a card: terms that have the same word."""

_FAINT = 0.3
"""What scores less makes room for such terms."""

_NAMED_AT_ALL = 0.6
"""The score of the names that begin with words that only ask."""

_BEGINNING_OF_SMALL_WORDS, _BEGINNING = 6, 8
"""Letters that words which only ask must have to be the beginning of a name, and any words to be surely the one's."""

_UNLIKELY = 0.5
_ALIKE_ALOUD = 0.9
_FEW_WORDS, _LONE, _FEWEST_LETTERS, _FRAGMENT = 6, 3, 4, 2
_MOST_RELATIVES, _MOST_HEADS, _MOST_WORDS_OF_A_HEAD, _MOST_COMPLETIONS = 4, 5, 2, 200
_PERSONAL = frozenset(["i", "you", "u", "me", "my", "we", "he", "she", "they", "your", "ur", "im", "us"])

_ENDS = frozenset(["s", "im"])
"""What is a small word as well, and often the beginning of a name's last word: *mystery s*, *continuous im*."""

Heard = tuple[list[tuple[int, float]], bool]


class Hints:
    """Finds terms by such traces."""

    def __init__(self, forms: Forms, guard: Guard, speller: Speller, families: Families, mender: Mender) -> None:
        self._forms = forms
        self._guard = guard
        self._speller = speller
        self._families = families
        self._mender = mender
        self._begun = Beginnings(forms, guard)
        self._shorts = Abbreviations(forms, families, guard)
        self._heard = ByEar(forms, guard)

    # ------------------------------------------------------------------------------------------------- good as a name

    def firm(self, question: Question, related: Sequence[Related]) -> list[Match]:
        """A card, perhaps with a list below it; or a list for a name whose last word has only just been begun."""
        core = question.core
        if fragments := self._fragments(question.words):
            return fragments
        number = self._together(question.words)
        if number is None and core != question.words:
            number = self._together(core)
        if number is None:
            number = self._joined(core)
        if number is not None:
            return [self._match(number, _BEGUN, Reason.spelling)]
        begun, surely = self._beginnings(question)
        if begun and surely:
            return [self._match(begun[0], _BEGUN, Reason.words)]
        short, surely = self._shorts.find(core)
        if short and surely:
            return [self._match(short[0], _SHORT, Reason.abbreviation)]
        surest = None if _is_small_talk(question, related) else self.surest(related)
        if surest is None:
            return []
        if first := self._named_first(question.core, surest):
            return [first, capped(surest), *self._listed(related[1:])]
        return [surest, *self._listed(related[1:])]

    def _named_first(self, core: Sequence[str], surest: Match) -> Match | None:
        """Another name that begins with the lone word, as *leading* is leadership and *leading indicator*."""
        numbers = self._begun.names(core) if len(core) == 1 else ()
        others = [number for number in numbers if self._forms.forms[number].words[0] == core[0]]
        if not others or any(self._match(number, CAP, Reason.words).term_id == surest.term_id for number in numbers):
            return None
        return self._match(others[0], CAP, Reason.words)

    def _together(self, words: Sequence[str]) -> int | None:
        """The form, a single word, that several words are or sound like when run together."""
        number = self._speller.run_together(words)
        return self._heard.just_so(words) if number is None else number

    def _joined(self, core: Sequence[str]) -> int | None:
        """The name whose words one word has run together, beside some that say little: *customer painpoints*."""
        telling = [word for word in core if word not in LIGHT and word not in GENERAL and word not in SUBJECT]
        if len(telling) != 1 or len(core) == 1 or telling[0] in self._guard:
            return None
        numbers = self._forms.by_fold.get(fold(telling[0]), ())
        return next((number for number in numbers if len(self._forms.forms[number].words) > 1), None)

    def surest(self, related: Sequence[Related]) -> Match | None:
        """The first, as a card, where it is surely meant."""
        score = _sureness(related)
        return self._match(related[0].form, score, Reason.words) if score else None

    def checked(self, matches: list[Match], related: Sequence[Related]) -> list[Match]:
        """The matches; no card where the words' families speak for another term."""
        if not related or not matches or matches[0].score < CONFIDENT:
            return matches
        shares = {self._forms.ids[one.term]: one.share for one in related}
        if related[0].share - shares.get(matches[0].term_id, 0.0) < _CLEARLY or related[0].share < _NEARLY:
            return matches
        return [capped(match) for match in matches]

    def heard_longer(self, core: Sequence[str], found: Match) -> Match | None:
        """The longer name that the words sound like, of which the found one is a part: *recovery pair of ducks*."""
        strange = [word for word in core if word not in self._forms.weights and not is_small(word)]
        if not strange or not _LONE <= len(core) <= _FEW_WORDS or not all(word in self._guard for word in core):
            return None
        heard, surely = self._heard.find(list(core))
        if not surely or not all(word in self._forms.forms[heard[0][0]].words for word in words_of(found.form)):
            return None
        longer = self._match(heard[0][0], _HEARD, Reason.spelling)
        return longer if longer.term_id != found.term_id else None

    # ------------------------------------------------------------------------------------------------------- for a list

    def faint(
        self,
        question: Question,
        related: Sequence[Related],
        matches: list[Match],
        again: Callable[[Question], list[Match]],
    ) -> list[Match]:
        """What was found faintly, below what such traces suggest. ``again`` finds what a corrected question names."""
        if _is_small_talk(question, related):
            return matches
        core = question.core
        begins = [self._match(number, CAP, Reason.words) for number in self._beginnings(question)[0]]
        guesses = [*(begins if len(core) > 1 else ()), *self._listed(related)]
        heard, surely = self._listened(question) if not begins else ([], False)
        if not begins and heard and (surely or (heard[0].score > _ALIKE_ALOUD * CAP and not guesses)):
            return below(heard, matches)
        if not any(one.alone for one in related) and (heads := self.heads(core)):
            return below(heads, matches)
        guesses = guesses or begins or self._corrected(core, matches, again)
        if not guesses:
            guesses = [self._match(number, CAP, Reason.abbreviation) for number in self._shorts.find(core)[0]]
        if not guesses and (not matches or matches[0].reason is not Reason.meaning or matches[0].score < _UNLIKELY):
            guesses = heard
        if not guesses and not matches and len(core) == 1 and (only := self._begun.only_name(core[0])) is not None:
            guesses = [self._match(only, _NAMED_AT_ALL, Reason.words)]
        return below(best_first(guesses), matches)

    def heads(self, core: Sequence[str]) -> list[Match]:
        """For a lone word that several names have: the plainest of them."""
        words = [word for word in core if word not in STOP]
        if len(words) != 1 or len(core) > _LONE or len(words[0]) < _FEWEST_LETTERS:
            return []
        if words[0] in EVERYDAY or is_small(words[0]) or not self._families.is_known(words[0]):
            return []
        numbers = self._families.having(words[0])[:_MOST_HEADS]
        heads = [self._match(number, CAP - 0.02 * place, Reason.words) for place, number in enumerate(numbers)]
        return heads if len(heads) > 1 else []

    def with_relatives(self, matches: list[Match], question: Question, exact: Exact) -> list[Match]:
        """A card, with other terms that have the same lone word in their names below it."""
        words = question.words[exact.start : exact.end]
        if len(words) > _MOST_WORDS_OF_A_HEAD:
            return matches
        if len(words) == 1:
            return self.with_others(matches, words[0])
        return self._with(matches, self._families.having_all(words))

    def with_others(self, matches: list[Match], word: str) -> list[Match]:
        """The matches for a lone word, with the other terms that have it in their names below."""
        first = [match for match in matches if match.score >= _FAINT]
        if not first or len(first) > _MOST_RELATIVES:
            return matches
        return self._with(first, self._families.having(word))

    def _with(self, matches: list[Match], numbers: Sequence[int]) -> list[Match]:
        relatives = [self._match(n, _RELATIVE - 0.01 * place, Reason.words) for place, n in enumerate(numbers)]
        return below(matches, [one for one in relatives if one.term_id != matches[0].term_id][:_MOST_RELATIVES])

    def completions(self, compact: str) -> list[Match]:
        """Every form that begins with these letters."""
        matches: list[Match] = []
        for candidate in self._forms.starting_with(compact, _MOST_COMPLETIONS):
            score = 0.80 + 0.19 * len(compact) / len(candidate)
            matches += [
                match_of(self._forms, number, score, reason_of_exact(self._forms.forms[number]))
                for number in self._forms.by_compact[candidate]
            ]
        return matches

    def is_open(self, typed: str) -> bool:
        """Whether several terms begin with a word."""
        return len(self._begun.find([typed])[0]) > 1

    def _beginnings(self, question: Question) -> tuple[list[int], bool]:
        begun, surely = self._begun.find(question.words)
        if begun or question.core == question.words:
            return begun, surely
        return self._begun.find(question.core)

    def _fragments(self, words: Sequence[str]) -> list[Match]:
        """The names whose last word has only just been begun, if they are several: *customer j*."""
        if len(words) < 2 or len(words[-1]) > (
            _FRAGMENT + 1 if words[-1] in LIGHT or is_small(words[-1]) else _FRAGMENT
        ):
            return []
        begun, surely = self._begun.find(words)
        if surely:
            return [self._match(begun[0], _BEGUN, Reason.words)]
        if len(begun) == 1 and (words[-1] not in STOP or words[-1] in _ENDS):
            return [] if len("".join(words)) < _BEGINNING else [self._match(begun[0], _BEGUN, Reason.words)]
        return [self._match(number, CAP - 0.01 * place, Reason.words) for place, number in enumerate(begun)]

    def begun_names(self, words: Sequence[str]) -> list[Match]:
        """For words that only ask: the names that begin with just these words: *quick*, *one off*, *key perf*."""
        if len(words) == 1 and (
            words[0] in STOP or len(words[0]) < _FEWEST_LETTERS or words[0] not in self._forms.weights
        ):
            return []
        if len(words) > 1 and len("".join(words)) < _BEGINNING_OF_SMALL_WORDS:
            return []
        numbers = self._begun.names(words)[:_MOST_RELATIVES]
        return [self._match(number, _NAMED_AT_ALL - 0.01 * place, Reason.words) for place, number in enumerate(numbers)]

    def hears(self, question: Question) -> bool:
        """Whether a form sounds like the words."""
        return bool(self._listened(question)[0])

    def _listened(self, question: Question) -> tuple[list[Match], bool]:
        """What the words sound like, with or without those of the question."""
        core = question.core
        heard, surely = self._heard.find(question.words)
        if core != question.words:
            heard, surely = max((heard, surely), self._heard.find(core), key=_loudness)
        if len(core) == 1 and heard:
            nearest = self._forms.forms[heard[0][0]]
            heard = [] if is_nearer_another(core[0], nearest, self._forms, self._guard) else heard
            surely = surely and not self._guard.is_near_another(core[0], self._forms.weights, NEAR)
        scores = [_HEARD if surely and not place else CAP * like for place, (_, like) in enumerate(heard)]
        return [self._match(one[0], score, Reason.spelling) for one, score in zip(heard, scores, strict=True)], surely

    def _corrected(
        self, words: Sequence[str], matches: Sequence[Match], again: Callable[[Question], list[Match]]
    ) -> list[Match]:
        """What the words name, or are of one family with, once misspelt ones are written as the glossary has them."""
        corrected = self._mender.corrected(words) if len(words) <= _FEW_WORDS else None
        if corrected is None:
            return []
        question = Question(corrected[0], self._forms.weights)
        surely = corrected[1] >= SURELY_MENDED
        if exact := exact_forms(question, self._forms, self._guard):
            found = exact_matches(exact, self._forms)
            if surely and exact.sure:
                return [replace(found[0], score=_HEARD), *found[1:]]
            return [capped(one) for one in found]
        related = self._families.find(corrected[0])
        if surely and (surest := self.surest(related)):
            return [replace(surest, score=_JUST)]
        if related:
            return self._listed(related)
        foreign = any(word in self._guard and word not in self._forms.weights for word in words)
        return [] if matches or foreign else [capped(match) for match in again(question)]

    def _listed(self, related: Sequence[Related]) -> list[Match]:
        return [capped(self._match(one.form, CAP - 0.3 * (1 - one.share), Reason.words)) for one in related]

    def _match(self, number: int, score: float, reason: Reason) -> Match:
        return match_of(self._forms, number, score, reason)


def _is_small_talk(question: Question, related: Sequence[Related]) -> bool:
    """Whether somebody speaks of people and not of the word: *i trust you*."""
    alone = bool(related) and related[0].alone
    return alone and not _PERSONAL.isdisjoint(question.words) and ASKING.isdisjoint(question.words)


def _sureness(related: Sequence[Related]) -> float:
    """The score of the first where it is surely meant, 0 otherwise."""
    if not related or related[0].listed:
        return 0.0
    one = related[0]
    rival = max([other.share for other in related[1:] if not other.listed], default=0.0)
    if one.share > _WHOLLY > rival and (one.several or one.inflected):
        return _SAME_FAMILIES if one.several else _SAME_FAMILY
    nearly = one.several and one.share >= _NEARLY and one.share - rival >= _CLEARLY
    complete = one.of_question > _WHOLLY if one.several else one.inflected and one.only_light
    mostly = complete and one.share >= _MOSTLY and one.share - rival >= _BY_FAR
    return _JUST if nearly or mostly else 0.0


def _loudness(heard: Heard) -> float:
    return heard[0][0][1] if heard[0] else 0.0
