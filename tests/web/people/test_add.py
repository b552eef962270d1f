"""Somebody new."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.roles import Role
from tests import people
from tests.cast import Cast
from tests.web.forms import is_signed_in, sign_in, submit
from tests.web.people.conftest import OTHERS, Look, Visit, Visitor, secret_in

NORA = {"email": "Nora@Example.com", "name": "Nora", "role": "administrator"}


def test_a_person_is_added_and_signs_in_by_the_link(app: Flask, ada: Visitor, look: Look, cast: Cast) -> None:
    answer = ada.post("/users", **NORA)

    assert answer.status_code == 200
    browser = app.test_client()
    assert submit(browser, f"/welcome/{secret_in(answer)}", password=people.PASSWORD).status_code == 303
    sign_in(browser, "nora@example.com", people.PASSWORD)
    assert is_signed_in(browser)
    row = look.up("nora@example.com")
    assert row is not None
    assert (row.name, row.role, row.created_by) == ("Nora", "administrator", cast.ada)


def test_the_link_stands_in_this_answer_alone(app: Flask, ada: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = ada.post("/users", **NORA)
    secret = secret_in(answer)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count(secret) == 1
    assert secret not in str(answer.headers)
    with ada.client.session_transaction() as kept:
        assert secret not in str(dict(kept))
    assert secret not in caplog.text
    assert secret not in str([vars(event) for event in people.events(app)])
    for page in ("/users", "/", "/audit", f"/users?q={NORA['email']}"):
        assert secret not in ada.get(page).text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80"])
def test_the_link_leads_to_the_public_url_whatever_the_request_says(app: Flask, ada: Visitor, host: str) -> None:
    answer = ada.client.post(
        "/users",
        data={"csrf_token": ada.form_token, **NORA},
        headers={"X-Forwarded-Host": host},
    )

    assert f"{app.config['PUBLIC_URL']}/welcome/{secret_in(answer)}" in answer.text
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_adds_people(visit: Visit, cast: Cast, look: Look, who: str) -> None:
    assert visit(getattr(cast, who)).post("/users", **NORA).status_code == 403
    assert look.up("nora@example.com") is None


def test_a_post_without_the_form_token_adds_nobody(app: Flask, ada: Visitor) -> None:
    before = len(people.events(app))
    assert ada.client.post("/users", data=NORA).status_code in {400, 403, 422}
    assert len(people.events(app)) == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "linus@example.com"}, "email"),
        ({"email": "LINUS@example.com"}, "email"),
        ({"email": "a\x00b@example.com"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_stays(
    app: Flask, ada: Visitor, typed: dict[str, str], field: str
) -> None:
    before = len(people.events(app))

    answer = ada.post("/users", **{**NORA, **typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="Nora"' in answer.text or field == "name"
    assert len(people.events(app)) == before


def test_missing_fields_are_no_surprise(ada: Visitor) -> None:
    answer = ada.post("/users")
    assert answer.status_code == 422
    for field in ("email", "name", "role"):
        assert f'id="{field}-error"' in answer.text


def test_twice_the_second_is_told(ada: Visitor) -> None:
    answers = [ada.post("/users", **NORA) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 422]
    assert "Somebody with this email is there already." in answers[1].text


def test_twice_at_once_adds_one(app: Flask, visit: Visit, cast: Cast) -> None:
    browsers = [visit(cast.ada) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post("/users", **NORA).status_code, browsers))

    assert sorted(answers) == [200, 422, 422, 422]


def test_the_password_is_asked_for_if_it_was_not_typed_lately(
    app: Flask, clock: FixedClock, look: Look, cast: Cast
) -> None:
    people.add(app, "Root", clock(), Role.SUPERUSER)
    root = app.test_client()
    sign_in(root, "root@example.com", people.PASSWORD)
    clock.advance(timedelta(minutes=10))

    asked = submit(root, "/users", **NORA)

    assert "Your password, once more" in asked.text
    assert look.up("nora@example.com") is None
    assert submit(root, "/users", **NORA, password_again=people.OTHER_PASSWORD).status_code != 200
    secret_in(submit(root, "/users", **NORA, password_again=people.PASSWORD))
