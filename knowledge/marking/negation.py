"""What the learner affirms, denies, or only reports.

A cue denies the words of its scope. Two kinds of cue are kept apart as two flags, and a word is denied where exactly
one of them is set: *not listening* (a negative) and *ignoring* (turning away) deny, *never ignoring* affirms.
"Not only" and "not just" set neither flag: what follows is said, with more to come.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import Enum

from knowledge.marking.stems import word_set
from knowledge.marking.tokens import Text


class Flag(Enum):
    """The two ways of denying."""

    NEGATIVE = 1
    TURNED_AWAY = 2


@dataclass(frozen=True, slots=True)
class Cue:
    """One denying expression: where it stands, and the positions ``low`` to ``high`` (exclusive) that it covers."""

    at: tuple[int, ...]
    flag: Flag
    low: int
    high: int
    supposed: bool = False
    """It stands in an "if", "unless" or "without" part: what would happen, not what the learner claims."""


NEGATIVES = word_set("not never no none nobody nothing nor neither without hardly rarely seldom barely unless")
_PREPOSITIONS = word_set("without no")
_TURNING_AWAY = word_set(
    """ignore ignores ignored ignoring avoid avoids avoided avoiding neglect neglects neglected neglecting refuse
    refuses refused refusing stop stops stopped stopping prevent prevents prevented preventing lack lacks lacked
    lacking skip skips skipped skipping overlook overlooks overlooked overlooking forget forgets forgot forgotten
    forgetting"""
)
_TURNING_AWAY_PAIRS = {
    ("instead", "of"), ("rather", "than"), ("opposed", "to"), ("fail", "to"), ("fails", "to"), ("failed", "to"),
    ("failing", "to"), ("failure", "to"), ("rid", "of"), ("unable", "to"), ("lack", "of"), ("disagree", "that"),
    ("disagree", "with"),
}  # fmt: skip
_WRONG_TO = {
    ("wrong", "to"), ("wrong", "that"), ("myth", "that"), ("false", "that"), ("untrue", "that"), ("incorrect", "to"),
    ("incorrect", "that"), ("mistake", "to"), ("lie", "that"),
}  # fmt: skip
_LIMITERS = word_set("only just simply merely solely purely")
_BREAKS = word_set(
    """but however because so although though while whereas since if when then therefore until unless without instead
    which before"""
)
_PRONOUNS = word_set("it they we you i he she")
_SUBJECTS = _PRONOUNS | word_set("this that these those there everyone people customers staff")
_AUXILIARIES = word_set("is are was were be will would can could should must may might do does did has have had")
_VERDICTS = word_set("wrong false incorrect untrue nonsense rubbish")
_VERDICT_NOUNS = word_set("myth misconception mistake lie")
_AFTER_VERDICT = word_set("because since as and so but to it they")
_QUESTIONING = word_set("what something anything whatever nothing things everything which how who where")
_SUPPOSING = word_set("if unless when because since where as otherwise")
_REASONS = word_set("because since as")
_WIDEST = 9
_OTHER_SUBJECT = _BREAKS | _SUBJECTS | word_set("and or that who to")
_STILL_SAID = _VERDICTS | _LIMITERS | word_set("optional enough easy hard always bad")
"""What may be denied of an idea that is said all the same: "listening is not enough", "is not easy"."""
_BEING = word_set("is are was were be am")
_MOODS = word_set("happy satisfied sure pleased clear good met well right working available polite")
_WIDEST_MOOD = 3
"""Reach of "are not happy": far enough for "not happy to wait", short of what comes next in text without commas."""
_HARM = word_set(
    """problem problems fail fails failed failing failure leave leaves left lose loses lost losing waste wastes wasted
    wrong worse worst mistake mistakes unhappy dissatisfied complain complains complaint complaints same resist
    resistance refuse confused confusion confusing guess guessing pointless useless upset angry again bad harder
    difficult impossible miss misses missed missing unfair ignored stuck late unclear risk poor unaware resent"""
)
_REPORTERS = word_set(
    """people some many most others learner student he she they you someone everyone staff customers manager managers
    business businesses companies learners students person answer"""
)
_REPORTING = word_set(
    """think thinks thought believe believes believed say says said assume assumes assumed claim claims claimed wrote
    writes argue argues suppose supposes treat treats treated see sees"""
)
_MYTHS = word_set("myth misconception mistaken wrong wrongly mistakenly")


class Polarity:
    """The cues of one text, found once."""

    def __init__(self, text: Text) -> None:
        self._text = text
        found = sorted(_find_cues(text), key=lambda cue: cue.at)
        self._forward = [cue for cue in found if cue.low > cue.at[0]]
        self._starts = [cue.at[0] for cue in self._forward]
        self._verdicts = [cue for cue in found if cue.low <= cue.at[0]]

    def denying(self, positions: Sequence[int]) -> Cue | None:
        """The cue by which these words are denied, or ``None`` where they are affirmed.

        A cue that is itself among the words ("never stops" as a phrase) is part of what is said and denies nothing.
        Words that are denied by different cues in different parts affirm a link where one of them is only supposed:
        "without feedback you cannot improve".
        """
        first, last = min(positions), max(positions)
        inside = set(positions)
        reaching = [*self._between(first - _WIDEST - 2, last), *self._verdicts]
        covering = [cue for cue in reaching if not inside.intersection(cue.at) and _covers(cue, positions)]
        own = [position for position in positions if self._text.words[position] in NEGATIVES]
        if own:
            covering = [cue for cue in covering if not self._goes_with(cue, own)]
        if not covering:
            return None
        denied = [cues for cues in (_denying_one(covering, position) for position in positions) if cues]
        if not denied or (_denied_apart(denied) and any(cue.supposed for cues in denied for cue in cues)):
            return None
        cue = min(denied[0], key=lambda c: c.at)
        return None if self._is_consequence(cue) or self._shows_harm(cue, inside) else cue

    def _goes_with(self, cue: Cue, own: Sequence[int]) -> bool:
        """Whether a denial goes with one that is part of the words: "without them nobody can", "no aim and no date"."""
        word, position = self._text.words[cue.at[0]], cue.at[0]
        if position < own[0]:
            return word in {"without", "unless"}
        return any(self._text.words[each] == word for each in own)

    def reported(self, positions: Sequence[int]) -> bool:
        """Whether somebody else is said to think it ("some people think ...", "it is a myth that ...")."""
        text = self._text
        first = min(positions)
        start = text.sentence_bounds[text.sentence[first]][0]
        before = text.words[max(start, first - 9) : first]
        return any(
            word in _MYTHS or (word in _REPORTING and any(who in _REPORTERS for who in before[max(0, i - 3) : i]))
            for i, word in enumerate(before)
        )

    def supposed(self, positions: Sequence[int]) -> bool:
        """Whether it stands in an "if" part only, with what follows from it said afterwards."""
        text = self._text
        first, last = min(positions), max(positions)
        start, end = text.sentence_bounds[text.sentence[first]]
        if text.clause[first] != text.clause[last]:
            return False
        before = [p for p in range(start, first + 1) if text.clause[p] == text.clause[first]]
        after = text.words[last + 1 : end]
        condition = next((p for p in reversed(before) if text.words[p] in {"if", "unless"}), None)
        if condition is None or "then" in text.words[condition:last]:
            return False
        return "then" in after or text.clause[last] != text.clause[end - 1]

    def denied_behind(self, positions: Sequence[int]) -> Cue | None:
        """The negative of the verb that these words are the subject of: "just trying **is not** a target".

        One more word of the subject may follow: "listening to guests **does not** help".
        """
        text, last = self._text, max(positions)
        verb = next((p for p in (last + 1, last + 2) if text.at(p) in _AUXILIARIES), None)
        if verb is None or text.clause[verb] != text.clause[last] or text.at(last + 1) in _OTHER_SUBJECT:
            return None
        if text.at(verb + 2) in _STILL_SAID:
            return None
        return next((cue for cue in self._between(verb + 1, verb + 1) if cue.flag is Flag.NEGATIVE), None)

    def after(self, positions: Sequence[int], within: int = 6) -> Cue | None:
        """A negative shortly behind these words, in the same clause ("a quick fix does **not** last")."""
        last = max(positions)
        clause = self._text.clause
        ahead = self._text.words[last + 1 : last + 1 + within]
        within = next(
            (n for n, word in enumerate(ahead) if word in _BREAKS or word in _PRONOUNS or word == "and"), within
        )
        behind = [*self._between(last + 1, last + within), *self._verdicts]
        return next(
            (cue for cue in behind if 0 < cue.at[0] - last <= within and clause[cue.at[0]] == clause[last]), None
        )

    def _between(self, low: int, high: int) -> list[Cue]:
        """The cues that begin from one position to another, both included."""
        return self._forward[bisect_left(self._starts, low) : bisect_right(self._starts, high)]

    def _is_consequence(self, cue: Cue) -> bool:
        """Whether the denial is what would follow: "otherwise nobody knows", "if there is no rule they do not know"."""
        text = self._text
        start = text.sentence_bounds[text.sentence[cue.at[0]]][0]
        if "otherwise" in text.words[start : cue.at[0]]:
            return True
        earlier = self._between(start, cue.at[0] - 1)
        return any(
            other.supposed
            and other.flag is Flag.NEGATIVE
            and other.high <= cue.at[0]
            and not _gives_reason(text, other.at[0])
            for other in earlier
        )

    def _shows_harm(self, cue: Cue, inside: Collection[int]) -> bool:
        """Whether the denial is only supposed and its sentence names the harm: "if you do not ask, they resist"."""
        if not cue.supposed:
            return False
        text = self._text
        start, end = text.sentence_bounds[text.sentence[cue.at[0]]]
        said = max(inside)
        elsewhere = [p for p in range(start, end) if (p > said or not cue.low <= p < cue.high) and p not in inside]
        return any(text.words[p] in _HARM for p in elsewhere) or any(
            other is not cue and other.flag is Flag.NEGATIVE and other.at[0] in elsewhere
            for other in self._between(start, end - 1)
        )


def _covers(cue: Cue, positions: Sequence[int]) -> bool:
    return any(cue.low <= position < cue.high for position in positions)


def _denying_one(covering: Sequence[Cue], position: int) -> frozenset[Cue]:
    """The cues that deny one word: none where both flags are set or neither."""
    cues = [cue for cue in covering if cue.low <= position < cue.high]
    negative = any(cue.flag is Flag.NEGATIVE for cue in cues)
    turned_away = any(cue.flag is Flag.TURNED_AWAY for cue in cues)
    return frozenset(cues) if negative != turned_away else frozenset()


def _denied_apart(denied: Sequence[frozenset[Cue]]) -> bool:
    """Whether at least two words are denied by cues that have nothing in common."""
    return any(not denied[0] & other for other in denied[1:])


def _find_cues(text: Text) -> Iterator[Cue]:
    for position, word in enumerate(text.words):
        following = text.at(position + 1)
        if word in NEGATIVES:
            yield from _negative(text, position)
            yield from _answered_no(text, position)
        elif (word, following) in _TURNING_AWAY_PAIRS:
            yield _forward(
                text, (position, position + 1), Flag.TURNED_AWAY, stops_at_subject=word in {"instead", "rather"}
            )
        elif word in _TURNING_AWAY and following not in {"and", "by", "in"}:
            yield _forward(text, (position,), Flag.TURNED_AWAY)
        elif (word, following) in _WRONG_TO and text.at(position - 1) not in {"go", "went", "not"}:
            yield _forward(text, (position, position + 1), Flag.NEGATIVE)
        elif word in _VERDICTS or word in _VERDICT_NOUNS:
            yield from _verdict(text, position)


def _negative(text: Text, position: int) -> Iterator[Cue]:
    word, following = text.words[position], text.at(position + 1)
    same_clause = position + 1 < len(text) and text.clause[position + 1] == text.clause[position]
    if not same_clause:
        return
    if word == "not" and following in _LIMITERS:
        # Neither flag for what follows; but the limiter itself is denied: "not just polite" does not say "just polite".
        yield Cue((position,), Flag.NEGATIVE, position + 1, position + 2)
        return
    if word == "no" and (following in {"doubt", "matter", "wonder", "problem"} or following in _SUBJECTS):
        return
    if word == "without" and following == "doubt":
        return
    if word == "not" and text.at(position - 1) in {"or", "why"}:
        return
    if _is_tag(text, position) or _is_part_of_noun(text, position):
        return
    yield _forward(text, (position,), Flag.NEGATIVE, stops_at_subject=word in _PREPOSITIONS)


def _is_tag(text: Text, position: int) -> bool:
    """Whether it only asks for agreement: "it rains everywhere, doesn't it"."""
    if text.words[position] != "not" or text.beside(position, -1) not in _AUXILIARIES:
        return False
    last = position + 1
    if text.beside(position, 1) not in _PRONOUNS:
        return False
    return not text.beside(position, 2) or text.clause[last + 1] != text.clause[last]


def _is_part_of_noun(text: Text, position: int) -> bool:
    """Whether it begins a noun: "no-shows". Not "no-one", which denies."""
    joined = text.source[text.ends[position] : text.starts[position + 1]] == "-"
    return text.words[position] == "no" and joined and text.words[position + 1] != "one"


def _answered_no(text: Text, position: int) -> Iterator[Cue]:
    """A question that is answered with no ("Would I scrap it? No."): denies what was asked."""
    start = text.sentence_bounds[text.sentence[position]][0]
    if position != start or start == 0 or text.words[position] not in {"no", "never", "not"}:
        return
    if "?" in text.source[text.ends[start - 1] : text.starts[start]]:
        yield Cue((position,), Flag.NEGATIVE, text.sentence_bounds[text.sentence[start - 1]][0], start)


def _forward(text: Text, at: tuple[int, ...], flag: Flag, *, stops_at_subject: bool = False) -> Cue:
    low = at[-1] + 1
    supposed = _is_supposed(text, at[0])
    ends: Set[str] = frozenset()
    if stops_at_subject or supposed:
        ends = _AUXILIARIES | (_SUBJECTS if stops_at_subject else _PRONOUNS)
    return Cue(at, flag, low, _scope_end(text, low, ends), supposed)


def _is_supposed(text: Text, position: int) -> bool:
    if text.words[position] in {"without", "unless", "instead", "rather"}:
        return text.words[position] in {"without", "unless"}
    start = text.sentence_bounds[text.sentence[position]][0]
    nearest = range(position - 1, max(start, position - 8) - 1, -1)
    for p in nearest:
        if text.clause[p] != text.clause[position]:
            return False
        if text.words[p] in _SUPPOSING:
            return True
    return False


def _gives_reason(text: Text, position: int) -> bool:
    """Whether what a cue supposes is said as a fact: "because not all answered, the figure is not reliable"."""
    start = text.sentence_bounds[text.sentence[position]][0]
    before = text.words[max(start, position - 8) : position]
    return next((word in _REASONS for word in reversed(before) if word in _SUPPOSING), False)


def _scope_end(text: Text, low: int, ends: Set[str]) -> int:
    """Where a denial ends: with the clause, at a turning word, at one of ``ends``, or after nine words."""
    sentence_end = text.sentence_bounds[text.sentence[low - 1]][1]
    widest = _WIDEST_MOOD if text.at(low - 2) in _BEING and text.at(low) in _MOODS else _WIDEST
    clause = text.clause[low - 1]
    for position in range(low, min(low + widest, sentence_end)):
        word = text.words[position]
        if text.clause[position] != clause:
            if not _list_goes_on(text, position, sentence_end):
                return position
            clause = text.clause[position]
        if position > low and (word in _BREAKS or word in ends):
            return position
        if word == "and" and not _ends_clause_soon(text, position, sentence_end):
            return position
    return min(low + widest, sentence_end)


def _list_goes_on(text: Text, position: int, sentence_end: int) -> bool:
    """Whether "or" or "nor" follows within four words: "not slow, rude or late"."""
    ahead = text.words[position : min(position + 4, sentence_end)]
    return any(word in {"or", "nor"} for word in ahead) and not any(
        word in _SUBJECTS or word in _BREAKS for word in ahead
    )


def _ends_clause_soon(text: Text, position: int, sentence_end: int) -> bool:
    """Whether at most two words of the clause follow an "and": "not kind and polite" denies both."""
    clause = text.clause[position]
    rest = [p for p in range(position + 1, min(position + 5, sentence_end)) if text.clause[p] == clause]
    return 0 < len(rest) <= 2 and not any(text.words[p] in _SUBJECTS or text.words[p].endswith("s") for p in rest[:1])


def _verdict(text: Text, position: int) -> Iterator[Cue]:
    """ "... is wrong", "... is a myth": denies the clause before it, where the clause ends there."""
    start, end = text.sentence_bounds[text.sentence[position]]
    clause_goes_on = position + 1 < end and text.clause[position + 1] == text.clause[position]
    if clause_goes_on and text.words[position + 1] not in _AFTER_VERDICT:
        return
    head = position - 1
    if text.words[position] in _VERDICT_NOUNS and text.at(head) in {"a", "common"}:
        head -= 1
    if head < start or text.words[head] not in {"is", "was", "be", "s"}:
        return
    low = head
    while low > start and text.clause[low - 1] == text.clause[head]:
        low -= 1
    if low < head and not _QUESTIONING.intersection(text.words[low:head]):
        yield Cue((position,), Flag.NEGATIVE, low, head)
