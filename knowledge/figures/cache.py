"""Pictures kept on disk, so that each is drawn once.

The file is named by the figure and by the edition of the drawings: whatever changes makes a new file. A copy that
cannot be read or written is no error; the figure is then drawn.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from knowledge.figures import NotDrawn, drawn, edition, picture

_BEGIN, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


def kept_picture(folder: Path, figure_id: str) -> bytes:
    """The PNG of a figure, from the copy in ``folder`` where there is one. NotDrawn where nothing draws it."""
    if figure_id not in drawn():  # and so the id is fit to name a file
        raise NotDrawn(figure_id)
    copy = folder / f"figure-{figure_id}.{edition()}.png"
    with suppress(OSError):
        png = copy.read_bytes()
        if png.startswith(_BEGIN) and png.endswith(_END):
            return png
    png = picture(figure_id)
    with suppress(OSError):
        _replace_copies(folder, copy, png)
    return png


def _replace_copies(folder: Path, copy: Path, png: bytes) -> None:
    """Write under a name of its own first: two people may ask for the same picture at once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        part.write(png)
    figure = copy.name.partition(".")[0]
    for old in folder.glob(f"{figure}.*.png"):
        old.unlink(missing_ok=True)
    Path(part.name).replace(copy)
