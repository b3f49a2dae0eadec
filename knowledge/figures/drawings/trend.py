"""A trend line with a season in it."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, ORANGE, PAPER
from knowledge.figures.plot import Plot

LATE = (3, 3, 2, 3, 3, 4, 3, 3, 2, 3, 9, 4, 3, 2, 3, 3, 4, 3, 3, 2, 3, 3, 9, 3)
"""Late orders in percent, month by month, for two years from January."""
NOVEMBERS = (10, 22)


def draw() -> Card:
    """Late orders at a toy shop in Lichfield."""
    card = Card("Trend over time", height=1180)
    card.write((MARGIN, 172), "Late orders at a toy shop in Lichfield, in %", size=LABEL)
    plot = Plot(card, (120, 240, WIDTH - MARGIN, 830), (-0.5, len(LATE) - 0.5), (0, 10))
    plot.paper()
    plot.axes(every=(0, 3, 6, 9), lines=False)
    plot.line(list(enumerate(LATE)), BLUE, width=7)
    for month in NOVEMBERS:
        card.disc(plot.at(month, LATE[month]), 22, None, width=6)
        card.write(
            (plot.x(month) - 34, plot.y(LATE[month])),
            f"Nov {LATE[month]}%",
            size=LABEL,
            bold=True,
            on=PAPER,
            across="right",
        )
    card.write((plot.x(4.5), plot.y(5)), "usually about 3%", on=PAPER, across="centre")
    plot.below([(0, "Jan"), (5, "June"), (12, "Jan"), (17, "June"), (23, "Dec")], width=130)
    card.write((plot.x(5.5), 912), "year 1", size=LABEL, bold=True, across="centre")
    card.write((plot.x(17.5), 912), "year 2", size=LABEL, bold=True, across="centre")
    card.rule((plot.x(11.5), 240), (plot.x(11.5), 830), width=4, dash=14)
    card.panel((MARGIN, 958, WIDTH - MARGIN, 1148), ORANGE)
    card.paragraphs(
        (MARGIN + 26, 964, WIDTH - MARGIN - 26, 1142),
        Words("A pattern that comes back is a season, not a slide.", LABEL, bold=True),
        Words("So two more packers come in next November. The line shows that it changes, never why."),
        on=ORANGE,
        middle=True,
    )
    return card
