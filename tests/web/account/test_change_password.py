from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.quota.attempts import FROM_KNOWN_ADDRESS
from app.services import passwords
from tests import people
from tests.people import OTHER_PASSWORD, PASSWORD
from tests.web.forms import is_signed_in, sign_in, submit, token_on


def change(client: FlaskClient, current: str = PASSWORD, new: str = OTHER_PASSWORD) -> TestResponse:
    return submit(client, "/account", "/account/password", current_password=current, new_password=new)


def test_the_new_password_signs_in_and_the_old_one_does_not(app: Flask, client: FlaskClient, linus: str) -> None:
    assert change(client).location == "/account"
    assert sign_in(app.test_client(), "linus@example.com", PASSWORD).status_code == 422
    assert sign_in(app.test_client(), "linus@example.com", OTHER_PASSWORD).status_code == 303
    [event] = [event for event in people.events(app, "user.password_set") if event.actor_id == linus]
    assert OTHER_PASSWORD not in str(vars(event))


def test_every_session_ends_and_this_browser_gets_another(app: Flask, client: FlaskClient, linus: str) -> None:
    elsewhere, thief = app.test_client(), app.test_client()
    sign_in(elsewhere, "linus@example.com", PASSWORD)
    copied = client.get_cookie("postern_session")
    assert copied is not None
    change(client)
    thief.set_cookie("postern_session", copied.value)
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(thief)


def test_the_current_password_is_needed(app: Flask, client: FlaskClient, linus: str) -> None:
    answer = change(client, current="wrong")
    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert is_signed_in(client)


@pytest.mark.parametrize("new", ["", "fourteen chars", "x1y2z3 " * 147, "passwordpassword", "linus@example.com"])
def test_a_weak_password_is_refused_at_its_field(client: FlaskClient, linus: str, new: str) -> None:
    answer = change(client, new=new)
    assert answer.status_code == 422
    assert 'id="new_password-error"' in answer.text
    assert PASSWORD not in answer.text


def test_guessing_the_current_password_is_slowed(client: FlaskClient, linus: str) -> None:
    for _ in range(FROM_KNOWN_ADDRESS.amount):
        change(client, current="wrong")
    answer = change(client)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "too many failed attempts" in answer.text


def test_a_stranger_is_asked_to_sign_in(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/account/password", data={"csrf_token": token_on(client, "/login")}).status_code == 401


def test_a_password_that_was_reset_meanwhile_is_not_overwritten(
    app: Flask, client: FlaskClient, linus: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(stored: str, password: str) -> bool:
        people.give_hash(app, linus, "of the reset", clock())
        return True

    monkeypatch.setattr(passwords, "_verify", slow)
    assert change(client).status_code == 422
    assert len([event for event in people.events(app, "user.password_set") if event.actor_id == linus]) == 0


def test_changing_twice_at_once_takes_one(app: Flask, client: FlaskClient, linus: str, clock: FixedClock) -> None:
    token, cookie = token_on(client, "/account"), client.get_cookie("postern_session")
    assert cookie is not None

    def post(number: int) -> int:
        browser = app.test_client()
        browser.set_cookie("postern_session", cookie.value)
        fields = {"current_password": PASSWORD, "new_password": f"{OTHER_PASSWORD}-{number}", "csrf_token": token}
        answer = browser.post("/account/password", data=fields)
        return answer.status_code if answer.location != "/account" else 200

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(post, range(2)))
    assert statuses.count(200) == 1
    assert len([event for event in people.events(app, "user.password_set") if event.actor_id == linus]) == 1
