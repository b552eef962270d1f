"""A form that is sent after its session ended is not lost: sign in, and send it again."""

import re
from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.web.access import signed_in
from tests.people import PASSWORD
from tests.web.forms import sign_in, token_on

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}
TYPED = {"reason": 'Because\n of "this" <b>', "scopes": ["a", "b"], "kept:x": "y", "password": "not repeated"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def sent(app: Flask) -> list[dict[str, list[str]]]:
    """What /work was sent by people who were signed in."""
    runs: list[dict[str, list[str]]] = []

    @app.post("/work")
    @signed_in
    def work() -> str:
        runs.append(request.form.to_dict(flat=False))
        return "done"

    return runs


@pytest.fixture
def late(client: FlaskClient, sent: object, linus: str, clock: FixedClock) -> FlaskClient:
    """A browser whose session ended while a form was open in it."""
    sign_in(client, "linus@example.com", PASSWORD)
    client.get("/account")
    clock.advance(timedelta(hours=9))
    return client


def post(client: FlaskClient, headers: dict[str, str] | None = None) -> TestResponse:
    return client.post("/work?of=7", data={**TYPED, "csrf_token": token_on(client, "/login")}, headers=headers)


def fields_of(page: TestResponse) -> dict[str, list[str]]:
    """The hidden fields of the page's main part, as its form would send them."""
    found: dict[str, list[str]] = {}
    main = page.text[page.text.index("<main") :]
    for name, value in HIDDEN.findall(main):
        unescaped = value.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&amp;", "&")
        found.setdefault(name, []).append(unescaped)
    return found


def test_a_late_post_is_kept_through_the_sign_in_and_sent_again(
    late: FlaskClient, sent: list[dict[str, list[str]]]
) -> None:
    asked = post(late)
    assert asked.status_code == 401
    assert "not repeated" not in asked.text
    signed_in_again = late.post("/login", data={**fields_of(asked), "email": "linus@example.com", "password": PASSWORD})
    assert signed_in_again.status_code == 200
    assert 'action="/work?of=7"' in signed_in_again.text
    assert sent == []
    assert late.post("/work?of=7", data=fields_of(signed_in_again)).text == "done"
    assert sent[0]["reason"] == [TYPED["reason"]]
    assert sent[0]["scopes"] == ["a", "b"]
    assert sent[0]["kept:x"] == ["y"]


def test_a_wrong_password_on_the_way_loses_nothing(late: FlaskClient, sent: object) -> None:
    asked = post(late)
    failed = late.post("/login", data={**fields_of(asked), "email": "linus@example.com", "password": "wrong"})
    assert failed.status_code == 422
    assert {name: value for name, value in fields_of(failed).items() if name != "csrf_token"} == {
        name: value for name, value in fields_of(asked).items() if name != "csrf_token"
    }


@pytest.mark.parametrize("action", ["https://evil.example/work", "//evil.example", "/login", "/account", "/nowhere"])
def test_it_is_sent_again_to_our_own_forms_only(late: FlaskClient, sent: object, action: str) -> None:
    fields = {"kept_action": action, "kept:reason": "planted", "csrf_token": token_on(late, "/login")}
    page = late.post("/login", data={**fields, "email": "linus@example.com", "password": PASSWORD})
    assert '<form class="form" method="post" action="/"' in page.text


def test_an_htmx_page_keeps_its_form_and_shows_a_notice(late: FlaskClient, sent: object) -> None:
    answer = post(late, headers=FRAGMENT)
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#flash"
    assert "not signed in any more" in answer.text
    assert "<html" not in answer.text
