"""Redis or PostgreSQL refused, hanging, cutting connections or slow: each is told within its time (SPEC 16)."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import psycopg
import pytest
import redis
from sqlalchemy import make_url

from app.domain.rates import Rate
from app.quota import line
from app.quota.generation import Announcer
from app.quota.line import Line
from app.quota.uses import SharedUses
from app.quota.windows import CountersGone
from app.store import patience
from app.store.reading import connections
from app.store.reading.connections import Connections
from app.store.reading.reader import Unavailable
from tests.conftest import NOW

PER_HOUR = Rate(5, "hour")
# A loaded machine wakes late; what is tested is that nobody waits for the five seconds that clients wait by default.
LATE = 1.5
on_postgresql = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


def hang(connection: socket.socket) -> None:
    """Say nothing."""


def cut(connection: socket.socket) -> None:
    """Hang up at once."""
    connection.close()


def babble(connection: socket.socket) -> None:
    """Say something that no such server says."""
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port at which every connection is treated so."""
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                kept.append(connection)
                answer(connection)

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    for connection in kept:
        connection.close()


@pytest.fixture(params=[None, hang, cut, babble], ids=["refused", "hanging", "cutting", "babbling"])
def broken_port(request: pytest.FixtureRequest) -> Iterator[int]:
    if request.param is None:
        yield 1
        return
    with listening(request.param) as port:
        yield port


def test_a_broken_redis_is_told_at_once_and_not_waited_for_again(broken_port: int) -> None:
    uses = SharedUses(Line(f"redis://127.0.0.1:{broken_port}/0"))
    started = monotonic()
    for _ in range(20):
        with pytest.raises(CountersGone):
            uses.take("tok_1", PER_HOUR, 1, NOW)
    assert uses.assumed() is None

    assert monotonic() - started < 20 * line.PATIENCE_SECONDS + LATE
    uses.close()


def test_while_it_rests_one_asks_and_the_others_are_told() -> None:
    tries: list[socket.socket] = []
    with listening(tries.append) as port:
        uses = SharedUses(Line(f"redis://127.0.0.1:{port}/0"))
        for _ in range(50):
            with pytest.raises(CountersGone):
                uses.take("tok_1", PER_HOUR, 1, NOW)
        uses.close()

    assert len(tries) < 10


def test_a_redis_that_is_back_is_used_within_a_second(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    uses = SharedUses(Line(redis_url))
    with monkeypatch.context() as away:
        away.setattr(uses._line, "_evaluated", lambda *arguments: (_ for _ in ()).throw(redis.ConnectionError()))
        with pytest.raises(CountersGone):
            uses.take("tok_1", PER_HOUR, 1, NOW)
    sleep(line.REST_SECONDS)

    assert uses.take("tok_1", PER_HOUR, 1, NOW).remaining == 4
    assert line.REST_SECONDS <= 1
    uses.close()


def test_a_change_is_not_kept_waiting_by_a_broken_redis(broken_port: int) -> None:
    announcer = Announcer(f"redis://127.0.0.1:{broken_port}/0")
    started = monotonic()

    announcer()

    assert announcer.is_behind
    assert monotonic() - started < 1 + LATE
    announcer.close()


def test_a_broken_postgresql_is_told_within_a_second_and_not_waited_for_by_all(broken_port: int) -> None:
    asked = Connections(f"postgresql+psycopg://u@127.0.0.1:{broken_port}/x")
    started = monotonic()
    with pytest.raises(Unavailable):
        asked.rows("SELECT 1")
    assert monotonic() - started < connections.PATIENCE_SECONDS + LATE
    started = monotonic()
    for _ in range(5):
        with pytest.raises(Unavailable):
            asked.rows("SELECT 1")

    assert monotonic() - started < connections.PATIENCE_SECONDS + LATE


@on_postgresql
def test_a_slow_answer_is_cut_off_and_the_next_one_comes(database_url: str) -> None:
    asked = Connections(database_url)
    started = monotonic()
    with pytest.raises(Unavailable):
        asked.rows("SELECT pg_sleep(30)")
    assert monotonic() - started < connections.PATIENCE_SECONDS + LATE
    sleep(patience.REST_SECONDS)

    assert list(asked.rows("SELECT 1")) == [(1,)]
    asked.close()


@on_postgresql
def test_a_server_that_stops_answering_is_cut_off(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the server's own limits do not help, because it does not run any more."""
    monkeypatch.setitem(connections._SETTINGS, "statement_timeout", "0")
    asked = Connections(database_url)
    started = monotonic()
    with pytest.raises(Unavailable):
        asked.rows("SELECT pg_sleep(30)")

    assert monotonic() - started < connections.PATIENCE_SECONDS + LATE
    asked.close()


@on_postgresql
def test_connections_that_the_server_ended_are_made_anew_unnoticed(database_url: str) -> None:
    asked = Connections(database_url)
    for _ in range(3):
        assert list(asked.rows("SELECT 1")) == [(1,)]
        with line_of(database_url) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    assert list(asked.rows("SELECT 1")) == [(1,)]
    asked.close()


@on_postgresql
def test_nothing_can_be_written_by_these_connections(database_url: str) -> None:
    asked = Connections(database_url)
    with pytest.raises(Unavailable):
        asked.rows("UPDATE generation SET value = value + 1 RETURNING value")
    asked.close()


@contextmanager
def line_of(database_url: str) -> "Iterator[connections.Connection]":
    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
