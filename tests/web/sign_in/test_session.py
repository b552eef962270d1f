"""How long a browser stays signed in, by the clock of the server."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.clock import FixedClock
from app.store.database import db
from app.store.tables import UserSessionRow
from tests import people
from tests.people import PASSWORD
from tests.web.forms import is_signed_in, sign_in


def test_a_session_ends_after_eight_idle_hours(client: FlaskClient, linus: str, clock: FixedClock) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    clock.advance(timedelta(hours=7, minutes=59))
    assert is_signed_in(client)
    clock.advance(timedelta(hours=8))
    assert not is_signed_in(client)


def test_a_session_ends_after_a_day_however_busy(client: FlaskClient, linus: str, clock: FixedClock) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    for _ in range(3):
        clock.advance(timedelta(hours=6))
        assert is_signed_in(client)
    clock.advance(timedelta(hours=5, minutes=59))
    assert is_signed_in(client)
    clock.advance(timedelta(minutes=1))
    assert not is_signed_in(client)


def test_being_seen_is_written_once_a_minute(app: Flask, client: FlaskClient, linus: str, clock: FixedClock) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    signed_in_at = clock()
    clock.advance(timedelta(seconds=59))
    client.get("/account")
    assert seen(app) == signed_in_at
    clock.advance(timedelta(seconds=1))
    client.get("/account")
    assert seen(app) == clock()


def test_a_deactivated_person_is_nobody_at_the_next_click(
    app: Flask, client: FlaskClient, linus: str, clock: FixedClock
) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    people.deactivate(app, linus, clock())
    assert not is_signed_in(client)


def test_a_person_is_loaded_by_one_query(app: Flask, client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert client.get("/login").status_code == 303
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


@pytest.mark.parametrize("cookie", ["x" * 4_000, "eyJfdXNlcl9pZCI6ImEifQ.ZZZZZZ.forged", "", "\u00e9"])
def test_a_cookie_that_we_did_not_make_is_nobodys(client: FlaskClient, linus: str, cookie: str) -> None:
    client.set_cookie("postern_session", cookie)
    assert not is_signed_in(client)


def test_a_cookie_of_another_installation_is_nobodys(
    client: FlaskClient, another_app: Callable[..., Flask], environ: dict[str, str], linus: str
) -> None:
    elsewhere = another_app(SESSION_SECRET=environ["CHAIN_SECRET"])
    visitor = elsewhere.test_client()
    sign_in(visitor, "linus@example.com", PASSWORD)
    cookie = visitor.get_cookie("postern_session")
    assert cookie is not None
    client.set_cookie("postern_session", cookie.value)
    assert is_signed_in(visitor)
    assert not is_signed_in(client)


def test_a_session_that_is_not_a_text_is_nobodys(client: FlaskClient, linus: str) -> None:
    for planted in (7, ["a"], {"a": 1}, None):
        with client.session_transaction() as kept:
            kept["_user_id"] = planted
        assert not is_signed_in(client)


def test_over_https_the_cookie_is_bound_to_this_host(another_app: Callable[..., Flask], linus: str) -> None:
    client = another_app(PUBLIC_URL="https://postern.example").test_client()
    page = client.get("/login", base_url="https://postern.example")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-postern_session=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def seen(app: Flask) -> object:
    with app.app_context():
        return db.session.scalar(select(UserSessionRow.seen_at))
