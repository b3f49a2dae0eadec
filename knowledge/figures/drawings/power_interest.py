"""The power-interest grid."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, INK, ORANGE, PAPER, text_on

BOXES = (
    ("Keep content", "much say", "little concern", "", PAPER),
    ("Work closely", "much say", "much concern", "the council", BLUE),
    ("Keep an eye on", "little say", "little concern", "", PAPER),
    ("Keep up to date", "little say", "much concern", "regular swimmers", ORANGE),
)
"""What to do, for people with how much say and concern, who that is here, colour. The upper row comes first."""

LEFT, TOP, WIDE, HIGH = 120, 270, 448, 360


def draw() -> Card:
    """New opening hours at a leisure centre in Hove."""
    card = Card("Power-interest grid", height=1230)
    card.write((MARGIN, 172), "New opening hours at a leisure centre in Hove")
    card.write((MARGIN, 230), "say over the change", size=LABEL, bold=True)
    card.arrow((82, TOP + 2 * HIGH + 4), (82, TOP - 12), width=8, head=32)
    for index, (action, say, concern, named, colour) in enumerate(BOXES):
        x, y = LEFT + index % 2 * (WIDE + 8), TOP + index // 2 * (HIGH + 8)
        card.panel((x, y, x + WIDE, y + HIGH), colour)
        lines = [Words(action, 42, bold=True), Words(say, LABEL), Words(concern, LABEL)]
        card.paragraphs(
            (x + 20, y + 16, x + WIDE - 20, y + 220), *lines, on=colour, ink=text_on(colour), across="centre"
        )
        if named:
            box = (x + 34, y + HIGH - 94, x + WIDE - 70, y + HIGH - 22)
            card.panel(box, PAPER)
            card.write(
                (x + WIDE / 2 - 18, y + HIGH - 58), named, size=36, bold=True, on=PAPER, ink=INK, across="centre"
            )
    bottom = TOP + 2 * HIGH + 8
    card.arrow((LEFT - 4, bottom + 26), (LEFT + 2 * WIDE + 8, bottom + 26), width=8, head=32)
    card.write((LEFT + 2 * WIDE, bottom + 68), "concern about it", size=LABEL, bold=True, across="right")
    x = LEFT + 2 * WIDE + 8 - 30
    card.arrow((x, TOP + 2 * HIGH - 40), (x, TOP + HIGH + 10), width=10, head=36)
    card.paragraphs(
        (MARGIN, 1110, WIDTH - MARGIN, 1210),
        Words("People move: when 400 swimmers sign a petition, they jump up a box. Redraw the grid as you go."),
    )
    return card
