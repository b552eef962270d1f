"""A thousand forged headers, at every reader of who speaks to us: pages, audit and sign-in by `access.peer_address`,
verification by `call_of`. From a peer that is not trusted none is believed, from a proxy only the last hop it names."""

import itertools
from collections.abc import Callable, Sequence

import pytest
from flask import Flask, request
from werkzeug.datastructures import Headers

from app.clock import FixedClock
from app.verification.environ import call_of
from app.verification.views import DOOR
from app.web import access

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROXY, STRANGER, WANTED = "10.0.0.1", "192.0.2.66", "203.0.113.7"
FAMILIES = (
    *("X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Forwarded", "Forwarded-For", "X-Real-IP", "X-Client-IP"),
    *(
        "Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "CF-Connecting-IPv6",
        "Fastly-Client-IP",
        "X-Cluster-Client-IP",
    ),
    *("X-Originating-IP", "X-Remote-IP", "X-Remote-Addr", "Remote-Addr", "X-ProxyUser-Ip", "X-Envoy-External-Address"),
    *("X-Azure-ClientIP", "Fly-Client-IP", "X-Appengine-User-Ip", "Via", "X-Host", "X-Forwarded-Host", "Host"),
)
VALUES = (
    *(WANTED, f"{WANTED}, {PROXY}", f"{PROXY}, {WANTED}", f"{WANTED},{WANTED}", f" {WANTED} ", f"{WANTED}:80", PROXY),
    *(
        f"for={WANTED}",
        f'for="{WANTED}"',
        f"for={WANTED};by={PROXY}",
        f'for="[::ffff:{WANTED}]:80"',
        f"::ffff:{WANTED}",
    ),
    *(f"[::ffff:{WANTED}]:443", "127.0.0.1", "::1", "localhost", "unknown", "", ",", f"{WANTED}%eth0", f"{WANTED}/32"),
    *(
        "0313.0000.0161.0007",
        "0xcb007107",
        "3405803783",
        f"{WANTED}, unknown",
        f"unknown, {WANTED}",
        f"_hidden, {WANTED}",
    ),
    *(
        f'"{WANTED}"',
        f"{WANTED};{WANTED}",
        f"{WANTED} {PROXY}",
        f"{WANTED}, {PROXY}, {PROXY}",
        "٢٠٣.0.113.7",
        "fe80::1%1",
    ),
)
FORGED = [
    *([(family, value)] for family, value in itertools.product(FAMILIES, VALUES)),
    *([("X-Forwarded-For", one), ("X-Forwarded-For", other)] for one, other in itertools.product(VALUES[:12], VALUES)),
]
assert len(FORGED) > 1_000


def seen(app: Flask, remote: str, headers: Sequence[tuple[str, str]]) -> set[str | None]:
    """Who the readers say speaks."""
    environ = {"REMOTE_ADDR": remote}
    with app.test_request_context("/", headers=Headers(list(headers)), environ_overrides=environ):
        call = call_of(request.environ, app.extensions[DOOR].trusted_proxies, app.extensions["postern_clock"], "r", 0)
        return {access.peer_address(), str(call.peer) if call.peer else None}


@pytest.fixture
def behind_proxy(another_app: Callable[..., Flask]) -> Flask:
    return another_app(TRUSTED_PROXIES="10.0.0.0/8", PUBLIC_URL="https://postern.example.com")


@pytest.mark.parametrize("remote", [STRANGER, f"::ffff:{STRANGER}"])
def test_from_a_peer_that_is_not_trusted_none_is_believed(behind_proxy: Flask, clock: FixedClock, remote: str) -> None:
    for headers in FORGED:
        assert seen(behind_proxy, remote, headers) == {STRANGER}, headers


def test_without_trusted_proxies_none_is_believed_from_anybody(app: Flask, clock: FixedClock) -> None:
    for headers in FORGED:
        assert seen(app, PROXY, headers) == {PROXY}, headers


def test_from_a_proxy_other_headers_say_nothing(behind_proxy: Flask, clock: FixedClock) -> None:
    for headers in FORGED:
        if headers[0][0].lower() != "x-forwarded-for":
            assert seen(behind_proxy, PROXY, headers) == {PROXY}, headers


def test_what_a_client_forges_stands_before_what_its_proxy_adds(behind_proxy: Flask, clock: FixedClock) -> None:
    for headers in FORGED:
        added = [*headers, ("X-Forwarded-For", STRANGER)]
        assert seen(behind_proxy, PROXY, added) == {STRANGER}, headers


def test_an_empty_line_from_a_proxy_is_no_address_rather_than_the_proxys(behind_proxy: Flask) -> None:
    assert seen(behind_proxy, PROXY, [("X-Forwarded-For", "")]) == {None}
