"""A Gantt chart of eight weeks with one milestone."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, INK, ORANGE, PAPER, RED, TEAL, text_on
from knowledge.figures.plot import Plot

TASKS = (("Design", 1, 2, BLUE), ("Training", 3, 4, BLUE), ("Trial", 4, 6, BLUE), ("Review", 7, 8, TEAL))
"""Task, first and last week, colour."""
WEEKS = 8
MILESTONE = 6
"""It stands at the end of this week."""
ROW = 140


def draw() -> Card:
    """A bike hire firm in Cambridge."""
    card = Card("Gantt chart and milestone", height=1180)
    card.write((MARGIN, 172), "A bike hire firm in Cambridge: eight weeks", size=LABEL)
    bottom = 272 + ROW * (len(TASKS) + 1)
    plot = Plot(card, (262, 272, WIDTH - MARGIN, bottom), (0, WEEKS), (0, len(TASKS) + 1))
    plot.paper()
    card.write((MARGIN, 244), "Week", size=LABEL, bold=True)
    for week in range(1, WEEKS + 1):
        card.write((plot.x(week - 0.5), 244), str(week), size=LABEL, bold=True, across="centre")
        card.rule((plot.x(week), 272), (plot.x(week), bottom), "#C3CCD4", width=2)
    for index, (task, first, last, colour) in enumerate(TASKS):
        y = 272 + index * ROW
        card.write((MARGIN, y + ROW / 2), task, size=42, bold=True)
        box = (plot.x(first - 1) + 4, y + 26, plot.x(last) - 4, y + ROW - 26)
        card.panel(box, colour)
        card.write(
            ((box[0] + box[2]) / 2, y + ROW / 2),
            f"{first} to {last}",
            size=LABEL,
            bold=True,
            on=colour,
            ink=text_on(colour),
            across="centre",
        )
    x, low = plot.x(MILESTONE), bottom - ROW / 2
    card.rule((x, 272), (x, bottom), RED, width=5, dash=14)
    card.polygon([(x, low - 38), (x + 38, low), (x, low + 38), (x - 38, low)], INK)
    card.polygon([(x, low - 30), (x + 30, low), (x, low + 30), (x - 30, low)], RED)
    card.write((x - 56, low), "Milestone: go or stop", size=LABEL, bold=True, on=PAPER, across="right")
    card.rule((262, 272), (WIDTH - MARGIN, 272), width=4)
    card.panel((MARGIN, bottom + 34, WIDTH - MARGIN, 1148), ORANGE)
    card.paragraphs(
        (MARGIN + 26, bottom + 38, WIDTH - MARGIN - 26, 1144),
        Words("Training and trial overlap in week 4. Weeks 7 and 8 are kept to judge the change."),
        on=ORANGE,
        middle=True,
    )
    return card
