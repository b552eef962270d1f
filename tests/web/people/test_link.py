"""A one-time link for somebody who lost their password."""

import logging

import pytest
from flask import Flask

from app.clock import FixedClock
from tests import people
from tests.cast import Cast
from tests.web.forms import is_signed_in, sign_in, submit
from tests.web.people.conftest import OTHERS, Visit, Visitor, secret_in


@pytest.fixture
def nora(app: Flask, clock: FixedClock, cast: Cast) -> str:
    return people.add(app, "Nora", clock())


def test_the_person_sets_a_new_password_by_it(app: Flask, ada: Visitor, nora: str) -> None:
    browser = app.test_client()
    link = f"/welcome/{secret_in(ada.post(f'/users/{nora}/link'))}"

    assert "somebody" not in browser.get(link).text
    assert "<strong>Ada</strong>" in browser.get(link).text
    assert submit(browser, link, password=people.OTHER_PASSWORD).status_code == 303
    sign_in(browser, "nora@example.com", people.OTHER_PASSWORD)
    assert is_signed_in(browser)


def test_it_stands_in_this_answer_alone(app: Flask, ada: Visitor, nora: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = ada.post(f"/users/{nora}/link")
    secret = secret_in(answer)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.text.count(secret) == 1
    assert secret not in str(answer.headers)
    with ada.client.session_transaction() as kept:
        assert secret not in str(dict(kept))
    assert secret not in caplog.text
    assert secret not in str([vars(event) for event in people.events(app)])
    assert people.events(app)[-1].action == "user.link_made"
    assert secret not in ada.get(f"/users/{nora}").text


def test_a_newer_link_ends_the_older(app: Flask, ada: Visitor, nora: str) -> None:
    older, newer = (secret_in(ada.post(f"/users/{nora}/link")) for _ in range(2))

    assert app.test_client().get(f"/welcome/{older}").status_code == 404
    assert app.test_client().get(f"/welcome/{newer}").status_code == 200


def test_opening_the_address_makes_none(app: Flask, ada: Visitor, nora: str) -> None:
    before = len(people.events(app))
    assert ada.get(f"/users/{nora}/link").status_code == 405
    assert len(people.events(app)) == before


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_makes_one(app: Flask, visit: Visit, cast: Cast, nora: str, who: str) -> None:
    visitor, before = visit(getattr(cast, who)), len(people.events(app))

    for target in (nora, cast.ada, getattr(cast, who)):
        assert visitor.post(f"/users/{target}/link").status_code == 403
    assert len(people.events(app)) == before
