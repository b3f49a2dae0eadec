"""The shapes of a course. Everything here is frozen: a change makes a new value.

A course is read from the YAML files of ``knowledge/content/<course>/`` by :mod:`knowledge.loader`, which reports every
violation of these shapes with file and line. Ids are lower case, dotted and stable for ever: learners' histories refer
to them. Lengths are limits of the chat: a card must fit a phone screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$", max_length=60)]
"""A stable identifier, for example ``term.pdca`` or ``q.ci.one-off-cafe``. Callback data carries it, hence 60."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Plain text without markup. The chat layer escapes it."""


class Shape(BaseModel):
    """Base of everything in a course: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(StrEnum):
    """Where an item comes from: the source documents name it, or the authors added it."""

    SOURCE = "source"
    ADDED = "added"


class Topic(Shape):
    """One of the course's topics."""

    id: Id
    name: Text
    synopsis: Text = Field(max_length=700)
    qualification: str | None = None


class SourceItem(Shape):
    """One item of the source documents, with its gist in our own words."""

    id: Id
    topic: Id
    kind: Literal["concept", "tip", "mistake", "mark", "outcome", "term", "plan", "qtype", "prior"]
    gist: Text = Field(max_length=240)


class Reference(Shape):
    """A work that a fact rests on. ``as_of`` says when it was read."""

    id: Id
    title: Text
    url: str | None = None
    as_of: date | None = None


# ---------------------------------------------------------------------------------------------------------- glossary


class WorkedExample(Shape):
    """A formula with numbers. ``expression`` is arithmetic over ``given``; the tests recompute ``result``."""

    formula: Text = Field(max_length=200)
    given: Mapping[str, float]
    expression: Text
    result: float
    unit: str = ""
    text: Text = Field(max_length=320)


class Confusable(Shape):
    """Another term that learners mix up with this one, and the difference in a sentence."""

    term: Id
    because: Text = Field(max_length=220)


class Law(Shape):
    """Dating of a legal statement: what the law was, as of when, and what changed."""

    as_of: date
    note: Text = Field(max_length=300)


class Term(Shape):
    """One glossary entry."""

    id: Id
    topic: Id
    name: Text = Field(max_length=60)
    aliases: tuple[Text, ...] = ()
    abbreviations: tuple[Text, ...] = ()
    suggest_only: tuple[Text, ...] = ()
    """Forms that are too ambiguous to open a card: they only ever open a list."""
    definition: Text = Field(max_length=260)
    """One sentence of at most 30 words that starts with the kind of thing it is, not with the term's name."""
    explanation: str = Field(default="", max_length=700)
    """At most 90 words: how it works and why it matters."""
    example: Text = Field(max_length=420)
    """A customer-service example with a concrete place and, where it helps, numbers."""
    confusable: tuple[Confusable, ...] = ()
    related: tuple[Id, ...] = ()
    worked: WorkedExample | None = None
    asked_as: tuple[Text, ...] = ()
    """How a learner would ask for it without knowing the word. Feeds look-up by meaning."""
    law: Law | None = None
    sources: tuple[Id, ...] = ()
    """Ids of :class:`Reference`."""
    seeds: tuple[Id, ...] = ()
    """Ids of :class:`SourceItem` that this entry serves."""
    origin: Origin
    confirmed: bool = True
    """False where a fact could not be confirmed: shown, but never asked."""


class Comparison(Shape):
    """Two terms side by side."""

    id: Id
    terms: tuple[Id, Id]
    alike: Text = Field(max_length=260)
    different: Text = Field(max_length=420)
    use_first: Text = Field(max_length=220)
    use_second: Text = Field(max_length=220)
    origin: Origin


# ---------------------------------------------------------------------------------------------------------- marking


class LexiconClass(Shape):
    """A concept class such as ``<ongoing>``: every way of saying one idea. Used inside phrases."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    meaning: Text = Field(max_length=160)
    forms: tuple[Text, ...] = Field(min_length=1)
    """Each form is a phrase without classes: words, ``word*`` (prefix), ``=word`` (that form only)."""


class Phrase(Shape):
    """One way of earning a point. Exactly one of ``phrase``, ``all_of`` and ``negated`` is given.

    ``phrase``: tokens in this order, at most ``gap`` other words between two of them, inside one sentence.
    ``all_of``: slots in any order that must all stand in one sentence, or within ``window`` words of each other.
    ``negated``: a phrase that counts only where the learner denies it ("not a one-off", "rather than a one-off").
    A token is a word (matched by its stem), ``word*`` (a prefix), ``=word`` (that form only) or ``<class>``.
    """

    phrase: str | None = None
    all_of: tuple[Text, ...] = ()
    negated: str | None = None
    gap: int = Field(default=3, ge=0, le=8)
    window: int = Field(default=16, ge=2, le=40)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum((self.phrase is not None, bool(self.all_of), self.negated is not None)) != 1:
            raise ValueError("give exactly one of phrase, all_of and negated")
        return self


class MarkingPoint(Shape):
    """One idea that earns marks, with its own tests."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=30)]
    idea: Text = Field(max_length=200)
    """As an assessor would put it, addressed to the learner: it is shown when the point is found or missed."""
    label: Text = Field(max_length=60)
    """A few words for the result card, for example "A cycle, not a one-off"."""
    seeds: tuple[Id, ...] = ()
    kind: Literal["explain", "list"] = "explain"
    marks: int = Field(default=1, ge=1, le=4)
    any_of: tuple[Phrase, ...] = Field(min_length=1)
    contradicted_by: tuple[Phrase, ...] = ()
    """Ways of saying the opposite: they show as a contradiction and win over nothing else in the answer."""
    slot: (
        Literal["problem", "needs", "model", "response", "reason", "outcome", "for", "against", "judgement"] | None
    ) = None
    """The part of a longer answer this point belongs to."""
    accept: tuple[Text, ...] = Field(min_length=3)
    reject: tuple[Text, ...] = Field(min_length=3)
    """One negated, one word list, one fluent but wrong, at least."""


class Misconception(Shape):
    """A wrong idea that sounds right: how learners put it, why it tempts, and what is true."""

    id: Id
    topic: Id
    name: Text = Field(max_length=80)
    believed: Text = Field(max_length=200)
    why_tempting: Text = Field(max_length=260)
    correction: Text = Field(max_length=320)
    any_of: tuple[Phrase, ...] = Field(min_length=1)
    accept: tuple[Text, ...] = Field(min_length=3)
    """Answers that show the misconception."""
    reject: tuple[Text, ...] = Field(min_length=3)
    """Answers that do not, for example ones that argue against it."""
    retests: tuple[Id, ...] = ()
    """Questions that ask for the same idea in another context."""
    terms: tuple[Id, ...] = ()
    seeds: tuple[Id, ...]
    origin: Origin


class MarkScheme(Shape):
    """How a typed answer earns its marks: the points, and how many marks they can earn together."""

    points: tuple[MarkingPoint, ...] = Field(min_length=1, max_length=10)
    misconceptions: tuple[Id, ...] = ()
    """Misconceptions that are looked for in answers to this question."""


Verb = Literal[
    "identify", "state", "define", "outline", "summarise", "describe", "calculate", "demonstrate", "select", "explain",
    "apply", "interpret", "compare", "plan", "monitor", "discuss", "analyse", "assess", "evaluate", "justify",
    "recommend", "review", "predict", "reflect", "order", "match", "choose", "correct",
]  # fmt: skip

QuestionKind = Literal[
    "short_answer", "multiple_choice", "spot_mistake", "calculation", "scenario", "discussion", "evaluation",
    "order", "match",
]  # fmt: skip


class Hints(Shape):
    """Two steps of help: a nudge towards the idea, then the structure of a good answer."""

    nudge: Text = Field(max_length=240)
    structure: Text = Field(max_length=320)


class Option(Shape):
    """One answer of a multiple-choice question."""

    text: Text = Field(max_length=120)
    why: Text = Field(max_length=240)
    """Why it is right, or what makes it tempting and wrong."""
    right: bool = False
    misconception: Id | None = None


class NumberSought(Shape):
    """The result of a calculation. ``tolerance`` is absolute, in the answer's own unit."""

    value: float
    tolerance: float = Field(default=0.5, ge=0)
    unit: str = ""
    unit_required: bool = False
    working: tuple[Text, ...] = ()
    """Steps shown in the correction."""
    traps: Mapping[str, Text] = Field(default_factory=dict)
    """Wrong results that have a known cause: the number as text, and what went wrong."""


class Pair(Shape):
    """One pair of a matching question."""

    left: Text = Field(max_length=80)
    right: Text = Field(max_length=120)


class Question(Shape):
    """One question. Open kinds carry ``scheme``, closed kinds ``options``, ``number``, ``order`` or ``pairs``."""

    id: Id
    topic: Id
    kind: QuestionKind
    verb: Verb
    depth: Literal[1, 2, 3]
    marks: int = Field(ge=1, le=12)
    stem: Text = Field(max_length=600)
    answer_length: Text = Field(default="One to three sentences.", max_length=80)
    terms: tuple[Id, ...] = ()
    seeds: tuple[Id, ...] = ()
    origin: Origin
    model_answer: Text = Field(max_length=1600)
    hints: Hints
    scheme: MarkScheme | None = None
    options: tuple[Option, ...] = ()
    number: NumberSought | None = None
    order: tuple[Text, ...] = ()
    pairs: tuple[Pair, ...] = ()
    case: Id | None = None
    figure: Id | None = None
    what_if: str | None = None
    confirmed: bool = True

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        carried = {
            "scheme": self.scheme is not None,
            "options": bool(self.options),
            "number": self.number is not None,
            "order": bool(self.order),
            "pairs": bool(self.pairs),
        }
        wanted = {
            "multiple_choice": "options",
            "calculation": "number",
            "order": "order",
            "match": "pairs",
        }.get(self.kind, "scheme")
        if not carried.pop(wanted):
            raise ValueError(f"a {self.kind} question needs {wanted}")
        if extra := [name for name, there in carried.items() if there]:
            raise ValueError(f"a {self.kind} question carries {wanted}, not {', '.join(extra)}")
        return self


# --------------------------------------------------------------------------------------------------- plan, tips, play


class Tip(Shape):
    """A line a tutor can send to a class as it stands."""

    id: Id
    topic: Id
    title: Text = Field(max_length=60)
    text: Text = Field(max_length=480)
    terms: tuple[Id, ...] = ()
    seeds: tuple[Id, ...]
    origin: Origin


class PlanDay(Shape):
    """One day of the plan. ``seeds`` are the source items whose questions belong to this day."""

    day: int = Field(ge=1, le=14)
    step: Id
    title: Text = Field(max_length=60)
    aim: Text = Field(max_length=160)
    why: Text = Field(max_length=200)
    """Why this today, in one line that a learner reads."""
    activity: Text = Field(max_length=320)
    journal: Text = Field(max_length=160)
    minutes: int = Field(ge=5, le=60)
    terms: tuple[Id, ...]
    seeds: tuple[Id, ...]


class FastTrackDay(Shape):
    """One day of the seven-day track: a pair of plan days."""

    day: int = Field(ge=1, le=7)
    covers: tuple[int, int]
    title: Text = Field(max_length=60)
    why: Text = Field(max_length=200)
    minutes: int = Field(ge=10, le=90)


class Choice(Shape):
    """One thing a learner may say in a role-play turn."""

    text: Text = Field(max_length=160)
    reply: Text = Field(max_length=240)
    coach: Text = Field(max_length=200)
    mood: Literal[-2, 0, 2]


class RolePlayTurn(Shape):
    """One exchange of a role-play: the letter of HEAT that it practises, and three plausible options."""

    letter: Literal["hear", "empathise", "apologise", "take-action", "close"]
    choices: tuple[Choice, Choice, Choice]


class RolePlay(Shape):
    """A difficult customer, five turns, three endings."""

    id: Id
    title: Text = Field(max_length=60)
    persona: Text = Field(max_length=200)
    channel: Text = Field(max_length=40)
    opening: Text = Field(max_length=320)
    mood: int = Field(ge=0, le=10)
    depth: Literal[1, 2, 3]
    day: int = Field(ge=1, le=14)
    turns: tuple[RolePlayTurn, ...] = Field(min_length=5, max_length=5)
    endings: Mapping[Literal["recovered", "neutral", "escalated"], Text]
    what_if: Text = Field(max_length=240)
    terms: tuple[Id, ...] = ()
    seeds: tuple[Id, ...]
    origin: Origin


class Safeguarding(Shape):
    """Words of harm or abuse, and what is said to somebody who writes them."""

    harm: tuple[Phrase, ...] = Field(min_length=1)
    unless: tuple[Phrase, ...] = ()
    """Figures of speech that are not meant ("the queue is killing me")."""
    accept: tuple[Text, ...] = Field(min_length=3)
    reject: tuple[Text, ...] = Field(min_length=3)
    reply: Text = Field(max_length=700)
    helplines: tuple[Text, ...] = Field(min_length=1)


class Course(Shape):
    """Everything known about one course, as a value. Look-up and marking take it as an argument."""

    id: Id
    name: Text
    topics: tuple[Topic, ...]
    terms: tuple[Term, ...]
    comparisons: tuple[Comparison, ...] = ()
    questions: tuple[Question, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    lexicon: tuple[LexiconClass, ...] = ()
    tips: tuple[Tip, ...] = ()
    plan: tuple[PlanDay, ...] = ()
    fast_track: tuple[FastTrackDay, ...] = ()
    roleplays: tuple[RolePlay, ...] = ()
    source_items: tuple[SourceItem, ...] = ()
    references: tuple[Reference, ...] = ()
    safeguarding: Safeguarding | None = None
    ambiguous: Mapping[str, tuple[Id, ...]] = Field(default_factory=dict)
    """Forms that several terms share on purpose, lower case: they open a list."""
