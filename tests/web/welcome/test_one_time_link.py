from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.people import Actor
from app.services.links import make_link
from app.store.database import db
from app.store.queries.people import account_named
from app.store.tables import OneTimeLinkRow, UserRow
from tests import people
from tests.people import OTHER_PASSWORD, PASSWORD
from tests.web.forms import is_signed_in, sign_in, submit, token_on

OVER = "This link is not good any more"


def use(client: FlaskClient, link: str, password: str = PASSWORD) -> TestResponse:
    return submit(client, link, password=password)


def margaret(app: Flask) -> UserRow:
    with app.app_context():
        return db.session.scalars(select(UserRow).filter_by(email="margaret@example.com")).one()


def test_a_new_person_sets_a_password_and_signs_in_with_it(app: Flask, client: FlaskClient, link: str) -> None:
    answer = use(client, link)
    assert (answer.status_code, answer.location) == (303, "/login")
    assert "Your password is set" in client.get("/login").text
    assert sign_in(client, "margaret@example.com", PASSWORD).status_code == 303


def test_the_page_says_who_made_the_link_and_for_whom(client: FlaskClient, link: str) -> None:
    page = client.get(link)
    assert "<strong>Ada</strong>" in page.text
    assert "margaret@example.com" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}


def test_opening_the_page_uses_nothing_up(client: FlaskClient, link: str) -> None:
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200
    assert use(client, link).status_code == 303


def test_what_was_done_is_recorded_with_who_made_the_link(
    app: Flask, client: FlaskClient, link: str, ada: Actor
) -> None:
    use(client, link)
    [event] = people.events(app, "user.password_set")
    assert event.actor_id == event.subject_id == margaret(app).id
    assert {"field": "by a link made by", "before": None, "after": "Ada"} in event.changes
    assert margaret(app).password_link_by == ada.person_id


def test_a_link_works_once(client: FlaskClient, link: str) -> None:
    token = token_on(client, link)
    assert use(client, link).status_code == 303
    assert client.get(link).status_code == 404
    again = client.post(link, data={"csrf_token": token_on(client, "/login"), "password": OTHER_PASSWORD})
    assert again.status_code == 404
    assert OVER in again.text
    assert token
    assert sign_in(client, "margaret@example.com", PASSWORD).status_code == 303


def test_a_link_works_for_a_day(client: FlaskClient, link: str, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=23, minutes=59))
    assert client.get(link).status_code == 200
    token = token_on(client, link)
    clock.advance(timedelta(minutes=1))
    assert client.get(link).status_code == 404
    assert client.post(link, data={"csrf_token": token, "password": PASSWORD}).status_code == 404


def test_used_over_and_guessed_links_are_told_the_same(
    app: Flask, client: FlaskClient, link: str, ada: Actor, clock: FixedClock
) -> None:
    use(client, link)
    with app.app_context():
        late = f"/welcome/{make_link(margaret(app).id, ada, clock() - timedelta(days=2))}"
    pages = [client.get(path) for path in (link, late, "/welcome/" + "0" * 43, "/welcome/%00", "/welcome/é")]
    assert {page.status_code for page in pages} == {404}
    assert all(OVER in page.text for page in pages)


def test_a_deactivated_person_cannot_use_theirs(app: Flask, client: FlaskClient, link: str, clock: FixedClock) -> None:
    token = token_on(client, link)
    people.deactivate(app, margaret(app).id, clock())
    assert client.get(link).status_code == 404
    assert client.post(link, data={"csrf_token": token, "password": PASSWORD}).status_code == 404


@pytest.mark.parametrize(
    "password", ["", "fourteen chars", "x1y2z3 " * 147, "passwordpassword", "margaret@example.com"]
)
def test_a_weak_password_is_refused_and_the_link_stays_good(client: FlaskClient, link: str, password: str) -> None:
    answer = use(client, link, password)
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert use(client, link).status_code == 303


def test_a_newer_link_ends_the_older(app: Flask, client: FlaskClient, link: str, ada: Actor, clock: FixedClock) -> None:
    with app.app_context():
        newer = f"/welcome/{make_link(margaret(app).id, ada, clock())}"
    assert client.get(link).status_code == 404
    assert use(client, newer).status_code == 303


def test_a_reset_ends_every_session_once_it_is_used(
    app: Flask, client: FlaskClient, link: str, ada: Actor, clock: FixedClock
) -> None:
    use(client, link)
    elsewhere = app.test_client()
    sign_in(elsewhere, "margaret@example.com", PASSWORD)
    with app.app_context():
        reset = f"/welcome/{make_link(margaret(app).id, ada, clock())}"
    assert is_signed_in(elsewhere)
    use(client, reset, OTHER_PASSWORD)
    assert not is_signed_in(elsewhere)
    assert sign_in(client, "margaret@example.com", PASSWORD).status_code == 422
    assert sign_in(client, "margaret@example.com", OTHER_PASSWORD).status_code == 303


def test_the_database_does_not_hold_the_secret(app: Flask, link: str) -> None:
    with app.app_context():
        row = db.session.scalars(select(OneTimeLinkRow)).one()
        assert link.removeprefix("/welcome/") not in str(vars(row))
    assert link.removeprefix("/welcome/") not in str([vars(event) for event in people.events(app)])


def test_two_posts_at_once_set_one_password(app: Flask, link: str) -> None:
    def post(number: int) -> int:
        browser = app.test_client()
        fields = {"csrf_token": token_on(browser, "/login"), "password": f"{PASSWORD}-{number}"}
        return browser.post(link, data=fields).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(post, range(8)))
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 404, 429}
    assert len(people.events(app, "user.password_set")) == 1


def test_without_a_password_nobody_signs_in(app: Flask, client: FlaskClient, link: str) -> None:
    assert sign_in(client, "margaret@example.com", "").status_code == 422
    with app.app_context():
        account = account_named(db.session(), "margaret@example.com", None)
        assert account is not None
        assert account.password_hash is None
