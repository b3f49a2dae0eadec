"""The marker: a question and an answer to marks, with a quote for everything that was found.

Authored phrases award marks, nothing else does; what they find may still be too thin to be believed
(:mod:`knowledge.marking.trust`). Similarity only ever picks a hint.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Self

from knowledge.marking import closed, numeric
from knowledge.marking.gate import (
    EMPTY_WORDS,
    content_stems,
    gate_of,
    guessed_positions,
    list_positions,
    talks_to_marker,
)
from knowledge.marking.marked import Collector, MarkedAnswers, Ruled, shipped_answers
from knowledge.marking.negation import NEGATIVES
from knowledge.marking.phrases import (
    CompiledPhrase,
    Lexicon,
    Matcher,
    PhraseError,
    Positions,
    compile_phrase,
    vocabulary_of,
)
from knowledge.marking.quotes import quote_of
from knowledge.marking.result import Gate, MarkResult, MisconceptionFound, PointResult, Status, VerbFinding
from knowledge.marking.spelling import Reading, Speller
from knowledge.marking.tokens import Text, read, sentences
from knowledge.marking.trust import (
    MOST_PHRASES,
    Signs,
    Trust,
    fitted_trust,
    signs_of,
    stems_around,
    telling_stems,
    with_further,
)
from knowledge.marking.verbs import cues, wanted_by
from knowledge.schema import Course, MarkingPoint, MarkScheme, Misconception, Phrase, Question

COMPILED_QUESTIONS = 256
"""Questions kept compiled, the most recent ones."""
_CLAIMING = frozenset({"is", "are", "was", "were"})
_OPPOSED = frozenset({Status.CONTRADICTED, Status.SAID_AND_DENIED, Status.MENTIONED_ONLY})
NEAR_SHARE = 0.4
"""Share of an idea's words that a sentence must hold to be worth a hint."""
KNOWS_BETTER = 0.5
"""Share of the marks from which an answer is not said to hold a misconception. Of 96 that were found in 4,146 answers
by strangers, 44 stood in such ones, and not one of those was held: they reported, weighed or rejected it."""


@dataclass(frozen=True)
class CompiledPoint:
    """A marking point with its phrases ready."""

    point: MarkingPoint
    phrases: tuple[CompiledPhrase, ...]
    contradictions: tuple[CompiledPhrase, ...]

    @cached_property
    def idea_stems(self) -> frozenset[str]:
        """The stems of the idea, for hints."""
        return frozenset(content_stems(read(self.point.idea)))

    @cached_property
    def example_stems(self) -> tuple[frozenset[str], ...]:
        """The stems of each accepted example."""
        return tuple(telling_stems(text, range(len(text))) for text in map(read, self.point.accept))


@dataclass(frozen=True)
class CompiledQuestion:
    """Everything about one question that does not depend on the answer."""

    question: Question
    points: tuple[CompiledPoint, ...]
    misconceptions: tuple[tuple[str, tuple[CompiledPhrase, ...]], ...]
    stem_words: frozenset[str]
    speller: Speller

    @cached_property
    def topic_stems(self) -> frozenset[str]:
        """The stems that an answer on the subject has some of."""
        prose = (self.question.stem, self.question.model_answer, *(each.point.idea for each in self.points))
        words = _words_of([*_phrases_in(self.points), *(phrase for _, each in self.misconceptions for phrase in each)])
        return frozenset(content_stems(read(" ".join((*prose, *words))))) | self.stem_words


@dataclass
class Answer:
    """One answer, read once for all points."""

    text: Text
    matcher: Matcher
    listed: frozenset[int]
    guessed: frozenset[int]
    unread: frozenset[str]

    @cached_property
    def content_by_sentence(self) -> list[frozenset[str]]:
        return [frozenset(self.text.stems[p] for p in sentence) for sentence in sentences(self.text)]


@dataclass(repr=False)  # a hundred kilobytes of phrases tell nobody anything
class Marker:
    """Marks answers to the questions of one course. Questions are compiled when they are first marked."""

    lexicon: Lexicon
    misconceptions: Mapping[str, Misconception] = field(default_factory=dict)
    trust: Trust | None = field(default_factory=fitted_trust)
    """How far credits are believed; without it every one stands, which is how phrases are tried."""
    marked: MarkedAnswers = field(default_factory=MarkedAnswers)
    """Answers that people marked: what credits are compared with."""
    _compiled: OrderedDict[str, CompiledQuestion] = field(default_factory=OrderedDict)
    _looked_for: dict[str, tuple[CompiledPhrase, ...]] = field(default_factory=dict)
    """Phrases of the misconceptions, compiled: several questions look for the same one."""

    @classmethod
    def of(cls, course: Course) -> Self:
        """A marker with the course's lexicon and misconceptions, and with the marked answers if they are its own."""
        shipped = shipped_answers()
        marked = shipped if shipped.course == course.id else MarkedAnswers()
        return cls(Lexicon.of(course.lexicon), {each.id: each for each in course.misconceptions}, marked=marked)

    def mark(self, question: Question, answer: str) -> MarkResult:
        """Mark one answer. Never raises for any text; the same question and text always give the same result."""
        match question.kind:
            case "multiple_choice":
                return closed.mark_choice(question, answer)
            case "order":
                return closed.mark_order(question, answer)
            case "match":
                return closed.mark_pairs(question, answer)
            case "calculation":
                return numeric.mark_number(question, answer)
            case _:
                assert question.scheme is not None
                return self._mark_open(question, question.scheme, answer)

    # ------------------------------------------------------------------------------------------------ open questions

    def _mark_open(self, question: Question, scheme: MarkScheme, source: str) -> MarkResult:
        compiled = self.compiled(question)
        answer = self.read(compiled.speller, source)
        if not answer.text.words:
            return _nothing(question, scheme, Gate.EMPTY)
        if talks_to_marker(source):
            return _nothing(question, scheme, Gate.TALK_TO_MARKER)
        if len(answer.guessed) == len(answer.text):
            return _nothing(question, scheme, Gate.DONT_KNOW)
        marked = [_mark_point(compiled, each, answer) for each in compiled.points]
        gate = _gate(compiled, answer, [each.result for each in marked])
        points = tuple(self._believed(compiled, marked, answer))
        awarded = min(question.marks, sum(each.marks for each in points if each.status is Status.MET))
        knows_better = awarded >= KNOWS_BETTER * question.marks
        return MarkResult(
            awarded=awarded,
            available=question.marks,
            gate=gate,
            points=points,
            misconceptions=() if knows_better else tuple(_find_misconceptions(compiled.misconceptions, answer)),
            verb=() if gate else tuple(_verb_findings(question, scheme, points, answer)),
        )

    def _believed(self, compiled: CompiledQuestion, marked: Sequence[Marked], answer: Answer) -> Iterable[PointResult]:
        """The points, where a credit that rests on too little is one that the answer only comes near to."""
        for each in marked:
            met = each.result.status is Status.MET
            if met and self.trust is not None and not self._is_believed(self.trust, compiled, each, marked, answer):
                yield replace(each.result, status=Status.NEAR)
            else:
                yield each.result

    def _is_believed(
        self, trust: Trust, compiled: CompiledQuestion, each: Marked, marked: Sequence[Marked], answer: Answer
    ) -> bool:
        ruled = self.marked.on(compiled.question.id, each.result.id)
        return any(trust.believes(signs) for signs in _signs(compiled, each, marked, answer, ruled))

    def read(self, speller: Speller, source: str) -> Answer:
        """Read a text with the spelling tolerance of a question."""
        reading = Reading(speller)
        text = read(source, reading.readings_of)
        return Answer(
            text, Matcher(text, self.lexicon), list_positions(text), guessed_positions(text), frozenset(reading.unread)
        )

    def compiled(self, question: Question) -> CompiledQuestion:
        """The question ready to mark. An edited question under the same id is compiled anew."""
        known = self._compiled.get(question.id)
        if known is not None and (known.question is question or known.question == question):
            return known
        self._compiled[question.id] = compiled = self._compile(question)
        while len(self._compiled) > COMPILED_QUESTIONS:
            self._compiled.popitem(last=False)
        return compiled

    def _compile(self, question: Question) -> CompiledQuestion:
        scheme = question.scheme
        assert scheme is not None
        points = tuple(_compile_point(each) for each in scheme.points)
        misconceptions = tuple(
            (each, self._phrases_of(self.misconceptions[each]))
            for each in scheme.misconceptions
            if each in self.misconceptions
        )
        words = _words_of([*_phrases_in(points), *(phrase for _, each in misconceptions for phrase in each)])
        stem_text = read(question.stem)
        return CompiledQuestion(
            question=question,
            points=points,
            misconceptions=misconceptions,
            stem_words=frozenset(stem_text.stems),
            speller=Speller(words.union(stem_text.words), self.lexicon.speller),
        )

    def _phrases_of(self, misconception: Misconception) -> tuple[CompiledPhrase, ...]:
        known = self._looked_for.get(misconception.id)
        if known is None:
            known = self._looked_for[misconception.id] = _compile_all(misconception.any_of)
        return known

    def misconception_finder(self, misconception: Misconception) -> Callable[[str], str | None]:
        """A function that quotes where a text shows a misconception, for texts that belong to no question."""
        phrases = _compile_all(misconception.any_of)
        speller = self._speller_for(phrases)

        def find(source: str) -> str | None:
            answer = self.read(speller, source)
            found = _opposite(phrases, answer)
            return None if found is None else quote_of(answer.text, found)[0]

        return find

    def phrase_finder(self, phrase: Phrase) -> Callable[[str], bool]:
        """A function that tells whether a text says a phrase. Raises :class:`PhraseError` for one that is no phrase."""
        compiled = compile_phrase(phrase)
        speller = self._speller_for((compiled,))

        def find(source: str) -> bool:
            answer = self.read(speller, source)
            return any(_holds(answer, compiled, found) for found in answer.matcher.matches(compiled))

        return find

    def _speller_for(self, phrases: Iterable[CompiledPhrase]) -> Speller:
        return Speller(vocabulary_of(slot for each in phrases for slot in each.slots), self.lexicon.speller)


def _compile_all(phrases: Iterable[Phrase]) -> tuple[CompiledPhrase, ...]:
    """The phrases that can be compiled; ``check_phrases`` reports the others."""
    compiled = []
    for phrase in phrases:
        try:
            compiled.append(compile_phrase(phrase))
        except PhraseError:
            continue
    return tuple(compiled)


def _phrases_in(points: Iterable[CompiledPoint]) -> Iterator[CompiledPhrase]:
    return (phrase for each in points for phrase in (*each.phrases, *each.contradictions))


def _words_of(phrases: Iterable[CompiledPhrase]) -> frozenset[str]:
    return frozenset(vocabulary_of(slot for phrase in phrases for slot in phrase.slots))


def _compile_point(point: MarkingPoint) -> CompiledPoint:
    return CompiledPoint(
        point=point,
        phrases=_compile_all(point.any_of),
        contradictions=_compile_all(point.contradicted_by),
    )


def _nothing(question: Question, scheme: MarkScheme, gate: Gate) -> MarkResult:
    points = tuple(_result(each, Status.NOT_FOUND) for each in scheme.points)
    return MarkResult(awarded=0, available=question.marks, gate=gate, points=points)


def _result(point: MarkingPoint, status: Status) -> PointResult:
    return PointResult(point.id, point.label, point.idea, point.marks, status)


def _quoted(point: MarkingPoint, status: Status, answer: Answer, positions: Positions) -> PointResult:
    quote, span = quote_of(answer.text, positions)
    return PointResult(point.id, point.label, point.idea, point.marks, status, quote, span)


# ------------------------------------------------------------------------------------------------------------- points


def _mark_point(compiled: CompiledQuestion, each: CompiledPoint, answer: Answer) -> Marked:
    found = _evidence(compiled, each, answer)
    return Marked(each, found, _result_of(compiled, each, answer, found))


def _result_of(compiled: CompiledQuestion, each: CompiledPoint, answer: Answer, found: Evidence) -> PointResult:
    opposite = _opposite(each.contradictions, answer)
    if opposite is not None:
        apart = found.met is not None and not set(found.met).intersection(opposite)
        return _quoted(each.point, Status.SAID_AND_DENIED if apart else Status.CONTRADICTED, answer, opposite)
    if found.met is not None:
        return _quoted(each.point, Status.MET, answer, found.met)
    if found.claimed_not is not None:
        return _quoted(each.point, Status.CONTRADICTED, answer, found.claimed_not)
    if found.mentioned is not None:
        return _quoted(each.point, Status.MENTIONED_ONLY, answer, found.mentioned)
    near = found.denied or _near(compiled, each, answer)
    return _quoted(each.point, Status.NEAR, answer, near) if near else _result(each.point, Status.NOT_FOUND)


def credited(marker: Marker, question: Question, source: str) -> Iterable[tuple[str, Signs]]:
    """The points for which phrases find something, believed or not, and the signs: what calibration learns from."""
    compiled = marker.compiled(question)
    answer = marker.read(compiled.speller, source)
    marked = [_mark_point(compiled, each, answer) for each in compiled.points] if answer.text.words else []
    for each in marked:
        if each.result.status is Status.MET:
            *_, signs = _signs(compiled, each, marked, answer, marker.marked.on(question.id, each.result.id))
            yield each.result.id, signs


def collect(collector: Collector, marker: Marker, question: Question, source: str, due: Mapping[str, bool]) -> None:
    """Add an answer that people marked, with what phrases find in it."""
    compiled = marker.compiled(question)
    answer = marker.read(compiled.speller, source)
    if not answer.text.words:
        return
    marked = [_mark_point(compiled, each, answer) for each in compiled.points]
    around = {
        each.result.id: stems_around(answer.text, each.evidence.met)
        for each in marked
        if each.result.status is Status.MET and each.evidence.met is not None
    }
    collector.add(question.id, answer.content_by_sentence, due, around)


def _signs(
    compiled: CompiledQuestion, each: Marked, marked: Sequence[Marked], answer: Answer, ruled: Ruled | None
) -> Iterable[Signs]:
    """What speaks for a credit: with the first phrase that says it, then with each further one."""
    others = [other.result.status for other in marked if other is not each]
    finds = _finds(compiled, each, answer)
    found = [next(finds)]
    signs = signs_of(
        answer.text,
        found[0],
        idea=each.point.idea_stems - compiled.stem_words,
        examples=each.point.example_stems,
        others=others.count(Status.MET),
        of=len(others),
        opposed=sum(status in _OPPOSED for status in others),
        ruled=ruled,
    )
    yield signs
    for further in islice(finds, MOST_PHRASES - 1):
        found.append(further)
        yield with_further(signs, found)


def _finds(compiled: CompiledQuestion, each: Marked, answer: Answer) -> Iterator[Positions]:
    """What the phrases that earn the point found, once for each phrase."""
    assert each.evidence.met is not None
    yield each.evidence.met
    for phrase in each.point.phrases[each.evidence.tried :]:
        for found in answer.matcher.matches(phrase):
            said = _affirmed(answer, phrase, found)
            counted = said and _counting(compiled, each.point.point, answer, phrase, found, said)
            if counted:
                yield counted
                break


@dataclass(slots=True)
class Evidence:
    """The first places where a point is met, only mentioned, denied in some way, and plainly claimed not to be so."""

    met: Positions | None = None
    mentioned: Positions | None = None
    denied: Positions | None = None
    claimed_not: Positions | None = None
    tried: int = 0
    """Phrases looked for up to the one that meets it."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A point, what was found for it, and what it comes to by itself."""

    point: CompiledPoint
    evidence: Evidence
    result: PointResult


def _evidence(compiled: CompiledQuestion, each: CompiledPoint, answer: Answer) -> Evidence:
    evidence = Evidence()
    for phrase in each.phrases:
        evidence.tried += 1
        for found in answer.matcher.matches(phrase):
            said = _affirmed(answer, phrase, found)
            if said is not None:
                evidence.met = _counting(compiled, each.point, answer, phrase, found, said)
                if evidence.met is not None:
                    return evidence
                evidence.mentioned = evidence.mentioned or said
            elif not phrase.must_be_denied:
                evidence.denied = evidence.denied or found
                if evidence.claimed_not is None and len(phrase.slots) == 1 and _is_claimed(answer, found):
                    evidence.claimed_not = found
    return evidence


def _counting(
    compiled: CompiledQuestion,
    point: MarkingPoint,
    answer: Answer,
    phrase: CompiledPhrase,
    found: Positions,
    said: Positions,
) -> Positions | None:
    """What may earn the point of what was said here: where the nearest words add nothing, others behind them may."""
    if _counts(compiled, point, answer, said):
        return said
    others = (_affirmed(answer, phrase, other) for other in answer.matcher.further(phrase, found))
    return next((other for other in others if other is not None and _counts(compiled, point, answer, other)), None)


def _affirmed(answer: Answer, phrase: CompiledPhrase, found: Positions) -> Positions | None:
    """The positions that say it, with the denying cue where the phrase asks for one; ``None`` where it is not said."""
    polarity = answer.matcher.polarity
    cue = polarity.denying(found)
    if not phrase.must_be_denied:
        denied = cue is not None or (polarity.denied_behind(found) is not None and not _says_no(answer, found))
        return None if denied else found
    cue = cue or polarity.after(found)
    return tuple(sorted({*found, *cue.at})) if cue is not None else None


def _says_no(answer: Answer, found: Positions) -> bool:
    """Whether a denial is part of what was found: a phrase such as "no matter how polite" means it so."""
    return any(answer.text.words[p] in NEGATIVES for p in found)


def _is_claimed(answer: Answer, found: Positions) -> bool:
    """Whether a denial is plainly the learner's claim ("it is not ongoing"), not supposed, reported, or of ability.

    "They might not be able to afford it" denies the words of a point about cost and means that very point.
    """
    polarity = answer.matcher.polarity
    cue = polarity.denying(found)
    if cue is None or cue.supposed or polarity.reported(found) or answer.text.at(cue.at[0]) not in {"not", "never"}:
        return False
    before = answer.text.at(cue.at[0] - 1)
    return answer.text.at(cue.at[0]) == "never" or before in _CLAIMING


def _counts(compiled: CompiledQuestion, point: MarkingPoint, answer: Answer, evidence: Positions) -> bool:
    """Whether evidence may earn marks: not only the question's words, not only key words in a row, and no guess."""
    text = answer.text
    if not answer.guessed.isdisjoint(evidence):
        return False
    own = any(text.stems[p] not in compiled.stem_words and text.words[p] not in EMPTY_WORDS for p in evidence)
    return own and (point.kind == "list" or not answer.listed.issuperset(evidence))


def _holds(answer: Answer, phrase: CompiledPhrase, found: Positions) -> bool:
    return _affirmed(answer, phrase, found) is not None


def _opposite(phrases: Sequence[CompiledPhrase], answer: Answer) -> Positions | None:
    """Where the learner claims one of these, in their own name."""
    polarity = answer.matcher.polarity
    for phrase in phrases:
        for found in answer.matcher.matches(phrase):
            if not _holds(answer, phrase, found) or polarity.reported(found) or polarity.supposed(found):
                continue
            if not phrase.must_be_denied and polarity.denied_behind(found) is not None:
                continue
            if not answer.listed.issuperset(found):
                return found
    return None


def _find_misconceptions(
    misconceptions: Sequence[tuple[str, tuple[CompiledPhrase, ...]]], answer: Answer
) -> Iterable[MisconceptionFound]:
    for misconception_id, phrases in misconceptions:
        found = _opposite(phrases, answer)
        if found is not None:
            yield MisconceptionFound(misconception_id, *quote_of(answer.text, found))


def _near(compiled: CompiledQuestion, each: CompiledPoint, answer: Answer) -> Positions | None:
    """The place that comes nearest to the idea, for a hint: part of a phrase beside a word of the idea, or much of it.

    A part alone is no sign: in answers to other questions three points in four had one.
    """
    wanted = each.idea_stems - compiled.stem_words
    for phrase in each.phrases:
        part = _part_of(compiled, phrase, answer) if len(phrase.slots) > 1 else None
        if part and (not wanted or wanted & answer.content_by_sentence[answer.text.sentence[part[0]]]):
            return part
    needed = max(2, NEAR_SHARE * len(wanted))
    best, best_share = None, 0
    for sentence, stems in zip(sentences(answer.text), answer.content_by_sentence, strict=True):
        share = len(wanted & stems)
        if share >= needed and share > best_share:
            best, best_share = tuple(p for p in sentence if answer.text.stems[p] in wanted), share
    return best


def _part_of(compiled: CompiledQuestion, phrase: CompiledPhrase, answer: Answer) -> Positions | None:
    """One slot of several that is there in the learner's own words."""
    for found in answer.matcher.slots_found(phrase):
        text = answer.text
        if any(text.stems[p] not in compiled.stem_words and text.words[p] not in EMPTY_WORDS for p in found):
            return found
    return None


# ------------------------------------------------------------------------------------------------------ gate and verb


def _gate(compiled: CompiledQuestion, answer: Answer, points: Sequence[PointResult]) -> Gate | None:
    if any(each.status in {Status.MET, Status.CONTRADICTED, Status.SAID_AND_DENIED} for each in points):
        return None
    return gate_of(
        compiled.question,
        answer.text.source,
        answer.text,
        listed=answer.listed,
        unread=answer.unread,
        of_question=compiled.stem_words,
        on_topic=lambda each: each in compiled.topic_stems,
    )


def _verb_findings(
    question: Question, scheme: MarkScheme, points: Sequence[PointResult], answer: Answer
) -> Iterable[VerbFinding]:
    met_slots = {
        point.slot
        for point, each in zip(scheme.points, points, strict=True)
        if each.status is Status.MET and point.slot
    }
    for finding in wanted_by(question):
        if finding is VerbFinding.NO_FIGURE:
            missing = not any(word[0].isdigit() or word == "percent" for word in answer.text.words)
        else:
            missing = not any(answer.matcher.has(cue) for cue in cues()[finding])
        if missing and not _shown_by_points(finding, met_slots):
            yield finding


def _shown_by_points(finding: VerbFinding, met_slots: Collection[str]) -> bool:
    """Whether a met point of a longer answer already shows it."""
    match finding:
        case VerbFinding.ONE_SIDED:
            return "for" in met_slots and "against" in met_slots
        case VerbFinding.NO_JUDGEMENT:
            return "judgement" in met_slots
        case VerbFinding.NO_REASON:
            return "reason" in met_slots
        case VerbFinding.NO_OUTCOME:
            return "outcome" in met_slots
        case _:
            return False
