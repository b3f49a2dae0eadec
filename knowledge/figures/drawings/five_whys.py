"""5 Whys: from a problem down to something that can be fixed."""

from __future__ import annotations

from knowledge.figures.card import HEADING, LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import ORANGE, PAPER, RED, TEAL, text_on

CHAIN = (
    "The flat number was missing.",
    "The phone form has no space for it.",
    "The form was made for shops.",
)
BEFORE, AFTER = 7, 1
"""Wrong doors a month."""


def draw() -> Card:
    """Roses at the wrong door: a florist in Lincoln."""
    card = Card("5 Whys", height=1230)
    card.panel((MARGIN, 150, WIDTH - MARGIN, 270), RED)
    card.paragraphs(
        (MARGIN + 26, 154, WIDTH - MARGIN - 26, 266),
        Words("Problem: roses go to the wrong door", HEADING, bold=True),
        on=RED,
        ink=text_on(RED),
        across="centre",
        middle=True,
    )
    y = 270.0
    for index, answer in enumerate(CHAIN):
        card.arrow((MARGIN + 110, y), (MARGIN + 110, y + 90), width=10, head=36)
        card.write((MARGIN + 150, y + 42), f"Why? ({index + 1})", size=42, bold=True)
        y += 92
        card.panel((MARGIN + index * 30, y, WIDTH - MARGIN, y + 96), PAPER)
        card.write((MARGIN + index * 30 + 26, y + 48), answer, size=40, on=PAPER)
        y += 96
    card.arrow((MARGIN + 110, y), (MARGIN + 110, y + 70), width=10, head=36)
    y += 72
    card.panel((MARGIN, y, WIDTH - MARGIN, y + 130), TEAL)
    card.paragraphs(
        (MARGIN + 26, y + 4, WIDTH - MARGIN - 26, y + 126),
        Words("Fix the cause: a box for the flat number", 42, bold=True),
        Words(f"Wrong doors fall from {BEFORE} a month to {AFTER}.", LABEL),
        on=TEAL,
        ink=text_on(TEAL),
        middle=True,
    )
    card.panel((MARGIN, 1066, WIDTH - MARGIN, 1200), ORANGE)
    card.paragraphs(
        (MARGIN + 26, 1070, WIDTH - MARGIN - 26, 1196),
        Words("Five is only a guide: here three were enough. Check each answer, and never end with a person to blame."),
        on=ORANGE,
        middle=True,
    )
    return card
