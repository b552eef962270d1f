"""The clock of Redis, which windows are counted by: a node whose own differs would count wrongly (TRAPS M9)."""

from datetime import UTC, datetime

import redis

ANSWERS_WITHIN_SECONDS = 0.25


class RedisClock:
    """Asks Redis for its time, and so whether it is there."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url.replace("redis+unix://", "unix://"),
            socket_timeout=ANSWERS_WITHIN_SECONDS,
            socket_connect_timeout=ANSWERS_WITHIN_SECONDS,
        )

    def now(self) -> datetime | None:
        """The time of Redis; None where it does not answer in time."""
        try:
            seconds, microseconds = self._redis.time()
        except redis.RedisError:
            return None
        return datetime.fromtimestamp(seconds + microseconds / 1_000_000, UTC)

    def close(self) -> None:
        """Let the connections go."""
        self._redis.close()
