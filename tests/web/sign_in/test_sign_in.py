import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FixedClock
from app.services import passwords
from tests import people
from tests.people import PASSWORD
from tests.web.forms import is_signed_in, sign_in, submit, token_on


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash that a password was checked against, in order."""
    checked: list[str] = []
    verify = passwords._verify

    def counted(stored: str, password: str) -> bool:
        checked.append(stored)
        return verify(stored, password)

    monkeypatch.setattr(passwords, "_verify", counted)
    return checked


def test_the_right_password_signs_in(client: FlaskClient, linus: str) -> None:
    answer = sign_in(client, "linus@example.com", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize("email", [" linus@example.com ", "LINUS@Example.COM", "ｌinus@example.com"])
def test_an_email_has_one_form_however_it_is_typed(client: FlaskClient, linus: str, email: str) -> None:
    assert sign_in(client, email, PASSWORD).status_code == 303


def test_a_password_is_not_trimmed(client: FlaskClient, linus: str) -> None:
    assert sign_in(client, "linus@example.com", f"{PASSWORD} ").status_code == 422


def test_a_wrong_password_is_refused_and_the_email_kept(client: FlaskClient, linus: str) -> None:
    answer = sign_in(client, "linus@example.com", "wrong")
    assert answer.status_code == 422
    assert 'value="linus@example.com"' in answer.text
    assert "wrong" not in answer.text
    assert not is_signed_in(client)


def test_unknown_known_and_deactivated_people_are_told_the_same(
    app: Flask, client: FlaskClient, clock: FixedClock, linus: str, hashes: list[str]
) -> None:
    people.deactivate(app, people.add(app, "Grace", clock()), clock())
    known = sign_in(client, "linus@example.com", "not-the-password")
    unknown = sign_in(client, "nobod@example.com", "not-the-password")
    deactivated = sign_in(client, "grace@example.com", PASSWORD)
    assert known.status_code == unknown.status_code == deactivated.status_code == 422
    assert len(known.data) == len(unknown.data) == len(deactivated.data)
    same = "do not belong together"
    assert all(same in answer.text for answer in (known, unknown, deactivated))
    assert len(hashes) == 3, "one hash for each, whoever they are"
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", ""),
        ("linus@example.com", ""),
        ("linus@example.com", "x" * 100_000),
        ("x" * 10_000, PASSWORD),
        ("linus@example.com\x00", PASSWORD),
        ("lin\u200bus@example.com", PASSWORD),
        ("lіnus@example.com", PASSWORD),  # a Cyrillic i
        ("linus@example.com' OR '1'='1", PASSWORD),
        ("usr_", "\ud83d"),
    ],
)
def test_bad_input_is_a_failed_sign_in(client: FlaskClient, linus: str, email: str, password: str) -> None:
    token = token_on(client, "/login")
    body = {"email": email.encode("utf-8", "replace"), "password": password.encode("utf-8", "replace")}
    assert client.post("/login", data={**body, "csrf_token": token}).status_code == 422


def test_a_post_without_fields_is_a_failed_sign_in(client: FlaskClient) -> None:
    assert submit(client, "/login").status_code == 422


def test_a_post_without_form_token_is_refused(client: FlaskClient, linus: str) -> None:
    answer = client.post("/login", data={"email": "linus@example.com", "password": PASSWORD})
    assert answer.status_code == 400
    assert not is_signed_in(client)


def test_a_form_is_good_however_long_the_page_was_open(
    client: FlaskClient, linus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_on(client, "/login")
    # Forms are signed by the machine's clock, not by the test's.
    later = time.time() + 90_000
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    fields = {"email": "linus@example.com", "password": PASSWORD, "csrf_token": token}
    assert client.post("/login", data=fields).status_code == 303


def test_signing_in_gives_the_browser_another_cookie(client: FlaskClient, linus: str) -> None:
    client.get("/login")
    with client.session_transaction() as planted:
        planted["_user_id"] = "chosen by somebody else"
        planted["left"] = "there"
    sign_in(client, "linus@example.com", PASSWORD)
    with client.session_transaction() as kept:
        first = kept["_user_id"]
        assert first != "chosen by somebody else"
        assert "left" not in kept
    client.post("/logout", data={"csrf_token": token_on(client, "/account")})
    sign_in(client, "linus@example.com", PASSWORD)
    with client.session_transaction() as kept:
        assert kept["_user_id"] != first


def test_the_database_does_not_hold_what_the_cookie_holds(app: Flask, client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    with client.session_transaction() as kept:
        secret = kept["_user_id"]
    assert secret not in str([vars(event) for event in people.events(app)])


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient, linus: str) -> None:
    cookie = sign_in(client, "linus@example.com", PASSWORD).headers["Set-Cookie"]
    assert cookie.startswith("postern_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_signing_in_is_recorded_with_where_from(app: Flask, client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD, peer="192.0.2.7")
    [event] = people.events(app, "user.signed_in")
    assert (event.actor_id, event.actor_name, event.subject_id) == (linus, "Linus", linus)
    assert event.address == "192.0.2.7"


def test_the_page_offers_nothing_to_who_is_signed_in(client: FlaskClient, linus: str) -> None:
    sign_in(client, "linus@example.com", PASSWORD)
    assert client.get("/login").location == "/"


@pytest.mark.parametrize("meanwhile", ["deactivated", "given another password"])
def test_what_happens_while_a_password_is_checked_counts(
    app: Flask, client: FlaskClient, linus: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    def slow(stored: str, password: str) -> bool:
        if meanwhile == "deactivated":
            people.deactivate(app, linus, clock())
        else:
            people.give_hash(app, linus, "of another password", clock())
        return True

    monkeypatch.setattr(passwords, "_verify", slow)
    assert sign_in(client, "linus@example.com", PASSWORD).status_code == 422
    assert not is_signed_in(client)


def test_at_most_two_passwords_are_checked_at_a_time(app: Flask, linus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most = [], []
    verify = passwords._verify

    def watched(stored: str, password: str) -> bool:
        at_work.append(1)
        most.append(len(at_work))
        try:
            return verify(stored, password)
        finally:
            at_work.pop()

    monkeypatch.setattr(passwords, "_verify", watched)
    with ThreadPoolExecutor(12) as pool:
        browsers = [app.test_client() for _ in range(12)]
        answers = list(pool.map(lambda one: sign_in(one, "linus@example.com", PASSWORD), browsers))
    assert max(most) <= 2
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {303, 429}
    assert 303 in statuses
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 429)
    assert len(people.events(app, "user.signed_in")) == statuses.count(303)
