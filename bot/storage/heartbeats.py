"""A sign of life of every worker, for health checks."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from bot.storage.tables import heartbeat
from bot.storage.tx import Tx


def beat(tx: Tx, *, worker: str, now: datetime) -> None:
    """Say that a worker is alive, and forget workers that were silent for a day."""
    tx.upsert(heartbeat, {"worker": worker, "at": now}, key=["worker"])
    tx.execute(delete(heartbeat).where(heartbeat.c.at < now - timedelta(days=1)))


def latest(tx: Tx) -> datetime | None:
    """Return the newest sign of life."""
    found: datetime | None = tx.execute(select(func.max(heartbeat.c.at))).scalar()
    return found
