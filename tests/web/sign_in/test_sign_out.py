from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient

from tests import people
from tests.people import PASSWORD
from tests.web.forms import is_signed_in, sign_in, token_on


def copy_of_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("postern_session")
    assert cookie is not None
    return cookie.value


def test_signing_out_ends_the_session(app: Flask, client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    answer = client.post("/logout", data={"csrf_token": token_on(client, "/account")})
    assert (answer.status_code, answer.location) == (303, "/login")
    assert not is_signed_in(client)
    [event] = people.events(app, "user.signed_out")
    assert event.actor_id == linus


def test_a_cookie_that_was_copied_before_is_worth_nothing(app: Flask, client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    token, copied = token_on(client, "/account"), copy_of_cookie(client)
    thief = app.test_client()
    thief.set_cookie("postern_session", copied)
    assert is_signed_in(thief)
    client.post("/logout", data={"csrf_token": token})
    thief.set_cookie("postern_session", copied)
    assert not is_signed_in(thief)


def test_a_visit_does_not_sign_out(client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    assert client.get("/logout").status_code == 405
    assert is_signed_in(client)


def test_another_site_cannot_sign_somebody_out(client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    assert client.post("/logout").status_code == 400
    assert is_signed_in(client)


def test_signing_out_twice_at_once_is_one_event(app: Flask, client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    token, copied = token_on(client, "/account"), copy_of_cookie(client)

    def sign_out(_: int) -> int:
        browser = app.test_client()
        browser.set_cookie("postern_session", copied)
        return browser.post("/logout", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(sign_out, range(8))) == {303}
    assert len(people.events(app, "user.signed_out")) == 1
