"""A look at the database's own generation every few seconds, where nodes tell one another of changes: somebody may have
changed something and been killed, or cut off, before the others were told."""

import threading
from collections.abc import Hashable
from time import monotonic

from app.store.reading.reader import Reader, Unavailable

# With the second that the look may take, nothing is older than five (SPEC 16).
EVERY_SECONDS = 4.0
AGAIN_AFTER_SECONDS = 1.0


class Review:
    """Counts how often something was found to have changed. What was read under an earlier number is not to be used."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._looking = threading.Lock()
        self._next = 0.0
        self._found: Hashable = None
        self._number = 0

    def number(self) -> int:
        """The number as of at most five seconds ago. A database that does not answer has nothing new to tell."""
        if monotonic() >= self._next and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._number

    def _look(self) -> None:
        try:
            found = self._reader.generation()
        except Unavailable:
            self._next = monotonic() + AGAIN_AFTER_SECONDS
            return
        if found != self._found:
            # Whoever reads the tables from now on sees what was found.
            self._found = found
            self._number += 1
        self._next = monotonic() + EVERY_SECONDS
