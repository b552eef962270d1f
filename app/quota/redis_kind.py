"""What kind of Redis an address leads to, and whether Postern can count in it."""

import redis

ANSWERS_WITHIN_SECONDS = 1.0
OLDEST = (6, 2)
CLUSTER = (
    "REDIS_URL leads to a Redis Cluster. Postern counts and compares in one step, over keys that a cluster keeps on"
    " different machines: give the address of a single Redis, or of a proxy that leads to the primary of one."
)
REPLICA = "REDIS_URL leads to a replica, which takes no writes. Give the address of its primary."
TOO_OLD = "REDIS_URL leads to Redis {}; Postern needs 6.2 or newer."


def fault(url: str) -> str | None:
    """Why this Redis cannot be used, with what to do; None where it can, or where it does not answer now: then it is
    waited for."""
    try:
        with redis.Redis.from_url(
            url.replace("redis+unix://", "unix://"),
            socket_timeout=ANSWERS_WITHIN_SECONDS,
            socket_connect_timeout=ANSWERS_WITHIN_SECONDS,
        ) as connection:
            told = connection.info()
    except redis.RedisError:
        return None
    version = str(told.get("redis_version", ""))
    if told.get("redis_mode") == "cluster":
        return CLUSTER
    if told.get("role") == "slave":
        return REPLICA
    if _numbers(version) < OLDEST:
        return TOO_OLD.format(version or "of an unknown version")
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
