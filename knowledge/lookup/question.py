"""Which part of a message names the term: the words without the question around them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from knowledge.lookup.normalise import sound
from knowledge.lookup.wrappers import (
    ASKING,
    BEFORE_A_TERM,
    FILLING,
    GENERAL,
    HESITATING,
    LEADING,
    LEADING_WITH_OF,
    MISTYPED,
    PLEASE,
    SAID_AFTER,
    SAID_BEFORE,
    SETTINGS,
    TRAILING,
)

_MOST_BEFORE, _MOST_AFTER = 10, 8
_MOST_SAID_BEFORE = 4
_WITH_A_LETTER = ("with", "an", "o")
_FEW_WORDS = 4
_ARTICLES = frozenset(["a", "an"])
_CORRECTING = frozenset([("i", "mean"), ("or", "rather"), ("wait", "no"), ("sorry", "i")])
_YOU_KNOW = ("you", "know")
_TAILS = frozenset(["like", "in", "with", "for", "when"])
_KINDS = frozenset(["sort", "kind", "type", "form"])
_NAMED = frozenset(["called", "named"])
_NAMING = frozenset([_YOU_KNOW, ("known", "as"), ("i", "think")])
"""What stands before the name of something that was said to be of a kind."""
_POINTING = (["the"], ["that"])
_TELL_ME = ["tell", "me"]
_PLAINLY = (["in", "simple", "terms"], ["for", "dummies"], ["for", "beginners"])
_LAST_OF_SETTINGS = frozenset([setting.split()[-1] for setting in SETTINGS])
_EXAMPLES = frozenset(["example", "examples"])
_DONT_GET = (["dont", "get"], ["didnt", "get"])


class Question:
    """A message's words and how many of them, at either end, only ask."""

    __slots__ = ("after", "before", "setting", "words")

    def __init__(self, words: Sequence[str], known: Container[str]) -> None:
        """``known`` are the glossary's words: a slip such as *mens* is not mended into a question word if it is one."""
        said = [word for word in words if word not in HESITATING or word in known] or words
        self.words = [
            MISTYPED[word] if word in MISTYPED and word not in known and len(words) > 1 else word for word in said
        ]
        end = len(self.words)
        self.before = 0
        while self.before < min(end, _MOST_BEFORE) and (length := self._leads(self.before)):
            self.before += length
        self.after = self.setting = self._setting(end)
        if self.words[-2:] == ["is", "it"] and self.words[-3:-2] not in (["what"], ["how"], ["why"]):
            return
        while self.after < min(end, _MOST_AFTER) and (length := self._trails(end - self.after)):
            self.after += length

    def _leads(self, at: int) -> int:
        """How many words belong to the question if everything before them does."""
        word = self.words[at]
        for said in SAID_BEFORE.get(word, ()) if at < _MOST_SAID_BEFORE else ():
            if at + len(said) < len(self.words) and tuple(self.words[at : at + len(said)]) == said:
                return len(said)
        return word in LEADING or (word in LEADING_WITH_OF and self.words[at + 1 : at + 2] == ["of"])

    def _trails(self, end: int) -> int:
        """How many words before ``end`` belong to the question if everything after them does."""
        word = self.words[end - 1]
        for said in SAID_AFTER.get(word, ()):
            if end > len(said) and tuple(self.words[end - len(said) : end]) == said:
                return len(said)
        return word in TRAILING

    def _setting(self, end: int) -> int:
        """How many words at the end say where: *in customer service*."""
        if not self.words or self.words[-1] not in _LAST_OF_SETTINGS:
            return 0
        for length in (4, 3, 2):
            if end > length + 1 and " ".join(self.words[end - length :]) in SETTINGS:
                return length
        return 0

    @property
    def is_all_asking(self) -> bool:
        """Whether there are only question words."""
        return self.before + self.after >= len(self.words)

    @property
    def core(self) -> list[str]:
        """The words without the question; all of them where nothing would be left."""
        return self.words if self.is_all_asking else self.words[self.before : len(self.words) - self.after]

    @property
    def around(self) -> list[str]:
        """The question words before and after the core."""
        return self.words[: self.before] + self.words[len(self.words) - self.after :]

    def spans(self, longest: int) -> Iterator[tuple[int, int]]:
        """Every way of taking question words off both ends, the longest rest first, at most ``longest`` words long."""
        count = len(self.words)
        for off in range(max(0, count - longest), min(self.before + self.after, count - 1) + 1):
            for left in range(min(off, self.before), max(0, off - self.after) - 1, -1):
                yield left, count - (off - left)

    def without_general(self, start: int, end: int) -> Iterator[int]:
        """Where the span may end when words such as *model* or *formula* are taken off it, the fewest first."""
        while end - 1 > start and self.words[end - 1] in GENERAL:
            end -= 1
            yield end

    def asks_for(self, start: int, end: int) -> bool:
        """Whether the words around the span ask what it means, or there are only fillers around it."""
        before, after = self.words[:start], self.words[end:]
        around = before + after
        if before[-2:] in _DONT_GET or before[-2:] == _TELL_ME or (after[:1] == ["thing"] and before[-1:] in _POINTING):
            return True
        if _is_said(before):
            return True
        return not ASKING.isdisjoint(around) or FILLING.issuperset(around)

    def stands_as_term(self, start: int, end: int) -> bool:
        """Whether a span that could be plain English stands where a term would: *what does mean mean*."""
        after = self.words[end] if end < len(self.words) else ""
        if not after and self.words[start] in {"mean", "means"} and "does" in self.words[: start - 1]:
            return False
        if start == 0:
            asked_for = all(word in PLEASE or word in _EXAMPLES for word in self.words[end:])
            return self.words[end:] in _PLAINLY or asked_for or after in ASKING or after in PLEASE
        if self.words[start - 1] == "what":
            return after in {"is", "are", "means", "mean", "stands"}
        return self.words[start - 1] in BEFORE_A_TERM

    def is_question_word(self, start: int, end: int) -> bool:
        """Whether the span has nothing but words of questions."""
        return all(word in LEADING or word in TRAILING for word in self.words[start:end])


def _is_said(before: Sequence[str]) -> bool:
    """Whether the words end with what people say before a term: *i think its*, *go on then*."""
    return any(tuple(before[-len(said) :]) == said for first in before for said in SAID_BEFORE.get(first, ()))


def corrections_in(words: Sequence[str]) -> Iterator[list[str]]:
    """What is meant where somebody corrects himself or spells a letter, and what is left without fillers.

    *Servant perf i mean serve perf*, *swat with an o*, *so yeah can no model*.
    """
    if len(words) > len(_WITH_A_LETTER) and words[-3] == "with" and words[-2] in _ARTICLES and len(words[-1]) == 1:
        yield list(words[:-3])
    for at in range(len(words) - 2, 0, -1):
        if tuple(words[at : at + 2]) in _CORRECTING and at + 2 < len(words) and words[at + 2] != "by":
            yield list(words[at + 2 :])
        elif words[at] == "no" and sound(words[at - 1])[:1] == sound(words[-1])[:1]:
            yield list(words[at + 1 :])
    start, end = 0, len(words)
    while start < end and words[start] in FILLING:
        start += 1
    while start < end and words[end - 1] in FILLING:
        end -= 1
    if start and 1 < end - start <= _FEW_WORDS:
        yield list(words[start:end])


def tail_in(words: Sequence[str]) -> int:
    """Where words begin that only explain or place what is asked before them; 0 where there are none.

    *Like it scale | in surveys*, *swat analysis | like the strengths one*.
    """
    for at in range(1, len(words)):
        begins = words[at] in _TAILS or tuple(words[at : at + 2]) == _YOU_KNOW or _is_the_one(words, at)
        if begins and not all(word in LEADING for word in words[:at]):
            return at
    return 0


def _is_the_one(words: Sequence[str], at: int) -> bool:
    """*The strengths one*, at the end."""
    return words[at] == "the" and words[-1] == "one" and at + 2 < len(words)


def kind_in(words: Sequence[str]) -> list[str]:
    """The one that is named after the kind it is of: *a sort of communication style you know | assertive*."""
    for at in range(len(words) - 1):
        if words[at] in _KINDS and words[at + 1] == "of":
            for end in range(at + 3, len(words)):
                length = 2 if tuple(words[end : end + 2]) in _NAMING else words[end] in _NAMED
                if length and 0 < len(words) - end - length <= _FEW_WORDS:
                    return list(words[end + length :])
    return []
