"""After signing in a person is only ever sent to a page of Postern."""

import pytest
from flask.testing import FlaskClient

from tests.people import PASSWORD
from tests.web.forms import sign_in, submit

# What an address is, no database decides.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("asked", ["/account", "/account?tab=a%26b&x=", "%2Faccount"])
def test_the_page_that_was_asked_for_opens(client: FlaskClient, linus: str, asked: str) -> None:
    answer = sign_in(client, "linus@example.com", PASSWORD, next_page=asked.replace("&", "%26"))
    assert answer.location.partition("?")[0] == "/account"


def test_a_page_that_needs_sign_in_leads_there_and_back(client: FlaskClient, linus: str) -> None:
    asked = client.get("/account?from=mail")
    assert asked.status_code == 303
    answer = submit(client, asked.location, email="linus@example.com", password=PASSWORD)
    assert answer.location == "/account?from=mail"


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/account",
        "//evil.example/account",
        "////evil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%5Cevil.example",
        "/%2F/evil.example",
        "/%2e%2e//evil.example",
        "/account%0d%0aLocation:%20https://evil.example",
        "javascript:alert(1)",
        "https:/account",
        "http:///account",
        "account",
        "@evil.example",
        "//[evil",
        "/login",
        "/logout",
        "/password-again",
        "/welcome/guessed",
        "/static/app.css",
        "/api/v1/self",
        "/nowhere",
        "",
    ],
)
def test_anything_else_leads_home(client: FlaskClient, linus: str, asked: str) -> None:
    client.get("/login")
    answer = sign_in(client, "linus@example.com", PASSWORD, next_page=asked)
    assert answer.status_code == 303
    assert answer.location == "/"


def test_a_failed_sign_in_keeps_the_way(client: FlaskClient, linus: str) -> None:
    failed = sign_in(client, "linus@example.com", "wrong", next_page="/account")
    assert 'action="/login?next=/account"' in failed.text
