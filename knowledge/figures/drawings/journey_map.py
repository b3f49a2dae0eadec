"""A customer journey map: stages downwards, how each felt across."""

from __future__ import annotations

from knowledge.figures.card import LABEL, MARGIN, WIDTH, Card, Point, Words
from knowledge.figures.palette import BLUE, INK, ORANGE, PAPER, RED, TEAL

STAGES = (
    ("Finds the clinic", "search on a phone", 3),
    ("Fills in a form", "web page", 4),
    ("Waits nine days", "no word at all", 1),
    ("Gets a date", "phone call", 3),
    ("First visit", "front desk, dentist", 5),
)
"""Stage, where it touches the clinic, and how it felt from 1 (bad) to 5 (good)."""

ROW = 168
LEFT, RIGHT = 540, 960


def draw() -> Card:
    """Booking a first visit at a dental clinic in Swansea."""
    card = Card("Customer journey map", height=1250)
    card.write((MARGIN, 168), "Booking a first visit: a dental clinic in Swansea")
    card.write((MARGIN, 226), "Stage, touchpoint", size=LABEL, bold=True)
    card.write((LEFT - 40, 226), "bad", size=LABEL, bold=True)
    card.write(((LEFT + RIGHT) / 2, 226), "feels", size=LABEL, bold=True, across="centre")
    card.write((RIGHT + 40, 226), "good", size=LABEL, bold=True, across="right")
    top = 258
    places: list[Point] = []
    for index, (stage, touchpoint, mood) in enumerate(STAGES):
        y = top + index * ROW
        card.panel((MARGIN, y, WIDTH - MARGIN, y + ROW - 16), PAPER)
        card.write((MARGIN + 26, y + 50), f"{index + 1} {stage}", size=LABEL, bold=True, on=PAPER)
        card.write((MARGIN + 56, y + 104), touchpoint, on=PAPER)
        places.append((LEFT + (mood - 1) / 4 * (RIGHT - LEFT), y + (ROW - 16) / 2))
    card.path(places, BLUE, width=8)
    for place, (_, _, mood) in zip(places, STAGES, strict=True):
        _face(card, place, mood)
    card.write((places[2][0] + 118, places[2][1] - 22), "Pain point:", size=LABEL, bold=True, on=PAPER)
    card.write((places[2][0] + 118, places[2][1] + 24), "fix this first", on=PAPER)
    card.panel((MARGIN, 1112, WIDTH - MARGIN, 1222), ORANGE)
    card.paragraphs(
        (MARGIN + 26, 1116, WIDTH - MARGIN - 26, 1218),
        Words('The fix: a text on day two. Calls asking "did you get my form?" fall from 30 a week to 8.'),
        on=ORANGE,
        middle=True,
    )
    return card


def _face(card: Card, place: Point, mood: int) -> None:
    """A face that smiles from 4 up, frowns at 1 and 2, and else looks straight."""
    x, y = place
    card.disc(place, 42, {1: RED, 3: ORANGE}.get(mood, TEAL), width=4)
    pen = INK if mood == 3 else PAPER
    for side in (-14, 14):
        card.disc((x + side, y - 11), 5, pen, outline=None)
    bend = {1: -12, 3: 0}.get(mood, 12)
    mouth = [(x + step * 4.5, y + 17 + bend * (0.5 - step * step / 16)) for step in range(-4, 5)]
    card.path(mouth, pen, width=5)
