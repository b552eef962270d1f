"""Histories: clients ask a real server about tokens that people disable, enable, rotate, tighten and revoke at random
meanwhile. Every accept must lie in a time in which it was right, and so must every refusal (SPEC 17).

A few seconds long; POSTERN_CHECK_SECONDS, POSTERN_CHECK_CLIENTS and POSTERN_CHECK_TOKENS make it as long and as wide as
wanted, and POSTERN_CHECK_ANSWERS ends it when there were so many."""

import threading
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pipe

import pytest

from tests.cast import Cast
from tests.freshness.clients import ANSWERS, SECONDS, Clients
from tests.freshness.history import History
from tests.freshness.people import People, assembled
from tests.freshness.trouble import Trouble
from tests.real.postern import PosternServer
from tests.real.postgresql import PostgreSQL
from tests.real.redis_server import RedisServer, redis_of_our_own
from tests.verification.conftest import MakeService, Office, make_service, office

__all__ = ["make_service", "office"]
FLEET = {"WORKERS": "4", "THREADS": "2"}
in_one_process = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_a_fleet = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.redis])], indirect=True
)


@pytest.fixture
def own_redis(redis_instance: str) -> Iterator[RedisServer]:
    """One that can be stopped. Where none is to be had, the other fixture says so."""
    with redis_of_our_own() as ours:
        yield ours


@pytest.fixture
def environ(environ: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    if environ["DATABASE_URL"].startswith("sqlite"):
        return environ
    return {**environ, **FLEET, "REDIS_URL": request.getfixturevalue("own_redis").url}


@pytest.fixture
def histories() -> dict[str, History]:
    return {}


@pytest.fixture
def clients(cast: Cast, make_service: MakeService, server: PosternServer) -> Clients:
    return Clients(server.port, make_service().key, [], most=ANSWERS)


@pytest.fixture
def people(office: Office, clients: Clients, histories: dict[str, History]) -> People:
    return assembled(office, clients, histories)


def assert_right(clients: Clients, histories: dict[str, History], about: str) -> Counter[str | None]:
    codes: Counter[str | None] = Counter()
    faults = []
    for told in clients.told:
        codes[told.code] += 1
        if fault := histories[told.key].fault(told):
            faults.append(fault)
    print(f"{codes.total():,} answers during {about}: {dict(codes)}; {len(faults)} wrong")  # noqa: T201
    assert faults == []
    assert codes["VALID"] > 0
    assert len(codes.keys() - {None}) > 1, "nothing was tried out"
    return codes


@in_one_process
def test_in_one_process_with_many_threads(people: People, clients: Clients, histories: dict[str, History]) -> None:
    with clients.asking(), people.acting():
        clients.are_done(within=SECONDS)

    codes = assert_right(clients, histories, f"{people.changes:,} changes")
    assert codes[None] == 0


@in_a_fleet
def test_in_four_processes_while_workers_are_killed_and_redis_and_postgresql_go_and_return(
    people: People,
    clients: Clients,
    histories: dict[str, History],
    server: PosternServer,
    own_redis: RedisServer,
    postgres: PostgreSQL,
) -> None:
    trouble = Trouble(server, own_redis.service, postgres.service)
    with clients.asking(), people.acting():
        times = trouble.go_on(SECONDS, clients.are_done)

    assert_right(clients, histories, f"{people.changes:,} changes and {times} troubles")


def test_clients_that_say_what_they_were_told_are_given_no_more_orders() -> None:
    ours, theirs = Pipe()
    clients = Clients(0, "", [], _orders=ours)
    theirs.send("what they were told")

    def give() -> None:
        for _ in range(20_000):
            clients.forget(0)

    orders = threading.Thread(target=give, daemon=True)
    orders.start()
    orders.join(timeout=20)
    # Nobody reads them any more: whoever gave one too many would wait for ever.
    assert not orders.is_alive()
