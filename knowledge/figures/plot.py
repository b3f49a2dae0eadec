"""A chart's axes: numbers to places on the card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.figures.card import BODY, Box, Card, Point, Words
from knowledge.figures.palette import GREY, INK, PAPER


@dataclass(frozen=True, slots=True)
class Plot:
    """A field of the card with a scale along the bottom and one up the side."""

    card: Card
    box: Box
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, value: float) -> float:
        """Where a value stands from left to right."""
        low, high = self.across
        return self.box[0] + (value - low) / (high - low) * (self.box[2] - self.box[0])

    def y(self, value: float) -> float:
        """Where a value stands from bottom to top."""
        low, high = self.up
        return self.box[3] - (value - low) / (high - low) * (self.box[3] - self.box[1])

    def at(self, across: float, up: float) -> Point:
        """Where a pair of values stands."""
        return self.x(across), self.y(up)

    def paper(self) -> None:
        """The field itself."""
        self.card.bar(self.box, PAPER, outline=None)

    def axes(self, *, every: Sequence[float] = (), unit: str = "", lines: bool = True) -> None:
        """Both axes, with the numbers ``every`` up the side and a thin line across at each."""
        left, top, right, bottom = self.box
        for value in every:
            if lines and value != self.up[0]:
                self.card.rule((left, self.y(value)), (right, self.y(value)), "#C3CCD4", width=2)
            self.card.write((left - 14, self.y(value)), f"{value:g}{unit}", across="right")
        self.card.rule((left, top), (left, bottom), INK, width=4)
        self.card.rule((left - 2, bottom), (right, bottom), INK, width=4)

    def below(self, names: Sequence[tuple[float, str]], *, width: float = 200, drop: float = 12) -> None:
        """Names under places of the bottom axis."""
        for value, name in names:
            x, top = self.x(value), self.box[3] + drop
            self.card.paragraphs((x - width / 2, top, x + width / 2, top + 2.5 * BODY), Words(name), across="centre")

    def line(self, points: Sequence[Point], colour: str, *, width: float = 6, dots: float = 9) -> None:
        """A line through pairs of values, with a dot at each."""
        places = [self.at(*point) for point in points]
        self.card.path(places, colour, width=width)
        for place in places if dots else ():
            self.card.disc(place, dots, colour, outline=PAPER, width=2)

    def level(self, value: float, *, colour: str = GREY, dash: float = 16) -> None:
        """A dashed line across at a value."""
        self.card.rule((self.box[0], self.y(value)), (self.box[2], self.y(value)), colour, width=4, dash=dash)
