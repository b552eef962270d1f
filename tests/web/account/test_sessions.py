from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import FixedClock
from app.store.database import db
from app.store.tables import UserSessionRow
from tests import people
from tests.people import PASSWORD
from tests.web.forms import is_signed_in, sign_in, submit, token_on


@pytest.fixture
def elsewhere(app: Flask, linus: str) -> FlaskClient:
    """Another browser of Linus."""
    browser = app.test_client()
    sign_in(browser, "linus@example.com", PASSWORD, peer="192.0.2.99")
    return browser


def session_from(app: Flask, address: str) -> str:
    with app.app_context():
        return db.session.scalars(select(UserSessionRow.id).filter_by(address=address)).one()


def test_the_page_says_who_one_is_and_where_one_is_signed_in(client: FlaskClient, elsewhere: FlaskClient) -> None:
    page = client.get("/account").text
    for expected in ("Linus", "linus@example.com", "Member", "127.0.0.1", "192.0.2.99"):
        assert expected in page
    assert page.count("This browser") == 1


def test_a_session_elsewhere_is_ended(app: Flask, client: FlaskClient, elsewhere: FlaskClient) -> None:
    end = f"/account/sessions/{session_from(app, '192.0.2.99')}/end"
    answer = submit(client, "/account", end)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert not is_signed_in(elsewhere)
    assert is_signed_in(client)
    assert "192.0.2.99" not in client.get("/account").text
    assert len(people.events(app, "user.session_ended")) == 1


def test_ending_the_own_session_is_signing_out(app: Flask, client: FlaskClient, linus: str) -> None:
    submit(client, "/account", f"/account/sessions/{session_from(app, '127.0.0.1')}/end")
    assert not is_signed_in(client)


def test_sessions_that_are_over_are_not_listed(client: FlaskClient, elsewhere: FlaskClient, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=7))
    client.get("/account")
    clock.advance(timedelta(hours=2))
    assert "192.0.2.99" not in client.get("/account").text


@pytest.mark.parametrize("session_id", ["0" * 64, "x", "%27%20OR%201=1", "%00", "%00" * 64])
def test_a_session_that_is_not_there_is_not_found(client: FlaskClient, linus: str, session_id: str) -> None:
    assert submit(client, "/account", f"/account/sessions/{session_id}/end").status_code == 404


def test_somebody_elses_session_is_not_found(
    app: Flask, client: FlaskClient, elsewhere: FlaskClient, clock: FixedClock
) -> None:
    people.add(app, "Sam", clock())
    sam = app.test_client()
    sign_in(sam, "sam@example.com", PASSWORD)
    assert submit(sam, "/account", f"/account/sessions/{session_from(app, '192.0.2.99')}/end").status_code == 404
    assert is_signed_in(elsewhere)


def test_ending_twice_at_once_is_one_event(app: Flask, client: FlaskClient, elsewhere: FlaskClient) -> None:
    end = f"/account/sessions/{session_from(app, '192.0.2.99')}/end"
    token, cookie = token_on(client, "/account"), client.get_cookie("postern_session")
    assert cookie is not None

    def post(_: int) -> int:
        browser = app.test_client()
        browser.set_cookie("postern_session", cookie.value)
        return browser.post(end, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(8))) == {303}
    assert len(people.events(app, "user.session_ended")) == 1
