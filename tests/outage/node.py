"""A node as services, people and machines see it from outside."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

from app.clock import system_clock
from app.services.tokens.issue import Issued
from tests import factories
from tests.real.postern import PosternServer
from tests.verification.conftest import SELF, VERIFY, Office

RECOVERS_WITHIN_SECONDS = 5.0
# Usage is written again so soon after an outage.
USAGE_WITHIN_SECONDS = 2.0
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
class Node:
    """A server that is asked by one service, and by Linus in a browser."""

    server: PosternServer
    caller: str
    # The browser's cookies by name, which answers change.
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

    def form_token(self, page: str) -> str:
        """The token that the forms of a page hold."""
        found = FORM_TOKEN.search(self.get(page).text)
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


def signed_in(office: Office) -> dict[str, str]:
    """The cookies of a browser in which Linus is signed in."""
    client = office.app.test_client()
    with office.app.app_context():
        factories.sign_in(client, office.cast.linus, system_clock())
    kept = client.get_cookie("postern_session")
    assert kept is not None
    return {kept.key: kept.value}
