"""Moving everything from one database to another, in one transaction of the target, with counts that must agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    Table,
    create_engine,
    func,
    insert,
    select,
    text,
    type_coerce,
)

from bot.storage.migrate import current, head, migrate
from bot.storage.tables import bucket, heartbeat, metadata

CHUNK = 2000
PRIME = 1_000_003
"""Numbers are added up modulo this, so that no sum is too large for a column of millions."""
LEFT_BEHIND = (bucket.name, heartbeat.name)
"""What belongs to running processes: tokens of the last second, signs of life."""

Report = Callable[[str, int, int], None]
"""Told a table, how many of its rows are copied, and how many there are."""


class MoveRefused(Exception):
    """Nothing was moved, for the reason that it carries in words for an operator."""


def move(source_url: str, target_url: str, *, report: Report) -> Mapping[str, int]:
    """Copy every row. Returns how many each table has; MoveRefused, and nothing written, where anything is amiss."""
    if source_url == target_url:
        raise MoveRefused("source and target are the same")
    if (at := current(source_url)) != head():
        raise MoveRefused(f"the source is at schema {at}, this version at {head()}: start the bot on it once")
    migrate(target_url)
    source, target = create_engine(source_url), create_engine(target_url, hide_parameters=True)
    try:
        with source.connect() as reading, target.begin() as writing:
            _refuse_used(writing)
            tables = [table for table in metadata.sorted_tables if table.name not in LEFT_BEHIND]
            counts = {table.name: _copy(table, reading, writing, report=report) for table in tables}
            for table in tables:
                _check(table, reading, writing, copied=counts[table.name])
            _set_counters(target, writing, tables)
            return counts
    finally:
        source.dispose()
        target.dispose()


def _refuse_used(writing: Connection) -> None:
    for table in metadata.sorted_tables:
        if _count(table, writing):
            raise MoveRefused(f"the target is not empty: its table {table.name} has rows")


def _copy(table: Table, reading: Connection, writing: Connection, *, report: Report) -> int:
    whole, copied = _count(table, reading), 0
    rows = reading.execution_options(yield_per=CHUNK).execute(select(table).order_by(*table.primary_key))
    for part in rows.mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in part])
        copied += len(part)
        report(table.name, copied, whole)
    return copied


def _check(table: Table, reading: Connection, writing: Connection, *, copied: int) -> None:
    """Compare the number of rows, and for each column of numbers its sum: a swapped or cut value shows."""
    if not copied == _count(table, writing) == _count(table, reading):
        raise MoveRefused(f"table {table.name} changed while it was copied: stop the bot first")
    sums = select(
        func.count(),
        *(func.sum(type_coerce(column, BigInteger) % PRIME) for column in table.columns if _is_number(column)),
    )
    if [int(each or 0) for each in reading.execute(sums).one()] != [
        int(each or 0) for each in writing.execute(sums).one()
    ]:
        raise MoveRefused(f"table {table.name} does not add up to the same in both databases")


def _is_number(column: Column[Any]) -> bool:
    return isinstance(getattr(column.type, "impl", column.type), Integer)


def _count(table: Table, connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _set_counters(target: Engine, writing: Connection, tables: list[Table]) -> None:
    """Let PostgreSQL number new rows behind the copied ones."""
    if target.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.columns and table.columns["id"].primary_key:
            query = (
                "SELECT setval(pg_get_serial_sequence(:name, 'id'), coalesce((SELECT max(id) FROM %s), 0) + 1, false)"
            )
            writing.execute(text(query % table.name), {"name": table.name})
