"""Online booking at a vet's, before and after: the data of a question, and no more."""

from __future__ import annotations

from knowledge.figures.card import HEADING, LABEL, MARGIN, WIDTH, Card
from knowledge.figures.palette import BLUE, GREY, PAPER, RED, text_on
from knowledge.figures.plot import Plot

MEASURES = (
    ("Wait on the phone, minutes", 6, 2, 8, None),
    ("Clients who are satisfied, %", 71, 79, 100, 80),
    ("Missed appointments, %", 9, 12, 16, None),
)
"""Measure, before, three months after, where its scale ends, target."""
ROW = 312


def draw() -> Card:
    """One panel for each measure with two bars; every scale begins at 0."""
    card = Card("Online booking, Fernbank Vets", height=1160)
    for index, (name, before, after, end, target) in enumerate(MEASURES):
        y = 150 + index * (ROW + 18)
        card.panel((MARGIN, y, WIDTH - MARGIN, y + ROW), PAPER)
        card.write((MARGIN + 26, y + 46), name, size=42, bold=True, on=PAPER)
        plot = Plot(card, (250, y + 84, WIDTH - MARGIN - 100, y + ROW - 20), (0, end), (0, 2))
        for place, (when, value, colour) in enumerate((("before", before, GREY), ("after", after, BLUE))):
            middle = plot.y(1.5 - place)
            card.write((MARGIN + 26, middle), when, size=LABEL, on=PAPER)
            card.bar((plot.x(0), middle - 40, plot.x(value), middle + 40), colour)
            card.write(
                (plot.x(value) - 16, middle),
                str(value),
                size=HEADING,
                bold=True,
                on=colour,
                ink=text_on(colour),
                across="right",
            )
        if target is not None:
            card.rule((plot.x(target), plot.box[1]), (plot.x(target), plot.box[3]), RED, width=6, dash=12)
            card.write((plot.x(target) + 14, plot.y(1)), f"aim {target}", size=36, bold=True, on=PAPER, ink=RED)
    return card
