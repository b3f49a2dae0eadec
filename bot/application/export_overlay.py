"""What tutors added while the bot ran, carried back into content files for a review."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.application.live_course import readable
from bot.storage import Store, overlay
from knowledge.loader import DEFAULT_COURSE
from knowledge.overlay_files import OverlayFiles, overlay_files


async def export(store: Store, *, course: Path = DEFAULT_COURSE) -> OverlayFiles:
    """Return the files that the additions of all tutors make of the course in a folder.

    Only what was added is read, never by whom or for which class. Raises ``knowledge.loader.ContentError`` where the
    course's own files cannot be read.
    """
    stored = await store.read(overlay.live)
    return await asyncio.to_thread(overlay_files, course, readable(stored))
