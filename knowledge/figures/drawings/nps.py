"""The scale behind the Net Promoter Score, and the sum."""

from __future__ import annotations

from knowledge.figures.card import HEADING, LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import ORANGE, PAPER, RED, TEAL, text_on

GROUPS = (
    ("Detractors", "would warn others off", range(7), RED),
    ("Passives", "content, easy to tempt away", range(7, 9), ORANGE),
    ("Promoters", "bring in friends", range(9, 11), TEAL),
)
"""Name, what they do, their scores, colour."""

REPLIES = {"Detractors": 25, "Passives": 35, "Promoters": 90}


def draw() -> Card:
    """Scale, groups, and 150 replies with their score."""
    card = Card("Net Promoter Score (NPS)", height=1240)
    card.write((MARGIN, 176), '"How likely are you to recommend us, 0 to 10?"', size=LABEL)
    wide = (WIDTH - 2 * MARGIN) / 11
    for _, _, scores, colour in GROUPS:
        for score in scores:
            x = MARGIN + score * wide
            card.bar((x + 2, 216, x + wide - 2, 316), colour)
            card.write(
                (x + wide / 2, 266),
                str(score),
                size=HEADING,
                bold=True,
                on=colour,
                ink=text_on(colour),
                across="centre",
            )
        start, end = MARGIN + scores[0] * wide + 4, MARGIN + (scores[-1] + 1) * wide - 4
        card.path(((start, 326), (start, 342), (end, 342), (end, 326)), width=4)
    y = 376
    for name, what, scores, colour in GROUPS:
        card.panel((MARGIN, y, WIDTH - MARGIN, y + 96), PAPER)
        card.panel((MARGIN, y, MARGIN + 430, y + 96), colour)
        card.write(
            (MARGIN + 24, y + 48),
            f"{scores[0]} to {scores[-1]}: {name}",
            size=LABEL,
            bold=True,
            on=colour,
            ink=text_on(colour),
        )
        card.write((MARGIN + 456, y + 48), what, on=PAPER)
        y += 112
    total = sum(REPLIES.values())
    card.write((MARGIN, 756), f"Example: {total} replies", size=HEADING, bold=True)
    place: float = MARGIN
    for name, _, _, colour in GROUPS:
        part = REPLIES[name] / total * (WIDTH - 2 * MARGIN)
        card.bar((place, 796, place + part, 896), colour)
        card.write(
            (place + part / 2, 846),
            str(REPLIES[name]),
            size=HEADING,
            bold=True,
            on=colour,
            ink=text_on(colour),
            across="centre",
        )
        place += part
    card.panel((MARGIN, 928, WIDTH - MARGIN, 1206), PAPER)
    nps = (REPLIES["Promoters"] - REPLIES["Detractors"]) / total * 100
    card.paragraphs(
        (MARGIN + 28, 936, WIDTH - MARGIN - 28, 1198),
        Words("NPS = (promoters - detractors) / all replies x 100", 39, bold=True),
        Words(
            f"({REPLIES['Promoters']} - {REPLIES['Detractors']}) / {total} x 100 = {nps:.2f}, so about +{nps:.0f}",
            LABEL,
        ),
        Words("Passives are not subtracted, but they count in the total. The score runs from -100 to +100."),
        on=PAPER,
        middle=True,
    )
    return card
