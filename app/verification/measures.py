"""How many verifications there were, by their code, and how long they took: for `/metrics`.

Several workers count for one node, so that any of them can tell the sum. Each owns a file that it maps into its memory
and holds by a lock, which the system gives back when the worker ends, however it ends: the next one goes on where it
stopped. Counting is one addition in memory."""

import fcntl
import hashlib
import mmap
import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from app.domain.checks import Code

# In seconds; the last bucket is open.
BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
OTHER = "other"
PROBLEMS = ("malformed", "unsupported_media_type", "too_large", "unavailable", OTHER)
CODES = (*(code.value for code in Code), *(f"CALLER_{code.value}" for code in Code), *PROBLEMS)
# For each code its buckets, then the microseconds that they sum up to.
_ROW = len(BOUNDS) + 2
_WIDTH = 8
_PLACE = {code: row * _ROW for row, code in enumerate(CODES)}
# A file that another version of Postern wrote means something else.
_LAYOUT = hashlib.sha256(repr((CODES, BOUNDS)).encode()).digest()
_SIZE = len(_LAYOUT) + len(CODES) * _ROW * _WIDTH


@dataclass(frozen=True)
class Measured:
    """What was counted of one code: how many took up to each of `BOUNDS`, and longer than all; their seconds in sum."""

    code: str
    buckets: tuple[int, ...]
    seconds: float


class Measures:
    """What this process counts, and the sum over all that share its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._cells = memoryview(bytearray(_SIZE))[len(_LAYOUT) :].cast("Q")
        self._one_at_a_time = threading.Lock()

    def observe(self, code: str, seconds: float) -> None:
        """Count one answer."""
        place = _PLACE.get(code)
        if place is None:
            place = _PLACE[OTHER]
        cells = self._cells
        bucket = place + bisect_left(BOUNDS, seconds)
        total = place + _ROW - 1
        with self._one_at_a_time:
            cells[bucket] += 1
            cells[total] += int(seconds * 1_000_000)

    def share(self) -> None:
        """From now on count where the other workers of this node can read. Raises OSError where the folder cannot be
        used; then it counts on for itself."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in count():
            file = (self._folder / str(number)).open("a+b")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            self._cells = _mapped(file)
            self._file = file
            return

    def close(self) -> None:
        """Let the file go: another worker may go on with it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def total(self) -> Sequence[Measured]:
        """The sums over the workers of this node, of each code that there was."""
        rows = list(self._counted())
        sums = [sum(column) for column in zip(*rows, strict=True)]
        found = []
        for code, place in _PLACE.items():
            buckets, microseconds = tuple(sums[place : place + _ROW - 1]), sums[place + _ROW - 1]
            if any(buckets):
                found.append(Measured(code, buckets, microseconds / 1_000_000))
        return found

    def _counted(self) -> Iterator[Sequence[int]]:
        if self._file is None:
            yield self._cells
            return
        for path in self._folder.iterdir():
            content = path.read_bytes()
            if len(content) == _SIZE and content.startswith(_LAYOUT):
                yield memoryview(content)[len(_LAYOUT) :].cast("Q")


def _mapped(file: BinaryIO) -> memoryview:
    file.seek(0)
    content = file.read()
    if len(content) != _SIZE or not content.startswith(_LAYOUT):
        file.truncate(0)
        file.write(_LAYOUT + bytes(_SIZE - len(_LAYOUT)))
        file.flush()
    return memoryview(mmap.mmap(file.fileno(), _SIZE))[len(_LAYOUT) :].cast("Q")
