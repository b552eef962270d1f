"""Many clients that ask a real server at once, and what they were told when."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection

from tests.freshness import asking
from tests.freshness.asking import Answers, Told

SECONDS = float(os.environ.get("POSTERN_CHECK_SECONDS", "4"))
ANSWERS = int(os.environ.get("POSTERN_CHECK_ANSWERS", "0"))
CLIENTS = int(os.environ.get("POSTERN_CHECK_CLIENTS", "64"))
PATIENCE_SECONDS = 120


@dataclass
class Clients:
    """Connections that ask about any of `keys`, to which others are added while they ask. Where `most` is not 0 they
    stop by themselves after so many decisions."""

    port: int
    caller: str
    keys: list[str]
    scopes: Sequence[str] = ()
    most: int = 0
    answers: Answers = field(default_factory=Answers)
    _orders: Connection | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    @property
    def told(self) -> Iterator[Told]:
        """Every answer, once the asking is over."""
        return self.answers.told(self.keys)

    @contextmanager
    def asking(self, clients: int = CLIENTS) -> Iterator[None]:
        """Ask while the block runs, and no longer than until they have been told `most`."""
        here, there = Pipe()
        arguments = (self.port, self.caller, self.scopes, clients, self.most, there)
        process = get_context("spawn").Process(target=asking.ask, args=arguments, daemon=True)
        process.start()
        there.close()
        self._orders = here
        for number, key in enumerate(self.keys):
            here.send(("ask", number, key))
        try:
            yield
        finally:
            if not self.are_done():
                self._tell("stop", 0)
            assert here.poll(PATIENCE_SECONDS), "the clients do not say what they were told"
            self.answers = here.recv()
            process.join()

    def are_done(self, within: float = 0.0) -> bool:
        """Whether they have been told enough, or will be so soon."""
        return self._orders is not None and self._orders.poll(within)

    def ask_about(self, key: str) -> int:
        """Ask about one more key, from now on or from the beginning; its number."""
        with self._one_at_a_time:
            self.keys.append(key)
            number = len(self.keys) - 1
        self._tell("ask", number, key)
        return number

    def forget(self, number: int) -> None:
        """Ask about a key no more."""
        self._tell("forget", number)

    def _tell(self, order: str, number: int, key: str = "") -> None:
        # They may have been told enough, and be gone; or say what they were told, and read no more.
        with self._one_at_a_time, suppress(BrokenPipeError):
            if self._orders is not None and not self.are_done():
                self._orders.send((order, number, key))
