"""The password once more, where it was last typed over 10 minutes ago: nothing typed is lost by it."""

from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.quota.attempts import FROM_KNOWN_ADDRESS
from app.web.access import signed_in
from app.web.sign_in.password_again import password_again
from tests.people import PASSWORD
from tests.web.forms import is_signed_in, sign_in, token_on

LONG_AGO = timedelta(minutes=11)
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def done(app: Flask) -> list[dict[str, list[str]]]:
    """What a guarded view at /guarded was given, each time it ran."""
    runs: list[dict[str, list[str]]] = []

    @app.route("/guarded", methods=["GET", "POST"])
    @signed_in
    @password_again
    def guarded() -> str:
        runs.append(request.form.to_dict(flat=False))
        return "done"

    return runs


@pytest.fixture
def linus_browser(client: FlaskClient, done: object, linus: str) -> FlaskClient:
    sign_in(client, "linus@example.com", PASSWORD)
    return client


def post(client: FlaskClient, **fields: str | list[str]) -> TestResponse:
    return client.post("/guarded", data={"csrf_token": token_on(client, "/account"), **fields})


def test_a_password_typed_lately_is_not_asked_for(
    linus_browser: FlaskClient, done: list[object], clock: FixedClock
) -> None:
    clock.advance(timedelta(minutes=9, seconds=59))
    assert linus_browser.get("/guarded").text == "done"


def test_a_page_asks_and_then_opens(linus_browser: FlaskClient, done: list[object], clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=10))
    page = linus_browser.get("/guarded?of=7")
    assert "Your password, once more" in page.text
    assert done == []
    fields = {"password_again": PASSWORD, "csrf_token": token_on(linus_browser, "/account")}
    answer = linus_browser.post("/password-again?next=/guarded?of%3D7", data=fields)
    assert (answer.status_code, answer.location) == (303, "/guarded?of=7")
    assert linus_browser.get("/guarded").text == "done"


def test_a_post_is_kept_and_done_with_the_password(
    linus_browser: FlaskClient, done: list[dict[str, list[str]]], clock: FixedClock
) -> None:
    clock.advance(LONG_AGO)
    typed: dict[str, str | list[str]] = {"comment": 'fine by me <b>"', "scopes": ["a", "b"]}
    asked = post(linus_browser, **typed)
    assert done == []
    assert 'name="comment" value="fine by me &lt;b&gt;&#34;"' in asked.text
    assert asked.text.count('name="scopes"') == 2
    assert 'action="/guarded"' in asked.text
    assert post(linus_browser, **typed, password_again=PASSWORD).text == "done"
    assert done[0]["scopes"] == ["a", "b"]


def test_a_wrong_password_does_nothing_and_keeps_the_post(
    linus_browser: FlaskClient, done: list[object], clock: FixedClock
) -> None:
    clock.advance(LONG_AGO)
    answer = post(linus_browser, comment="kept", password_again="wrong")
    assert answer.status_code == 422
    assert 'value="kept"' in answer.text
    assert "wrong" not in answer.text
    assert done == []


def test_guessing_at_an_open_browser_is_slowed(
    linus_browser: FlaskClient, done: list[object], clock: FixedClock
) -> None:
    clock.advance(LONG_AGO)
    token = token_on(linus_browser, "/account")
    statuses = [
        linus_browser.post("/guarded", data={"csrf_token": token, "password_again": "wrong"}).status_code
        for _ in range(FROM_KNOWN_ADDRESS.amount + 1)
    ]
    assert statuses[-1] == 429
    right = linus_browser.post("/guarded", data={"csrf_token": token, "password_again": PASSWORD})
    assert right.status_code == 429
    assert done == []


def test_an_htmx_page_shows_the_question_in_its_main_part(
    linus_browser: FlaskClient, done: list[object], clock: FixedClock
) -> None:
    clock.advance(LONG_AGO)
    token = token_on(linus_browser, "/account")
    answer = linus_browser.post("/guarded", data={"csrf_token": token, "comment": "kept"}, headers=FRAGMENT)
    assert answer.headers["HX-Retarget"] == "#main"
    assert "<html" not in answer.text
    assert 'value="kept"' in answer.text


def test_the_next_page_is_never_elsewhere(linus_browser: FlaskClient, done: list[object], clock: FixedClock) -> None:
    fields = {"password_again": PASSWORD, "csrf_token": token_on(linus_browser, "/account")}
    assert linus_browser.post("/password-again?next=//evil.example", data=fields).location == "/"


def test_somebody_who_is_not_signed_in_is_not_asked(client: FlaskClient, done: list[object]) -> None:
    assert client.get("/guarded").location.startswith("/login")
    assert not is_signed_in(client)
