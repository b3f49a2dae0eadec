"""Draws the figures: an id in, a picture out. Nothing here reads a course or writes a file.

Each figure is a module of its own in :mod:`knowledge.figures.drawings`, named as its id with underscores, with one
function ``draw() -> Card``. Pillow is imported when the first figure is drawn, not before.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

_DRAWINGS = Path(__file__).parent / "drawings"


class NotDrawn(LookupError):
    """There is no drawing for a figure."""

    def __init__(self, figure_id: str) -> None:
        super().__init__(f"nothing in knowledge/figures/drawings draws {figure_id}")
        self.figure_id = figure_id


@cache
def drawn() -> frozenset[str]:
    """The ids of all figures that can be drawn."""
    return frozenset(module.name.replace("_", "-") for module in pkgutil.iter_modules([str(_DRAWINGS)]))


def picture(figure_id: str) -> bytes:
    """The PNG of a figure. Takes a fraction of a second, so not on an event loop. NotDrawn where there is none."""
    if figure_id not in drawn():
        raise NotDrawn(figure_id)
    module = import_module(f"{__name__}.drawings.{figure_id.replace('-', '_')}")
    png: bytes = module.draw().png()
    return png


@cache
def edition() -> str:
    """A mark of everything that the pictures depend on: the drawing code and the version of Pillow."""
    from hashlib import sha256

    from PIL import __version__

    seen = sha256(__version__.encode())
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        seen.update(file.read_bytes())
    return seen.hexdigest()[:16]
