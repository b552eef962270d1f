"""PostgreSQL, read through its driver. Connections are kept, made anew after a restart, and given up after a second:
neither a slow database nor one that hangs can pile verifications up."""

from collections.abc import Hashable, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import psycopg as dialect

from app.store.reading import changes
from app.store.reading.changes import Changes, Point
from app.store.reading.connections import Connections
from app.store.reading.statement import Statement

_CHANGES = changes.text("%s")


class PostgresqlReader:
    """Reads only, and sees each commit at once."""

    def __init__(self, url: str, facts: Select[*tuple[Any, ...]]) -> None:
        self._connections = Connections(url)
        self._statement = Statement(facts, dialect.dialect())  # type: ignore[no-untyped-call]

    def generation(self) -> Hashable:
        """The generation as it is stored now. Raises Unavailable."""
        (generation,) = self._connections.rows(changes.GENERATION)
        return tuple(generation)

    def changes(self, since: Point | None) -> Changes:
        """What has changed since. Raises Unavailable."""
        return changes.found(self._connections.rows(_CHANGES, changes.parameters(since)), since)

    def rows(self, digests: Sequence[str]) -> Sequence[Any]:
        """The driver's rows for these digests. Raises Unavailable."""
        parameters = self._statement.parameters(**{f"digest_{place}": one for place, one in enumerate(digests)})
        return self._connections.rows(self._statement.text, parameters)

    def found(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows with names and values."""
        return self._statement.rows(rows)

    def close(self) -> None:
        """Let all connections go."""
        self._connections.close()
