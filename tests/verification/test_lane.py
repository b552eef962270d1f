"""The lane answers what Flask's view answers: byte for byte, but for the request's id and the clock (SPEC 12)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from app.domain import keys
from app.services.tokens.switch import disable_token, revoke_token
from app.verification.lane import Lane, Wsgi
from tests.verification.bodies import corpus
from tests.verification.conftest import PEER, VERIFY, Office, Service

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Doors:
    """One installation by its two ways in."""

    lane: Wsgi
    view: Wsgi

    def assert_alike(self, body: bytes, headers: Mapping[str, str], **environ: Any) -> Response:
        """The answer, seen to be the same by both."""
        given = {"REMOTE_ADDR": PEER, **environ}
        answers = []
        for door in (self.lane, self.view):
            builder = EnvironBuilder(VERIFY, method="POST", data=body, headers=Headers(dict(headers)))
            # What the server hands over, and not what a client of the tests would make of it.
            answers.append(Response(*run_wsgi_app(door, {**builder.get_environ(), **given})))
        first, second = answers
        assert plain(first) == plain(second), body
        assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
        return first


def plain(response: Response) -> tuple[Any, ...]:
    """All of an answer but its request id, which is seen to be the same in the body as in the header."""
    request_id = response.headers["X-Request-Id"]
    assert response.get_data().count(request_id.encode()) == 1
    headers = sorted((name.lower(), value.replace(request_id, "ID")) for name, value in response.headers.items())
    return response.status_code, headers, response.get_data().replace(request_id.encode(), b"ID")


@pytest.fixture
def doors(app: Flask) -> Doors:
    return both(app)


def both(app: Flask) -> Doors:
    lane: Any = app.wsgi_app
    assert isinstance(lane, Lane)
    return Doors(lane, lane.behind)


def headers(key: str, **others: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **others}


def test_every_bad_body_is_refused_alike(doors: Doors, service: Service) -> None:
    for body in corpus().values():
        assert doors.assert_alike(body, headers(service.key)).status_code == 400


def test_every_good_question_is_answered_alike(doors: Doors, service: Service, office: Office) -> None:
    live, disabled, revoked, pending = office.issue(), office.issue(), office.issue(), office.issue(approved=False)
    office.do(disable_token, disabled.token_id, "")
    office.do(revoke_token, revoked.token_id, "")
    rotated = office.issue()
    office.rotate(rotated.token_id)
    codes = set()
    for token in (live.key, disabled.key, revoked.key, pending.key, rotated.key, keys.make(), "x", "", "é", "\u2028"):
        asked: list[dict[str, Any]] = [
            {"scopes": []},
            {"scopes": ["payout:create"]},
            {"scopes": ["invoice:read"], "client_ip": "2001:db8::1", "cost": 0},
            {"method": "GET", "path": "/api/é"},
            {"method": "DELETE", "path": "/%2e%2e", "scopes": [], "explain": True},
        ]
        for wanted in asked:
            body = json.dumps({"token": token, **wanted}, ensure_ascii=len(token) % 2 == 0).encode()
            answer = doors.assert_alike(body, headers(service.key))
            assert answer.json is not None
            codes.add(answer.json["code"])
    assert codes >= {"VALID", "DISABLED", "REVOKED", "ROTATED", "UNKNOWN_TOKEN", "INSUFFICIENT_SCOPE", "ACCESS_DENIED"}


def test_every_caller_is_told_alike(doors: Doors, service: Service, office: Office) -> None:
    body = json.dumps({"token": office.issue().key, "scopes": []}).encode()
    key = service.key
    for authorization in ("", "Bearer", "Bearer x", f"bearer  {key}", f"Basic {key}", f"Bearer {office.issue().key}"):
        doors.assert_alike(body, {"Authorization": authorization, "Content-Type": "application/json"})
    doors.assert_alike(body, {"Content-Type": "application/json"})


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json; charset=utf-8", "APPLICATION/JSON", "é"])
def test_every_content_type_is_taken_alike(doors: Doors, service: Service, content_type: str) -> None:
    doors.assert_alike(b'{"token": "x", "scopes": []}', headers(service.key, **{"Content-Type": content_type}))


@pytest.mark.parametrize("size", [8191, 8192, 8193, 100_000, 2_000_000])
def test_the_same_is_too_much_for_both(doors: Doors, service: Service, size: int) -> None:
    body = b'{"token": "x", "scopes": []}'.ljust(size)
    assert doors.assert_alike(body, headers(service.key)).status_code == (413 if size > 8192 else 200)


@pytest.mark.parametrize("length", ["", "-1", "x", "1", "27", "٣", "9" * 5000, "+28", " 28"])
def test_odd_lengths_are_read_alike(doors: Doors, service: Service, length: str) -> None:
    answer = doors.assert_alike(b'{"token": "x", "scopes": []}', headers(service.key), CONTENT_LENGTH=length)
    assert answer.status_code in {200, 400}


@pytest.mark.parametrize("terminated", [True, False])
def test_a_body_without_a_length_ends_by_itself_or_is_none(doors: Doors, service: Service, terminated: bool) -> None:
    environ = {"CONTENT_LENGTH": "", "wsgi.input_terminated": terminated}
    answer = doors.assert_alike(b'{"token": "x", "scopes": []}', headers(service.key), **environ)
    assert answer.status_code == (200 if terminated else 400)


def test_forwarded_addresses_are_believed_alike(another_app: Callable[..., Flask], service: Service) -> None:
    doors = both(another_app(TRUSTED_PROXIES=f"{PEER}/32", PUBLIC_URL="https://postern.example.com"))
    for forwarded in ("198.51.100.1", "x", "198.51.100.1, 192.0.2.99", "[2001:db8::1]:80"):
        given = headers(service.key, **{"X-Forwarded-For": forwarded, "Cookie": "session=x"})
        answer = doors.assert_alike(b'{"token": "x", "scopes": []}', given)
        assert "Set-Cookie" not in answer.headers
        assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", VERIFY), ("PUT", VERIFY), ("POST", f"{VERIFY}/"), ("POST", f"/{VERIFY}"), ("POST", "/api/v1/Verify")],
)
def test_everything_else_is_handed_on(client: FlaskClient, method: str, path: str) -> None:
    assert client.open(path, method=method).status_code in {404, 405}
    assert client.get("/healthz").status_code == 200


def test_a_sender_that_goes_away_gets_no_decision(doors: Doors, service: Service) -> None:
    class Gone:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError

    answer = doors.assert_alike(b'{"token": "x"}', headers(service.key), **{"wsgi.input": Gone()})
    assert answer.status_code == 400
