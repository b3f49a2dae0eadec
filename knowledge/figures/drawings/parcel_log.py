"""The complaint log of a parcel shop: the data of a question, and no more."""

from __future__ import annotations

from knowledge.figures.card import HEADING, LABEL, MARGIN, WIDTH, Card
from knowledge.figures.palette import BLUE, GREY, PAPER, text_on
from knowledge.figures.plot import Plot

LOG = (("Missing parcel", 66), ("Long queue", 30), ("Card reader", 14), ("Staff manner", 10))
MISSING = (("April", 12), ("May", 20), ("June", 34))
"""Complaints about missing parcels, by month."""


def draw() -> Card:
    """Bars for the types of complaint, and below them the largest type by month."""
    card = Card("Complaint log, Quayside Parcels", height=1220)
    card.write((MARGIN, 172), f"{sum(count for _, count in LOG)} complaints, April to June", size=LABEL)
    top, row = 210, 96
    types = Plot(card, (350, top, WIDTH - 110, top + row * len(LOG)), (0, 70), (0, len(LOG)))
    card.bar((350, top, WIDTH - MARGIN, top + row * len(LOG)), PAPER, outline=None)
    for index, (name, count) in enumerate(LOG):
        middle = top + row * (index + 0.5)
        card.write((MARGIN, middle), name, size=LABEL, bold=True)
        card.bar((350, middle - 34, types.x(count), middle + 34), GREY if index else BLUE)
        card.write((types.x(count) + 16, middle), str(count), size=HEADING, bold=True, on=PAPER)
    card.write((MARGIN, 650), "Missing parcels, month by month", size=LABEL, bold=True)
    months = Plot(card, (110, 690, WIDTH - MARGIN, 1130), (0, len(MISSING)), (0, 40))
    months.paper()
    months.axes(every=(0, 10, 20, 30, 40))
    for index, (month, count) in enumerate(MISSING):
        left, right = months.x(index + 0.25), months.x(index + 0.75)
        card.bar((left, months.y(count), right, months.y(0)), BLUE)
        card.write(
            ((left + right) / 2, months.y(count) + 40),
            str(count),
            size=HEADING,
            bold=True,
            on=BLUE,
            ink=text_on(BLUE),
            across="centre",
        )
        card.write(((left + right) / 2, 1168), month, size=LABEL, bold=True, across="centre")
    return card
