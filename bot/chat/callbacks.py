"""What a button carries: a few words joined by colons, at most 64 bytes."""

from __future__ import annotations

LIMIT = 64


def encode(*parts: str | int) -> str:
    """Join the parts of a button's data. ValueError where Telegram would refuse it."""
    data = ":".join(str(part) for part in parts)
    if not 1 <= len(data.encode()) <= LIMIT:
        raise ValueError(f"callback data of {len(data.encode())} bytes: {data[:80]}")
    return data


def decode(data: str) -> tuple[str, ...]:
    """Split a button's data."""
    return tuple(data.split(":"))
