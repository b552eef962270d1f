"""Many clients that ask a real server at once, and what they were told when."""

import json
import os
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from time import monotonic

SECONDS = float(os.environ.get("POSTERN_CHECK_SECONDS", "4"))
CLIENTS = int(os.environ.get("POSTERN_CHECK_CLIENTS", "16"))


@dataclass(frozen=True)
class Told:
    """One answer: to which key, asked and answered when, with which code; None where there was none, or a 503."""

    key: str
    asked: float
    answered: float
    code: str | None


@dataclass
class Clients:
    """Threads that ask about any of `keys` until they are stopped."""

    port: int
    caller: str
    keys: Sequence[str]
    scopes: Sequence[str] = ()
    told: list[Told] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def asking(self, clients: int = CLIENTS) -> Iterator[None]:
        """Ask while the block runs."""
        threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()

    def _ask(self, seed: int) -> None:
        choose = random.Random(seed)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.stopping.is_set():
            key = choose.choice(self.keys)
            asked = monotonic()
            code = None
            try:
                code = self._code(connection, key)
            except (OSError, HTTPException):
                connection.close()
            self.told.append(Told(key, asked, monotonic(), code))
        connection.close()

    def _code(self, connection: HTTPConnection, key: str) -> str | None:
        headers = {"Authorization": f"Bearer {self.caller}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/verify", json.dumps({"token": key, "scopes": list(self.scopes)}), headers)
        response = connection.getresponse()
        said = json.loads(response.read())
        return str(said["code"]) if response.status == 200 else None


@dataclass
class History:
    """When a key could be accepted. What a change does begins at the earliest when it is called, and is done at the
    latest when it returns: between the two either answer is right."""

    may: list[list[float]] = field(default_factory=lambda: [[0.0, float("inf")]])
    must: list[list[float]] = field(default_factory=lambda: [[0.0, float("inf")]])

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """A change from whose answer on the key is refused."""
        self.must[-1][1] = monotonic()
        yield
        self.may[-1][1] = monotonic()

    @contextmanager
    def starting(self) -> Iterator[None]:
        """A change from whose answer on the key is accepted."""
        self.may.append([monotonic(), float("inf")])
        yield
        self.must.append([monotonic(), float("inf")])

    def fault(self, told: Told) -> str | None:
        """What is wrong with an answer, if anything."""
        if told.code == "VALID" and not any(told.asked <= end and begin <= told.answered for begin, end in self.may):
            return f"accepted {told} though it could only be in {self.may}"
        if told.code not in {"VALID", None} and any(
            begin < told.asked and told.answered < end for begin, end in self.must
        ):
            return f"refused {told} though it was good in {self.must}"
        return None


def for_a_while(act: Callable[[], None], seconds: float = SECONDS) -> int:
    """Do something again and again; how often it was done."""
    until, times = monotonic() + seconds, 0
    while monotonic() < until:
        act()
        times += 1
    return times
