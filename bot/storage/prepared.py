"""Statements that run with every update: compiled once, then handed to the driver as they are."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPICursor, DBAPIModule
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]


class Prepared:
    """A statement, written with SQLAlchemy, that is run without its machinery for executing.

    Finding a row by its key takes the database a tenth of the time that it takes to look a statement up among the
    compiled ones, to gather its parameters and to describe its result. The text, the types of the parameters and those
    of the columns are as they would be otherwise. An INSERT without values needs the ``columns`` that it is given.
    A list as a parameter (``IN``) is not possible, for it changes the text; no event of the engine tells of a run.
    """

    def __init__(self, statement: ClauseElement, *, columns: Collection[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Run it and return all rows that it finds or RETURNs, with the columns' names as attributes."""
        compiled, cursor = self._run(connection, parameters)
        rows = compiled.read(cursor.fetchall())
        cursor.close()
        return rows

    def changes(self, connection: Connection, parameters: Mapping[str, Any]) -> int:
        """Run it and return how many rows it changed."""
        _compiled, cursor = self._run(connection, parameters)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def _run(self, connection: Connection, parameters: Mapping[str, Any]) -> tuple[_Compiled, DBAPICursor]:
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect, self._columns)
        cursor = connection.connection.cursor()
        values = compiled.values(parameters)
        try:
            cursor.execute(compiled.text, values)
        except dialect.loaded_dbapi.Error as error:
            raise _as_the_engine_says_it(error, compiled.text, connection) from error
        return compiled, cursor


class _Compiled:
    """A statement in a dialect: its text, and how values get into it and out of its rows."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, columns: Collection[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=None if columns is None else list(columns))
        assert isinstance(compiled, SQLCompiler)
        assert not compiled.post_compile_params
        assert not compiled.escaped_bind_names
        self.text = str(compiled)
        self._positional = compiled.positional
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        names = compiled.positiontup if compiled.positional else list(binds)
        assert names is not None
        self._values: list[tuple[str, bool, Convert | None, Any]] = []
        for name in names:
            bind = binds[name]
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            constant = None if bind.required else bind.effective_value
            if convert is not None and not bind.required:
                constant = convert(constant)
            self._values.append((name, bind.required, convert, constant))
        found = getattr(statement, "exported_columns", {})
        self._row = _row_of(found.keys())
        converts = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in found.values()]
        self._converted = [(position, convert) for position, convert in enumerate(converts) if convert is not None]

    def values(self, parameters: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """Return the parameters as the driver wants them."""
        if self._positional:
            return [
                constant if not given else parameters[name] if convert is None else convert(parameters[name])
                for name, given, convert, constant in self._values
            ]
        return {
            name: constant if not given else parameters[name] if convert is None else convert(parameters[name])
            for name, given, convert, constant in self._values
        }

    def read(self, rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
        """Return what the driver found as rows with names."""
        make = self._row
        if not self._converted:
            return [make(row) for row in rows]
        found = []
        for row in rows:
            values = list(row)
            for position, convert in self._converted:
                values[position] = convert(values[position])
            found.append(make(values))
        return found


def _row_of(names: Collection[str]) -> Callable[[Sequence[Any]], Any]:
    row: Any = namedtuple("Row", names)  # type: ignore[misc]  # its columns are known only now
    make: Callable[[Sequence[Any]], Any] = row._make
    return make


def _as_the_engine_says_it(error: DBAPIModule.Error, text: str, connection: Connection) -> BaseException:
    """Wrap an error of the driver. What somebody wrote must not get into a log, so the parameters are left out."""
    dialect = connection.dialect
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=dialect.is_disconnect(error, connection.connection, None),
        dialect=dialect,
    )
