"""Who runs Postern behind a proxy that it was not told of is told on Home."""

import pytest
from flask import Flask

from app.domain import networks
from app.web import access
from tests.cast import Cast
from tests.web.tokens.conftest import Visit, visit

__all__ = ["visit"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BY_PROXY = {"X-Forwarded-For": "203.0.113.7"}
TOLD = "not know"


def test_administrators_who_come_by_an_unknown_proxy_are_told(visit: Visit, cast: Cast) -> None:
    page = visit(cast.grace).get("/", **BY_PROXY).text

    assert TOLD in page
    assert "You came by 127.0.0.1" in page


def test_nobody_else_is_told(visit: Visit, cast: Cast) -> None:
    assert TOLD not in visit(cast.linus).get("/", **BY_PROXY).text


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": ""}, {"X-Real-IP": "203.0.113.7"}])
def test_without_a_forwarded_address_there_is_nothing_to_tell(
    visit: Visit, cast: Cast, headers: dict[str, str]
) -> None:
    assert TOLD not in visit(cast.grace).get("/", **headers).text


def test_a_trusted_proxy_is_nothing_to_tell(app: Flask, visit: Visit, cast: Cast) -> None:
    app.extensions[access.TRUSTED_PROXIES] = networks.listed("127.0.0.0/8")

    assert TOLD not in visit(cast.grace).get("/", **BY_PROXY).text
