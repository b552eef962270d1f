"""Opening a connection with a limit to one's patience: the driver's own limit is two seconds at least."""

import threading
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
DRIVER_GIVES_UP_SECONDS = 2


class Opening:
    """A connection that is being opened in a thread of its own. What comes too late is closed there."""

    def __init__(self, address: str, options: str) -> None:
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._given_up = False
        self._connection: Connection | None = None
        self._error: psycopg.Error | None = None
        threading.Thread(target=self._open, args=(address, options), name="opening", daemon=True).start()

    def result(self, patience: float) -> Connection:
        """The connection. Raises psycopg.Error, where it was refused or took too long."""
        self._done.wait(patience)
        with self._lock:
            if self._connection is not None:
                return self._connection
            self._given_up = True
            raise self._error or psycopg.errors.ConnectionTimeout("the database does not answer")

    def _open(self, address: str, options: str) -> None:
        try:
            connection: Connection = psycopg.connect(
                address, options=options, autocommit=True, connect_timeout=DRIVER_GIVES_UP_SECONDS
            )
        except psycopg.Error as error:
            self._error = error
        else:
            with self._lock:
                if self._given_up:
                    connection.close()
                else:
                    self._connection = connection
        finally:
            self._done.set()
