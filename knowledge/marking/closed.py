"""Multiple choice, putting in order, and matching: marked by letter or number, or by the words themselves.

Letters and numbers refer to what the learner was shown: the options of a choice as authored, and :func:`presented` for
the items of the other two.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from knowledge.marking.gate import says_dont_know, talks_to_marker
from knowledge.marking.result import Gate, MarkResult, MisconceptionFound, PointResult, Span, Status
from knowledge.marking.tokens import read
from knowledge.schema import Question

SURE = 86
"""Similarity (0-100) from which a typed text is taken for an option, if no other comes as near."""
AHEAD = 6

_LABEL = re.compile(
    r"""^\W*(?:(?:i\s+(?:think|choose|pick|say|go\s+(?:for|with))|my\s+answer\s+is|the\s+answer\s+is|answer(?:\s+is)?|it'?s|its|it\s+is|
        option|choice|letter|number|no\.?|is)\W*)*\(?(?P<label>[a-z]|\d{1,2})\)?\W*$""",
    re.VERBOSE | re.IGNORECASE,
)
_LEADING_LABEL = re.compile(r"^\s*\(?(?P<label>[a-z]|\d{1,2})\s*[).:]\s*(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL)
_PAIR = re.compile(
    r"(?<![^\W_])(\d{1,2}|[a-z])\s*(?:[-–—=:>.)→]|->|to|is|goes\s+with|and)*\s*(\d{1,2}|[a-z])(?![^\W_])", re.IGNORECASE
)
_ITEM_BREAK = re.compile(r"\s*(?:\n|;|->|→|>|,|\bthen\b|\band\s+then\b)\s*", re.IGNORECASE)


def presented(question: Question) -> tuple[str, ...]:
    """What is shown under letters: the options, the steps shuffled, or the right sides of the pairs shuffled.

    The shuffle depends on the question's id alone, so that a letter means the same today and tomorrow.
    """
    if question.options:
        return tuple(option.text for option in question.options)
    items = question.order or tuple(pair.right for pair in question.pairs)
    shuffled = sorted(items, key=lambda item: hashlib.sha256(f"{question.id}|{item}".encode()).digest())
    if tuple(shuffled) == tuple(items) and len(shuffled) > 1:
        shuffled = [*shuffled[1:], shuffled[0]]
    return tuple(shuffled)


def given(question: Question, answer: str) -> tuple[str, ...]:
    """What an answer says in the words of the question; empty where it cannot be read.

    Of a choice the option chosen, of an order the steps as they were given, of a match the right side for each left one
    in turn, empty where there is none.
    """
    if question.options:
        chosen = _chosen(answer, [option.text for option in question.options])
        return () if chosen is None else (question.options[chosen].text,)
    if question.order:
        return tuple(_sequence(answer, presented(question)))
    pairs = _pairs(question, answer)
    return tuple(pairs.get(place, "") for place in range(len(question.pairs))) if pairs else ()


def mark_choice(question: Question, answer: str) -> MarkResult:
    """Mark a choice given as a letter, a number or the words of an option."""
    chosen = _chosen(answer, [option.text for option in question.options])
    if chosen is None:
        return _unread(question, answer)
    option = question.options[chosen]
    span = _trimmed(answer)
    status = Status.MET if option.right else Status.NOT_FOUND
    right = next((each for each in question.options if each.right), option)
    point = PointResult("choice", "The choice", right.text, question.marks, status, answer[slice(*span)], span)
    found = (MisconceptionFound(option.misconception, answer[slice(*span)], span),) if option.misconception else ()
    awarded = question.marks if option.right else 0
    return MarkResult(awarded, question.marks, points=(point,), misconceptions=found if not option.right else ())


def mark_order(question: Question, answer: str) -> MarkResult:
    """Mark a sequence given as letters or numbers of :func:`presented`, or as the steps' own words."""
    given = _sequence(answer, presented(question))
    if not given:
        return _unread(question, answer)
    rights = [place < len(given) and given[place] == step for place, step in enumerate(question.order)]
    points = tuple(
        PointResult(f"step-{place}", f"Step {place}", step, 0, Status.MET if right else Status.NOT_FOUND)
        for place, (step, right) in enumerate(zip(question.order, rights, strict=True), 1)
    )
    return _shared_out(question, points, complete=all(rights) and len(given) == len(question.order))


def mark_pairs(question: Question, answer: str) -> MarkResult:
    """Mark pairs given as "1b 2a 3c", or line by line in words; letters refer to :func:`presented`."""
    given = _pairs(question, answer)
    if not given:
        return _unread(question, answer)
    points = tuple(
        PointResult(
            f"pair-{number}",
            pair.left,
            pair.right,
            0,
            Status.MET if given.get(number - 1) == pair.right else Status.NOT_FOUND,
        )
        for number, pair in enumerate(question.pairs, 1)
    )
    return _shared_out(question, points, complete=all(point.status is Status.MET for point in points))


def _shared_out(question: Question, points: tuple[PointResult, ...], *, complete: bool) -> MarkResult:
    """All marks for a complete answer, otherwise the share that is right, rounded down, and never all of them."""
    right = sum(point.status is Status.MET for point in points)
    partly = min(question.marks - 1, question.marks * right // len(points))
    return MarkResult(question.marks if complete else partly, question.marks, points=points)


def _unread(question: Question, answer: str) -> MarkResult:
    text = read(answer)
    gate: Gate | None = Gate.GIBBERISH
    if not text.words:
        gate = Gate.EMPTY
    elif talks_to_marker(answer):
        gate = Gate.TALK_TO_MARKER
    elif says_dont_know(answer, text):
        gate = Gate.DONT_KNOW
    return replace(MarkResult(0, question.marks), gate=gate)


def _trimmed(answer: str) -> Span:
    start = len(answer) - len(answer.lstrip())
    end = max(start, len(answer.rstrip()))
    return start, min(end, start + 160)


def _label_index(label: str, count: int) -> int | None:
    index = int(label) - 1 if label.isdigit() else ord(label.lower()) - ord("a")
    return index if 0 <= index < count else None


def _chosen(answer: str, options: Sequence[str]) -> int | None:
    """The option meant, or ``None``. An answer that names two options chooses none."""
    if label := _LABEL.match(answer):
        return _label_index(label["label"], len(options))
    by_words = _by_words(answer, options)
    leading = _LEADING_LABEL.match(answer)
    if leading is None:
        return by_words
    by_label = _label_index(leading["label"], len(options))
    if by_words is None:
        by_words = _by_words(leading["rest"], options)
    return by_label if by_words in {None, by_label} else None


def _folded(words: str) -> str:
    return " ".join(read(words).words)


def _by_words(answer: str, options: Sequence[str]) -> int | None:
    folded = [_folded(option) for option in options]
    asked = _folded(answer[:400])
    if asked in folded:
        return folded.index(asked)
    near = process.extract(asked, folded, scorer=fuzz.ratio, limit=2)
    if near and near[0][1] >= SURE and (len(near) == 1 or near[0][1] - near[1][1] >= AHEAD):
        return int(near[0][2])
    starting = [i for i, option in enumerate(folded) if len(asked) >= 4 and option.startswith(asked)]
    return starting[0] if len(starting) == 1 else None


def _sequence(answer: str, shown: Sequence[str]) -> list[str]:
    """The items in the order given; empty where it cannot be read."""
    compact = re.sub(r"[\s,.;:>)(→-]+", "", answer)
    if compact.isalnum() and len(compact) == len(shown) and len(set(compact.lower())) == len(compact):
        indexes = [_label_index(label, len(shown)) for label in compact]
        if None not in indexes:
            return [shown[index] for index in indexes if index is not None]
    parts = [part for part in _ITEM_BREAK.split(answer[:4000]) if part.strip()]
    found = [_by_words(re.sub(r"^\s*\d{1,2}[.):]\s*", "", part), shown) for part in parts]
    return [] if None in found else [shown[index] for index in found if index is not None]


def _pairs(question: Question, answer: str) -> dict[int, str]:
    """Left position -> the right side given for it. A left side given twice counts as the last one given."""
    shown = presented(question)
    lefts = [pair.left for pair in question.pairs]
    given: dict[int, str] = {}
    for line in re.split(r"[\n;]", answer[:4000]):
        left, mark, right = _split_pair(line)
        left_index, right_index = _by_words(left, lefts), _by_words(right, shown)
        if mark and left_index is not None and right_index is not None:
            given[left_index] = shown[right_index]
    if given:
        return given
    for first, second in _PAIR.findall(answer[:4000]):
        left_index = _label_index(first, len(lefts))
        right_index = _label_index(second, len(shown))
        if left_index is not None and right_index is not None and first.isdigit() != second.isdigit():
            given[left_index] = shown[right_index]
    return given


def _split_pair(line: str) -> tuple[str, str, str]:
    found = re.search(r"\s*(=|->|→|:|\s[-–—]\s|\bgoes with\b)\s*", line)
    return (line[: found.start()], found[1], line[found.end() :]) if found else (line, "", "")
