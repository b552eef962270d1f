"""INSERT … ON CONFLICT, which both databases say alike and SQLAlchemy has no common word for."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ARRAY, Dialect, Table, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.database import Base

Insert = sqlite.Insert | postgresql.Insert
Resolve = Callable[[Insert], Insert]
Convert = Callable[[Any], Any]


def table_of(row: type[Base]) -> Table:
    """The table that keeps these rows."""
    table = row.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{row.__name__} is kept in no table of its own")
    return table


def added(row: type[Base], key: Sequence[str]) -> Resolve:
    """Where a row with this key is there already, its count grows by the new one's."""
    count = table_of(row).c.count
    return lambda insert: insert.on_conflict_do_update(
        index_elements=key, set_={"count": count + insert.excluded.count}
    )


class Upsert:
    """Rows of these columns, written once in SQLAlchemy and run by the driver itself: usage is written all the time, in
    a process that has other things to do. `resolve` says what becomes of a row that is there already."""

    def __init__(self, row: type[Base], columns: Sequence[str], resolve: Resolve = lambda insert: insert) -> None:
        self._table = table_of(row)
        self._columns = list(columns)
        self._resolve = resolve
        self._prepared: dict[str, tuple[str, Sequence[Convert | None]]] = {}

    def write(self, session: Session, rows: Sequence[Sequence[Any]]) -> None:
        """Insert all the rows at once, if there are any; no two of them with one key, their values in the order of the
        columns."""
        if not rows:
            return
        connection = session.connection()
        dialect = connection.dialect
        if dialect.name not in self._prepared:
            self._prepared[dialect.name] = self._prepare(dialect)
        text, convert = self._prepared[dialect.name]
        columns = [_converted(values, one) for values, one in zip(zip(*rows, strict=True), convert, strict=True)]
        if dialect.name == "sqlite":
            connection.exec_driver_sql(text, list(zip(*columns, strict=True)))
        else:
            connection.exec_driver_sql(text, dict(zip(self._columns, columns, strict=True)))

    def _prepare(self, dialect: Dialect) -> tuple[str, Sequence[Convert | None]]:
        types = [self._table.c[name].type for name in self._columns]
        if dialect.name == "sqlite":
            statement = self._resolve(sqlite.insert(self._table)).compile(dialect=dialect, column_keys=self._columns)
            if statement.positiontup != self._columns:
                raise ValueError(f"{self._table.name} has its columns in another order")
        else:
            # A statement for each row would cost the server ten times as much.
            arrays = [func.unnest(cast(bindparam(n), ARRAY(t))) for n, t in zip(self._columns, types, strict=True)]
            insert = postgresql.insert(self._table).from_select(self._columns, select(*arrays))
            statement = self._resolve(insert).compile(dialect=dialect)
        return str(statement), [kind.dialect_impl(dialect).bind_processor(dialect) for kind in types]


def _converted(values: Sequence[Any], convert: Convert | None) -> Sequence[Any]:
    """The values of a column as the driver takes them. Most of them are there many times: hours, and codes."""
    if convert is None:
        return list(values)
    converted = {value: convert(value) for value in set(values)}
    return [converted[value] for value in values]
