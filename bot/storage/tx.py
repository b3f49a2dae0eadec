"""One transaction, as the functions of this room see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, Table

from bot.storage.prepared import Prepared


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

    def rows(self, statement: Prepared, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Run a prepared statement and return all rows that it finds or RETURNs."""
        return statement.rows(self.connection, parameters)

    def row(self, statement: Prepared, parameters: Mapping[str, Any]) -> Any:
        """Run a prepared statement that finds at most one row, and return that or None."""
        found = statement.rows(self.connection, parameters)
        assert len(found) <= 1
        return found[0] if found else None

    def changes(self, statement: Prepared, parameters: Mapping[str, Any]) -> int:
        """Run a prepared statement and return how many rows it changed."""
        return statement.changes(self.connection, parameters)

    def change_each(self, statement: Prepared, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a prepared statement for each of some parameters and return how many rows it changed in all."""
        return statement.change_each(self.connection, rows)

    def insert_id(self, table: Table, values: Mapping[str, Any]) -> int:
        """Insert a row and return the id that it was given."""
        found: int = self.row(_insert_id(table, tuple(values)), values).id
        return found

    def insert_new(self, table: Table, values: Mapping[str, Any], *, key: Sequence[str]) -> bool:
        """Insert a row unless one with the same ``key`` columns exists; tell whether it was inserted."""
        return self.changes(_insert_new(self.connection.dialect.name, table, tuple(values), tuple(key)), values) == 1

    def insert_each_new(
        self,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        *,
        key: Sequence[str],
        where: ColumnElement[bool] | None = None,
    ) -> int:
        """Insert rows of the same columns, each as :meth:`insert_new` does, and return how many were new."""
        if not rows:
            return 0
        statement = _insert_new(self.connection.dialect.name, table, tuple(rows[0]), tuple(key), where=where)
        return self.change_each(statement, rows)

    def insert_new_id(
        self,
        table: Table,
        values: Mapping[str, Any],
        *,
        key: Sequence[str],
        where: ColumnElement[bool] | None = None,
    ) -> int | None:
        """Insert a row as :meth:`insert_new` does and return the id that it was given; None where it was not new.

        ``where`` is the condition of the key's index, where that leaves rows out; it is a constant of its module.
        """
        dialect = self.connection.dialect.name
        statement = _insert_new(dialect, table, tuple(values), tuple(key), where=where, returning=True)
        found = self.row(statement, values)
        return None if found is None else found.id

    def upsert(self, table: Table, values: Mapping[str, Any], *, key: Sequence[str]) -> None:
        """Insert a row, or overwrite the one with the same ``key`` columns."""
        self.changes(_upsert(self.connection.dialect.name, table, tuple(values), tuple(key)), values)


def dialect_insert(dialect: str, table: Table) -> Any:
    """Return the dialect's own INSERT; only the dialect in use is imported."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


@cache
def _insert_id(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(table.insert().inline().returning(table.c.id), columns=names)


@cache
def _insert_new(
    dialect: str,
    table: Table,
    names: tuple[str, ...],
    key: tuple[str, ...],
    *,
    where: ColumnElement[bool] | None = None,
    returning: bool = False,
) -> Prepared:
    insert = dialect_insert(dialect, table).inline().on_conflict_do_nothing(index_elements=list(key), index_where=where)
    return Prepared(insert.returning(table.c.id) if returning else insert, columns=names)


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...], key: tuple[str, ...]) -> Prepared:
    insert = dialect_insert(dialect, table)
    changed: dict[str, Any] = {name: insert.excluded[name] for name in names if name not in key}
    return Prepared(insert.on_conflict_do_update(index_elements=list(key), set_=changed), columns=names)
