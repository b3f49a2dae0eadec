"""Plan-Do-Check-Act as a wheel, with the story of one change round it."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, INK, ORANGE, PAPER, RED, TEAL, text_on

STEPS = (
    ("Plan", "find the cause, set a target", TEAL, 180),
    ("Do", "try it small, in one place", BLUE, 270),
    ("Check", "compare with the start", ORANGE, 0),
    ("Act", "keep it, alter it or drop it", RED, 90),
)
"""Name, what is done, colour, and where its quarter begins: degrees clockwise from three o'clock."""

STORY = (
    "Plan: 34% of owners wait over 20 minutes; aim 20%",
    "Do: one vet of three keeps a slot free at eleven",
    "Check: her share falls to 17%",
    "Act: all three do it; next aim 10%",
)
BEFORE, AIM, AFTER, NEXT = 34, 20, 17, 10


def draw() -> Card:
    """The wheel above, the story of a vet in Exeter below."""
    card = Card("Plan-Do-Check-Act", height=1270)
    x, y, radius = WIDTH / 2, 548, 372
    for name, what, colour, start in STEPS:
        card.wedge((x, y), radius, start, start + 90, colour)
        side = 1 if name in ("Do", "Check") else -1
        upper = name in ("Plan", "Do")
        left, right = (x + 26, x + 296) if side > 0 else (x - 296, x - 26)
        top, bottom = (y - 270, y - 20) if upper else (y + 20, y + 270)
        card.paragraphs(
            (left, top, right, bottom),
            Words(name, 60, bold=True),
            Words(what, LABEL),
            on=colour,
            ink=text_on(colour),
            across="centre",
            middle=True,
        )
    card.disc((x, y), radius, None, width=6)
    card.rule((x - radius, y), (x + radius, y), PAPER, width=8)
    card.rule((x, y - radius), (x, y + radius), PAPER, width=8)
    _turns(card, x, y, radius)
    card.panel((MARGIN, 976, WIDTH - MARGIN, 1236), PAPER)
    card.paragraphs(
        (MARGIN + 28, 988, WIDTH - MARGIN - 20, 1226),
        Words("A vet in Exeter", LABEL, bold=True),
        *map(Words, STORY),
        on=PAPER,
        middle=True,
    )
    return card


def _turns(card: Card, x: float, y: float, radius: float) -> None:
    """Arrow heads on the rim where one step leads to the next: clockwise."""
    long, wide = 34, 27
    for dx, dy, along_x, along_y in ((0, -1, 1, 0), (1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1)):
        tip_x, tip_y = x + dx * radius + along_x * long, y + dy * radius + along_y * long
        base_x, base_y = x + dx * radius - along_x * 8, y + dy * radius - along_y * 8
        card.polygon(
            [
                (tip_x, tip_y),
                (base_x + dx * wide, base_y + dy * wide),
                (base_x - dx * wide, base_y - dy * wide),
            ],
            INK,
        )
