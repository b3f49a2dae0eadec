"""One row of an action plan, laid out field by field."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Words
from knowledge.figures.palette import BLUE, ORANGE, PAPER, text_on

FIELDS = (
    ("What", "Label allergens on all 34 cakes"),
    ("Why", "Nine people asked last month"),
    ("Who", 'Rosa: one name, not "the team"'),
    ("Means", "3 hours and a label printer"),
    ("By when", "20 May"),
    ("Check", "No more than one question a week in June"),
)
ROW = 140


def draw() -> Card:
    """A row of a bakery's plan in Kendal."""
    card = Card("Action plan: one row", height=1230)
    card.write((MARGIN, 172), "A bakery in Kendal", size=LABEL)
    for index, (field, entry) in enumerate(FIELDS):
        y = 212 + index * ROW
        card.panel((MARGIN, y, WIDTH - MARGIN, y + ROW - 16), PAPER)
        card.panel((MARGIN, y, MARGIN + 240, y + ROW - 16), BLUE)
        card.write((MARGIN + 26, y + (ROW - 16) / 2), field, size=44, bold=True, on=BLUE, ink=text_on(BLUE))
        card.paragraphs(
            (MARGIN + 268, y + 4, WIDTH - MARGIN - 20, y + ROW - 20), Words(entry, 40), on=PAPER, middle=True
        )
    card.panel((MARGIN, 1066, WIDTH - MARGIN, 1196), ORANGE)
    card.paragraphs(
        (MARGIN + 26, 1070, WIDTH - MARGIN - 26, 1192),
        Words("No name or no date? Then it is only a wish.", LABEL, bold=True),
        Words("Look at the plan often and mark what is late."),
        on=ORANGE,
        middle=True,
    )
    return card
