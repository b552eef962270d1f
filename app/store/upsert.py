"""INSERT … ON CONFLICT, which both databases say alike and SQLAlchemy has no common word for."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.database import Base

Insert = sqlite.Insert | postgresql.Insert
Resolve = Callable[[Insert], Insert]
Convert = Callable[[Any], Any]
# A statement's text, what the driver takes the value of each column as, and the columns' names where it wants them.
_Prepared = tuple[str, Sequence[Convert | None], Sequence[str] | None]


def table_of(row: type[Base]) -> Table:
    """The table that keeps these rows."""
    return cast(Table, row.__table__)


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
        self._columns = columns
        self._resolve = resolve
        self._prepared: dict[str, _Prepared] = {}

    def write(self, session: Session, rows: Sequence[Sequence[Any]]) -> None:
        """Insert all the rows at once, if there are any; their values stand in the order of the columns."""
        if not rows:
            return
        connection = session.connection()
        dialect = connection.dialect
        if dialect.name not in self._prepared:
            self._prepared[dialect.name] = self._prepare(dialect)
        text, convert, names = self._prepared[dialect.name]
        columns = [_converted(values, one) for values, one in zip(zip(*rows, strict=True), convert, strict=True)]
        found = zip(*columns, strict=True)
        connection.exec_driver_sql(text, list(found) if names is None else [_named(names, row) for row in found])

    def _prepare(self, dialect: Dialect) -> _Prepared:
        insert = sqlite.insert(self._table) if dialect.name == "sqlite" else postgresql.insert(self._table)
        compiled = self._resolve(insert).compile(dialect=dialect, column_keys=list(self._columns))
        types = (self._table.c[name].type for name in self._columns)
        convert = [kind.dialect_impl(dialect).bind_processor(dialect) for kind in types]
        if compiled.positiontup not in (None, list(self._columns)):
            raise ValueError(f"{self._table.name} has its columns in another order")
        return str(compiled), convert, self._columns if compiled.positiontup is None else None


def _converted(values: Sequence[Any], convert: Convert | None) -> Sequence[Any]:
    """The values of a column as the driver takes them. Most of them are there many times: hours, and codes."""
    if convert is None:
        return values
    converted = {value: convert(value) for value in set(values)}
    return [converted[value] for value in values]


def _named(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(names, row, strict=True))
