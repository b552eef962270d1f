"""What was read before, each with the generation that was read before it was: of use as long as that is the
generation still. Bounded; the oldest entry goes first."""

import threading
from collections.abc import Hashable

from app.domain.question import Snapshot

MOST_KNOWN = 100_000
# A checksum is no secret: whoever makes up keys fills this table only, and a small one.
MOST_UNKNOWN = 10_000
Entry = tuple[Hashable, Snapshot | None]


class Cache:
    """Snapshots by the digests of their keys. None stands for a key that nobody has."""

    def __init__(self, most_known: int = MOST_KNOWN, most_unknown: int = MOST_UNKNOWN) -> None:
        self._most_known = most_known
        self._most_unknown = most_unknown
        self._known: dict[str, Entry] = {}
        self._unknown: dict[str, Entry] = {}
        self._one_at_a_time = threading.Lock()

    def find(self, digest: str, generation: Hashable) -> Entry | None:
        """The entry of this generation; None where there is none."""
        entry = self._known.get(digest) or self._unknown.get(digest)
        return entry if entry is not None and entry[0] == generation else None

    def keep(self, digest: str, generation: Hashable, snapshot: Snapshot | None) -> None:
        """Remember what was read after this generation was."""
        with self._one_at_a_time:
            # A key never becomes another's, but one that was unknown may be issued.
            other, table, most = (
                (self._known, self._unknown, self._most_unknown)
                if snapshot is None
                else (self._unknown, self._known, self._most_known)
            )
            other.pop(digest, None)
            if digest not in table and len(table) >= most:
                del table[next(iter(table))]
            table[digest] = (generation, snapshot)

    def clear(self) -> None:
        """Forget everything."""
        with self._one_at_a_time:
            self._known.clear()
            self._unknown.clear()
