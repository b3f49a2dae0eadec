"""Missed visits at a clinic before and after reminder texts: the data of a question, and no more."""

from __future__ import annotations

from knowledge.figures.card import HEADING, LABEL, MARGIN, WIDTH, Card
from knowledge.figures.palette import BLUE, PAPER, text_on
from knowledge.figures.plot import Plot

MISSED = (("Feb", 12), ("March", 10), ("April", 7), ("May", 6))
"""Month, and the share of visits that were missed, in percent."""
TEXTS_FROM = 2
"""Place of the month in which the texts began."""


def draw() -> Card:
    """Bars by month, with a line where the texts begin."""
    card = Card("Missed visits, Larkfield Clinic", height=980)
    card.write((MARGIN, 172), "Share of visits that were missed, in %", size=LABEL)
    plot = Plot(card, (130, 240, WIDTH - MARGIN, 850), (0, len(MISSED)), (0, 14))
    plot.paper()
    plot.axes(every=(0, 5, 10))
    for index, (month, share) in enumerate(MISSED):
        left, right = plot.x(index + 0.2), plot.x(index + 0.8)
        card.bar((left, plot.y(share), right, plot.y(0)), BLUE)
        card.write(
            ((left + right) / 2, plot.y(share) + 42),
            f"{share}%",
            size=HEADING,
            bold=True,
            on=BLUE,
            ink=text_on(BLUE),
            across="centre",
        )
        card.write(((left + right) / 2, 886), month, size=LABEL, bold=True, across="centre")
    x = plot.x(TEXTS_FROM)
    card.rule((x, 240), (x, 850), width=5, dash=14)
    card.write((x + 20, 280), "reminder texts begin", size=LABEL, bold=True, on=PAPER)
    return card
