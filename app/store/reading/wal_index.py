"""Whether anything was committed to a SQLite file: asked of the index of its write-ahead log, which all processes that
use the file share in memory. No system call is needed and no other thread gets its turn meanwhile, as with
`PRAGMA data_version`, which looks at the very same bytes (https://www.sqlite.org/walformat.html, 2.2)."""

import mmap
import os
import threading
from pathlib import Path

# The one format there is so far, in the byte order of this machine.
_FORMAT = (3_007_000).to_bytes(4, "little"), (3_007_000).to_bytes(4, "big")
_HEADER = 48


class WalIndex:
    """The index of one file. SQLite writes its header twice, the second copy first: two equal ones are whole."""

    def __init__(self, memory: mmap.mmap | memoryview) -> None:
        self._memory = memory

    def mark(self) -> bytes | None:
        """What every commit changes; None while one is being written."""
        headers = bytes(self._memory[: 2 * _HEADER])
        mark = headers[:_HEADER]
        return mark if headers.endswith(mark) else None


# Of this process, for as long as it lives: to close such a file drops the locks that SQLite holds on it in the whole
# process, and without them another process takes it for abandoned.
_indexes: dict[tuple[int, int], WalIndex | None] = {}
_one_at_a_time = threading.Lock()


def index_of(database: str) -> WalIndex | None:
    """The index of this file; None where there is none, or one that is not understood. For whoever holds a connection
    that has read from the file: as long as it is open, the index stays the one of the file."""
    path = Path(f"{database}-shm")
    with _one_at_a_time:
        try:
            found = path.stat()
            number = (found.st_dev, found.st_ino)
            if number not in _indexes:
                _indexes[number] = _mapped(path)
        except (OSError, ValueError):
            return None
        return _indexes[number]


def _mapped(path: Path) -> WalIndex | None:
    memory = mmap.mmap(os.open(path, os.O_RDONLY | os.O_CLOEXEC), 2 * _HEADER, access=mmap.ACCESS_READ)
    return WalIndex(memory) if memory[:4] in _FORMAT else None
