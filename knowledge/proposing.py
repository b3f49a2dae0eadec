"""From a sentence that earns a point to a phrase that finds it: proposed, read from plain words, and checked.

A proposal is built from the sentence's own words, the question's words left out, with a lexicon class in the place of a
word where the question's phrases use that class. It is then tried: only a phrase with which the sentence earns the
point, and no example goes wrong, is ever proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from knowledge.marking import Marker, Status, question_failures
from knowledge.marking.gate import EMPTY_WORDS, FUNCTION_WORDS
from knowledge.marking.phrases import PhraseError, compile_phrase
from knowledge.overlay import AcceptedPhrase, apply
from knowledge.schema import Course, MarkingPoint, Phrase, Question

MOST_SLOTS = 6
"""Ideas in one phrase at most; a phrase of more would only ever find the sentence that it came from."""
_FEWEST_FIRST = (3, 2, 4, 5, 6)
"""How many ideas of a sentence are tried: two are easily too loose, many are easily too strict."""
_NARROW, _WIDE = 16, 40
"""Limits of the window in which the ideas must stand, in words."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLASS = re.compile(r"<([a-z][a-z0-9-]*)>")


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a phrase must not go live. ``text`` is the example that would go wrong, or the phrase itself.

    ``kind``: ``phrase`` (it cannot be read), ``itself`` (the sentence would not earn the point with it), ``accept``,
    ``reject`` and ``model`` (such an example of the question goes wrong), ``declined`` (words that were ruled not to
    earn the point would earn it).
    """

    kind: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A phrase that was tried. ``tried`` counts the examples.

    ``also`` are examples of the question's other points that would earn this point as well: no mistake in itself, but
    a sign that the phrase is loose.
    """

    phrase: Phrase
    objections: tuple[Objection, ...]
    also: tuple[str, ...]
    tried: int


class NotAPhrase(ValueError):
    """Plain words that cannot be made into a phrase. ``why`` is a sentence for whoever typed them."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def sentences_of(answer: str) -> list[str]:
    """Return the sentences of an answer, as they were written."""
    return [piece for each in _SENTENCE.split(answer) if (piece := each.strip()) and any(c.isalnum() for c in piece)]


# ------------------------------------------------------------------------------------------------------------- trying


class Trial:
    """A question on which phrases for one of its points are tried.

    ``marker`` lends its lexicon and its misconceptions; every credit stands, so that a loose phrase is not excused by
    an example that would not have been believed. ``declined`` are sentences that were ruled not to earn the point. What
    goes wrong without any new phrase is held against none.
    """

    def __init__(
        self, course: Course, marker: Marker, question: Question, point_id: str, *, declined: Sequence[str] = ()
    ) -> None:
        self.course = course
        self.marker = Marker(marker.lexicon, marker.misconceptions, trust=None)
        self._believing = Marker(marker.lexicon, marker.misconceptions)
        self.question = question
        self.point_id = point_id
        self._known = {(each.id, each.kind, each.text) for each in question_failures(self.marker, question)}
        self._declined = [text for text in declined if not self._meets(question, text)]
        examples = [text for each in _points(question) if each.id != point_id for text in each.accept]
        self._siblings = [text for text in examples if not self._meets(question, text)]

    def check(self, phrase: Phrase, *, example: str) -> Checked:
        """Try a phrase on every example of the question, on the sentence that it is for, and on what was declined."""
        broken = _broken(self.marker, phrase)
        if broken is not None:
            return Checked(phrase, (Objection("phrase", in_phrase_language(phrase), broken),), (), 0)
        entry = AcceptedPhrase(question=self.question.id, point=self.point_id, phrase=phrase, example=example)
        changed = next(each for each in apply(self.course, [entry]).questions if each.id == self.question.id)
        objections = [
            Objection("itself" if each.text == example and each.kind == "accept" else each.kind, each.text, each.why)
            for each in question_failures(self.marker, changed)
            if (each.id, each.kind, each.text) not in self._known
        ]
        objections += [
            Objection("declined", text, "it was ruled not to earn this point")
            for text in self._declined
            if text != example and self._meets(changed, text)
        ]
        if not objections and not _earns(self._believing, changed, self.point_id, example):
            objections.append(Objection("itself", example, Status.NEAR.value))
        also = tuple(text for text in self._siblings if self._meets(changed, text))
        tried = sum(len(each.accept) + len(each.reject) for each in _points(changed)) + len(self._declined) + 1
        return Checked(phrase, tuple(objections), also, tried)

    def _meets(self, question: Question, text: str) -> bool:
        return _earns(self.marker, question, self.point_id, text)


def _earns(marker: Marker, question: Question, point_id: str, text: str) -> bool:
    return any(each.id == point_id and each.status is Status.MET for each in marker.mark(question, text).points)


def _points(question: Question) -> Sequence[MarkingPoint]:
    return () if question.scheme is None else question.scheme.points


def _broken(marker: Marker, phrase: Phrase) -> str | None:
    """Say why a phrase can never work, or return None."""
    try:
        compiled = compile_phrase(phrase)
    except PhraseError as error:
        return error.why
    unknown = [name for name in _CLASS.findall(in_phrase_language(phrase)) if name not in marker.lexicon.classes]
    if unknown:
        return f"there is no list of words like “{unknown[0]}”"
    if not compiled.slots or all(word in EMPTY_WORDS for slot in _slots(phrase) for word in slot.split()):
        return "it is made of words that any sentence has"
    return None


# ---------------------------------------------------------------------------------------------------------- proposing


def propose(trial: Trial, quote: str) -> Checked | None:
    """Return a phrase with which a sentence earns a point and no example goes wrong; None where none is found."""
    point = next((each for each in _points(trial.question) if each.id == trial.point_id), None)
    if point is None:
        return None
    for phrase in _candidates(trial.marker, trial.question, point, quote):
        found = trial.check(phrase, example=quote)
        if not found.objections and not found.also:
            return found
    return None


@dataclass(frozen=True, slots=True)
class _Idea:
    """A slot that a sentence suggests, where its word stands, and how telling it is."""

    at: int
    slot: str
    weight: int


def _candidates(marker: Marker, question: Question, point: MarkingPoint, quote: str) -> Iterator[Phrase]:
    """Phrases to try, the best first: several ideas together, then a run of words that the sentence denies."""
    ideas = _ideas(marker, question, point, quote)
    window = max(_NARROW, min(_WIDE, len(quote.split()) + 4))
    seen: set[tuple[str, ...]] = set()
    for count in _FEWEST_FIRST:
        told = sorted(sorted(ideas, key=lambda idea: (-idea.weight, idea.at))[:count], key=lambda idea: idea.at)
        slots = tuple(dict.fromkeys(idea.slot for idea in told))
        if len(slots) > 1 and slots not in seen:
            seen.add(slots)
            yield Phrase(all_of=slots, window=window)
    if len(ideas) == 1:
        yield Phrase(phrase=ideas[0].slot)
    for count in (3, 2, 1):
        for first in range(max(0, len(ideas) - count + 1)):
            run = " ".join(idea.slot for idea in ideas[first : first + count])
            if run and (run,) not in seen:
                seen.add((run,))
                yield Phrase(negated=run, gap=5)


def _ideas(marker: Marker, question: Question, point: MarkingPoint, quote: str) -> list[_Idea]:
    """The telling words of a sentence in their order, as classes where the question uses them."""
    compiled = marker.compiled(question)
    answer = marker.read(compiled.speller, quote)
    own = _classes_in(point.any_of)
    others = [
        each
        for each in _classes_in(phrase for sibling in _points(question) for phrase in sibling.any_of)
        if each not in own
    ]
    authored = set(re.findall(r"[a-z]+", " ".join((point.idea, point.label, *point.accept)).lower()))
    found: dict[int, _Idea] = {}
    for name, weight in [*((each, 4) for each in own), *((each, 2) for each in others)]:
        for positions in answer.matcher.of_class(name):
            if not any(position in found for position in positions):
                asked = all(answer.text.stems[position] in compiled.stem_words for position in positions)
                idea = _Idea(positions[0], f"<{name}>", 1 if asked else weight)
                found.update(dict.fromkeys(positions, idea))
    for position, word in enumerate(answer.text.words):
        if position in found or word in FUNCTION_WORDS or word in EMPTY_WORDS or not word.isalpha():
            continue
        if answer.text.stems[position] not in compiled.stem_words:
            found[position] = _Idea(position, word, 3 if word in authored else 2)
    return list(dict.fromkeys(found[position] for position in sorted(found)))


def _classes_in(phrases: Iterable[Phrase]) -> list[str]:
    return list(dict.fromkeys(name for phrase in phrases for name in _CLASS.findall(in_phrase_language(phrase))))


# ------------------------------------------------------------------------------------------------------- plain words


def _slots(phrase: Phrase) -> Sequence[str]:
    if phrase.all_of:
        return phrase.all_of
    return (phrase.phrase or phrase.negated or "",)


def in_phrase_language(phrase: Phrase) -> str:
    """Return the slots of a phrase as their author writes them."""
    return " + ".join(_slots(phrase))


def in_plain_words(phrase: Phrase) -> str:
    """Return what an answer must say, for somebody who does not know the phrase language."""
    said = " + ".join(_CLASS.sub(lambda found: f"like {found[1]}", slot) for slot in _slots(phrase))
    if phrase.negated is not None:
        return f"not {said}"
    return said


def from_plain_words(text: str, *, example: str) -> Phrase:
    """Read what :func:`in_plain_words` writes: ideas with + between them, ``like x`` for words like x, ``not`` first
    for what must be denied. Raises :class:`NotAPhrase`.
    """
    pieces = [" ".join(piece.lower().split()) for piece in re.split(r"[+\n,;]", text)]
    pieces = [piece.strip(" .\"'“”") for piece in pieces if piece.strip()]
    if not pieces:
        raise NotAPhrase("There are no words in that.")
    if len(pieces) > MOST_SLOTS:
        raise NotAPhrase(f"Use at most {MOST_SLOTS} ideas; more would find this one answer only.")
    denied = pieces[0].startswith("not ")
    if denied and len(pieces) > 1:
        raise NotAPhrase("After “not” put all words in one piece, without a +.")
    slots = [re.sub(r"\blike ([a-z][a-z0-9-]*)", r"<\1>", piece.removeprefix("not ")) for piece in pieces]
    window = max(_NARROW, min(_WIDE, len(example.split()) + 4))
    try:
        if denied:
            phrase = Phrase(negated=slots[0], gap=5)
        elif len(slots) == 1:
            phrase = Phrase(phrase=slots[0], gap=5)
        else:
            phrase = Phrase(all_of=tuple(slots), window=window)
        compile_phrase(phrase)
    except (PhraseError, ValidationError) as error:
        why = error.why if isinstance(error, PhraseError) else "it cannot be read"
        raise NotAPhrase(f"I cannot use that: {why}.") from error
    return phrase
