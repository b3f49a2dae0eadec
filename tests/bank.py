"""A bank of two questions whose phrases are known, so that these tests do not hang on the wording of the course."""

from __future__ import annotations

from functools import lru_cache

from bot.application.live_course import LiveCourse
from knowledge.schema import (
    Course,
    Hints,
    LexiconClass,
    MarkingPoint,
    MarkScheme,
    Origin,
    Phrase,
    Question,
    Safeguarding,
    Term,
    Topic,
)

BAKERY = "q.ci.bakery"
STEM = "A bakery cured its slow line in June and never went back to it. Explain why that is not enough."
AGAIN, CHECK, ASK = "again", "check", "ask"
ONE_POINT = "They should measure the waiting time every month."
TWO_POINTS = "They should measure the waiting time every month. Then they ask shoppers what they think."
ALL_POINTS = f"{TWO_POINTS} Improving goes round and never stops."
ADDED = "They could also ask shoppers what they think."
OFF = "The buns were very tasty and the oven stood in the corner all day."
DISPUTED = "They should count the minutes every month. The oven is old."
"""One sentence of it says the point about checking in words that no phrase knows."""
DISPUTED_QUOTE = "They should count the minutes every month."
SAME_WORDS = "I would count the minutes every month to be sure."


def _point(
    name: str, label: str, idea: str, phrases: list[Phrase], accept: list[str], reject: list[str]
) -> MarkingPoint:
    return MarkingPoint(
        id=name, label=label, idea=idea, any_of=tuple(phrases), accept=tuple(accept), reject=tuple(reject)
    )


POINTS = (
    _point(
        AGAIN,
        "It goes on",
        "You say that improving never ends.",
        [Phrase(phrase="<ongoing>"), Phrase(negated="one off")],
        ["Improving goes round and never stops.", "It is ongoing work.", "This must not be a one off."],
        ["It is a one off and that is fine.", "Bread, line, June.", "The bakery is in the high street."],
    ),
    _point(
        CHECK,
        "Results are checked",
        "You say that somebody looks whether the change still works.",
        [Phrase(phrase="<check>")],
        ["They should measure the waiting time.", "Somebody checks it each month.", "They must review how it went."],
        ["They should not measure anything.", "Line, bread, June.", "They count the money in the till each evening."],
    ),
    _point(
        ASK,
        "Customers are asked",
        "You say that customers are asked for their view.",
        [Phrase(all_of=("<ask>", "<customer>"))],
        ["They ask customers.", "A survey of shoppers would help.", "Ask the guests what they think."],
        ["They never ask customers.", "Customers, line, bread.", "They tell the staff to hurry."],
    ),
)


@lru_cache
def bank() -> LiveCourse:
    """The course, built once."""
    first = Question(
        id=BAKERY,
        topic="ci",
        kind="short_answer",
        verb="explain",
        depth=1,
        marks=3,
        stem=STEM,
        model_answer=ALL_POINTS,
        hints=Hints(nudge="What happens next month?", structure="Say what is checked, who is asked, and what follows."),
        scheme=MarkScheme(points=POINTS),
        origin=Origin.ADDED,
    )
    second = first.model_copy(
        update={
            "id": "q.ci.town-library",
            "stem": STEM.replace("bakery", "library"),
            "depth": 2,
            "terms": ("term.baseline",),
        }
    )
    term = Term(
        id="term.baseline",
        topic="ci",
        name="Baseline",
        definition="A first measurement to compare later ones with.",
        example="A bakery times its line before it changes anything.",
        origin=Origin.ADDED,
    )
    course = Course(
        id="small",
        name="Small",
        topics=(Topic(id="ci", name="Continuous improvement", synopsis="Getting better in small steps."),),
        terms=(term,),
        questions=(first, second),
        safeguarding=Safeguarding(
            harm=(Phrase(phrase="hurt myself"),),
            accept=("I will hurt myself.", "i want to hurt myself", "I hurt myself."),
            reject=("The line is long.", "The oven is hot.", "They never ask customers."),
            reply="Please talk to somebody you trust.",
            helplines=("Samaritans 116 123",),
        ),
        lexicon=(
            LexiconClass(id="ongoing", meaning="does not end", forms=("never stops", "ongoing", "goes round")),
            LexiconClass(id="check", meaning="look whether it works", forms=("measure", "check", "review")),
            LexiconClass(id="ask", meaning="ask for a view", forms=("ask", "survey")),
            LexiconClass(id="customer", meaning="who buys", forms=("customer", "shopper", "guest")),
        ),
    )
    return LiveCourse.build(course, revision=0)


def library() -> str:
    """The words by which the second question is known."""
    return STEM.replace("bakery", "library")
