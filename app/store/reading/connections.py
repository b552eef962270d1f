"""Connections to PostgreSQL that are kept between questions. None of its own limits helps where the server has stopped
answering altogether, so each question is watched: after a second its connection is cut, and whoever waited is told."""

import os
import socket
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import make_url

from app.store.patience import Rest
from app.store.reading.opening import Opening
from app.store.reading.reader import Unavailable

PATIENCE_SECONDS = 1.0
LOOK_SECONDS = 0.1
_MILLISECONDS = int(PATIENCE_SECONDS * 1000)
_SETTINGS = {"statement_timeout": str(_MILLISECONDS), "default_transaction_read_only": "on", "timezone": "utc"}
Connection = psycopg.Connection[tuple[Any, ...]]


class Connections:
    """Runs statements that only read, each by itself, on a connection that nobody else uses meanwhile."""

    def __init__(self, url: str) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._idle: deque[Connection] = deque()
        self._asking: dict[Connection, float] = {}
        self._lock = threading.Lock()
        self._watch: threading.Thread | None = None
        self._rest = Rest()

    def rows(self, text: str, parameters: Sequence[object] | Mapping[str, object] | None = None) -> Sequence[Any]:
        """What the statement finds. Raises Unavailable after a second at the latest."""
        if self._rest.lasts:
            raise Unavailable("it did not answer a moment ago")
        started = monotonic()
        try:
            return self._ask(text, parameters)
        except psycopg.Error as error:
            if monotonic() - started >= PATIENCE_SECONDS - LOOK_SECONDS:
                self._rest.begin()
            raise Unavailable(type(error).__name__) from error

    def close(self) -> None:
        """Let the idle connections go."""
        while self._idle:
            self._idle.pop().close()

    def _ask(self, text: str, parameters: Any) -> Sequence[Any]:
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._answer(self._new(), text, parameters)
        try:
            return self._answer(connection, text, parameters)
        except psycopg.OperationalError:
            if not connection.closed or self._rest.lasts:
                raise
        # The server was restarted since the last question: none of the kept connections is good any more.
        self.close()
        return self._answer(self._new(), text, parameters)

    def _answer(self, connection: Connection, text: str, parameters: Any) -> Sequence[Any]:
        try:
            with self._watched(connection):
                found = connection.execute(text, parameters).fetchall()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return found

    def _new(self) -> Connection:
        opening = Opening(self._address, " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items()))
        return opening.result(PATIENCE_SECONDS)

    @contextmanager
    def _watched(self, connection: Connection) -> Iterator[None]:
        with self._lock:
            self._asking[connection] = monotonic()
            if self._watch is None:
                self._watch = threading.Thread(target=self._cut_the_late, name="postgresql", daemon=True)
                self._watch.start()
        try:
            yield
        finally:
            # Before it can be closed: its descriptor may then be another file's.
            with self._lock:
                self._asking.pop(connection, None)

    def _cut_the_late(self) -> None:
        while True:
            threading.Event().wait(LOOK_SECONDS)
            with self._lock:
                if not self._asking:
                    self._watch = None
                    return
                late = [one for one, since in self._asking.items() if monotonic() - since > PATIENCE_SECONDS]
                for connection in late:
                    self._rest.begin()
                    _cut(connection)
                    del self._asking[connection]


def _cut(connection: Connection) -> None:
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            # It ended by itself in this very moment.
            return
