"""Files that Telegram holds already: what is in them, and the id under which it sends them again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.storage.tables import upload
from bot.storage.tx import Tx


def file_id(tx: Tx, digest: str) -> str | None:
    """Return Telegram's id of a file with this content, where one was sent before."""
    found: str | None = tx.execute(select(upload.c.file_id).where(upload.c.digest == digest)).scalar()
    return found


def keep(tx: Tx, digest: str, file_id: str, *, now: datetime) -> None:
    """Remember under which id Telegram holds a file; the newest counts."""
    tx.upsert(upload, {"digest": digest, "file_id": file_id, "kept_at": now}, key=["digest"])
