"""What was read before, each with the moment (store/freshness.py) that was known before it was read. Bounded; the
oldest entry goes first."""

import threading
from typing import NamedTuple

from app.domain.question import Snapshot

MOST_KNOWN = 100_000
# A checksum is no secret: whoever makes up keys fills this table only, and a small one.
MOST_UNKNOWN = 10_000


class Entry(NamedTuple):
    """What was stored about a key at this moment, or later; None for a key that nobody has."""

    moment: int
    snapshot: Snapshot | None


class Cache:
    """Entries by the digests of their keys."""

    def __init__(self, most_known: int = MOST_KNOWN, most_unknown: int = MOST_UNKNOWN) -> None:
        self._most_known = most_known
        self._most_unknown = most_unknown
        self._known: dict[str, Entry] = {}
        self._unknown: dict[str, Entry] = {}
        self._one_at_a_time = threading.Lock()

    def find(self, digest: str) -> Entry | None:
        """The last entry, of whatever moment."""
        return self._known.get(digest) or self._unknown.get(digest)

    def keep(self, digest: str, entry: Entry) -> None:
        """Remember what was read."""
        with self._one_at_a_time:
            # A key never becomes another's, but one that was unknown may be issued.
            other, table, most = (
                (self._known, self._unknown, self._most_unknown)
                if entry.snapshot is None
                else (self._unknown, self._known, self._most_known)
            )
            other.pop(digest, None)
            if digest not in table and len(table) >= most:
                del table[next(iter(table))]
            table[digest] = entry
