"""Histories: clients ask a real server about tokens that people disable, enable, rotate and revoke at random meanwhile.
Every accept must lie in a time in which it was right, and so must every refusal (SPEC 17).

A few seconds long; POSTERN_CHECK_SECONDS and POSTERN_CHECK_CLIENTS make it as long and as wide as wanted."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from app.services.tokens.issue import Issued
from app.services.tokens.switch import disable_token, enable_token, revoke_token
from app.store.database import db
from app.store.tables import TokenRow
from tests.cast import Cast
from tests.freshness.clients import Clients, History, for_a_while
from tests.real.postern import PosternServer
from tests.verification.conftest import MakeService, Office, make_service, office
from tests.verification.test_restrictions import narrow

__all__ = ["make_service", "office"]
TOKENS = 24
FLEET = {"WORKERS": "4", "THREADS": "2"}
in_one_process = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_a_fleet = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def environ(environ: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    if environ["DATABASE_URL"].startswith("sqlite"):
        return environ
    return {**environ, **FLEET, "REDIS_URL": request.getfixturevalue("redis_url")}


@dataclass
class People:
    """They change tokens at random, and note when each key could be accepted."""

    office: Office
    issued: list[Issued]
    histories: dict[str, History]
    current: dict[str, str]
    disabled: set[str] = field(default_factory=set)
    final: set[str] = field(default_factory=set)
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    def act(self) -> None:
        """Change one token."""
        token_id = self.chance.choice(self.issued).token_id
        if token_id in self.final:
            return
        history = self.histories[self.current[token_id]]
        if token_id in self.disabled:
            with history.starting():
                self.office.do(enable_token, token_id, "It is needed again")
            self.disabled.discard(token_id)
        elif self.chance.random() < 0.25:
            self._rotate(token_id, history)
        elif self.chance.random() < 0.2 and len(self.final) < TOKENS // 2:
            with history.stopping():
                self._stop_for_good(token_id)
            self.final.add(token_id)
        else:
            with history.stopping():
                self.office.do(disable_token, token_id, "")
            self.disabled.add(token_id)

    def _stop_for_good(self, token_id: str) -> None:
        if len(self.final) % 2:
            self.office.do(revoke_token, token_id, "")
            return
        with self.office.app.app_context():
            version = db.session.get_one(TokenRow, token_id, populate_existing=True).version
        # Nobody who asks says where the token is used from.
        narrow(self.office, token_id, version, ip_whitelist="10.0.0.0/8")

    def _rotate(self, token_id: str, history: History) -> None:
        with history.stopping():
            rotated = self.office.rotate(token_id)
        # Nobody asks about the new key before it is in the list of keys.
        self.histories[rotated.key] = History()
        self.current[token_id] = rotated.key


@pytest.fixture
def people(office: Office) -> People:
    issued = [office.issue() for _ in range(TOKENS)]
    return People(office, issued, {one.key: History() for one in issued}, {one.token_id: one.key for one in issued})


@pytest.fixture
def clients(people: People, make_service: MakeService, server: PosternServer) -> Iterator[Clients]:
    asking = Clients(server.port, make_service().key, list(people.histories))
    yield asking
    assert asking.stopping.is_set()


def assert_right(clients: Clients, people: People, changes: int) -> None:
    faults = [fault for told in clients.told if (fault := people.histories[told.key].fault(told))]
    assert faults == []
    codes = {told.code for told in clients.told}
    assert "VALID" in codes
    assert len(codes - {None}) > 1, "nothing was tried out"
    print(f"{len(clients.told):,} answers during {changes:,} changes: {sorted(map(str, codes))}")  # noqa: T201


@in_one_process
def test_in_one_process_with_many_threads(cast: Cast, people: People, clients: Clients) -> None:
    with clients.asking():
        changes = for_a_while(people.act)

    assert_right(clients, people, changes)
    assert None not in {told.code for told in clients.told}


@in_a_fleet
def test_in_four_processes_with_redis(cast: Cast, people: People, clients: Clients) -> None:
    with clients.asking():
        changes = for_a_while(people.act)

    assert_right(clients, people, changes)
