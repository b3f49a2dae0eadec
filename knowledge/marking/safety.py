"""Does a message speak of harm or abuse? Better one kind reply too many than one too few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from knowledge.marking.phrases import CompiledPhrase, Lexicon, Matcher, PhraseError, compile_phrase, vocabulary_of
from knowledge.marking.spelling import Reading, Speller
from knowledge.marking.tokens import read
from knowledge.schema import LexiconClass, Phrase, Safeguarding


@dataclass(frozen=True, slots=True)
class SafetyNet:
    """The safeguarding phrases of a course, compiled."""

    lexicon: Lexicon
    harm: tuple[CompiledPhrase, ...]
    unless: tuple[CompiledPhrase, ...]
    speller: Speller

    @classmethod
    def of(cls, safeguarding: Safeguarding, lexicon: Iterable[LexiconClass]) -> Self:
        harm, unless = _compiled(safeguarding.harm), _compiled(safeguarding.unless)
        words = vocabulary_of(slot for phrase in (*harm, *unless) for slot in phrase.slots)
        return cls(Lexicon.of(lexicon), harm, unless, Speller(words))

    def concerns(self, text: str) -> bool:
        """Whether some words of harm stand in a text that no figure of speech explains.

        A figure of speech explains only the words that it shares: "the queue is killing me" next to "I want to die"
        explains the first alone. A denial does not explain anything: "I do not want to live".
        """
        answer = read(text, Reading(self.speller).readings_of)
        matcher = Matcher(answer, self.lexicon)
        explained = {position for phrase in self.unless for found in matcher.matches(phrase) for position in found}
        return any(
            not explained.intersection(found)
            for phrase in self.harm
            for found in matcher.matches(phrase)
            if not phrase.must_be_denied or matcher.polarity.denying(found) is not None
        )


def concerns(safeguarding: Safeguarding, lexicon: Iterable[LexiconClass], text: str) -> bool:
    """One text, once. Keep a :class:`SafetyNet` for more than one."""
    return SafetyNet.of(safeguarding, lexicon).concerns(text)


def _compiled(phrases: Iterable[Phrase]) -> tuple[CompiledPhrase, ...]:
    compiled = []
    for phrase in phrases:
        try:
            compiled.append(compile_phrase(phrase))
        except PhraseError:
            continue
    return tuple(compiled)
