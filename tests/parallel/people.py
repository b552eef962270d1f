"""People at a real server who press the same button in the same instant."""

import hashlib
import http.client
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask

from app.domain.identifiers import random_text
from app.store.database import transaction
from app.store.tables import UserSessionRow

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    text: str


@dataclass(frozen=True)
class Visitor:
    """A signed-in browser without a window: each request on a connection of its own."""

    url: str
    cookie: str

    def get(self, path: str) -> Answer:
        return self._send("GET", path, None)

    def post(self, path: str, csrf: str, **fields: str) -> Answer:
        return self._send("POST", path, urlencode({"csrf_token": csrf, **fields}))

    def field(self, path: str, name: str) -> str:
        """The value of a field of the first form on a page that has it."""
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.get(path).text)
        assert found is not None, f"{path} has no field {name}"
        return found[1]

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers.get("Location", ""), response.read().decode())
        finally:
            connection.close()


def enter(app: Flask, url: str, person_id: str, now: datetime) -> Visitor:
    """A browser in which the person is signed in, by a session row of its own."""
    secret = random_text(43)
    row = UserSessionRow(id=hashlib.sha256(secret.encode("ascii")).hexdigest(), user_id=person_id)
    row.created_at = row.seen_at = row.password_at = now
    with app.app_context(), transaction() as session:
        session.add(row)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": secret, "csrf_token": random_text(40)})
    return Visitor(url, f"{app.config['SESSION_COOKIE_NAME']}={value}")


def csrf_of(visitor: Visitor, path: str) -> str:
    """The form token of a page: one serves all posts of the visitor."""
    return visitor.field(path, "csrf_token")


def all_at_once(presses: Sequence[Callable[[], T]]) -> list[T]:
    """Let every press happen in the same instant, each in a thread of its own."""
    gate = threading.Barrier(len(presses))

    def press(one: Callable[[], T]) -> T:
        gate.wait(30)
        return one()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))
