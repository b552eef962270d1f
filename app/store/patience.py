"""How long a page waits for PostgreSQL. Where the server has stopped answering altogether none of its own limits helps,
and whoever waits without end holds a thread that verifications need."""

from time import monotonic
from typing import Any

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Connection, Engine, event

# For each thing that is asked.
PATIENCE_SECONDS = 2.0
# A transaction may have to wait for another one's lock first, and usage is written in large batches.
PATIENCE_OF_WRITERS_SECONDS = 6.0
# Who waited in vain spares others the wait for so long.
REST_SECONDS = 0.5


class Rest:
    """A while in which no new connection is tried, after one that did not answer."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        """From now on."""
        self._until = monotonic() + REST_SECONDS

    @property
    def lasts(self) -> bool:
        """Whether it is not over yet."""
        return monotonic() < self._until


class Impatient(psycopg.Connection[Any]):
    """A connection that is given up where the server does not answer in time. What it was asked may have been done."""

    rest: Rest
    writes = False

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        """As the driver's own, and no longer than there is patience for."""
        patience = PATIENCE_OF_WRITERS_SECONDS if self.writes else PATIENCE_SECONDS
        started = monotonic()
        try:
            return super().wait(gen, interval, patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and monotonic() - started >= patience:
                self.rest.begin()
                # It would answer what was asked before.
                self.pgconn.finish()
            raise


def limit(engine: Engine) -> None:
    """Give all connections of the engine that are made from now on a limit; others of its pool are let go."""
    if engine.dialect.name != "postgresql":
        return
    rest = Rest()

    def connect(dialect: object, record: object, arguments: Any, options: Any) -> Impatient:
        if rest.lasts:
            raise psycopg.OperationalError("the database did not answer a moment ago")
        try:
            connection = Impatient.connect(*arguments, **{**options, "connect_timeout": PATIENCE_SECONDS})
        except psycopg.errors.ConnectionTimeout:
            rest.begin()
            raise
        connection.rest = rest
        return connection

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkin", _is_read_by_others)
    engine.dispose()


def be_patient(connection: Connection) -> None:
    """This connection is used for a change, until it is given back."""
    found = connection.connection.dbapi_connection
    if isinstance(found, Impatient):
        found.writes = True


def _is_read_by_others(found: Any, record: object) -> None:
    if isinstance(found, Impatient):
        found.writes = False
