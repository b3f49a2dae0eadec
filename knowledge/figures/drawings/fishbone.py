"""A fishbone diagram: the causes that a clinic suspects, and what a count showed."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, INK, PAPER, RED, TEAL, text_on

BONES = (
    ("People", "staff start as the doors open", TEAL),
    ("Process", "two bookings for one slot", TEAL),
    ("Records", "notes on paper", TEAL),
    ("Place", "only one printer", TEAL),
)
"""Group of causes, what is suspected, colour. The first two stand above the spine."""

COUNTED, DELAYS = 31, 48
SPINE = 580
HEAD = 800


def draw() -> Card:
    """Why are patients at a clinic in Slough seen late?"""
    card = Card("Fishbone diagram", height=1220)
    card.write((MARGIN, 172), "Which causes might lead to this problem?", size=LABEL)
    card.arrow((MARGIN, SPINE), (HEAD, SPINE), width=12, head=44)
    card.panel((HEAD, SPINE - 130, WIDTH - MARGIN, SPINE + 130), RED)
    card.paragraphs(
        (HEAD + 16, SPINE - 120, WIDTH - MARGIN - 16, SPINE + 120),
        Words("Problem", LABEL),
        Words("Patients seen late", 42, bold=True),
        on=RED,
        ink=text_on(RED),
        across="centre",
        middle=True,
    )
    for index, (group, cause, colour) in enumerate(BONES):
        upper, second = index < 2, index % 2
        foot = 400 + second * 340
        end = SPINE - 310 if upper else SPINE + 310
        label = (foot - 306, end - 36, foot - 66, end + 36)
        card.path(((foot, SPINE), (foot - 110, end)), width=8)
        card.panel(label, colour)
        card.write(
            ((label[0] + label[2]) / 2, end), group, size=42, bold=True, on=colour, ink=text_on(colour), across="centre"
        )
        top = end + 60 if upper else SPINE + 62
        card.paragraphs((foot - 340, top, foot - 92, top + 180), Words(cause, 36), across="left")
        reach = foot - 110 * (abs(top - 10 - SPINE) / 310) if upper else foot - 110 * (abs(top - 18 - SPINE) / 310)
        card.rule((foot - 340, top - 12), (reach, top - 12), BLUE, width=4)
    card.panel((MARGIN, 980, WIDTH - MARGIN, 1186), PAPER)
    card.paragraphs(
        (MARGIN + 26, 986, WIDTH - MARGIN - 26, 1180),
        Words("The bones are suspects, not proof.", LABEL, bold=True),
        Words(f"A week's count shows who is guilty: double booking caused {COUNTED} of {DELAYS} delays."),
        on=PAPER,
        ink=INK,
        middle=True,
    )
    return card
