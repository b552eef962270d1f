"""The SQLite file, read through a connection for each thread. The file itself proves that nothing has changed: every
commit of anybody, in any process, leaves its mark (docs/decisions/0007)."""

import sqlite3
import threading
import weakref
from collections.abc import Hashable, Sequence
from typing import Any
from weakref import WeakSet

from sqlalchemy import Select, make_url
from sqlalchemy.dialects import sqlite

from app.store.reading import changes
from app.store.reading.changes import Changes, Point
from app.store.reading.reader import Unavailable
from app.store.reading.statement import Statement
from app.store.reading.wal_index import index_of

PATIENCE_SECONDS = 1
_CHANGES = changes.text("?")


class _Thread:
    """One thread's connection, and what it saw last."""

    def __init__(self, path: str) -> None:
        # Closed by whichever thread closes the reader.
        self.connection = sqlite3.connect(path, PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self.connection.close)
        self.connection.execute("PRAGMA query_only = 1")
        self.cursor = self.connection.cursor()
        # The index is there once somebody has read.
        self._data_version()
        self._index = index_of(path)
        self.mark: Hashable = None
        self.generation: Hashable = None

    def look(self) -> Hashable:
        """What every commit of anybody else changes."""
        return (self._index and self._index.mark()) or self._data_version()

    def _data_version(self) -> int:
        ((version,),) = self.cursor.execute("PRAGMA data_version").fetchall()
        return int(version)


class SqliteReader:
    """Reads only, sees each commit at once, and waits no longer than a second."""

    def __init__(self, url: str, facts: Select[*tuple[Any, ...]]) -> None:
        self._path = make_url(url).database or ""
        self._statement = Statement(facts, sqlite.dialect())
        self._mine = threading.local()
        self._all: WeakSet[_Thread] = WeakSet()

    def generation(self) -> Hashable:
        """The generation: a look at the file, and at what is stored where somebody wrote anything since this thread's
        last look. Raises Unavailable."""
        try:
            mine = self._thread()
            mark = mine.look()
            if mark != mine.mark:
                # What is committed between the two looks changes the mark again.
                (mine.generation,) = mine.cursor.execute(changes.GENERATION).fetchall()
                mine.mark = mark
        except sqlite3.Error as error:
            raise Unavailable(type(error).__name__) from error
        return mine.generation

    def changes(self, since: Point | None) -> Changes:
        """What has changed since. Raises Unavailable."""
        return changes.found(self._ask(_CHANGES, changes.parameters(since)), since)

    def rows(self, digests: Sequence[str]) -> Sequence[Any]:
        """The driver's rows for these digests. Raises Unavailable."""
        parameters = self._statement.parameters(**{f"digest_{place}": one for place, one in enumerate(digests)})
        return self._ask(self._statement.text, parameters)

    def found(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows with names and values."""
        return self._statement.rows(rows)

    def close(self) -> None:
        """Let all connections go; threads that ask again get new ones."""
        everybody, self._all, self._mine = list(self._all), WeakSet(), threading.local()
        for each in everybody:
            each.connection.close()

    def _ask(self, text: str, parameters: Any) -> Sequence[Any]:
        try:
            return self._thread().cursor.execute(text, parameters).fetchall()
        except sqlite3.Error as error:
            raise Unavailable(type(error).__name__) from error

    def _thread(self) -> _Thread:
        mine: _Thread | None = getattr(self._mine, "thread", None)
        if mine is None:
            mine = self._mine.thread = _Thread(self._path)
            self._all.add(mine)
        return mine
