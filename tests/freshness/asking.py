"""The clients of a check: many connections in a process of their own, one thread, and nothing made while it asks.

They share the machine with the server, so they must cost little: a request is bytes that were made once, an answer is
one `recv` and a few searches in it."""

import gc
import json
import random
import re
import select
import socket
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from time import monotonic

PATIENCE_SECONDS = 10.0
# Whoever waits longer for a new connection does not hear meanwhile what the others are told.
CONNECT_SECONDS = 0.05
LOOK_SECONDS = 0.05
LARGEST_READ = 65_536
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CODE = re.compile(rb'"code":"([A-Z_]+)"')
_END_OF_HEAD = b"\r\n\r\n"
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_OK = b"HTTP/1.1 200 "


@dataclass(frozen=True)
class Told:
    """One answer: to which key, asked and answered when, with which code; None where there was none, or a 503."""

    key: str
    asked: float
    answered: float
    code: str | None


@dataclass
class Answers:
    """All that was told. `numbers` name keys, `places` codes."""

    numbers: "array[int]" = field(default_factory=lambda: array("L"))
    asked: "array[float]" = field(default_factory=lambda: array("d"))
    answered: "array[float]" = field(default_factory=lambda: array("d"))
    places: "array[int]" = field(default_factory=lambda: array("B"))
    codes: list[str | None] = field(default_factory=lambda: [None])

    def note(self, number: int, asked: float, answered: float, code: str | None) -> None:
        """Add one."""
        if code not in self.codes:
            self.codes.append(code)
        self.numbers.append(number)
        self.asked.append(asked)
        self.answered.append(answered)
        self.places.append(self.codes.index(code))

    def told(self, keys: Sequence[str]) -> Iterator[Told]:
        """Each of them. `keys` are in the order of their numbers."""
        for number, asked, answered, place in zip(self.numbers, self.asked, self.answered, self.places, strict=True):
            yield Told(keys[number], asked, answered, self.codes[place])


@dataclass
class _Line:
    """A connection, and what was asked over it."""

    socket: socket.socket
    number: int = 0
    asked: float = 0.0
    received: bytes = b""


@dataclass
class Crowd:
    """Connections that ask about any of the keys that they were told of, until they are told to stop, or until `most`
    decisions have come where that is not 0."""

    port: int
    caller: str
    scopes: Sequence[str]
    orders: Connection
    most: int = 0
    answers: Answers = field(default_factory=Answers)
    _requests: dict[int, bytes] = field(default_factory=dict)
    _numbers: list[int] = field(default_factory=list)
    _lines: dict[int, _Line] = field(default_factory=dict)
    _poll: select.epoll = field(default_factory=select.epoll)
    _decisions: int = 0
    _stopping: bool = False

    def ask(self, connections: int) -> Answers:
        """Ask and ask again. What was asked before the end is waited for."""
        self._poll.register(self.orders.fileno(), select.EPOLLIN)
        while not self._requests:
            self._obey()
        looked = monotonic()
        while not self._stopping or self._lines:
            while not self._stopping and len(self._lines) < connections and self._open():
                pass
            for number, _ in self._poll.poll(LOOK_SECONDS):
                if number == self.orders.fileno():
                    self._obey()
                else:
                    self._hear(self._lines[number])
            if monotonic() - looked > LOOK_SECONDS:
                looked = monotonic()
                for line in [one for one in self._lines.values() if looked - one.asked > PATIENCE_SECONDS]:
                    self._lose(line)
        return self.answers

    def _obey(self) -> None:
        order, number, key = self.orders.recv()
        if order == "ask":
            body = json.dumps({"token": key, "scopes": list(self.scopes)})
            self._requests[number] = (
                "POST /api/v1/verify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {self.caller}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            ).encode("ascii")
            self._numbers.append(number)
        elif order == "forget":
            self._numbers.remove(number)
        else:
            self._stopping = True

    def _open(self) -> bool:
        """Whether there is one more connection, which asks already."""
        try:
            opened = socket.create_connection(("127.0.0.1", self.port), timeout=CONNECT_SECONDS)
        except OSError:
            return False
        opened.settimeout(PATIENCE_SECONDS)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = self._lines[opened.fileno()] = _Line(opened)
        self._poll.register(opened.fileno(), select.EPOLLIN)
        return self._send(line)

    def _send(self, line: _Line) -> bool:
        line.number = random.choice(self._numbers)
        line.asked = monotonic()
        try:
            line.socket.send(self._requests[line.number])
        except OSError:
            self._lose(line)
            return False
        return True

    def _hear(self, line: _Line) -> None:
        try:
            data = line.socket.recv(LARGEST_READ)
        except OSError:
            data = b""
        now = monotonic()
        if not data:
            self._lose(line)
            return
        data = line.received + data
        head = data.find(_END_OF_HEAD)
        length = _LENGTH.search(data)
        if head < 0 or length is None or len(data) < head + len(_END_OF_HEAD) + int(length[1]):
            line.received = data
            return
        line.received = b""
        found = _CODE.search(data, head) if data.startswith(_OK) else None
        self.answers.note(line.number, line.asked, now, found[1].decode("ascii") if found else None)
        self._decisions += found is not None
        if self.most and self._decisions >= self.most:
            self._stopping = True
        if self._stopping or _CLOSES.search(data, 0, head + 2):
            self._close(line)
        else:
            self._send(line)

    def _lose(self, line: _Line) -> None:
        """There was no answer, and will be none."""
        self.answers.note(line.number, line.asked, monotonic(), None)
        self._close(line)

    def _close(self, line: _Line) -> None:
        self._poll.unregister(line.socket.fileno())
        del self._lines[line.socket.fileno()]
        line.socket.close()


def ask(port: int, caller: str, scopes: Sequence[str], connections: int, most: int, orders: Connection) -> None:
    """Be the clients, in this process: obey `orders`, and say at the end what was told."""
    # Nothing is made in circles here, and a sweep would be a pause that is taken for the server's.
    gc.disable()
    orders.send(Crowd(port, caller, scopes, orders, most).ask(connections))
