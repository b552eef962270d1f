"""Whether this node should be asked: what it needs is there, and its clock is right (SPEC 16)."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from app.quota.redis_clock import MOST_APART, RedisClock
from app.store import schema

OK = "ok"
# Whoever asks ten times a second costs no more than who asks once.
HOLDS_SECONDS = 1.0
DATABASE_AWAY = "the database does not answer"
LIMITER_AWAY = "Redis does not answer"


class Readiness:
    """Looks at what this node needs. `redis_clock` is None where counters are in memory."""

    def __init__(self, redis_clock: RedisClock | None, clock: Callable[[], datetime]) -> None:
        self._redis_clock = redis_clock
        self._clock = clock
        self._looking = threading.Lock()
        self._last: Mapping[str, str] | None = None
        self._looked_at = 0.0

    def checks(self) -> Mapping[str, str]:
        """What was found, by check: `ok`, or what is wrong, without anything secret. At most a second old."""
        with self._looking:
            if self._last is None or monotonic() - self._looked_at > HOLDS_SECONDS:
                self._last = {**self._database(), **self._limiter()}
                self._looked_at = monotonic()
            return self._last

    def _database(self) -> Mapping[str, str]:
        try:
            return {"database": OK, "schema": schema.fault() or OK}
        except SQLAlchemyError:
            return {"database": DATABASE_AWAY, "schema": "not known"}

    def _limiter(self) -> Mapping[str, str]:
        if self._redis_clock is None:
            return {"limiter": OK, "clock": OK}
        theirs = self._redis_clock.now()
        if theirs is None:
            return {"limiter": LIMITER_AWAY, "clock": "not known"}
        apart = abs(self._clock() - theirs)
        if apart > MOST_APART:
            return {"limiter": OK, "clock": f"{apart.total_seconds():.1f} s from that of Redis: set it right"}
        return {"limiter": OK, "clock": OK}
