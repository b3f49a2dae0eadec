"""CSAT at a tile shop, week by week: the data of a question, and no more."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card
from knowledge.figures.palette import BLUE, PAPER
from knowledge.figures.plot import Plot

CSAT = (82, 84, 80, 83, 85, 82, 80, 83)
ABOVE = {3: (0, -44), 6: (32, 34), 7: (0, -44)}
"""Week -> how far its label stands to the right of its point and above it, where the line needs the usual place."""


def draw() -> Card:
    """A line chart whose scale begins at 70, which it says."""
    card = Card("CSAT at a tile shop", height=1000)
    card.write((MARGIN, 172), "Share of happy customers in %, week by week", size=LABEL)
    plot = Plot(card, (130, 230, WIDTH - MARGIN, 830), (0.5, len(CSAT) + 0.5), (70, 90))
    plot.paper()
    plot.axes(every=(70, 75, 80, 85, 90))
    plot.line([(week, score) for week, score in enumerate(CSAT, 1)], BLUE, width=7, dots=13)
    for week, score in enumerate(CSAT, 1):
        right, up = ABOVE.get(week, (0, 44))
        card.write(
            (plot.x(week) + right, plot.y(score) - up), str(score), size=LABEL, bold=True, on=PAPER, across="centre"
        )
        card.write((plot.x(week), 864), str(week), size=LABEL, across="centre")
    card.write((WIDTH - MARGIN, 920), "week", size=LABEL, bold=True, across="right")
    card.write((MARGIN, 958), "The scale begins at 70.")
    return card
