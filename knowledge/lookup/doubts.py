"""What speaks against a name that was found: the message is about something else, or another word was meant."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from knowledge.lookup.alike import Speller
from knowledge.lookup.everyday import expressions_beside, without_expressions
from knowledge.lookup.exact import Exact
from knowledge.lookup.families import Families, root, roots_of
from knowledge.lookup.forms import Form, Forms
from knowledge.lookup.guard import NEAR, Guard
from knowledge.lookup.hints import Hints
from knowledge.lookup.match import MOST_WORDS_OF_A_NAME, TELLING, Match, Reason
from knowledge.lookup.meaning import Descriptions
from knowledge.lookup.normalise import sound, words_of
from knowledge.lookup.question import Question
from knowledge.lookup.wrappers import GENERAL, LIGHT, is_small

_SHORT_WORD = 4
_TWO_WORDS = 2
_NEARLY_DONE = 2
"""Letters that may be missing at the end of a form that is as good as written."""


class Doubts:
    """Tells whether what was typed may well be no term, or another than the one that it resembles."""

    __slots__ = ("_descriptions", "_expressions", "_families", "_forms", "_guard", "_hints", "_speller")

    def __init__(
        self,
        forms: Forms,
        guard: Guard,
        speller: Speller,
        families: Families,
        hints: Hints,
        descriptions: Descriptions,
    ) -> None:
        self._forms = forms
        self._guard = guard
        self._speller = speller
        self._families = families
        self._hints = hints
        self._descriptions = descriptions
        self._expressions = expressions_beside([form.words for form in forms.forms])

    # ------------------------------------------------------------------------------------------------- about no term

    def is_everyday(self, question: Question) -> bool:
        """Whether it is about an everyday expression, and has no other word of the glossary."""
        words = question.words
        if not 1 < len(words) <= MOST_WORDS_OF_A_NAME:
            return False
        left = without_expressions(words, self._expressions)
        telling = [word for word in left if not is_small(word) and word not in GENERAL]
        return len(left) < len(words) and not any(word in self._forms.weights for word in telling)

    def is_part_of_everyday(self, question: Question, exact: Exact) -> bool:
        """Whether what is written is but one word of an everyday expression: *mot test*."""
        beside = (*question.words[: exact.start], *question.words[exact.end :])
        return not all(is_small(word) for word in beside) and self.is_everyday(question)

    def is_anothers(self, core: Sequence[str]) -> bool:
        """Whether it is a law or the like by somebody whom the glossary does not know: *hookes law*."""
        strange = len(core) == _TWO_WORDS and core[0] not in self._descriptions and core[0] not in self._forms.weights
        return strange and self._guard.is_of_somebody(core[0])

    def says_nothing(self, words: Sequence[str]) -> bool:
        """Whether there are only small words, and none of them is a form: *well go on then*, but not *explain*."""
        return all(is_small(word) and word not in self._forms.by_text for word in words)

    # -------------------------------------------------------------------------------------------------- another word

    def could_be_another(self, words: Sequence[str], core: Sequence[str], form: Form) -> bool:
        """Whether what was typed may well be something else, so that the form only belongs into a list."""
        if len(core) == 1:
            return _is_another_letter(core[0], form) or self._is_open(core[0], form)
        return self._means_another(words, core, form)

    def is_slip_of_another(self, core: Sequence[str], match: Match) -> bool:
        """Whether a word is one slip from a word of other forms, and further from this one's: *customer exellence*."""
        form = words_of(match.form)
        if match.reason is not Reason.spelling or len(form) != len(core):
            return False
        for word in core:
            if len(word) < TELLING or word in self._guard or word in self._forms.weights:
                continue
            meant = next((other for other, _ in self._speller.misspelt(word)), word)
            if meant not in form and OSA.distance(word, meant) == 1 and root(meant) not in roots_of(form):
                return not any(sound(word) == sound(other) or OSA.distance(word, other) <= NEAR for other in form)
        return False

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
                word in self._descriptions or len(core) != len(form.words) or _is_no_slip(word, core, form)
            ):
                return not any(sound(word) == sound(other) or _is_part(word, other) for other in form.words)
        return False


def _is_no_slip(word: str, core: Sequence[str], form: Form) -> bool:
    """Whether an English word beside one of the form's is too far from all of them: *goodwill impairment*."""
    return len(core) == _TWO_WORDS and all(OSA.distance(word, other, score_cutoff=NEAR) > NEAR for other in form.words)


def _is_another_letter(typed: str, form: Form) -> bool:
    """Whether letters are there that a short abbreviation lacks: *gron* is no slip for GROW."""
    return form.acronym and len(typed) <= _SHORT_WORD and not set(typed) <= set(form.compact)


def _is_part(word: str, other: str) -> bool:
    return len(word) > 1 and (other.startswith(word) or other.endswith(word))
