"""Rates held against 64 clients at once: on the threads of one process, and on processes that share a real Redis.

`POSTERN_RATE_WINDOWS=20` makes each proof last twenty windows instead of two."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from subprocess import PIPE
from typing import IO

import pytest

from app.clock import system_clock
from app.domain import rates
from app.domain.rates import Rate
from app.quota.uses import LocalUses, Uses
from tests.quota.hammer import PAUSE_SECONDS, Call, hammer, most_in_a_span, refused_below
from tests.real.postern import ROOT

WINDOWS = int(os.environ.get("POSTERN_RATE_WINDOWS", "2"))
CLIENTS, PROCESSES = 64, 4
RATE = Rate(40, "second")
# Redis and the machine's steady clock tick apart, if ever so little.
SLACK = 0.001
Hammer = Callable[[Rate, float, float], Sequence[Call]]
Client = tuple[IO[str], IO[str]]


@pytest.fixture
def local(tmp_path: Path) -> LocalUses:
    return LocalUses(system_clock, tmp_path / "counters.json")


@pytest.fixture(scope="module")
def processes(redis_instance: str) -> Iterator[Sequence[Client]]:
    """Processes of clients, which wait for orders."""
    command = (sys.executable, "-m", "tests.quota.hammer", redis_instance)
    with ExitStack() as stack:
        started = [
            stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True))
            for _ in range(PROCESSES)
        ]
        found = [(process.stdin, process.stdout) for process in started if process.stdin and process.stdout]
        assert [answers.readline() for _, answers in found] == ["ready\n"] * PROCESSES
        yield found


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns in the middle of everything, so that what is not guarded breaks."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def on_threads(counters: Uses) -> Hammer:
    return lambda rate, seconds, pause: hammer(counters, rate, CLIENTS, seconds, pause)


def on_processes(processes: Sequence[Client]) -> Hammer:
    def many(rate: Rate, seconds: float, pause: float) -> Sequence[Call]:
        for orders, _ in processes:
            orders.write(f"{rate} {CLIENTS // PROCESSES} {seconds} {pause}\n")
            orders.flush()
        return [Call(*call) for _, answers in processes for call in json.loads(answers.readline())]

    return many


@pytest.fixture(params=["threads", pytest.param("processes", marks=pytest.mark.redis)])
def hammered(request: pytest.FixtureRequest) -> Hammer:
    if request.param == "threads":
        request.getfixturevalue("hasty")
        return on_threads(request.getfixturevalue("local"))
    request.getfixturevalue("redis_url")
    return on_processes(request.getfixturevalue("processes"))


def test_64_clients_get_the_amount_in_any_span_and_never_more(hammered: Hammer) -> None:
    calls = hammered(RATE, WINDOWS * RATE.seconds + 0.5, PAUSE_SECONDS)

    assert most_in_a_span(calls, RATE.seconds - SLACK) <= RATE.amount
    assert refused_below(calls, RATE, SLACK) == []
    accepted = sum(call.fits for call in calls)
    assert accepted >= WINDOWS * RATE.amount
    assert len(calls) > accepted


def test_64_clients_below_the_limit_are_never_refused(hammered: Hammer) -> None:
    calls = hammered(Rate(100_000, "minute"), 0.5, PAUSE_SECONDS)

    assert len(calls) > CLIENTS
    assert all(call.fits for call in calls)


def test_raising_and_lowering_the_amount_under_64_clients_gives_exactly_the_difference(hammered: Hammer) -> None:
    accepted = [sum(call.fits for call in hammered(Rate(amount, "day"), 0.1, 0)) for amount in (40, 60, 50, 90)]

    assert accepted == [40, 20, 0, 30]


def test_the_proof_finds_one_use_too_many() -> None:
    rate = rates.of("2/second")
    calls = [Call(at, at + 0.01, fits=True) for at in (0.0, 0.5, 0.98, 1.6)]

    assert most_in_a_span(calls, rate.seconds) == 3
    assert most_in_a_span(calls[1:3], rate.seconds) == 2


def test_the_proof_finds_a_refusal_too_many() -> None:
    rate = rates.of("2/second")
    used = [Call(0.0, 0.01, fits=True), Call(0.5, 0.51, fits=True)]
    just, unjust = Call(0.9, 0.91, fits=False), Call(1.1, 1.11, fits=False)

    assert refused_below([*used, just, unjust], rate) == [unjust]
