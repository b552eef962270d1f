"""What a token may request of a service: deny by default, and no path that could mean two things."""

import pytest

from tests.verification.conftest import Office, Service
from tests.verification.test_bodies import once

pytestmark = once


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/invoices"),
        ("GET", "/api/invoices/42"),
        ("HEAD", "/api/invoices/42"),
        ("GET", "/api/%69nvoices/42"),
        ("GET", "/api/invoices/%C3%A9"),
    ],
)
def test_a_request_inside_a_permission_is_valid(service: Service, office: Office, method: str, path: str) -> None:
    assert service.code(office.issue("invoice:read").key, method=method, path=path) == "VALID"


def test_every_other_request_is_denied(service: Service, office: Office) -> None:
    key = office.issue("invoice:read", "payout:create").key
    requests = [
        *(("POST", "/api/invoices"), ("DELETE", "/api/invoices/42"), ("OPTIONS", "/api/invoices/42")),
        *(("GET", "/api/payouts"), ("GET", "/"), ("GET", "/api"), ("GET", "/api/invoices/"), ("GET", "/API/invoices")),
        *(("GET", "/api/invoices/42/lines"), ("GET", "/api/invoices/.."), ("GET", "/api/invoices/%2e%2e")),
        *(("GET", "/api/x/../invoices/42"), ("GET", "/api/x/%2e%2e/invoices"), ("GET", "//api/invoices")),
        *(("GET", "/api//invoices"), ("GET", "/./api/invoices"), ("GET", "/api/invoices/4%2f2")),
        *(("GET", "/api/invoices/4%5c2"), ("GET", "/api/invoices/42;a=b"), ("GET", "/api/invoices/%252e")),
        *(("GET", "/api/invoices/42%00"), ("GET", "/api/invoices/42\n"), ("GET", "/api/invoices/%0d%0a")),
        *(("GET", "/api/invoices/%"), ("GET", "/api/invoices/%zz"), ("GET", "/api/invoices/%ff")),
    ]

    valid = [
        request for request in requests if service.code(key, method=request[0], path=request[1]) != "ACCESS_DENIED"
    ]

    assert valid == []


def test_scopes_and_a_request_are_both_needed_where_both_are_asked(service: Service, office: Office) -> None:
    key = office.issue("invoice:read").key
    inside = {"method": "GET", "path": "/api/invoices"}

    assert service.code(key, scopes=["invoice:read"], **inside) == "VALID"
    assert service.code(key, scopes=["invoice:write"], **inside) == "INSUFFICIENT_SCOPE"
    assert service.code(key, scopes=["invoice:read"], method="POST", path="/api/invoices") == "ACCESS_DENIED"
