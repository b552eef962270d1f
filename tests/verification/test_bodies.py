"""What is no question gets a problem document that says so, and never a 500 or a page."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.networks import address
from app.verification import schema
from app.verification.problems import Malformed, Problem
from app.verification.schema import Body
from tests.verification import bodies
from tests.verification.conftest import VERIFY, Office, Service

CORPUS = bodies.corpus()
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def assert_problem(response: TestResponse, status: int, code: str) -> None:
    assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.text
    document = response.json
    assert document is not None
    assert (document["type"], document["status"], document["code"]) == ("about:blank", status, code)
    assert document["title"]
    assert document["detail"]
    assert document["request_id"] == response.headers["X-Request-Id"]


@pytest.mark.parametrize("raw", CORPUS.values(), ids=CORPUS.keys())
def test_what_is_no_question_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        schema.parse(raw)
    assert (caught.value.status, caught.value.code) == (400, "malformed")


@pytest.mark.parametrize("raw", CORPUS.values(), ids=CORPUS.keys())
def test_an_error_repeats_nothing_of_what_was_sent(raw: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        schema.parse(raw)
    assert bodies.TOKEN not in caught.value.detail
    assert caught.value.detail.isprintable()


@once
def test_each_of_them_is_answered_by_a_problem_document(service: Service) -> None:
    for raw in CORPUS.values():
        assert_problem(service.post(raw), 400, "malformed")


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"scopes": []}, {"scopes": frozenset()}),
        ({"scopes": ["a:b", "a:b", "c:d"]}, {"scopes": frozenset({"a:b", "c:d"})}),
        ({"scopes": [f"a:b{number}" for number in range(20)]}, {}),
        ({"method": "HEAD", "path": "/"}, {"method": "HEAD", "path": "/", "scopes": None}),
        ({"method": "GET", "path": "/a;b%2e/../\u0000"}, {"path": "/a;b%2e/../\u0000"}),
        ({"scopes": [], "cost": 0}, {"cost": 0}),
        ({"scopes": [], "cost": 100}, {"cost": 100}),
        ({"scopes": [], "explain": True}, {"explain": True}),
        ({"scopes": [], "client_ip": "::ffff:203.0.113.7"}, {"client_ip": address("203.0.113.7")}),
        ({"scopes": [], "client_ip": "64:ff9b::cb00:7105"}, {"client_ip": address("64:ff9b::cb00:7105")}),
        ({"scopes": [], "token": ""}, {"token": ""}),
        ({"scopes": [], "token": " x\n"}, {"token": " x\n"}),
        ({"scopes": [], "token": "\U0001f511" * 512}, {"token": "\U0001f511" * 512}),
    ],
)
def test_a_question_is_read_as_it_was_asked(fields: dict[str, Any], read: dict[str, Any]) -> None:
    body = schema.parse(json.dumps({"token": "x", **fields}, ensure_ascii="\u0000" in str(fields)).encode())

    assert {name: getattr(body, name) for name in read} == read


def test_what_is_not_said_has_its_default() -> None:
    assert schema.parse(b'{"token": "x", "scopes": []}') == Body("x", frozenset(), None, None, None, 1, explain=False)


@pytest.mark.parametrize(
    "content_type",
    [
        *(None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"),
        *("application/jsonp", "application/problem+json", "application", "json", ";application/json"),
    ],
)
def test_other_kinds_of_content_are_not_read(content_type: str | None) -> None:
    with pytest.raises(Problem) as caught:
        schema.check_envelope(content_type, 10)
    assert caught.value.status == 415


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON", "application/json;charset=utf-8", "application/json ; x=y"]
)
def test_json_is_read_however_it_is_announced(content_type: str) -> None:
    schema.check_envelope(content_type, 10)


@once
def test_a_body_may_have_eight_kibibytes_and_no_more(service: Service, office: Office) -> None:
    body = json.dumps({"token": office.issue().key, "scopes": []}).encode()

    assert service.post(body.ljust(8192)).status_code == 200
    for size in (8193, 50_000, 2_000_000):
        assert_problem(service.post(body.ljust(size)), 413, "too_large")


@once
def test_errors_are_told_in_the_order_of_the_contract(client: FlaskClient, service: Service) -> None:
    large, text, nobody = b"x" * 2_000_000, "text/plain", {"Authorization": "Bearer nobody"}

    assert_problem(client.put(VERIFY, data=large, content_type=text), 405, "method_not_allowed")
    assert_problem(service.post(large, content_type=text, headers=nobody), 415, "unsupported_media_type")
    assert_problem(service.post(large, headers=nobody), 413, "too_large")
    assert_problem(service.post(b"{", headers=nobody), 401, "CALLER_UNKNOWN_TOKEN")
    assert_problem(service.post(b"{"), 400, "malformed")


@once
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused_and_the_right_one_is_named(client: FlaskClient, method: str) -> None:
    response = client.open(VERIFY, method=method, query_string={"token": bodies.TOKEN})

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    if method != "HEAD":
        assert_problem(response, 405, "method_not_allowed")


@once
@pytest.mark.parametrize("path", ["/api/", "/api/v1/verify/", "/api/v1/Verify", "/api/v2/verify", "/api/v1//verify"])
def test_other_addresses_are_not_found(client: FlaskClient, path: str) -> None:
    assert_problem(client.post(path, json={}), 404, "not_found")
