"""A Pareto chart of 150 complaints."""

from __future__ import annotations

from itertools import accumulate

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, GREY, INK, ORANGE, PAPER, RED, text_on
from knowledge.figures.plot import Plot

COUNTS = (("Lifts", 66), ("Toilets", 45), ("Signs", 21), ("Staff", 12), ("Other", 6))
FEW = 2
"""How many causes are the few that do most of the harm."""


def draw() -> Card:
    """Complaints at a train station in Crewe: bars for the counts, a line for the running share."""
    card = Card("Pareto chart", height=1240)
    total = sum(count for _, count in COUNTS)
    card.write((MARGIN, 172), f"{total} complaints at a train station in Crewe", size=LABEL)
    plot = Plot(card, (140, 290, WIDTH - 150, 920), (0, len(COUNTS)), (0, 1.1 * total))
    plot.paper()
    card.write((MARGIN, 240), "complaints")
    card.write((WIDTH - MARGIN, 240), "running share", across="right")
    plot.axes(every=(0, 50, 100, 150))
    for share in (0, 50, 100):
        card.write((plot.box[2] + 14, plot.y(share / 100 * total)), f"{share}%")
    for index, (_, count) in enumerate(COUNTS):
        colour = BLUE if index < FEW else GREY
        left, right = plot.x(index + 0.12), plot.x(index + 0.88)
        card.bar((left, plot.y(count), right, plot.y(0)), colour)
        if count > 20:
            card.write(
                ((left + right) / 2, plot.y(count) + 34 if count > 30 else plot.y(count / 2)),
                str(count),
                size=LABEL,
                bold=True,
                on=colour,
                ink=text_on(colour),
                across="centre",
            )
        else:
            card.write(
                ((left + right) / 2, plot.y(count) - 28), str(count), size=LABEL, bold=True, on=PAPER, across="centre"
            )
    running = list(accumulate(count for _, count in COUNTS))
    plot.line([(index + 0.5, count) for index, count in enumerate(running)], RED)
    for index, count in enumerate(running):
        card.write(
            (plot.x(index + 0.5) - (0 if index else 34), plot.y(count) - 38),
            f"{count / total:.0%}",
            bold=True,
            on=PAPER,
            ink=RED,
            across="centre",
        )
    plot.below([(index + 0.5, name) for index, (name, _) in enumerate(COUNTS)])
    card.panel((MARGIN, 1008, WIDTH - MARGIN, 1206), ORANGE)
    few = " and ".join(name.lower() for name, _ in COUNTS[:FEW]).capitalize()
    card.paragraphs(
        (MARGIN + 26, 1014, WIDTH - MARGIN - 26, 1200),
        Words(f"{few}: {running[FEW - 1]} of {total}, which is {running[FEW - 1] / total:.0%}.", LABEL, bold=True),
        Words("Two causes of five do most of the harm, so they get the money. But common is not always serious."),
        on=ORANGE,
        ink=INK,
        middle=True,
    )
    return card
