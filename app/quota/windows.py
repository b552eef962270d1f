"""Moving windows: in no span of its length does a window hold more than its amount. In memory for one process, in
Redis for several. A fixed window would let twice the amount through at its edge (TRAPS M8)."""

import math
import threading
from dataclasses import dataclass
from datetime import datetime

from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

REDIS_SECONDS = 0.25


class CountersGone(Exception):
    """Redis does not answer, or not in time."""


@dataclass(frozen=True)
class Window:
    """At most `amount` in any span of `seconds`. `name` keeps the counters of different windows apart."""

    name: str
    amount: int
    seconds: int


class Windows:
    """Counters of things that happened. Keys are ids or digests, never what people typed: `limits` joins them by
    slashes, so that a name with a slash would count for another (TRAPS M12)."""

    def __init__(self, redis_url: str | None = None) -> None:
        storage = MemoryStorage() if redis_url is None else _redis(redis_url)
        self._limiter = MovingWindowRateLimiter(storage)
        # `limits` prunes its memory from a timer of its own (TRAPS M6); with Redis this orders one process only.
        self._one_at_a_time = threading.Lock()

    def wait(self, window: Window, key: str, now: datetime) -> int:
        """The whole seconds until one more fits; 0 where it fits now. Raises CountersGone."""
        item = _item(window)
        try:
            with self._one_at_a_time:
                if self._limiter.test(item, key):
                    return 0
                reset = self._limiter.get_window_stats(item, key).reset_time
        except StorageError as error:
            raise CountersGone from error
        return max(1, min(window.seconds, math.ceil(reset - now.timestamp())))

    def count(self, window: Window, key: str) -> None:
        """Count one; beyond the amount it is not counted. Raises CountersGone."""
        try:
            with self._one_at_a_time:
                self._limiter.hit(_item(window), key)
        except StorageError as error:
            raise CountersGone from error


def _redis(url: str) -> RedisStorage:
    return RedisStorage(
        url.replace("redis+unix://", "unix://"),
        key_prefix="postern",
        wrap_exceptions=True,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
    )


def _item(window: Window) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(window.amount, window.seconds, namespace=window.name)
