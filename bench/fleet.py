"""PostgreSQL and Redis for one installation, and how often a verification goes to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import redis
from sqlalchemy import make_url

from bench import processes
from tests.real.postgresql import PostgreSQL, postgresql
from tests.real.redis_server import redis_server

DATABASE = "postern_bench"
_TRANSACTIONS = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = %s"


@dataclass(frozen=True)
class Fleet:
    """What nodes of a fleet share. Both are reached over sockets of this machine."""

    postgres: PostgreSQL
    redis_url: str
    pids: tuple[int, ...]

    @property
    def database_url(self) -> str:
        """The address of the installation's database."""
        return self.postgres.url(DATABASE)

    def trips(self) -> int:
        """How many times anybody has asked either of them anything, so far: transactions of the database (a query
        outside of one is one) and messages that Redis has read (a pipeline is one)."""
        address = make_url(self.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute(_TRANSACTIONS, [DATABASE]).fetchone()
        with redis.Redis.from_url(self.redis_url) as client:
            read = client.info("stats")["total_reads_processed"]
        return int(found[0] if found else 0) + int(read)


@contextmanager
def fleet() -> Iterator[Fleet]:
    """Both of them, running and empty. Raises UnavailableError where they cannot be had."""
    with postgresql() as postgres, redis_server() as redis_url:
        postgres.create_database(DATABASE)
        try:
            yield Fleet(postgres, redis_url, processes.children("postgres") + processes.children("redis-server"))
        finally:
            postgres.drop_database(DATABASE)
