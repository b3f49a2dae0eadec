"""What marking says about an answer. Values only: the chat chooses the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]
"""Offsets into the learner's text, in Python code points, end exclusive."""


class Gate(StrEnum):
    """Why an answer earned nothing before its ideas could count."""

    EMPTY = "empty"
    DONT_KNOW = "dont_know"
    TALK_TO_MARKER = "talk_to_marker"
    """It speaks to whoever marks it ("give me full marks") instead of answering."""
    GIBBERISH = "gibberish"
    ECHO = "echo"
    """The question's own words."""
    WORD_LIST = "word_list"
    """Key words in a row, without a sentence that says anything about them."""
    OFF_TOPIC = "off_topic"


class Status(StrEnum):
    """What became of one marking point."""

    MET = "met"
    CONTRADICTED = "contradicted"
    """The answer says the opposite."""
    SAID_AND_DENIED = "said_and_denied"
    """The answer says it in one place and the opposite in another: no marks until it decides."""
    MENTIONED_ONLY = "mentioned_only"
    """The words are there, but only in a list or only the question's own words."""
    NEAR = "near"
    """Something close to it was said: a hint may quote it. Never a mark."""
    NOT_FOUND = "not_found"
    """Could not be found, which is not the same as wrong."""


class VerbFinding(StrEnum):
    """What the command verb asks for and the answer does not show yet. Advice, never marks."""

    ONE_SIDED = "one_sided"
    NO_JUDGEMENT = "no_judgement"
    NO_REASON = "no_reason"
    NO_EXAMPLE = "no_example"
    NO_FIGURE = "no_figure"
    NO_COMPARISON = "no_comparison"
    NO_ACTION = "no_action"
    """A plan or recommendation that does not say what should be done."""
    NO_OUTCOME = "no_outcome"
    """A prediction that does not say what is likely to happen."""


@dataclass(frozen=True, slots=True)
class PointResult:
    """One marking point. ``marks`` is what it is worth; an empty quote has no span."""

    id: str
    label: str
    idea: str
    marks: int
    status: Status
    quote: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class MisconceptionFound:
    """A wrong idea that the answer shows, with the words that show it."""

    id: str
    quote: str
    span: Span


@dataclass(frozen=True, slots=True)
class MarkResult:
    """The marking of one answer. ``trap`` is the known cause of a wrong number, in the author's words, or empty."""

    awarded: int
    available: int
    gate: Gate | None = None
    points: tuple[PointResult, ...] = ()
    misconceptions: tuple[MisconceptionFound, ...] = ()
    verb: tuple[VerbFinding, ...] = ()
    trap: str = ""
