"""``python -m knowledge import``: pages from files, and what was made of them to files and to the screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from knowledge.importer import LARGEST, Page, PagesRefused, Refused, read_pages
from knowledge.importing.drafts import write_drafts
from knowledge.importing.report import imported_to_json, report_lines
from knowledge.jsonlines import write_line


def run_import(paths: Sequence[Path], *, folder: Path | None, dry_run: bool, as_json: bool) -> int:
    """Import the pages in *paths*. 0: done; 1: some page cannot be read, each named on a line, and nothing is written.

    Raises :class:`knowledge.importing.drafts.DraftExists` and ``OSError`` where the drafts cannot be written.
    """
    try:
        imported = read_pages(_pages(paths))
    except PagesRefused as error:
        print(error, file=sys.stderr)
        return 1
    files = () if dry_run else write_drafts(imported, folder)
    if as_json:
        write_line(sys.stdout.buffer, imported_to_json(imported))
        return 0
    for line in (*report_lines(imported), *(f"written: {file}" for file in files)):
        print(line)
    return 0


def _pages(paths: Sequence[Path]) -> list[Page]:
    pages: list[Page] = []
    refused: list[Refused] = []
    for path in paths:
        try:
            pages.append(Page(path.stem, _text(path)))
        except OSError as error:
            refused.append(Refused(str(path), f"cannot be read: {error.strerror}"))
        except UnicodeDecodeError as error:
            refused.append(Refused(str(path), f"not written in UTF-8 (byte {error.start + 1})"))
    if refused:
        refused += _refused_too(pages)
        raise PagesRefused(refused)
    return pages


def _text(path: Path) -> str:
    """The text of a file. One byte more than a page may have is enough to refuse a file that never ends."""
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    # what is too large may have been cut inside a character, and is refused for its size anyway
    return raw.decode("utf-8-sig", "strict" if len(raw) <= LARGEST else "replace")


def _refused_too(pages: Sequence[Page]) -> tuple[Refused, ...]:
    try:
        read_pages(pages)
    except PagesRefused as error:
        return error.refused
    return ()
