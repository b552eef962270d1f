"""INSERT … ON CONFLICT, which both databases say alike and SQLAlchemy has no common word for."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, Table, bindparam, cast, exists, func, literal_column, select
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
    a process that has other things to do. All the rows are one statement, during which a process does other things.
    `resolve` says what becomes of a row that is there already. A row whose token, key or the like is gone is left out:
    the example's are the only ones that are ever removed."""

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
            connection.exec_driver_sql(text, (json.dumps(list(zip(*columns, strict=True))),))
        else:
            connection.exec_driver_sql(text, dict(zip(self._columns, columns, strict=True)))

    def _prepare(self, dialect: Dialect) -> tuple[str, Sequence[Convert | None]]:
        columns = [self._table.c[name] for name in self._columns]
        if dialect.name == "sqlite":
            each = func.json_each(bindparam("rows")).table_valued("value")
            places: list[tuple[ColumnElement[str], str]] = [
                (literal_column(f"'$[{number}]'"), one.name) for number, one in enumerate(columns)
            ]
            fed = select(*(func.json_extract(each.c.value, place).label(name) for place, name in places))
            insert: Insert = sqlite.insert(self._table)
        else:
            fed = select(*(func.unnest(cast(bindparam(one.name), ARRAY(one.type))).label(one.name) for one in columns))
            insert = postgresql.insert(self._table)
        rows = fed.subquery("fed")
        there = [
            exists().where(key.column == rows.c[key.parent.name])
            for key in self._table.foreign_keys
            if key.parent.name in self._columns
        ]
        # A condition there has to be: without one SQLite takes the word ON for part of a join.
        found = select(*rows.c).where(*there, literal_column("1") == literal_column("1"))
        # In one order in all processes, or two of them would wait for each other's rows.
        found = found.order_by(*(rows.c[key.name] for key in self._table.primary_key if key.name in self._columns))
        statement = self._resolve(insert.from_select(self._columns, found)).compile(dialect=dialect)
        return str(statement), [one.type.dialect_impl(dialect).bind_processor(dialect) for one in columns]


def _converted(values: Sequence[Any], convert: Convert | None) -> Sequence[Any]:
    """The values of a column as the driver takes them. Most of them are there many times: hours, and codes."""
    if convert is None:
        return list(values)
    converted = {value: convert(value) for value in set(values)}
    return [converted[value] for value in values]
