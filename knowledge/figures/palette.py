"""The colours of the house, and how well one is read on another.

The ground is a mid tone: it neither glares in a dark chat nor drowns in a light one. The four accents stay apart for
people who see fewer colours, and still every shape carries its label.
"""

from __future__ import annotations

INK = "#15202B"
"""Text and outlines."""
PALE = "#FFFFFF"
"""Text on a dark accent."""
GROUND = "#CFD8E1"
PAPER = "#F7F9FA"
"""Panels that text stands on."""
GREY = "#4A5763"
"""Axes and what is only there for comparison."""

BLUE = "#0B4F8A"
ORANGE = "#F2A93B"
TEAL = "#12806F"
RED = "#A8320F"
ACCENTS = (BLUE, ORANGE, TEAL, RED)

READABLE = 4.5
"""Contrast that text needs: WCAG 2.2, success criterion 1.4.3, level AA."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours written as #RRGGBB, from 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 for black to 1 for white."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def text_on(ground: str) -> str:
    """The colour in which text is read best on a ground."""
    return max((INK, PALE), key=lambda ink: contrast(ink, ground))
