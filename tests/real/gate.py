"""A door to a real server, which can be made to refuse, hang, cut or slow down whatever passes."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from time import sleep

AT_ONCE = struct.pack("ii", 1, 0)
LARGEST_READ = 65_536
# A socket's path, or a host and a port.
Address = str | tuple[str, int]


class Gate:
    """Listens on `port` and passes everything on to a server, unless it was told otherwise."""

    def __init__(self, target: Address) -> None:
        self.port = 0
        self._target = target
        self._passes = threading.Event()
        self._delay = 0.0
        self._cuts = False
        self._listening: socket.socket | None = None
        self._lines: list[socket.socket] = []

    def open(self) -> None:
        """As if nothing stood between."""
        self._delay, self._cuts = 0.0, False
        self._passes.set()
        if self._listening is None:
            self._listen()

    def refuse(self) -> None:
        """As when the server is not there: what was connected ends, and nothing connects."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        self._cut_all()

    def hang(self) -> None:
        """As when the server has stopped, or a cable is out: nothing comes, and nothing ends."""
        self._passes.clear()

    def cut(self) -> None:
        """As when the server's machine does not know the connections any more: all are reset, new ones at once."""
        self._cuts = True
        self._cut_all()

    def slow_down(self, seconds: float) -> None:
        """As over a bad network: everything comes so much later."""
        self._delay = seconds

    def close(self) -> None:
        """No more."""
        self._passes.set()
        self.refuse()

    def _listen(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            if self._cuts:
                _reset(near)
                continue
            far = socket.socket(socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET)
            try:
                far.connect(self._target)
            except OSError:
                far.close()
                _reset(near)
                continue
            self._lines += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(LARGEST_READ):
                self._passes.wait()
                sleep(self._delay)
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _cut_all(self) -> None:
        lines, self._lines = self._lines, []
        for line in lines:
            _reset(line)


def _reset(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        # Wakes whoever reads from it, who would keep it from closing.
        line.shutdown(socket.SHUT_RD)
    line.close()


@contextlib.contextmanager
def gate(target: Address) -> Iterator[Gate]:
    """A door that is open, for as long as the block lasts."""
    door = Gate(target)
    door.open()
    try:
        yield door
    finally:
        door.close()
