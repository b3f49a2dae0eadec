"""A control chart: twelve evenings at a pizza van, with the limits of its own past."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, ORANGE, PAPER, RED
from knowledge.figures.plot import Plot

WAITS = (13, 16, 18, 17, 14, 12, 15, 13, 15, 21, 16, 31)
"""Minutes of waiting, evening by evening, from a Wednesday to a Sunday."""
DAYS = "WTFSSMTWTFSS"
MEAN, DEVIATION = 15, 3
"""Of the weeks before. The limits follow: three deviations to either side."""


def draw() -> Card:
    """Waiting times at a pizza van in Margate."""
    card = Card("Control chart", height=1230)
    upper, lower = MEAN + 3 * DEVIATION, MEAN - 3 * DEVIATION
    card.write((MARGIN, 172), "Minutes of waiting at a pizza van in Margate", size=LABEL)
    plot = Plot(card, (120, 230, WIDTH - MARGIN, 880), (-0.6, len(WAITS) - 0.4), (0, 36))
    plot.paper()
    plot.axes(every=(0, 10, 20, 30), lines=False)
    for value, name in ((upper, f"upper limit {upper}"), (lower, f"lower limit {lower}")):
        plot.level(value, colour=RED)
        card.write((plot.box[0] + 24, plot.y(value) - 28), name, on=PAPER, ink=RED, bold=True)
    card.rule((plot.box[0], plot.y(MEAN)), (plot.box[2], plot.y(MEAN)), BLUE, width=4)
    plot.line(list(enumerate(WAITS)), BLUE)
    card.write((plot.x(5.1), plot.y(MEAN) - 30), f"mean {MEAN}", on=PAPER, ink=BLUE, bold=True, across="centre")
    friday, sunday = 9, 11
    card.disc(plot.at(sunday, WAITS[sunday]), 24, None, width=6)
    card.write(
        (plot.x(sunday) - 40, plot.y(33.4)), f"Sunday {WAITS[sunday]}: look!", bold=True, on=PAPER, across="right"
    )
    card.write((plot.x(friday) + 6, plot.y(22.6)), f"Friday {WAITS[friday]}", on=PAPER, across="right")
    for index, day in enumerate(DAYS):
        card.write((plot.x(index), 910), day, across="centre")
    card.panel((MARGIN, 952, WIDTH - MARGIN, 1196), ORANGE)
    card.paragraphs(
        (MARGIN + 26, 958, WIDTH - MARGIN - 26, 1190),
        Words("Inside the limits: noise. Outside: find out why.", LABEL, bold=True),
        Words(f"Limits = mean plus or minus 3 x {DEVIATION} minutes: what you do get, not what you want."),
        Words("On Sunday the oven fan was broken."),
        on=ORANGE,
        middle=True,
    )
    return card
