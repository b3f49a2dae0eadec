"""SERVQUAL: what was hoped for and what was got, for each heading of RATER."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, INK, ORANGE, PAPER
from knowledge.figures.plot import Plot

SCORES = (
    ("Reliability", "keeping promises", 6.7, 6.1),
    ("Assurance", "know-how, trust", 6.2, 6.0),
    ("Tangibles", "how things look", 5.4, 5.7),
    ("Empathy", "personal care", 6.5, 5.2),
    ("Responsiveness", "prompt help", 6.6, 5.0),
)
"""Heading, what it means, expected, perceived: means on a scale from 1 to 7."""

ROW = 150


def draw() -> Card:
    """A dental clinic in Hull, 120 patients."""
    card = Card("SERVQUAL: five gaps to read", height=1250)
    card.write((MARGIN, 172), "A dental clinic in Hull asks 120 patients. Scale 1 to 7.")
    top = 250
    plot = Plot(card, (470, top, 900, top + 5 * ROW), (4.5, 7), (0, 5))
    card.disc((MARGIN + 16, 220), 15, PAPER, width=6)
    card.write((MARGIN + 44, 220), "hoped for", size=LABEL)
    card.disc((MARGIN + 266, 220), 15, BLUE)
    card.write((MARGIN + 294, 220), "got", size=LABEL)
    card.write((WIDTH - MARGIN - 10, 220), "gap", size=LABEL, bold=True, across="right")
    for index, (name, meaning, expected, perceived) in enumerate(SCORES):
        y = top + index * ROW
        middle = y + (ROW - 14) / 2
        gap = round(perceived - expected, 1)
        card.panel((MARGIN, y, WIDTH - MARGIN, y + ROW - 14), PAPER)
        card.write((MARGIN + 22, middle - 26), name, size=LABEL, bold=True, on=PAPER)
        card.write((MARGIN + 22, middle + 28), meaning, on=PAPER)
        card.arrow((plot.x(expected), middle), (plot.x(perceived) + (26 if gap < 0 else -26), middle), width=8, head=26)
        card.disc((plot.x(expected), middle), 20, PAPER, width=7)
        card.disc((plot.x(perceived), middle), 20, BLUE, outline=INK)
        card.write((WIDTH - MARGIN - 20, middle), f"{gap:+.1f}", size=42, bold=True, on=PAPER, across="right")
    for value in (5, 6, 7):
        card.write((plot.x(value), top + 5 * ROW + 18), str(value), across="centre")
    card.panel((MARGIN, 1054, WIDTH - MARGIN, 1218), ORANGE)
    card.paragraphs(
        (MARGIN + 26, 1060, WIDTH - MARGIN - 26, 1212),
        Words("Gap = got - hoped for. Minus: it fell short.", LABEL, bold=True),
        Words("Worst here: prompt help, so a second receptionist comes before new chairs."),
        on=ORANGE,
        middle=True,
    )
    return card
