"""Redis for verification: 50 milliseconds and no more, and a rest after each failure, so that a Redis that hangs does
not slow everybody down (TRAPS M24)."""

import hashlib
import re
import threading
from collections.abc import Sequence
from time import monotonic
from typing import Any
from weakref import WeakSet

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE_SECONDS = 0.05
# Who waited in vain spares others the wait for so long; then one of them tries.
REST_SECONDS = 0.5
# The library's connections have no types.
_Connection = Any
_RUN_ID = re.compile(rb"run_id:(\w+)")


class LineDown(Exception):
    """Redis does not answer, or not in time."""


class Line:
    """Runs scripts."""

    def __init__(self, url: str) -> None:
        self._servers = 0
        self._server: bytes | None = None
        self._counting = threading.Lock()
        self._trying = threading.Lock()
        self._rests_until = 0.0
        self._mine = threading.local()
        self._all = WeakSet[_Connection]()
        self._made = redis.ConnectionPool.from_url(
            url.replace("redis+unix://", "unix://"),
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
            redis_connect_func=self._connected,
        )

    @property
    def server(self) -> int:
        """The number of the server that this thread's connection leads to; 0 where there is none. What one has told may
        not be so in another, or in one that was started again and has forgotten."""
        return getattr(self._mine, "server", 0)

    @property
    def is_resting(self) -> bool:
        """Whether the last try failed, so that something may have changed unheard."""
        return self._rests_until > 0

    def run(self, script: "Script", keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """What the script answers, in one round trip. Raises LineDown."""
        tries = self._rests_until > 0
        if tries and (monotonic() < self._rests_until or not self._trying.acquire(blocking=False)):
            raise LineDown
        try:
            found = self._evaluated(script, keys, arguments)
            self._rests_until = 0.0
        except redis.RedisError as error:
            self._rests_until = monotonic() + REST_SECONDS
            raise LineDown from error
        finally:
            if tries:
                self._trying.release()
        return found

    def close(self) -> None:
        """Let the connections go."""
        everybody, self._all, self._mine = list(self._all), WeakSet(), threading.local()
        for each in everybody:
            each.disconnect()

    def _evaluated(self, script: "Script", keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        try:
            return self._asked("EVALSHA", script.sha, len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:
            return self._asked("EVAL", script.text, len(keys), *keys, *arguments)

    def _asked(self, *command: Any) -> Any:
        """The answer, over this thread's own connection: what a client does around one costs more than the decision."""
        connection = self._connection()
        asked = connection.pack_command(*command)
        try:
            return _answer(connection, asked)
        except redis.ConnectionError:
            # A kept connection that died since its last use is made anew once; a slow one is not waited for twice.
            return _answer(connection, asked)

    def _connection(self) -> _Connection:
        mine: _Connection | None = getattr(self._mine, "connection", None)
        if mine is None:
            mine = self._mine.connection = self._made.make_connection()
            self._all.add(mine)
        return mine

    def _connected(self, connection: _Connection) -> None:
        connection.on_connect()
        server = _server_of(connection)
        with self._counting:
            if server is None or server != self._server:
                self._servers += 1
            self._server = server
            self._mine.server = self._servers


def _answer(connection: _Connection, asked: Any) -> Any:
    connection.send_packed_command(asked, check_health=False)
    return connection.read_response()


def _server_of(connection: _Connection) -> bytes | None:
    """What names the server for as long as it runs; None where it does not tell."""
    connection.send_command("INFO", "server")
    try:
        said = bytes(connection.read_response(disable_decoding=True))
    except redis.ResponseError:
        return None
    found = _RUN_ID.search(said)
    return found[1] if found else None


class Script:
    """Lua that Redis runs as one step."""

    def __init__(self, text: str) -> None:
        self.text = text
        # How Redis names scripts; nothing is kept safe by it.
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
