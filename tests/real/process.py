"""Starting a real program for a test, waiting until it answers, and being sure that it has gone."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

Command = Sequence[str | Path]
PATIENCE = 30.0  # seconds; a start takes about one, but a loaded machine may need many


class Process(Protocol):
    """A program that was started; `subprocess.Popen` is one."""

    args: Any

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises subprocess.TimeoutExpired."""

    def send_signal(self, number: signal.Signals, /) -> None:
        """Send it a signal, if it still runs."""

    def kill(self) -> None:
        """End it by force."""


@contextlib.contextmanager
def running(
    command: Command,
    log: Path,
    stop_with: signal.Signals = signal.SIGTERM,
    **options: Any,  # handed on to Popen
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` with its output in `log`, for as long as the block lasts."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **options
        )
    with ended(process, stop_with):
        yield process


@contextlib.contextmanager
def ended(process: Process, stop_with: signal.Signals = signal.SIGTERM) -> Iterator[None]:
    """The process has ended when the block ends, by force if need be."""
    try:
        yield
    finally:
        process.send_signal(stop_with)
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Service:
    """A program that can be stopped and started again."""

    command: Command
    log: Path
    is_ready: Callable[[], bool]
    stop_with: signal.Signals = signal.SIGTERM
    options: Mapping[str, Any] = field(default_factory=dict)
    _started: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self) -> None:
        """Start it, and return once it is ready."""
        process = self._started.enter_context(running(self.command, self.log, self.stop_with, **self.options))
        wait_until(self.is_ready, process, self.log)

    def stop(self) -> None:
        """Stop it, and return once it has gone. What is not started is stopped already."""
        self._started.close()

    @contextlib.contextmanager
    def started(self) -> Iterator["Service"]:
        """Started for as long as the block lasts, but for when the block stops it."""
        self.start()
        try:
            yield self
        finally:
            self.stop()


def wait_until(ready: Callable[[], bool], process: Process, log: Path) -> None:
    """Return once `ready()` is true; if the program ends first or takes too long, fail with what it said."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-4000:]
            raise RuntimeError(f"{process.args!r} did not become ready; it said:\n{said}")
        time.sleep(0.02)
