"""An installation of a fleet that is really served, with a door before Redis and one before PostgreSQL (SPEC 16).

One server for all tests of a file: each ends with both doors open and everything as before."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

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
from tests.real.gate import Address, Gate, gate
from tests.real.lending import Lending
from tests.real.postern import PosternServer, postern_server
from tests.real.redis_server import redis_of_our_own
from tests.verification.conftest import SELF, VERIFY, Office
from tests.verification.test_restrictions import narrow

RECOVERS_WITHIN_SECONDS = 5.0
# A loaded machine wakes late; what is tested is that nobody waits for as long as drivers wait by default.
LATE_SECONDS = 2.5
PATIENCE_SECONDS = 60
FORM_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass(frozen=True)
class Reply:
    """What the server answered, after how many seconds."""

    status: int
    text: str
    headers: HTTPMessage
    seconds: float

    @property
    def json(self) -> dict[str, Any]:
        """The body as JSON."""
        return dict(json.loads(self.text))


@dataclass(frozen=True)
class Site:
    """The installation: its server, which goes through the doors, and an office, which does not."""

    server: PosternServer
    office: Office
    redis: Gate
    postgresql: Gate
    redis_url: str
    caller: str
    # Tokens without a rate and with one, both asked about before.
    free: Issued
    counted: Issued
    # Linus's browser: its one cookie, by name.
    cookies: dict[str, str]

    def verify(self, issued: Issued) -> Reply:
        """Ask about a token."""
        body = json.dumps({"token": issued.key, "scopes": []})
        return self._send("POST", VERIFY, body, {**_bearer(self.caller), "Content-Type": "application/json"})

    def accepted(self, issued: Issued) -> Reply:
        """The answer that accepts a token. On a busy machine even a Redis that is well may take longer than 50 ms."""
        until = monotonic() + RECOVERS_WITHIN_SECONDS
        while (answer := self.verify(issued)).json["code"] != "VALID":
            assert monotonic() < until, answer.text
        return answer

    def about_self(self, issued: Issued) -> Reply:
        """What a key is told of itself."""
        return self._send("GET", SELF, None, _bearer(issued.key))

    def get(self, path: str) -> Reply:
        """A page, or an address for machines, as Linus."""
        return self._send("GET", path, None, self._browser())

    def post(self, path: str, **typed: str) -> Reply:
        """Send a form of our own pages, as Linus."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self._send("POST", path, urlencode(typed), {**self._browser(), **headers})

    def form_token(self) -> str:
        """The token that forms of a page hold."""
        found = FORM_TOKEN.search(self.get(f"/tokens/{self.free.token_id}").text)
        assert found, "no form is there"
        return found[1]

    def not_ready_for(self) -> Mapping[str, str]:
        """What `/readyz` finds wrong, by check."""
        return {name: said for name, said in self.get("/readyz").json["checks"].items() if said != "ok"}

    def _browser(self) -> Mapping[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _send(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_SECONDS)
        started = monotonic()
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        for set_cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = set_cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Reply(response.status, text, response.headers, monotonic() - started)


def _bearer(key: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {key}"}


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so in time."""
    until = monotonic() + seconds
    while not is_so():
        if monotonic() > until:
            return False
        sleep(0.05)
    return True


@pytest.fixture(scope="module")
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
        server = stack.enter_context(postern_server({**environ, **behind}, folder))
        cookies = _signed_in(office)
        yield Site(server, office, redis, postgresql, ours.url, caller.key, free, counted, cookies)


@pytest.fixture(autouse=True)
def _mended(site: Site) -> Iterator[None]:
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


def _signed_in(office: Office) -> dict[str, str]:
    client = office.app.test_client()
    with office.app.app_context():
        factories.sign_in(client, office.cast.linus, system_clock())
    kept = client.get_cookie("postern_session")
    assert kept is not None
    return {kept.key: kept.value}
