"""The clock of Redis, which windows are counted by: a node whose own differs would count wrongly (TRAPS M9)."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import redis

ANSWERS_WITHIN_SECONDS = 0.25
# Where Postern keeps it, if it counts in Redis.
REDIS_CLOCK = "postern_redis_clock"
MOST_APART = timedelta(seconds=1)
# Pages ask often, and a clock does not go wrong in a moment.
HOLDS_SECONDS = 5.0


class RedisClock:
    """Asks Redis for its time, and so whether it is there."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url.replace("redis+unix://", "unix://"),
            socket_timeout=ANSWERS_WITHIN_SECONDS,
            socket_connect_timeout=ANSWERS_WITHIN_SECONDS,
        )
        self._looking = threading.Lock()
        self._next = 0.0
        self._apart: timedelta | None = None

    def now(self) -> datetime | None:
        """The time of Redis; None where it does not answer in time."""
        try:
            seconds, microseconds = self._redis.time()
        except redis.RedisError:
            return None
        return datetime.fromtimestamp(seconds + microseconds / 1_000_000, UTC)

    def too_far_apart(self, now: Callable[[], datetime]) -> timedelta | None:
        """By how much this node's clock is wrong, where that is more than it may be; as of a few seconds ago. What
        Redis does not tell now is as it was."""
        if monotonic() >= self._next and self._looking.acquire(blocking=False):
            try:
                theirs = self.now()
                if theirs is not None:
                    self._apart = abs(now() - theirs)
                self._next = monotonic() + HOLDS_SECONDS
            finally:
                self._looking.release()
        return self._apart if self._apart is not None and self._apart > MOST_APART else None

    def close(self) -> None:
        """Let the connections go."""
        self._redis.close()
