"""The Gibbs reflective cycle."""

from __future__ import annotations

from knowledge.figures.card import HEADING, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, ORANGE, PAPER, TEAL, text_on

STEPS = (
    ("1 Description", "What happened? A call was dropped.", BLUE),
    ("2 Feelings", "What did I feel? Panic. I froze.", BLUE),
    ("3 Evaluation", "Good and bad? I rang back, but late.", BLUE),
    ("4 Analysis", "Why? Nobody had shown me the transfer key.", TEAL),
    ("5 Conclusion", "What else could I have done? Asked Ann.", TEAL),
    ("6 Action plan", "Next time? Ten practice transfers by Friday.", TEAL),
)
"""Step, its question with Tariq's answer, colour."""

WIDE, HIGH, GAP = 440, 258, 56


def draw() -> Card:
    """Six boxes in a round: down the right-hand side and up the left."""
    card = Card("Gibbs reflective cycle", height=1240)
    card.write((MARGIN, 172), "Tariq drops a call at a taxi firm in Rhyl")
    right = WIDTH - MARGIN - WIDE
    corners = [(MARGIN, 0), (right, 0), (right, 1), (right, 2), (MARGIN, 2), (MARGIN, 1)]
    for (name, answer, colour), (x, row) in zip(STEPS, corners, strict=True):
        y = 214 + row * (HIGH + GAP)
        card.panel((x, y, x + WIDE, y + HIGH), PAPER)
        card.panel((x, y, x + WIDE, y + 84), colour)
        card.write(
            (x + WIDE / 2, y + 42), name, size=HEADING, bold=True, on=colour, ink=text_on(colour), across="centre"
        )
        card.paragraphs((x + 20, y + 92, x + WIDE - 16, y + HIGH - 6), Words(answer, 40), on=PAPER, middle=True)
    middle = [214 + row * (HIGH + GAP) + HIGH / 2 for row in range(3)]
    card.arrow((MARGIN + WIDE + 8, middle[0]), (right - 8, middle[0]), width=10, head=36)
    card.arrow((right - 8, middle[2]), (MARGIN + WIDE + 8, middle[2]), width=10, head=36)
    for row in range(2):
        top, bottom = 214 + row * (HIGH + GAP) + HIGH + 6, 214 + (row + 1) * (HIGH + GAP) - 6
        card.arrow((right + WIDE / 2, top), (right + WIDE / 2, bottom), width=10, head=34)
        card.arrow((MARGIN + WIDE / 2, bottom), (MARGIN + WIDE / 2, top), width=10, head=34)
    card.panel((MARGIN, 1136, WIDTH - MARGIN, 1208), ORANGE)
    card.write((WIDTH / 2, 1172), "Spend the most time on 4 and 6", size=40, bold=True, on=ORANGE, across="centre")
    return card
