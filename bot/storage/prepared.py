"""Statements that run with every update: compiled once, then handed to the driver as they are."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import attrgetter, methodcaller
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]


class Prepared:
    """A statement, written with SQLAlchemy, that is run without its machinery for executing.

    To find a row by its key takes the database a tenth of the time that it takes to look a statement up among the
    compiled ones, to gather its parameters and to describe its result. What is run is the same: SQLAlchemy writes the
    text, and its types convert the parameters and the columns, except that NULL is None whatever the type.

    An INSERT without values needs the names of the ``columns`` that it is given. A list as a parameter (``IN``) is not
    possible, for it changes the text. No event of the engine tells of a run.
    """

    def __init__(self, statement: ClauseElement, *, columns: Collection[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Run it and return all rows that it finds or RETURNs, with the columns' names as attributes."""
        compiled = self._in(connection.dialect)
        return compiled.read(_run(connection, compiled.text, compiled.values(parameters), _fetched))

    def changes(self, connection: Connection, parameters: Mapping[str, Any]) -> int:
        """Run it and return how many rows it changed."""
        compiled = self._in(connection.dialect)
        changed: int = _run(connection, compiled.text, compiled.values(parameters), _counted)
        return changed

    def change_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it for each of some parameters and return how many rows it changed in all."""
        compiled = self._in(connection.dialect)
        changed: int = _run(connection, compiled.text, [compiled.values(row) for row in rows], _counted, many=True)
        return changed

    def _in(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect, self._columns)
        return compiled


class _Compiled:
    """A statement in a dialect: its text, and how values get into it and out of its rows."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, columns: Collection[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=None if columns is None else list(columns))
        assert isinstance(compiled, SQLCompiler)
        if compiled.post_compile_params or compiled.escaped_bind_names:
            raise TypeError(f"cannot be prepared: {compiled}")
        self.text = str(compiled)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        names = compiled.positiontup if compiled.positional else list(binds)
        assert names is not None
        places: Sequence[Any] = range(len(names)) if compiled.positional else names
        self._values: Any = [None] * len(names) if compiled.positional else dict.fromkeys(names)
        self._plain: list[tuple[Any, str]] = []
        self._converted: list[tuple[Any, str, Convert]] = []
        for place, name in zip(places, names, strict=True):
            convert = binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            if not binds[name].required:
                value = binds[name].effective_value
                self._values[place] = value if value is None or convert is None else convert(value)
            elif convert is None:
                self._plain.append((place, name))
            else:
                self._converted.append((place, name, convert))
        found = getattr(statement, "exported_columns", {})
        self._row = _row_of(found.keys())
        converts = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in found.values()]
        self._read = [(position, convert) for position, convert in enumerate(converts) if convert is not None]

    def values(self, parameters: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver wants them: by place or by name."""
        values = self._values.copy()
        for place, name in self._plain:
            values[place] = parameters[name]
        for place, name, convert in self._converted:
            value = parameters[name]
            if value is not None:
                values[place] = convert(value)
        return values

    def read(self, rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
        """Return what the driver found as rows with names."""
        found = []
        for row in rows:
            values = list(row)
            for position, convert in self._read:
                if values[position] is not None:
                    values[position] = convert(values[position])
            found.append(self._row(values))
        return found


def _row_of(names: Collection[str]) -> Callable[[Sequence[Any]], Any]:
    row: Any = namedtuple("Row", names)  # type: ignore[misc]  # its columns are known only now
    make: Callable[[Sequence[Any]], Any] = row._make
    return make


_fetched = methodcaller("fetchall")
_counted = attrgetter("rowcount")


def _run(
    connection: Connection, text: str, values: Any, result: Callable[[DBAPICursor], Any], *, many: bool = False
) -> Any:
    """Hand a statement to the driver. What goes wrong is said as the engine says it."""
    dialect = connection.dialect
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, values)
        return result(cursor)
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, connection.connection, None)
        raise DBAPIError.instance(
            text,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,  # an error must not carry what somebody wrote into the log
            connection_invalidated=lost,
            dialect=dialect,
        ) from error
    finally:
        cursor.close()
