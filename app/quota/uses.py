"""How often tokens were used, against their rate limits: exact in one process, or for all nodes in Redis (SPEC 8).

Counters are keyed by the token's id alone, so that neither a new amount nor a new key refills what was used."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from limits.storage import RedisStorage
from redis.exceptions import RedisError

from app.domain.decision import Count
from app.domain.rates import Rate
from app.quota.moving import MICROSECONDS, ExactMemory, Taken, microseconds
from app.quota.windows import CountersGone

log = logging.getLogger(__name__)
USES = "postern_uses"
SCRIPT = Path(__file__).with_name("take.lua")
# A verification waits no longer for Redis (SPEC 16).
PATIENCE_SECONDS = 0.05


class Uses(Protocol):
    """The counters of all tokens."""

    def take(self, token_id: str, rate: Rate, cost: int, now: datetime, *, use: bool = True) -> Count:
        """Use up `cost` if it fits, all or nothing; only ask where `use` is False. Raises CountersGone."""
        ...

    def keep(self) -> None:
        """Save what an orderly stop must not forget."""
        ...

    def resume(self) -> None:
        """Count on from where the last orderly stop left off."""
        ...


class LocalUses:
    """Counters in the memory of one process. `path` is where they are kept between an orderly stop and the next start;
    a killed process forgets them."""

    def __init__(self, clock: Callable[[], datetime], path: Path) -> None:
        self._storage = ExactMemory(clock)
        self._path = path

    def take(self, token_id: str, rate: Rate, cost: int, now: datetime, *, use: bool = True) -> Count:
        """Use up `cost` if it fits."""
        span, at = rate.seconds * MICROSECONDS, microseconds(now)
        return _count(self._storage.take(token_id, rate.amount, span, cost, at, use=use), now)

    def keep(self) -> None:
        """Save the counters, whole or not at all."""
        new = self._path.with_suffix(".new")
        try:
            new.touch(mode=0o600)
            new.write_text(json.dumps(self._storage.dump(), separators=(",", ":")), "ascii")
            new.replace(self._path)
        except OSError as error:
            log.warning("the rate counters are not kept, all begin anew at the next start: %s", error.strerror)

    def resume(self) -> None:
        """Load the counters, and remove the file: after a kill it would be older than what was used since."""
        try:
            self._storage.load(json.loads(self._path.read_text("ascii")))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, AttributeError, OverflowError) as error:
            log.warning("the rate counters of the last stop cannot be read, all begin anew: %s", type(error).__name__)
        self._path.unlink(missing_ok=True)


class SharedUses:
    """Counters in Redis, shared by all processes and nodes, by the clock of Redis."""

    def __init__(self, url: str) -> None:
        storage = RedisStorage(
            url.replace("redis+unix://", "unix://"),
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
        )
        self._take = storage.get_connection().register_script(SCRIPT.read_bytes())

    def take(self, token_id: str, rate: Rate, cost: int, now: datetime, *, use: bool = True) -> Count:
        """Use up `cost` if it fits."""
        # The braces keep both keys on one node of a cluster.
        keys = [f"postern:uses:{{{token_id}}}", f"postern:used:{{{token_id}}}"]
        arguments = [rate.seconds * MICROSECONDS, rate.amount, cost, int(use)]
        try:
            fits, remaining, next_in, fits_in = self._take(keys=keys, args=arguments)
        except RedisError as error:
            raise CountersGone from error
        return _count(Taken(bool(fits), remaining, next_in, fits_in), now)

    def keep(self) -> None:
        """Redis keeps what it counts."""

    def resume(self) -> None:
        """Redis has kept what it counted."""


def uses(redis_url: str | None, clock: Callable[[], datetime], path: Path) -> Uses:
    """The counters of this installation."""
    return LocalUses(clock, path) if redis_url is None else SharedUses(redis_url)


def _count(taken: Taken, now: datetime) -> Count:
    next_at, fits_at = (now + timedelta(microseconds=wait) for wait in (taken.next_in, taken.fits_in))
    return Count(taken.fits, taken.remaining, next_at, fits_at)
