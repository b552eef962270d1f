"""What the drivers say when the database does not do what it was asked."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import exc
from sqlalchemy.exc import OperationalError

from app.store.trouble import Trouble, trouble


def full(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        connection.execute("CREATE TABLE one (value)")


def read_only(path: Path) -> None:
    sqlite3.connect(path).close()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute("CREATE TABLE one (value)")


def busy(path: Path) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as first,
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as second,
    ):
        first.execute("BEGIN IMMEDIATE")
        second.execute("BEGIN IMMEDIATE")


def gone(path: Path) -> None:
    sqlite3.connect(path / "nowhere")


@pytest.mark.parametrize(
    ("act", "found"),
    [(full, Trouble.FULL), (read_only, Trouble.READ_ONLY), (busy, Trouble.BUSY), (gone, Trouble.GONE)],
)
def test_sqlite_says_what_is_wrong(act: Callable[[Path], None], found: Trouble, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as raised:
        act(tmp_path / "postern.db")

    assert trouble(OperationalError("INSERT", {}, raised.value)) is found


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (psycopg.errors.DiskFull, Trouble.FULL),
        (psycopg.errors.ReadOnlySqlTransaction, Trouble.READ_ONLY),
        (psycopg.errors.IoError, Trouble.FAILING),
        (psycopg.errors.LockNotAvailable, Trouble.BUSY),
        (psycopg.errors.TooManyConnections, Trouble.BUSY),
        (psycopg.errors.AdminShutdown, Trouble.GONE),
        (psycopg.errors.ConnectionTimeout, Trouble.GONE),
    ],
)
def test_postgresql_says_what_is_wrong(error: type[psycopg.Error], found: Trouble) -> None:
    assert trouble(OperationalError("INSERT", {}, error("said so"))) is found


def test_a_pool_whose_connections_are_all_in_use_is_busy() -> None:
    assert trouble(exc.TimeoutError("QueuePool limit reached")) is Trouble.BUSY


def test_what_is_no_error_of_a_driver_names_nothing() -> None:
    assert trouble(exc.SQLAlchemyError("whatever")) is Trouble.GONE
