"""An installation of a fleet that is really served, with a door before Redis and one before PostgreSQL (SPEC 16).

One server for all of them, as long as the session lasts: each ends with both doors open and everything as before."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app import create_app
from app.clock import system_clock
from app.config import Settings
from app.domain.scopes import TOKEN_VERIFY, AnswersFor
from app.services.tokens.issue import Issued
from app.store.database import db
from app.verification.views import DOOR
from tests import factories
from tests.cast import assemble
from tests.conftest import SECRETS
from tests.outage.node import Node, signed_in
from tests.real.gate import Address, Gate, gate
from tests.real.lending import Lending
from tests.real.postern import postern_server
from tests.real.redis_server import redis_of_our_own
from tests.verification.conftest import Office
from tests.verification.test_restrictions import narrow


@dataclass(frozen=True)
class Site(Node):
    """The installation: its node, which goes through the doors, and an office, which does not."""

    office: Office
    redis: Gate
    postgresql: Gate
    redis_url: str
    # Tokens without a rate and with one, both asked about before.
    free: Issued
    counted: Issued


@pytest.fixture(scope="session")
def site(
    lendings: dict[bool, Lending], redis_instance: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("site")
        url, ours = stack.enter_context(lendings[False].lent()), stack.enter_context(redis_of_our_own())
        redis = stack.enter_context(gate(ours.url.removeprefix("unix://")))
        postgresql = stack.enter_context(gate(_address(url)))
        environ = {"DATABASE_URL": url, "REDIS_URL": ours.url, "POSTERN_HOME": str(folder), **SECRETS}
        office = _office(environ, stack)
        caller, free, counted = _tokens(office)
        behind = {
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{postgresql.port}/{make_url(url).database}",
            "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        }
        server = stack.enter_context(postern_server({**environ, **behind}, folder, None))
        cookies = signed_in(office)
        yield Site(server, caller.key, cookies, office, redis, postgresql, ours.url, free, counted)


@pytest.fixture
def mended(site: Site) -> Iterator[None]:
    for issued in (site.free, site.counted):
        site.accepted(issued)
    yield
    site.redis.open()
    site.postgresql.open()


def _address(url: str) -> Address:
    parsed = make_url(url)
    folder = str(parsed.query.get("host", ""))
    return str(Path(folder, ".s.PGSQL.5432")) if folder else (parsed.host or "127.0.0.1", parsed.port or 5432)


def _office(environ: Mapping[str, str], stack: ExitStack) -> Office:
    app = create_app(Settings.from_env(environ))
    stack.callback(app.extensions[DOOR].verifier.close)
    with app.app_context():
        stack.callback(db.engine.dispose)
        return Office(app, assemble(system_clock()), system_clock, count(1))  # type: ignore[arg-type]  # any clock does


def _tokens(office: Office) -> tuple[Issued, Issued, Issued]:
    with office.app.app_context():
        everything = AnswersFor(everything=True)
        gateway = factories.make_application("Gateway", office.cast.linus, system_clock(), answers_for=everything)
    counted = office.issue()
    narrow(office, counted.token_id, rate_limit="100000/hour")
    return office.issue(TOKEN_VERIFY, application_id=gateway), office.issue(), counted
