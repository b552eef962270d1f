"""Moving windows in memory, exact among all threads of one process: what `limits` ships counts wrongly or sweeps from a
timer (TRAPS M6, M26, M27), so this storage of ours stands in its place."""

import threading
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from limits.storage import MovingWindowSupport, Storage

MICROSECONDS = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Entries that have left the window are cut off together.
CUT_AT = 1_024
# So many windows are looked at for being empty, and not again for so many microseconds.
SWEPT, SWEPT_EVERY = 64, 10_000


def microseconds(instant: datetime) -> int:
    """An aware instant as a whole number since 1970."""
    since = instant - EPOCH
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds


class Taken(NamedTuple):
    """Whether an amount fitted, how much more fits now, and the microseconds until one more, and until the amount,
    fits."""

    fits: bool
    remaining: int
    next_in: int
    fits_in: int


@dataclass
class _Window:
    """The uses of one key that have not left its window: instants in microseconds, never decreasing, and amounts."""

    at: "array[int]" = field(default_factory=lambda: array("q"))
    amounts: "array[int]" = field(default_factory=lambda: array("H"))
    first: int = 0
    used: int = 0

    def left(self, until: int) -> tuple[int, int]:
        """The place of the first use after this instant, and how much is used from there on."""
        first, used = self.first, self.used
        while first < len(self.at) and self.at[first] <= until:
            used -= self.amounts[first]
            first += 1
        return first, used

    def forget(self, first: int, used: int) -> None:
        """Let go of what stands before this place."""
        self.first, self.used = first, used
        if first >= CUT_AT or first == len(self.at):
            del self.at[:first], self.amounts[:first]
            self.first = 0

    def add(self, at: int, amount: int) -> None:
        """Note a use."""
        self.at.append(at)
        self.amounts.append(amount)
        self.used += amount

    def freed_at(self, first: int, amount: int, span: int) -> int:
        """The instant at which so much of what stands from this place on has left the window."""
        for place in range(first, len(self.at)):
            amount -= self.amounts[place]
            if amount <= 0:
                return self.at[place] + span
        raise ValueError("that much is not used")


class ExactMemory(Storage, MovingWindowSupport):
    """A storage for `limits` that counts uses as plain numbers under one lock, with no timer of its own."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, _Window] = {}
        self._spans: dict[str, int] = {}
        self._sweep: Iterator[str] = iter(())
        self._swept_at = 0

    def take(self, key: str, limit: int, span: int, amount: int, now: int, *, use: bool = True) -> Taken:
        """Use up this amount if it fits, all of it or nothing; where `use` is False, only ask. Instants and `span` are
        in microseconds. The order of calls is the order of time: a thread that read the clock earlier but comes later
        counts as later."""
        with self._lock:
            window = self._windows.get(key)
            if window is None:
                window = _Window()
            elif use and window.at:
                now = max(now, window.at[-1])
            first, used = window.left(now - span)
            fits = used + amount <= limit
            if fits and use and amount:
                window.forget(first, used)
                window.add(now, amount)
                first, used = window.first, window.used
                self._windows[key], self._spans[key] = window, span
                if now - self._swept_at >= SWEPT_EVERY:
                    self._sweep_some(now)

            remaining = max(0, limit - used)
            if fits and remaining:
                return Taken(fits, remaining, 0, 0)

            def wait(needed: int) -> int:
                return window.freed_at(first, needed, span) - now

            next_in = 0 if remaining else wait(used + 1 - limit)
            if fits:
                return Taken(fits, remaining, next_in, 0)
            # What is more than the limit never fits; it is told the length of the window.
            return Taken(fits, remaining, next_in, span if amount > limit else wait(used + amount - limit))

    def dump(self) -> dict[str, list[list[int]]]:
        """Everything that is counted, as JSON values."""
        with self._lock:
            return {
                key: [window.at[window.first :].tolist(), window.amounts[window.first :].tolist(), [self._spans[key]]]
                for key, window in self._windows.items()
            }

    def load(self, dumped: Mapping[str, list[list[int]]]) -> None:
        """Count what was dumped before. Raises ValueError, TypeError, OverflowError for anything else."""
        windows, spans = {}, {}
        for key, (at, amounts, (span,)) in dumped.items():
            if len(at) != len(amounts) or sorted(at) != at:
                raise ValueError(key)
            window = _Window(array("q", at), array("H", amounts))
            window.used = sum(window.amounts)
            windows[key], spans[key] = window, span
        with self._lock:
            self._windows, self._spans = windows, spans

    def _now(self) -> int:
        return microseconds(self._clock())

    def _sweep_some(self, now: int) -> None:
        """Let go of windows that are empty by now, some at a time, so that no use ever waits for all of them."""
        self._swept_at = now
        for _ in range(SWEPT):
            key = next(self._sweep, None)
            if key is None:
                self._sweep = iter(list(self._windows))
                return
            window = self._windows.get(key)
            if window is not None and window.at[-1] + self._spans[key] <= now:
                del self._windows[key], self._spans[key]

    # What `limits` asks of a storage, in seconds and by the clock; Postern calls `take`, which answers all at once.

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Use up this amount if it fits."""
        return self.take(key, limit, expiry * MICROSECONDS, amount, self._now()).fits

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the window began, and how much of it is used."""
        now = self._now()
        taken = self.take(key, limit, expiry * MICROSECONDS, 0, now)
        return (now + taken.next_in) / MICROSECONDS - expiry, limit - taken.remaining

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Nothing: fixed windows let twice their amount through at an edge (TRAPS M8)."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """How much of the window is used."""
        with self._lock:
            window = self._windows.get(key)
            return window.used if window else 0

    def get_expiry(self, key: str) -> float:
        """When the newest use leaves its window, in seconds."""
        with self._lock:
            window = self._windows.get(key)
            return (window.at[-1] + self._spans[key] if window else self._now()) / MICROSECONDS

    def clear(self, key: str) -> None:
        """Forget the uses of one key."""
        with self._lock:
            self._windows.pop(key, None)
            self._spans.pop(key, None)

    def check(self) -> bool:
        """Memory always answers."""
        return True

    def reset(self) -> int:
        """Forget everything."""
        with self._lock:
            forgotten = len(self._windows)
            self._windows, self._spans = {}, {}
        return forgotten

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a failing storage raises."""
        return OSError
