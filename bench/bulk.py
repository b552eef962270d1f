"""Many rows at once: what makes a million of them a matter of seconds, on both databases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table

from app.store.database import Base

BATCH = 10_000
CACHE_KIB = 1_000_000


@contextmanager
def filling(engine: Engine) -> Iterator[Connection]:
    """A connection to fill a database by, committed at the end and closed."""
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            # Pages that do not fit are written to the log over and over.
            connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        yield connection
    engine.dispose()
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            # It does so by itself, but later; SQLite never does.
            connection.exec_driver_sql("ANALYZE")


def insert(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, each with a value of the program's own types for each of the columns. Defaults are not filled in."""
    kinds = [table.c[name].type.dialect_impl(connection.dialect) for name in columns]
    converters = [kind.bind_processor(connection.dialect) for kind in kinds]
    plain = (
        tuple(convert(row[name]) if convert else row[name] for name, convert in zip(columns, converters, strict=True))
        for row in rows
    )
    if connection.dialect.name == "sqlite":
        _execute_many(connection, table, columns, plain)
    else:
        _copy(connection, table, columns, plain)


def table_of(row: type[Base]) -> Table:
    """The table that these rows are in."""
    return cast(Table, row.__table__)


def _execute_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    places = ", ".join("?" for _ in columns)
    statement = f"INSERT INTO {_quoted(table.name)} ({_named(columns)}) VALUES ({places})"  # noqa: S608 - names of our own tables
    while batch := list(islice(rows, BATCH)):
        connection.exec_driver_sql(statement, batch)


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {_quoted(table.name)} ({_named(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _named(columns: Sequence[str]) -> str:
    return ", ".join(_quoted(name) for name in columns)


def _quoted(name: str) -> str:
    return f'"{name}"'
