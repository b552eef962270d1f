"""A server that stops says so first: each answer is then the last of its connection, and there are no new ones, so that
no client sends a request into one that closes."""

import ctypes
import multiprocessing
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian.server import MPServer

SOON = signal.SIGUSR1
# Answers take milliseconds.
SAYS_SO_SECONDS = 0.2
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# Only Linux has it, and what follows.
_OPEN = Path("/proc/self/fd")
# socket(7); Python has no name for it.
_ATTACH_FILTER = 26
_TCP = {socket.AF_INET, socket.AF_INET6}
# Looks at the flags in a TCP header: drops what asks for a new connection (SYN), and lets all else pass.
_DROP_SYN = ((0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFF_FFFF))


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
        let_nobody_in()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, and say whether it is the last time."""
        if not self._begun:
            return self._app(environ, start_response)

        def start_last(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *more)

        return self._app(environ, start_last)


def let_nobody_in() -> None:
    """Have this process take no new connections, while those that wait to be accepted still are: to close the socket
    would reset them. Who knocks hears nothing and knocks again after a second, at whatever listens there then."""
    if not _OPEN.is_dir():
        return
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in _DROP_SYN))
    program = struct.pack("HL", len(_DROP_SYN), ctypes.addressof(code))
    for number in _sockets():
        # It may have been closed meanwhile; and where this is not allowed, whoever knocks last is turned away.
        with suppress(OSError), socket.socket(fileno=os.dup(number)) as found:
            if found.family in _TCP and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)


def _sockets() -> Sequence[int]:
    """The descriptors of this process's sockets: the server shows none of its own."""
    return [int(entry.name) for entry in list(_OPEN.iterdir()) if entry.is_socket()]
