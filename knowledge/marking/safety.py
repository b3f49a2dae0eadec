"""Does a message speak of harm or abuse? Better one kind reply too many than one too few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from knowledge.marking.phrases import CompiledPhrase, Lexicon, Matcher, PhraseError, Stem, compile_phrase, vocabulary_of
from knowledge.marking.spelling import Reading, Speller
from knowledge.marking.tokens import read
from knowledge.schema import LexiconClass, Phrase, Safeguarding


@dataclass(frozen=True, slots=True)
class SafetyNet:
    """The safeguarding phrases of a course, compiled."""

    lexicon: Lexicon
    harm: Mapping[str | None, tuple[CompiledPhrase, ...]]
    """By a stem that must be in the text for the phrase to match; under None those without such a stem."""
    unless: tuple[CompiledPhrase, ...]
    speller: Speller

    @classmethod
    def of(cls, safeguarding: Safeguarding, lexicon: Iterable[LexiconClass]) -> Self:
        harm, unless = _compiled(safeguarding.harm), _compiled(safeguarding.unless)
        words = vocabulary_of(slot for phrase in (*harm, *unless) for slot in phrase.slots)
        return cls(Lexicon.of(lexicon), _by_needed_stem(harm), unless, Speller(words))

    def concerns(self, text: str) -> bool:
        """Whether some words of harm stand in a text that no figure of speech explains.

        A figure of speech explains only the words that it shares: "the queue is killing me" next to "I want to die"
        explains the first alone. A denial does not explain anything: "I do not want to live".
        """
        answer = read(text, Reading(self.speller).readings_of)
        matcher = Matcher(answer, self.lexicon)
        harmful = [
            found
            for stem in (None, *answer.index)
            for phrase in self.harm.get(stem, ())
            for found in matcher.matches(phrase)
            if not phrase.must_be_denied or matcher.polarity.denying(found) is not None
        ]
        if not harmful:
            return False
        explained = {position for phrase in self.unless for found in matcher.matches(phrase) for position in found}
        return any(not explained.intersection(found) for found in harmful)


def concerns(safeguarding: Safeguarding, lexicon: Iterable[LexiconClass], text: str) -> bool:
    """One text, once. Keep a :class:`SafetyNet` for more than one."""
    return SafetyNet.of(safeguarding, lexicon).concerns(text)


def _by_needed_stem(phrases: Iterable[CompiledPhrase]) -> dict[str | None, tuple[CompiledPhrase, ...]]:
    """Sort phrases by their longest stem, which is the rarest as a rule: most texts need to try none of them."""
    sorted_out: dict[str | None, list[CompiledPhrase]] = {}
    for phrase in phrases:
        stems = [atom.stem for slot in phrase.slots for atom in slot if isinstance(atom, Stem)]
        sorted_out.setdefault(max(stems, key=len, default=None), []).append(phrase)
    return {stem: tuple(found) for stem, found in sorted_out.items()}


def _compiled(phrases: Iterable[Phrase]) -> tuple[CompiledPhrase, ...]:
    compiled = []
    for phrase in phrases:
        try:
            compiled.append(compile_phrase(phrase))
        except PhraseError:
            continue
    return tuple(compiled)
