"""The Kano model: what a feature does to how people feel."""

from __future__ import annotations

from math import exp

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Across, Card, Point, Words
from knowledge.figures.palette import BLUE, PAPER, RED, TEAL, text_on
from knowledge.figures.plot import Plot

KINDS = (
    ("Delighter", "a free flask of tea for the beach", TEAL),
    ("Performance", "fast Wi-Fi: more is better", BLUE),
    ("Basic", "hot water: missed when it is not there", RED),
)
"""Kind of feature, the guest house's example, colour."""


LABELS: tuple[tuple[str, Point, Across], ...] = (
    ("Delighter", (0.04, 0.75), "left"),
    ("Performance", (0.98, 0.22), "right"),
    ("Basic", (0.98, -0.32), "right"),
)
"""Where each curve's name stands in the plot."""


def draw() -> Card:
    """A guest house in Whitby."""
    card = Card("Kano model", height=1270)
    plot = Plot(card, (MARGIN + 20, 200, WIDTH - MARGIN - 20, 850), (-1, 1), (-1, 1))
    plot.paper()
    card.arrow((plot.x(0), plot.box[3]), (plot.x(0), plot.box[1] - 16), width=5)
    card.arrow((plot.box[0], plot.y(0)), (plot.box[2] + 24, plot.y(0)), width=5)
    card.write((plot.x(0) - 20, 172), "delighted", size=LABEL, bold=True, across="right")
    card.write((plot.x(0), 880), "upset", size=LABEL, bold=True, across="centre")
    card.write((plot.box[0], 880), "missing", size=LABEL)
    card.write((plot.box[2], 880), "done well", size=LABEL, across="right")
    steps = [step / 40 - 1 for step in range(81)]
    curves: dict[str, list[Point]] = {
        "Delighter": [(x, 0.05 + 0.9 * exp(1.7 * (x - 1))) for x in steps],
        "Performance": [(x, 0.8 * x) for x in (-1, 1)],
        "Basic": [(x, -0.05 - 0.9 * exp(-1.7 * (x + 1))) for x in steps],
    }
    for name, _, colour in KINDS:
        card.path([plot.at(*point) for point in curves[name]], colour, width=10)
    for name, where, across in LABELS:
        colour = next(each for kind, _, each in KINDS if kind == name)
        card.write(plot.at(*where), name, size=42, bold=True, on=PAPER, ink=colour, across=across)
    for index, (name, example, colour) in enumerate(KINDS):
        y = 920 + index * 82
        card.panel((MARGIN, y, WIDTH - MARGIN, y + 72), PAPER)
        card.panel((MARGIN, y, MARGIN + 290, y + 72), colour)
        card.write((MARGIN + 20, y + 36), name, size=LABEL, bold=True, on=colour, ink=text_on(colour))
        card.write((MARGIN + 310, y + 36), example, on=PAPER)
    card.paragraphs(
        (MARGIN, 1174, WIDTH - MARGIN, 1262),
        Words("A guest house in Whitby. Basics come first, and in time a delighter turns into a basic."),
    )
    return card
