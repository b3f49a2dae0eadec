"""A small course with one question of each closed kind, whose right answers these tests know."""

from __future__ import annotations

import re

from bot.application.live_course import LiveCourse
from knowledge.marking.closed import presented
from knowledge.schema import (
    Case,
    Course,
    Hints,
    Misconception,
    Option,
    Origin,
    Pair,
    Phrase,
    Question,
    Steps,
    Table,
    Template,
    Term,
    Topic,
    Trap,
)
from tests.bank import bank

SHOP = "case.corner-shop"
RIGHT = "Ask shoppers what they think"
WRONG = "Wait until somebody complains"
OTHER = ("Buy a new till", "Paint the front door")
HINTS = Hints(nudge="Who knows best?", structure="Think of who is in the shop.")
BELIEF = "mis.silence"


def _question(name: str, **values: object) -> Question:
    shared = {
        "id": f"q.ci.{name}",
        "topic": "ci",
        "depth": 1,
        "hints": HINTS,
        "origin": Origin.ADDED,
    }
    written = {} if "template" in values else {"model_answer": "-"}
    return Question.model_validate(shared | written | values)


def choice(name: str = "choice") -> Question:
    """Four options, of which one carries a misconception."""
    return _question(
        name,
        kind="multiple_choice",
        verb="choose",
        marks=1,
        stem=f"A shop wants to hear how it does ({name}). What helps most?",
        case=SHOP,
        options=[
            Option(text=RIGHT, why="They were there and can say it.", right=True),
            Option(text=WRONG, why="Most people just leave.", misconception=BELIEF),
            *(Option(text=text, why="That tells nobody anything.") for text in OTHER),
        ],
    )


def total() -> Question:
    """A sum whose numbers are fresh each time: takings, in pounds."""
    return _question(
        "total",
        kind="calculation",
        verb="calculate",
        marks=2,
        template=Template(
            vary={"buns": Steps(low=30, high=90), "price": Steps(low=2, high=6)},
            stem="A shop sells {buns} buns at £{price} each. What does it take?",
            model_answer="{buns} x {price} = £{result}",
            value="buns * price",
            unit="£",
            working=("Buns times price", "{buns} x {price} = £{result}"),
            traps=(Trap(value="buns + price", why="The two were added, not multiplied."),),
        ),
    )


STEPS = ("Count the queue", "Try a second till", "Count the queue again", "Keep what worked")


def order() -> Question:
    """Four steps."""
    return _question("order", kind="order", verb="order", marks=2, stem="Put the trial into order.", order=STEPS)


PAIRS = (("Asks how happy you are", "CSAT"), ("Asks if you would recommend", "NPS"), ("Asks how easy it was", "CES"))


def match() -> Question:
    """Three pairs."""
    pairs = [Pair(left=left, right=right) for left, right in PAIRS]
    return _question("match", kind="match", verb="match", marks=3, stem="Which measure is it?", pairs=pairs)


def course_of(*questions: Question) -> LiveCourse:
    """A course with these questions, a case and a misconception."""
    base = bank().course
    case = Case(
        id=SHOP,
        title="The corner shop",
        firm="Corner Shop, Ripon",
        sector="retail",
        brief="Nobody knows what shoppers think.",
        tables=(Table(title="Shoppers", columns=("Day", "Number"), rows=(("Monday", 41), ("Tuesday", 1250))),),
        origin=Origin.ADDED,
    )
    wrong_idea = Misconception(
        id=BELIEF,
        topic="ci",
        name="Silence is praise",
        believed="Nobody complains, so all is well.",
        why_tempting="No news feels like good news.",
        correction="Most unhappy people leave without a word.",
        any_of=(Phrase(phrase="nobody complains"),),
        accept=("Nobody complains so it is fine.",) * 3,
        reject=("People leave.",) * 3,
        seeds=(),
        origin=Origin.ADDED,
    )
    nps = Term(
        id="term.nps",
        topic="ci",
        name="Net Promoter Score",
        abbreviations=("NPS",),
        definition="A measure of how many people would recommend a firm.",
        example="A shop asks its customers if they would send a friend.",
        origin=Origin.ADDED,
    )
    changes = {
        "questions": questions,
        "cases": (case,),
        "misconceptions": (wrong_idea,),
        "terms": (*base.terms, nps),
        "topics": (*base.topics, Topic(id="fb", name="Feedback", synopsis="What customers say.")),
    }
    return LiveCourse.build(Course.model_validate(dict(base) | changes), revision=0)


def letters(text: str) -> dict[str, str]:
    """What stands behind which letter of a message."""
    return {words: letter for letter, words in re.findall(r"^([A-H]) · (.+)$", text, re.MULTILINE)}


def in_order() -> str:
    """The letters of the right order."""
    shown = presented(order())
    return "".join("ABCD"[shown.index(step)] for step in STEPS)


def in_pairs() -> list[str]:
    """The right letter for each number."""
    shown = presented(match())
    return ["ABC"[shown.index(right)] for _, right in PAIRS]
