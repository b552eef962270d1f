"""The load generator: one process, one thread, many connections, nothing made while it measures.

It shares two cores with the server, so it must cost little: requests are bytes, an answer is one `recv` and a few
searches in it."""

import gc
import re
import select
import socket
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context
from statistics import quantiles
from time import perf_counter_ns

from bench.calls import Call
from bench.processes import cpu_seconds

WARM_UP = 0.2
SECOND = 1_000_000_000
LARGEST_READ = 65_536
PATIENCE_SECONDS = 10
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
OK = b"HTTP/1.1 200 "
END_OF_HEAD = b"\r\n\r\n"


class WrongAnswer(Exception):
    """The server answered something else than what is measured."""


@dataclass(frozen=True)
class Drive:
    """What came of driving one server for a while: answers per second, latencies in milliseconds, CPU microseconds of
    the server for each answer. `answers` counts those of the warm-up, too."""

    rate: float
    p50: float
    p99: float
    cpu: float
    answers: int


@dataclass
class _Connection:
    socket: socket.socket
    sent: int = 0
    received: bytes = b""


@dataclass
class _Run:
    """One drive. `latencies` grows once the warm-up is over."""

    call: Call
    connections: dict[int, _Connection]
    requests: Iterator[bytes]
    latencies: list[int] = field(default_factory=list)

    def until(self, end: int) -> None:
        """Ask and ask again until this instant; then only wait for what is still to come."""
        poll = select.epoll()
        for number, connection in self.connections.items():
            poll.register(number, select.EPOLLIN)
            self.send(connection)
        waiting = len(self.connections)
        while waiting:
            ready = poll.poll(PATIENCE_SECONDS)
            if not ready:
                raise WrongAnswer("the server does not answer any more")
            for number, _ in ready:
                connection = self.connections[number]
                if not self.is_answered(connection):
                    continue
                if connection.sent < end:
                    self.send(connection)
                else:
                    waiting -= 1
        poll.close()

    def send(self, connection: _Connection) -> None:
        """Ask what comes next."""
        request = next(self.requests)
        connection.sent = perf_counter_ns()
        if connection.socket.send(request) != len(request):
            raise WrongAnswer("the server does not take a request whole")

    def is_answered(self, connection: _Connection) -> bool:
        """Read what has come; whether that is the answer, whole. Raises WrongAnswer."""
        data = connection.socket.recv(LARGEST_READ)
        now = perf_counter_ns()
        if connection.received or not data:
            data = connection.received + data if data else b""
        length = _LENGTH.search(data)
        head = data.find(END_OF_HEAD)
        if not data or (head >= 0 and length is None):
            raise WrongAnswer(f"not an answer: {data[:500]!r}")
        if length is None or len(data) < head + len(END_OF_HEAD) + int(length[1]):
            connection.received = data
            return False
        connection.received = b""
        if not data.startswith(OK) or not all(sign in data for sign in self.call.signs):
            raise WrongAnswer(f"expected {self.call.signs!r}, got: {data[:1000]!r}")
        self.latencies.append(now - connection.sent)
        return True


def drive(port: int, call: Call, connections: int, seconds: float, server: tuple[int, ...]) -> Drive:
    """Keep `connections` connections to the port busy for so long, in a process of their own. `server` are the
    processes whose CPU time is counted. Raises WrongAnswer."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_drive, port, call, connections, seconds, server).result()


def ask_each_once(port: int, call: Call) -> None:
    """Everything once, one after the other: what is asked again is hot. Raises WrongAnswer."""
    with _connected(port) as opened:
        connection = _Connection(opened)
        run = _Run(call, {opened.fileno(): connection}, iter(call.requests))
        for _ in call.requests:
            run.send(connection)
            while not run.is_answered(connection):
                pass


def _drive(port: int, call: Call, connections: int, seconds: float, server: tuple[int, ...]) -> Drive:
    gc.disable()
    opened = [_connected(port) for _ in range(connections)]
    run = _Run(call, {one.fileno(): _Connection(one) for one in opened}, cycle(call.requests))
    run.until(perf_counter_ns() + int(max(WARM_UP, seconds / 10) * SECOND))
    warm = len(run.latencies)
    run.latencies.clear()
    before, start = cpu_seconds(server), perf_counter_ns()
    run.until(start + int(seconds * SECOND))
    took, spent = (perf_counter_ns() - start) / SECOND, cpu_seconds(server) - before
    for one in opened:
        one.close()
    cuts = quantiles(run.latencies, n=100, method="inclusive")
    count = len(run.latencies)
    return Drive(count / took, cuts[49] / 1e6, cuts[98] / 1e6, 1e6 * spent / count, warm + count)


def _connected(port: int) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened
