"""The gaps model of service quality: where a service can fall short."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, GREY, ORANGE, PAPER, RED, text_on

CHAIN = (
    ("What customers hope for", ORANGE),
    ("What managers think they want", PAPER),
    ("The standards that are set", PAPER),
    ("The service that staff give", PAPER),
    ("What the adverts promise", PAPER),
    ("What customers feel they got", ORANGE),
)
"""The customer's side first and last, the firm's between."""

GAPS = (
    ("Gap 1", "managers misread people"),
    ("Gap 2", "standards do not match"),
    ("Gap 3", "staff cannot deliver them"),
    ("Gap 4", "adverts promise more"),
)
HIGH, STEP = 88, 180


def draw() -> Card:
    """The chain from hopes to what was got, with the four inside gaps on it and the fifth beside it."""
    card = Card("Five gaps in a service", height=1240)
    top, left, right = 146, MARGIN, 800
    for index, (name, colour) in enumerate(CHAIN):
        y = top + index * STEP
        card.panel((left, y, right, y + HIGH), colour)
        card.write(((left + right) / 2, y + HIGH / 2), name, size=40, bold=True, on=colour, across="centre")
    for index, (gap, why) in enumerate(GAPS):
        y = top + index * STEP + HIGH
        card.arrow((left + 50, y + 8), (left + 50, y + STEP - HIGH - 4), colour=RED, width=10, head=34)
        card.panel((left + 90, y + 14, left + 240, y + 78), RED, width=2)
        card.write((left + 165, y + 46), gap, size=LABEL, bold=True, on=RED, ink=text_on(RED), across="centre")
        card.write((left + 262, y + 46), why, size=36)
    y = top + 4 * STEP + HIGH
    card.arrow((left + 50, y + 8), (left + 50, y + STEP - HIGH - 4), colour=GREY, width=8, head=34)
    card.write((left + 90, y + 46), "the customer compares", size=36)
    first, last = top + HIGH / 2, top + 5 * STEP + HIGH / 2
    card.path(((right, first), (936, first), (936, last), (right, last)), BLUE, width=8)
    card.panel((818, 510, WIDTH - 26, 850), BLUE)
    card.paragraphs(
        (830, 516, WIDTH - 38, 844),
        Words("Gap 5", 42, bold=True),
        Words("got against hoped for: it comes from the others", 34),
        on=BLUE,
        ink=text_on(BLUE),
        across="centre",
        middle=True,
    )
    card.write(
        (WIDTH / 2, 1188), "Gap 5 cannot be fixed head-on: close 1 to 4.", size=LABEL, bold=True, across="centre"
    )
    return card
