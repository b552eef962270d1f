"""The load generator, on a real server."""

import sys
from collections.abc import Iterator

import pytest

from bench import calls
from bench.calls import Call
from bench.load import WrongAnswer, drive
from tests.real.postern import PosternServer, postern_server


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PosternServer]:
    home = tmp_path_factory.mktemp("bare")
    command = (sys.executable, "-m", "bench.serving", "bench.bare:app")
    with postern_server({"POSTERN_HOME": str(home)}, home, command) as server:
        yield server


def test_a_server_is_driven_and_its_time_is_counted(bare: PosternServer) -> None:
    driven = drive(bare.port, calls.bare("caller", ["one", "two"]), 3, 0.2, (bare.pid,))
    assert driven.answers >= driven.rate * 0.2 > 0
    assert 0 < driven.p50 <= driven.p99
    assert driven.cpu > 0


@pytest.mark.parametrize(
    ("request_", "sign"),
    [
        (calls.request(calls.BARE, "caller", "key", calls.CLIENT), b'"valid":false'),
        (calls.request("/nowhere", "caller", "key", calls.CLIENT), b""),
    ],
)
def test_a_wrong_answer_ends_the_run(bare: PosternServer, request_: bytes, sign: bytes) -> None:
    with pytest.raises(WrongAnswer, match="HTTP/1"):
        drive(bare.port, Call([request_], (sign,)), 2, 0.1, ())
