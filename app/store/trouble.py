"""Why the database did not do what it was asked, as far as it says so itself."""

import sqlite3
from collections.abc import Mapping
from enum import StrEnum

import psycopg
from sqlalchemy import exc


class Trouble(StrEnum):
    """What whoever runs Postern has to look at."""

    GONE = "gone"
    FULL = "full"
    FAILING = "failing"
    READ_ONLY = "read-only"
    BUSY = "busy"


# The primary codes of https://www.sqlite.org/rescode.html.
_SQLITE: Mapping[int, Trouble] = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR: Trouble.FAILING,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
}
_POSTGRESQL: Mapping[str | None, Trouble] = {
    psycopg.errors.DiskFull.sqlstate: Trouble.FULL,
    psycopg.errors.IoError.sqlstate: Trouble.FAILING,
    psycopg.errors.ReadOnlySqlTransaction.sqlstate: Trouble.READ_ONLY,
    psycopg.errors.LockNotAvailable.sqlstate: Trouble.BUSY,
    psycopg.errors.TooManyConnections.sqlstate: Trouble.BUSY,
}


def trouble(error: Exception) -> Trouble:
    """What kind of trouble the database is in. What it does not name is that it cannot be reached."""
    if isinstance(error, exc.TimeoutError):
        # All connections of the pool are in use.
        return Trouble.BUSY
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, Trouble.GONE)
    return _POSTGRESQL.get(getattr(cause, "sqlstate", None), Trouble.GONE)
