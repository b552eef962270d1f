"""Sockets and locks: whether this server can be the one that listens, and whether it does by now."""

import fcntl
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path

LOCK_FILE = "serving.lock"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked about, not bound
PAUSE_SECONDS = 0.05
# Without a key it costs no query.
CHEAPEST_QUESTION = "/api/v1/self"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def can_bind(host: str, port: int) -> bool:
    """Whether the port is free. The server's own socket may share a port with another server's; this one may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@contextmanager
def only_server(home: Path) -> Iterator[bool]:
    """Whether no other server runs from this folder; while the block runs, none can begin to. Two processes that count
    in memory would each admit the whole rate."""
    with (home / LOCK_FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def when_answering(host: str, port: int, say: Callable[[], None]) -> None:
    """Call `say` once a request to the port is answered. Returns at once."""
    address = (EVERYWHERE.get(host, host), port)
    threading.Thread(target=_wait_and_say, args=(address, say), daemon=True).start()


def _wait_and_say(address: tuple[str, int], say: Callable[[], None]) -> None:
    answered = False
    while not answered:
        # First of all, because the server forks its workers now, and a fork may find this thread doing nothing only.
        time.sleep(PAUSE_SECONDS)
        answered = _answers(address)
    say()


def _answers(address: tuple[str, int]) -> bool:
    # The socket listens before a worker is there to answer, and goes on listening when none can start.
    connection = HTTPConnection(*address, timeout=1)
    try:
        connection.request("GET", CHEAPEST_QUESTION)
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
