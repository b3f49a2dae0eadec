"""One figure on its way: shapes and text on the house's ground, and the checks that keep it legible.

Everything is measured in pixels of the finished picture, which is 1080 wide; shapes are drawn larger and scaled down,
because Pillow draws edges without smoothing. Text that is too small, too faint, too long or on top of other text is
an error here and not a surprise on somebody's phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from math import atan2, cos, hypot, sin
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from knowledge.figures.palette import GROUND, INK, READABLE, contrast, text_on

WIDTH = 1080
TALLEST = 1280
"""Telegram shrinks a photo whose longer side is longer than this."""
MARGIN = 48
BODY = 34
"""The smallest text: 11 points on a phone that shows the picture 390 points wide."""
LABEL = 38
HEADING = 46
TITLE = 60
LEADING = 1.22
"""Distance of two lines of a paragraph, in sizes."""

_SCALE = 2
_COLOURS = 48

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Across = Literal["left", "centre", "right"]


class Illegible(ValueError):
    """Text that a learner could not read. Names the text and says why."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"{text!r}: {why}")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text as it was drawn."""

    text: str
    box: Box
    size: float
    ink: str
    ground: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph: what it says, how large, and whether it is bold."""

    text: str
    size: float = BODY
    bold: bool = False


class Card:
    """A figure being drawn. ``title`` stands at its head; the rest begins at :attr:`top`."""

    def __init__(self, title: str, *, height: int) -> None:
        if height > TALLEST:
            raise ValueError(f"{title}: {height} is taller than {TALLEST}")
        self.title = title
        self.height = height
        self.placed: list[Placed] = []
        self._image = Image.new("RGB", (WIDTH * _SCALE, height * _SCALE), GROUND)
        self._pen = ImageDraw.Draw(self._image)
        self.write((MARGIN, 68), title, size=TITLE, bold=True)
        self.rule((MARGIN, 112), (WIDTH - MARGIN, 112), width=6)
        self.top = 140

    # ------------------------------------------------------------------------------------------------------- text

    def write(
        self,
        at: Point,
        text: str,
        *,
        size: float = BODY,
        bold: bool = False,
        on: str = GROUND,
        ink: str | None = None,
        across: Across = "left",
        within: Box | None = None,
    ) -> None:
        """Write one line; ``at`` is its middle in height and its left end, centre or right end. Illegible raises."""
        ink = text_on(on) if ink is None else ink
        wide, weight = text_width(text, size=size, bold=bold), _weight(size, bold=bold)
        start = {"left": 0.0, "centre": -wide / 2, "right": -wide}[across]
        _, top, _, bottom = _font(size).getbbox(text, anchor="lm", stroke_width=weight)
        left = at[0] + start
        box = (left, at[1] + top / _SCALE, left + wide, at[1] + bottom / _SCALE)
        self._check(Placed(text, box, size, ink, on), within or (MARGIN / 2, 8, WIDTH - MARGIN / 2, self.height - 8))
        self._line(text, (left * _SCALE, at[1] * _SCALE), size=size, bold=bold, ink=ink)

    def _line(self, text: str, at: Point, *, size: float, bold: bool, ink: str) -> None:
        """Letter by letter: bold ones need room for their stroke."""
        font, weight = _font(size), _weight(size, bold=bold)
        for place, letter in enumerate(text):
            x = at[0] + font.getlength(text[:place]) + place * weight
            self._pen.text((x, at[1]), letter, fill=ink, font=font, anchor="lm", stroke_width=weight)

    def paragraphs(
        self,
        box: Box,
        *paragraphs: Words,
        on: str = GROUND,
        ink: str | None = None,
        across: Across = "left",
        middle: bool = False,
    ) -> float:
        """Set paragraphs in a box, wrapped at words; returns where they end. Illegible where they do not fit."""
        left, top, right, bottom = box
        lines = [
            (line, each)
            for each in paragraphs
            for line in wrapped(each.text, right - left, size=each.size, bold=each.bold)
        ]
        height = sum(each.size * LEADING for _, each in lines)
        if height > bottom - top + 0.5:
            raise Illegible(lines[0][0], f"{height:.0f} high in a box of {bottom - top:.0f}")
        y = (top + bottom - height) / 2 if middle else top
        x = {"left": left, "centre": (left + right) / 2, "right": right}[across]
        for line, each in lines:
            y += each.size * LEADING / 2
            self.write((x, y), line, size=each.size, bold=each.bold, on=on, ink=ink, across=across, within=_grown(box))
            y += each.size * LEADING / 2
        return y

    def _check(self, placed: Placed, within: Box) -> None:
        if placed.size < BODY:
            raise Illegible(placed.text, f"size {placed.size}, at least {BODY}")
        if not all(drawable(letter) for letter in placed.text):
            raise Illegible(placed.text, "a letter that the font does not have")
        if contrast(placed.ink, placed.ground) < READABLE:
            raise Illegible(placed.text, f"{placed.ink} on {placed.ground}")
        if not _inside(placed.box, within):
            raise Illegible(placed.text, f"{_rounded(placed.box)} sticks out of {_rounded(within)}")
        for other in self.placed:
            if _meet(placed.box, other.box):
                raise Illegible(placed.text, f"stands on top of {other.text!r}")
        self.placed.append(placed)

    # ------------------------------------------------------------------------------------------------------- shapes

    def panel(self, box: Box, fill: str, *, outline: str | None = INK, width: float = 3, radius: float = 22) -> None:
        """A box with round corners."""
        self._pen.rounded_rectangle(
            [side * _SCALE for side in box],
            radius * _SCALE,
            fill=fill,
            outline=outline,
            width=round(width * _SCALE) if outline else 0,
        )

    def bar(self, box: Box, fill: str, *, outline: str | None = INK, width: float = 3) -> None:
        """A box with square corners."""
        self.panel(box, fill, outline=outline, width=width, radius=0)

    def disc(
        self, centre: Point, radius: float, fill: str | None, *, outline: str | None = INK, width: float = 3
    ) -> None:
        """A filled circle, or without ``fill`` a ring."""
        x, y = centre
        self._pen.ellipse(
            [side * _SCALE for side in (x - radius, y - radius, x + radius, y + radius)],
            fill=fill,
            outline=outline,
            width=round(width * _SCALE) if outline else 0,
        )

    def wedge(self, centre: Point, radius: float, start: float, end: float, fill: str) -> None:
        """A slice of a circle; degrees run clockwise from three o'clock."""
        x, y = centre
        self._pen.pieslice(
            [side * _SCALE for side in (x - radius, y - radius, x + radius, y + radius)], start, end, fill=fill
        )

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        """A filled shape."""
        self._pen.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill)

    def path(self, points: Sequence[Point], colour: str = INK, *, width: float = 5, dash: float = 0) -> None:
        """A line through points with round joints; ``dash`` is the length of its strokes and of the gaps."""
        stretches = [points] if not dash else [each for pair in pairwise(points) for each in _strokes(*pair, dash)]
        for stretch in stretches:
            self._pen.line([(x * _SCALE, y * _SCALE) for x, y in stretch], colour, round(width * _SCALE), joint="curve")

    def rule(self, start: Point, end: Point, colour: str = INK, *, width: float = 3, dash: float = 0) -> None:
        """A straight line."""
        self.path((start, end), colour, width=width, dash=dash)

    def arrow(self, *points: Point, colour: str = INK, width: float = 6, head: float = 26) -> None:
        """A line through points with a head at its last."""
        (from_x, from_y), (x, y) = points[-2:]
        turn = atan2(y - from_y, x - from_x)
        neck = (x - cos(turn) * head * 0.8, y - sin(turn) * head * 0.8)
        self.path((*points[:-1], neck), colour, width=width)
        sides = [(x - cos(turn + side) * head, y - sin(turn + side) * head) for side in (-0.5, 0.5)]
        self.polygon([(x, y), *sides], colour)

    # ------------------------------------------------------------------------------------------------------- finished

    def png(self) -> bytes:
        """The finished picture. The same drawing gives the same bytes on the same version of Pillow."""
        small = self._image.reduce(_SCALE).quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        out = BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()


def text_width(text: str, *, size: float = BODY, bold: bool = False) -> float:
    """How wide a line is."""
    return (_font(size).getlength(text) + (len(text) - 1) * _weight(size, bold=bold)) / _SCALE


def wrapped(text: str, width: float, *, size: float = BODY, bold: bool = False) -> list[str]:
    """A text in lines that are at most ``width`` wide. Illegible where a word alone is wider."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size=size, bold=bold) <= width:
            lines[-1] = longer
            continue
        if text_width(word, size=size, bold=bold) > width:
            raise Illegible(word, f"wider than {width:.0f}")
        lines.append(word)
    return lines


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    """The font that Pillow brings, laid out by Pillow itself: other layouts depend on what a machine has."""
    font = ImageFont.load_default(size * _SCALE)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise OSError("this Pillow was built without FreeType, so it has no font that scales")
    return font.font_variant(layout_engine=ImageFont.Layout.BASIC)


@cache
def drawable(letter: str) -> bool:
    """Whether the font has a letter: one that it does not have comes out as an empty box."""
    return letter == " " or bytes(_font(BODY).getmask(letter)) != bytes(_font(BODY).getmask("\uffff"))


def _weight(size: float, *, bold: bool) -> float:
    """The stroke round letters that makes them bold; the font has one weight."""
    return size * _SCALE / 32 if bold else 0


def _grown(box: Box) -> Box:
    """A box and the little that letters may stick out of their line."""
    return (box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4)


def _inside(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _rounded(box: Box) -> tuple[int, ...]:
    return tuple(map(round, box))


def _strokes(start: Point, end: Point, dash: float) -> list[tuple[Point, Point]]:
    length = hypot(end[0] - start[0], end[1] - start[1])
    step = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)

    def at(distance: float) -> Point:
        return start[0] + step[0] * distance, start[1] + step[1] * distance

    return [
        (at(place * 2 * dash), at(min(length, (place * 2 + 1) * dash))) for place in range(int(length / dash / 2) + 1)
    ]
