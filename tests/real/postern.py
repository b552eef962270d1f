"""A real Postern, in a process of its own, on a port of its own."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.real.preloaded import Fork
from tests.real.process import Process, ended, running, wait_until

ROOT = Path(__file__).parents[2]
APP = ("--app", "app")
FLASK = (sys.executable, "-m", "flask", *APP)
SERVE = (*FLASK, "postern", "serve")


class PosternServer:
    """`flask postern serve`, which can be stopped, killed and started again on the same port and database. Where no
    `command` is said it starts with Postern loaded: see `preloaded`."""

    def __init__(self, environ: Mapping[str, str], folder: Path, command: Sequence[str] | None = SERVE) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # Of our own environment only what programs need to run at all: no setting of the developer's slips in.
        machine = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
        self.environ = {**machine, **environ, "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self._command = command
        self._log = folder / "server.log"
        self._process: Process | None = None
        self._started = contextlib.ExitStack()

    @property
    def pid(self) -> int:
        """The process that was started; its workers descend from it."""
        assert self._process is not None, "it was never started"
        return self._process.pid

    @property
    def output(self) -> str:
        """All that it has printed, over all its starts."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        """Start it, and return once it says where it is."""
        before = len(self.output)
        self._process = self._started.enter_context(self._running())
        wait_until(lambda: f"Postern is at {self.url}" in self.output[before:], self._process, self._log)

    @contextlib.contextmanager
    def _running(self) -> Iterator[Process]:
        if self._command is not None:
            with running(self._command, self._log, env=self.environ, cwd=ROOT, start_new_session=True) as process:
                yield process
            return
        fork = Fork((*APP, "postern", "serve"), self._log, self.environ, ROOT)
        with ended(fork):
            yield fork

    def stop(self) -> int:
        """Stop it as an administrator would (SIGTERM); returns its exit code."""
        assert self._process is not None, "it was never started"
        self._started.close()
        return self._process.wait()

    def kill(self) -> None:
        """Kill it and everything it started, as a power cut would (SIGKILL)."""
        assert self._process is not None, "it was never started"
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._started.close()

    def flask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `flask` command on the same installation, as on the server's host."""
        return subprocess.run(
            (*FLASK, *arguments), env=self.environ, cwd=ROOT, check=False, capture_output=True, text=True
        )


@contextlib.contextmanager
def postern_server(
    environ: Mapping[str, str], folder: Path, command: Sequence[str] | None = SERVE
) -> Iterator[PosternServer]:
    """A server that answers, gone at the end however the test ended."""
    server = PosternServer(environ, folder, command)
    try:
        server.start()
        yield server
    finally:
        server._started.close()


def free_port(below: int = 30_000) -> int:
    """A port that is free and outside the range that outgoing connections take theirs from."""
    for port in random.sample(range(20_000, below), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port was found")
