"""`flask` commands in processes of their own that have Postern loaded already: forks of one process that did it once.

To load it is most of what a start costs. It is for tests that are about what comes after."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import flask.cli

_LOADED = ["app", "app.cli.serve", "granian"]
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__, *_LOADED])


class Fork:
    """A running `flask` command, as `subprocess.Popen` would have it."""

    def __init__(self, arguments: Sequence[str], log: Path, environ: Mapping[str, str], folder: Path) -> None:
        self.args = ("flask", *arguments)
        self._process = _CONTEXT.Process(target=_run, args=(self.args, str(log), dict(environ), str(folder)))
        self._process.start()

    @property
    def pid(self) -> int:
        """The process, which leads a session of its own."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        ended = self.poll()
        if ended is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return ended

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it by force."""
        self.send_signal(signal.SIGKILL)


def _run(command: Sequence[str], log: str, environ: Mapping[str, str], folder: str) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.close(output)
    # Its workers come to be as if it had been started by hand.
    multiprocessing.set_start_method(None, force=True)
    sys.argv = list(command)
    flask.cli.main()
