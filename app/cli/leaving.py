"""A server that stops says so first: each answer is then the last of its connection, so that no client sends a request
into one that closes."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable
from typing import Any

from granian.server import MPServer

SOON = signal.SIGUSR1
# Answers take milliseconds.
SAYS_SO_SECONDS = 0.2
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LeavingServer(MPServer):
    """Tells its workers before it stops them."""

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Stop: soon on SIGTERM, and at once on Ctrl-C, which a terminal sends to the workers as well."""
        if signal.SIGINT in args:
            super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]
            return
        for worker in multiprocessing.active_children():
            if worker.pid is not None:
                os.kill(worker.pid, SOON)
        stop = threading.Timer(SAYS_SO_SECONDS, super().signal_handler_interrupt)
        stop.daemon = True
        stop.start()


class LastAnswers:
    """Stands before a worker's app. From `begin` on every answer ends its connection."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        self._begun = False

    def begin(self, *_: object) -> None:
        """To be called by the signal."""
        self._begun = True

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, and say whether it is the last time."""
        if not self._begun:
            return self._app(environ, start_response)

        def start_last(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *more)

        return self._app(environ, start_last)
