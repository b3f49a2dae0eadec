"""The shapes of a course. Everything here is frozen: a change makes a new value.

A course is read from the YAML files of ``knowledge/content/<course>/`` by :mod:`knowledge.loader`, which reports every
violation of these shapes with file and line. Ids are lower case, dotted and stable for ever: learners' histories refer
to them. Lengths are limits of the chat: a card must fit a phone screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from knowledge.arithmetic import ArithmeticProblem
from knowledge.templates import OPENING, filled

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


SourceKind = Literal["concept", "tip", "mistake", "mark", "outcome", "term", "plan", "qtype", "prior"]


class SourceItem(Shape):
    """One item of the source documents, with its gist in our own words."""

    id: Id
    topic: Id
    kind: SourceKind
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


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=30)]
"""The name of a number in a template."""


class Steps(Shape):
    """The values from ``low`` to ``high``, both included, ``step`` apart."""

    low: float
    high: float
    step: float = Field(default=1, gt=0)

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        if not 0 <= (self.high - self.low) / self.step <= 10_000:
            raise ValueError("low must not be above high, and not more than 10,000 steps below it")
        return self

    @property
    def values(self) -> tuple[float, ...]:
        """Every value, in order."""
        count = int((self.high - self.low) / self.step + 1e-9)
        return tuple(round(self.low + self.step * place, 9) for place in range(count + 1))


class Trap(Shape):
    """A wrong result with a known cause, as arithmetic over the numbers of a template."""

    value: Text
    why: Text


class Template(Shape):
    """A calculation with holes for its numbers; :mod:`knowledge.templates` fills them.

    ``stem``, ``model_answer`` and ``working`` hold ``{name}``, or ``{name:.1f}`` with a number of decimals. The last
    two may hold ``{result}`` as well. ``derive``, ``value``, ``where`` and traps are arithmetic over the names.
    """

    vary: Mapping[Name, Steps | Annotated[tuple[float, ...], Field(min_length=1)]] = Field(min_length=1)
    """Name of a number -> the values that it may take."""
    derive: Mapping[Name, Text] = Field(default_factory=dict)
    """Numbers that follow from the others, each from those above it."""
    where: tuple[Text, ...] = ()
    """Comparisons that the numbers must meet, for example ``10 <= detractors < promoters``."""
    stem: Text
    model_answer: Text
    value: Text
    decimals: int = Field(default=0, ge=0, le=2)
    """Places to which result and traps are rounded."""
    tolerance: float = Field(default=0.5, ge=0)
    unit: str = ""
    unit_required: bool = False
    working: tuple[Text, ...] = Field(min_length=1)
    traps: tuple[Trap, ...] = ()


class Pair(Shape):
    """One pair of a matching question."""

    left: Text = Field(max_length=80)
    right: Text = Field(max_length=120)


class Question(Shape):
    """One question. Open kinds carry ``scheme``, closed kinds ``options``, ``number``, ``order`` or ``pairs``.

    A calculation may be given as ``template`` in place of stem, model answer and number: it then stands in the course
    with one choice of numbers, and :func:`knowledge.templates.instantiate` gives it others.
    """

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
    different: Mapping[Id, Text] = Field(default_factory=dict)
    """Questions that read much like this one -> why they are not the same."""
    template: Template | None = None

    @model_validator(mode="before")
    @classmethod
    def _written_by_its_template(cls, given: Any) -> Any:
        if not isinstance(given, dict) or given.get("template") is None:
            return given
        try:
            template = Template.model_validate(given["template"])
            written = filled(template, str(given.get("id")), OPENING)
        except ValidationError:  # the field's own check says what is wrong with it
            return {"stem": "-", "model_answer": "-", "number": {"value": 0}} | given
        except ArithmeticProblem as problem:
            raise ValueError(f"template: {problem}") from problem
        for name in ("stem", "model_answer"):
            if given.get(name, written[name]) != written[name]:
                raise ValueError(f"{name}: the template writes it; change template.{name} instead")
        return given | written

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        carried = {
            "scheme": self.scheme is not None,
            "options": bool(self.options),
            "number": self.number is not None,
            "order": bool(self.order),
            "pairs": bool(self.pairs),
        }
        if self.template is not None and self.kind != "calculation":
            raise ValueError(f"a {self.kind} question has no numbers for a template to choose")
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


class Bank(Shape):
    """How much a course's question bank must hold at least; the lint holds the course to it."""

    questions: Mapping[QuestionKind, int] = Field(default_factory=dict)
    """Kind of question -> how many."""
    serving: Mapping[SourceKind, int] = Field(default_factory=dict)
    """Kind of source item -> how many questions must serve each of them."""
    in_ways: Mapping[SourceKind, int] = Field(default_factory=dict)
    """Kind of source item -> in how many kinds of question each of them must be asked."""
    with_one: Mapping[SourceKind, tuple[QuestionKind, ...]] = Field(default_factory=dict)
    """Kind of source item -> kinds of question of which at least one must serve each of them."""


# -------------------------------------------------------------------------------------------------------------- cases


class Table(Shape):
    """A small set of data: what a firm counted, logged or was told."""

    title: Text = Field(max_length=80)
    columns: tuple[Text, ...] = Field(min_length=1, max_length=6)
    rows: tuple[tuple[int | float | Text, ...], ...] = Field(min_length=1, max_length=15)
    """One cell for each column."""

    @model_validator(mode="after")
    def _is_rectangular(self) -> Self:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells for {len(self.columns)} columns")
        return self


class Case(Shape):
    """A made-up firm with its figures and its customers' words, on which questions may draw."""

    id: Id
    title: Text = Field(max_length=60)
    firm: Text = Field(max_length=60)
    sector: Text = Field(max_length=40)
    brief: Text = Field(max_length=900)
    tables: tuple[Table, ...] = Field(min_length=1, max_length=6)
    terms: tuple[Id, ...] = ()
    seeds: tuple[Id, ...] = ()
    """What questions on this case can practise."""
    origin: Origin


# ------------------------------------------------------------------------------------------------------------ figures


class Figure(Shape):
    """A picture that :mod:`knowledge.figures` draws, with the words for those who do not see it.

    It belongs to ``terms``, on whose cards it is offered, or to questions, which name it in ``figure``.
    """

    id: Id
    title: Text = Field(max_length=40)
    """Stands at the head of the picture too."""
    caption: Text = Field(max_length=160)
    """One line under the picture: what to look at, or what to ask oneself."""
    alt: Annotated[str, StringConstraints(strip_whitespace=True, min_length=60, max_length=700)]
    """Everything that the picture says, so that nobody needs to see it."""
    terms: tuple[Id, ...] = ()


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
    mix: tuple[QuestionKind, ...] = ()
    """Kinds of the day's new questions, in the order in which they are put. What comes back is asked in between."""
    terms: tuple[Id, ...]
    seeds: tuple[Id, ...]


class FastTrackDay(Shape):
    """One day of the seven-day track: a pair of plan days."""

    day: int = Field(ge=1, le=7)
    covers: tuple[int, int]
    title: Text = Field(max_length=60)
    why: Text = Field(max_length=200)
    minutes: int = Field(ge=10, le=90)


Letter = Literal["hear", "empathise", "apologise", "take-action", "close"]
"""A step of HEAT, and how a conversation is closed after it."""

Ending = Literal["recovered", "neutral", "escalated"]


class Choice(Shape):
    """One thing a learner may say in a role-play turn."""

    text: Text = Field(max_length=160)
    reply: Text = Field(max_length=240)
    coach: Text = Field(max_length=200)
    mood: Literal[-2, 0, 2]


class RolePlayTurn(Shape):
    """One exchange of a role-play: the letter of HEAT that it practises, and three plausible options."""

    letter: Letter
    line: str = Field(default="", max_length=200)
    """What the customer says or does next, whatever was said before. The first turn has the opening instead."""
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
    endings: Mapping[Ending, Annotated[Text, StringConstraints(max_length=260)]]
    what_if: Text = Field(max_length=240)
    what_if_lines: tuple[Text, ...] = Field(min_length=2, max_length=3)
    """What to compare one's own thoughts on the twist with."""
    law: Law | None = None
    terms: tuple[Id, ...] = Field(min_length=1)
    """The first is the one that is offered to read up on."""
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


MARKING_LANGUAGE = 1
"""The version of the phrase language that the marking reads. ``docs/marking.md`` describes it."""


def _understood(version: int) -> int:
    if version != MARKING_LANGUAGE:
        raise ValueError(
            f"phrases in marking language {version} can not be read; this program reads {MARKING_LANGUAGE}"
        )
    return version


MarkingLanguage = Annotated[int, AfterValidator(_understood)]


class Course(Shape):
    """Everything known about one course, as a value. Look-up and marking take it as an argument."""

    id: Id
    name: Text
    marking_language: MarkingLanguage = MARKING_LANGUAGE
    topics: tuple[Topic, ...]
    bank: Bank = Bank()
    terms: tuple[Term, ...]
    comparisons: tuple[Comparison, ...] = ()
    questions: tuple[Question, ...] = ()
    cases: tuple[Case, ...] = ()
    figures: tuple[Figure, ...] = ()
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
    subjects: Mapping[str, tuple[Id, ...]] = Field(default_factory=dict)
    """Broad words, lower case, and the terms that fall under them, the plainest first."""
