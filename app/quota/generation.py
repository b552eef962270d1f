"""The generation of what verification reads, for all nodes: a number in Redis that is raised after the commit of each
change and before whoever made it is answered. A Redis that was emptied begins with another number by chance, so that
what was known before is never taken for fresh."""

import logging
import secrets
import threading

import redis

log = logging.getLogger(__name__)
KEY = "postern:generation"
# Where an app of a fleet keeps what tells the other nodes.
ANNOUNCER = "postern_announcer"
ANNOUNCED_WITHIN_SECONDS = 0.25
AGAIN_AFTER_SECONDS = 0.2
RAISE = """
if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('SET', KEYS[1], ARGV[1])
    return 1
end
return redis.call('INCR', KEYS[1])
"""


def beginning() -> int:
    """Where a generation that is not there begins; far from the end of what Redis counts to."""
    return secrets.randbits(60)


class Announcer:
    """Tells all nodes that something has changed. By a connection of its own for each try, and without a breaker: one
    that was kept may be dead, and a rest would be a time of wrong answers."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("redis+unix://", "unix://")
        self._lock = threading.Lock()
        self._behind = False
        self._stopping = threading.Event()

    @property
    def is_behind(self) -> bool:
        """Whether a change is stored that not every node knows of yet."""
        return self._behind

    def __call__(self) -> None:
        """Raise the generation. Where that fails the change is done all the same, and it is tried again and again."""
        if self._raised():
            return
        with self._lock:
            if self._behind:
                return
            self._behind = True
        log.warning("a change is stored, and not yet announced to every node")
        threading.Thread(target=self._go_on, name="announcing", daemon=True).start()

    def close(self) -> None:
        """Try no more."""
        self._stopping.set()

    def _go_on(self) -> None:
        while not self._stopping.wait(AGAIN_AFTER_SECONDS):
            with self._lock:
                # Under the lock: a change that fails meanwhile begins anew.
                if self._raised():
                    self._behind = False
                    return

    def _raised(self) -> bool:
        try:
            with redis.Redis.from_url(
                self._url,
                single_connection_client=True,
                socket_timeout=ANNOUNCED_WITHIN_SECONDS,
                socket_connect_timeout=ANNOUNCED_WITHIN_SECONDS,
            ) as connection:
                connection.eval(RAISE, 1, KEY, beginning())
        except (redis.RedisError, OSError):
            return False
        return True
