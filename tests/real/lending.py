"""Databases of a real PostgreSQL, lent to one test after the other.

A copy of a database takes a tenth of a second, putting back the rows that a test changed a tenth of that. What was lent
comes back as it was: connections that are left open are cut, every row is put back, and a database whose tables or
triggers were changed is not lent again."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.real.postgresql import PostgreSQL

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_CUT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
# Object ids are never used twice: what was dropped and made again is another one.
_SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
    SELECT concat('c', oid, relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat('t', oid, tgenabled, tgtype, tgattr, tgqual) FROM pg_trigger
    UNION ALL SELECT concat('f', oid, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat('a', attrelid, attname, attnotnull) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT concat('s', setconfig) FROM pg_db_role_setting
        JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()
) AS parts(part)
"""


@contextmanager
def lending(postgres: PostgreSQL, fill: Callable[[str, bool], None], peopled: bool) -> Iterator["Lending"]:
    """Copies of a database that `fill(url, peopled)` has filled. Nothing of them is left behind."""
    template = _new_name()
    fill(postgres.create_database(template), peopled)
    copies = Lending(postgres, template)
    yield copies
    for name in (*copies.free, template):
        postgres.drop_database(name)


@dataclass
class Lending:
    """Copies of one template database, which nobody is connected to."""

    postgres: PostgreSQL
    template: str
    free: list[str] = field(default_factory=list, init=False)
    _shapes: dict[str, str] = field(default_factory=dict, init=False)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a database that is as its template, for as long as the block lasts."""
        name = self.free.pop() if self.free else self._copy()
        yield self.postgres.url(name)
        if self._put_back(name):
            self.free.append(name)
        else:
            self.postgres.drop_database(name)

    def _copy(self) -> str:
        name = _new_name()
        self.postgres.create_database(name, template=self.template)
        with self._connected(name) as connection:
            connection.execute("CREATE SCHEMA pristine")
            for table in _tables(connection):
                copy, original = sql.Identifier("pristine", table), sql.Identifier("public", table)
                connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(copy, original))
            self._shapes[name] = _shape(connection)
        return name

    def _put_back(self, name: str) -> bool:
        """Whether the database is as its template again."""
        with self._connected(name) as connection:
            connection.execute(_CUT, [name])
            if _shape(connection) != self._shapes[name]:
                return False
            with connection.transaction():
                # Triggers and foreign keys rest meanwhile.
                connection.execute("SET LOCAL session_replication_role = replica")
                connection.execute(sql.SQL("; ").join(_restored(table) for table in _tables(connection)))
        return True

    def _connected(self, name: str) -> psycopg.Connection[tuple[str, ...]]:
        address = self.postgres.url(name).replace("postgresql+psycopg", "postgresql", 1)
        # What a test left set for the database (read-only, say) does not hold here.
        options = "-c default_transaction_read_only=off"
        return psycopg.connect(address, autocommit=True, options=options)


def _new_name() -> str:
    return f"postern_{uuid.uuid4().hex}"


def _restored(table: str) -> sql.Composed:
    text = "DELETE FROM {original}; INSERT INTO {original} OVERRIDING SYSTEM VALUE SELECT * FROM {copy}"
    return sql.SQL(text).format(original=sql.Identifier("public", table), copy=sql.Identifier("pristine", table))


def _tables(connection: psycopg.Connection[tuple[str, ...]]) -> list[str]:
    return [name for (name,) in connection.execute(_TABLES)]


def _shape(connection: psycopg.Connection[tuple[str, ...]]) -> str:
    found = connection.execute(_SHAPE).fetchone()
    return found[0] if found else ""
