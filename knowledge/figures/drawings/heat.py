"""HEAT: four steps for an upset customer, in order."""

from __future__ import annotations

from knowledge.figures.card import HEADING, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, ORANGE, PAPER, RED, TEAL, text_on

STEPS = (
    ("H", "Hear", "Let them finish. Note the facts.", BLUE),
    ("E", "Empathise", '"Three days of cold showers with a toddler: that must be exhausting."', TEAL),
    ("A", "Apologise", '"I\'m sorry." No "if", no blame.', ORANGE),
    ("T", "Take action", '"An engineer comes at two today, and I\'ll ring you at four."', RED),
)
ROW = 238


def draw() -> Card:
    """One row for each letter, with what might be said about a boiler in Brighton."""
    card = Card("HEAT: calm first, then fix", height=1260)
    for index, (letter, name, said, colour) in enumerate(STEPS):
        y = card.top + 8 + index * (ROW + 26)
        card.panel((MARGIN, y, WIDTH - MARGIN, y + ROW), PAPER)
        card.panel((MARGIN, y, MARGIN + 170, y + ROW), colour)
        card.write(
            (MARGIN + 85, y + ROW / 2), letter, size=130, bold=True, on=colour, ink=text_on(colour), across="centre"
        )
        card.paragraphs(
            (MARGIN + 200, y + 12, WIDTH - MARGIN - 24, y + ROW - 12),
            Words(f"{index + 1} {name}", HEADING, bold=True),
            Words(said, 40),
            on=PAPER,
            middle=True,
        )
        if index:
            card.arrow((MARGIN + 85, y - 30), (MARGIN + 85, y + 6), width=8, head=30)
    card.write((WIDTH / 2, 1226), "Is the anger back? Begin again at H.", size=40, bold=True, across="centre")
    return card
