"""Correlation and causation: a rise with training, and the same rise without."""

from __future__ import annotations

from knowledge.figures.card import HEADING, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, ORANGE, PAPER, RED
from knowledge.figures.plot import Plot

RINKS = (
    ("Nottingham rink", "new skates and training", 70, 79, BLUE),
    ("Sister rink", "new skates, no training", 71, 79, RED),
)
"""Rink, what changed there, score before and after, colour."""


def draw() -> Card:
    """Two panels side by side, so that neither line hides the other."""
    card = Card("Correlation or causation?", height=1170)
    card.write((MARGIN, 172), "Customer scores before and after one week in spring")
    for index, (name, change, before, after, colour) in enumerate(RINKS):
        left = MARGIN + index * 500
        card.panel((left, 210, left + 484, 880), PAPER)
        card.paragraphs(
            (left + 20, 226, left + 470, 330), Words(name, 42, bold=True), Words(change, 36), on=PAPER, across="centre"
        )
        plot = Plot(card, (left + 40, 370, left + 444, 790), (-0.35, 1.35), (0, 95))
        card.rule((plot.box[0], plot.box[3]), (plot.box[2], plot.box[3]), width=4)
        for place, score in enumerate((before, after)):
            x = plot.x(place)
            card.bar((x - 62, plot.y(score), x + 62, plot.box[3]), colour if place else PAPER, width=4)
            card.write((x, plot.y(score) - 36), str(score), size=HEADING, bold=True, on=PAPER, across="centre")
            card.write((x, 826), ("before", "after")[place], size=36, on=PAPER, across="centre")
        card.write(
            (plot.x(0.5), plot.y(45)), f"{after - before:+d}", size=HEADING, bold=True, on=PAPER, across="centre"
        )
        card.arrow((plot.x(0) + 72, plot.y(before) + 60), (plot.x(1) - 68, plot.y(after) + 60), width=6)
    card.panel((MARGIN, 912, WIDTH - MARGIN, 1136), ORANGE)
    card.paragraphs(
        (MARGIN + 26, 918, WIDTH - MARGIN - 26, 1130),
        Words("Both rose, with training or without.", 42, bold=True),
        Words("So the training is not proved to be the cause. New skates came to both in the same week.", 36),
        on=ORANGE,
        middle=True,
    )
    return card
