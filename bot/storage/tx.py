"""One transaction, as the functions of this room see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


class Tx:
    """A transaction on either engine. Functions given to ``Store.write`` touch nothing else."""

    __slots__ = ("connection", "exclusive")

    def __init__(self, connection: Connection, *, exclusive: bool) -> None:
        self.connection = connection
        self.exclusive = exclusive
        """True where this process is the only writer (SQLite): row locks are then not needed."""

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement and return its cursor."""
        return self.connection.execute(statement, parameters)

    def insert_new(self, table: Table, values: Mapping[str, Any], *, key: Sequence[str]) -> bool:
        """Insert a row unless one with the same ``key`` columns exists; tell whether it was inserted."""
        statement = self._insert(table).on_conflict_do_nothing(index_elements=list(key))
        return self.execute(statement, values).rowcount == 1

    def upsert(
        self, table: Table, values: Mapping[str, Any], *, key: Sequence[str], add: Mapping[str, Any] | None = None
    ) -> None:
        """Insert a row, or overwrite the one with the same ``key`` columns; ``add`` are columns computed from it."""
        insert = self._insert(table)
        changed = {name: insert.excluded[name] for name in values if name not in key} | dict(add or {})
        statement = insert.on_conflict_do_update(index_elements=list(key), set_=changed)
        self.execute(statement, values)

    def _insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        return postgresql.insert(table) if self.connection.dialect.name == "postgresql" else sqlite.insert(table)
