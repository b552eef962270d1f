"""Failures slow attempts down, by account and by address, and keep no owner out."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.quota.attempts import BY_ACCOUNT, BY_ADDRESS, FROM_KNOWN_ADDRESS, SHARE_ALONE, SPAN, WHILE_SLOWED
from app.services import passwords
from tests import people
from tests.people import PASSWORD
from tests.web.forms import sign_in

STRANGER, OWNER = "203.0.113.66", "198.51.100.7"


@pytest.fixture(autouse=True)
def _quick_and_by_our_clock(monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> None:
    """The counters' time is the test's, and a hash costs nothing: what is slowed is not how long a hash takes."""
    ours = SimpleNamespace(time=lambda: clock().timestamp())
    monkeypatch.setattr("limits.storage.memory.time", ours)
    monkeypatch.setattr(passwords, "_verify", lambda stored, password: password == PASSWORD)


def fail(client: FlaskClient, times: int, email: str = "linus@example.com", peer: str = STRANGER) -> TestResponse:
    answers = [sign_in(client, email, "wrong", peer=peer) for _ in range(times)]
    assert {answer.status_code for answer in answers} == {422}
    return answers[-1]


@pytest.mark.parametrize("email", ["linus@example.com", "unknown@example.com"])
def test_an_account_with_many_failures_is_slowed_whether_it_exists_or_not(
    client: FlaskClient, linus: str, email: str
) -> None:
    for number in range(BY_ACCOUNT.amount):
        fail(client, 1, email, peer=f"203.0.113.{number}")
    answer = sign_in(client, email, "wrong", peer="203.0.113.99")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= SPAN
    assert "too many failed attempts" in answer.text
    assert f'value="{email}"' in answer.text


def test_while_slowed_the_right_password_gets_the_same_answer(client: FlaskClient, linus: str) -> None:
    fail(client, BY_ACCOUNT.amount)
    wrong = sign_in(client, "linus@example.com", "wrong", peer=STRANGER)
    right = sign_in(client, "linus@example.com", PASSWORD, peer=STRANGER)
    assert wrong.status_code == right.status_code == 429
    assert len(wrong.data) == len(right.data)
    assert wrong.headers["Retry-After"] == right.headers["Retry-After"]


def test_slowing_ends_by_itself(client: FlaskClient, linus: str, clock: FixedClock) -> None:
    fail(client, BY_ACCOUNT.amount)
    seconds = int(sign_in(client, "linus@example.com", PASSWORD, peer=STRANGER).headers["Retry-After"])
    clock.advance(timedelta(seconds=seconds))
    assert sign_in(client, "linus@example.com", PASSWORD, peer=STRANGER).status_code == 303


def test_refused_attempts_do_not_make_the_wait_longer(client: FlaskClient, linus: str, clock: FixedClock) -> None:
    fail(client, BY_ACCOUNT.amount)
    for _ in range(5):
        clock.advance(timedelta(seconds=SPAN // 6))
        sign_in(client, "linus@example.com", "wrong", peer=STRANGER)
    clock.advance(timedelta(seconds=SPAN // 6 + 5))
    assert sign_in(client, "linus@example.com", PASSWORD, peer=STRANGER).status_code == 303


def test_an_address_that_fails_for_many_accounts_is_slowed(client: FlaskClient, linus: str) -> None:
    for number in range(BY_ADDRESS.amount):
        fail(client, 1, f"guess{number}@example.com")
    assert sign_in(client, "linus@example.com", PASSWORD, peer=STRANGER).status_code == 429
    assert sign_in(client, "linus@example.com", PASSWORD, peer="192.0.2.1").status_code == 303


def test_one_site_of_ipv6_counts_as_one_address(client: FlaskClient, linus: str) -> None:
    for number in range(BY_ADDRESS.amount):
        fail(client, 1, f"guess{number}@example.com", peer=f"2001:db8::{number:x}")
    assert sign_in(client, "linus@example.com", PASSWORD, peer="2001:db8::ffff").status_code == 429
    assert sign_in(client, "linus@example.com", PASSWORD, peer="2001:db8:0:1::1").status_code == 303


def test_strangers_cannot_keep_the_owner_out(app: Flask, client: FlaskClient, linus: str) -> None:
    sign_in(app.test_client(), "linus@example.com", PASSWORD, peer=OWNER)
    fail(client, BY_ACCOUNT.amount)
    assert sign_in(client, "linus@example.com", PASSWORD, peer=STRANGER).status_code == 429
    assert sign_in(app.test_client(), "linus@example.com", PASSWORD, peer=OWNER).status_code == 303


def test_an_owner_gets_in_from_their_own_address_though_strangers_used_it_up(
    app: Flask, client: FlaskClient, linus: str
) -> None:
    sign_in(app.test_client(), "linus@example.com", PASSWORD, peer=OWNER)
    for number in range(BY_ADDRESS.amount):
        fail(client, 1, f"guess{number}@example.com", peer=OWNER)
    assert sign_in(client, "linus@example.com", "wrong", peer=OWNER).status_code == 429
    assert sign_in(client, "linus@example.com", PASSWORD, peer=OWNER).status_code == 303


def test_where_somebody_else_signed_in_is_no_known_address(
    app: Flask, client: FlaskClient, linus: str, clock: FixedClock
) -> None:
    people.add(app, "Sam", clock())
    sign_in(app.test_client(), "sam@example.com", PASSWORD, peer=OWNER)
    fail(client, BY_ACCOUNT.amount)
    assert sign_in(client, "linus@example.com", PASSWORD, peer=OWNER).status_code == 429


@pytest.mark.parametrize("used_up_by", ["the account's failures", "the address's failures"])
def test_while_slowed_a_known_person_is_refused_like_an_unknown_one(
    app: Flask, client: FlaskClient, linus: str, monkeypatch: pytest.MonkeyPatch, used_up_by: str
) -> None:
    names = ["linus@example.com", "cyrus@example.com"]
    sign_in(app.test_client(), "linus@example.com", PASSWORD, peer=OWNER)
    for number in range(BY_ADDRESS.amount if used_up_by == "the address's failures" else BY_ACCOUNT.amount):
        if used_up_by == "the address's failures":
            fail(client, 1, f"guess{number}@example.com", peer=OWNER)
        else:
            for name in names:
                fail(client, 1, name, peer=f"203.0.113.{number}")
    looks: list[str] = []

    def look(stored: str, password: str) -> bool:
        looks.append(password)
        return False

    monkeypatch.setattr(passwords, "_verify", look)

    for _ in range(WHILE_SLOWED.amount // 2 + 1):
        looks.clear()
        known, unknown = (sign_in(client, name, "wrong", peer=OWNER) for name in names)
        assert known.status_code == unknown.status_code == 429
        assert known.headers["Retry-After"] == unknown.headers["Retry-After"]
        assert len(known.data) == len(unknown.data)
        assert len(looks) in {0, 2}
    assert looks == []


def test_failures_for_a_known_person_count_at_the_address(app: Flask, client: FlaskClient, linus: str) -> None:
    sign_in(app.test_client(), "linus@example.com", PASSWORD, peer=OWNER)
    fail(client, BY_ACCOUNT.amount, peer=OWNER)
    for number in range(BY_ADDRESS.amount - BY_ACCOUNT.amount):
        fail(client, 1, f"guess{number}@example.com", peer=OWNER)
    assert sign_in(client, "another@example.com", "wrong", peer=OWNER).status_code == 429


def test_the_owners_address_is_slowed_too_when_guesses_come_from_there(
    app: Flask, client: FlaskClient, linus: str
) -> None:
    sign_in(app.test_client(), "linus@example.com", PASSWORD, peer=OWNER)
    fail(client, FROM_KNOWN_ADDRESS.amount, peer=OWNER)
    assert sign_in(client, "linus@example.com", PASSWORD, peer=OWNER).status_code == 429


def test_signing_in_often_is_no_failure(app: Flask, linus: str) -> None:
    answers = [sign_in(app.test_client(), "linus@example.com", PASSWORD) for _ in range(BY_ADDRESS.amount + 1)]
    assert {answer.status_code for answer in answers} == {303}


def test_an_address_that_somebody_merely_claims_does_not_count(client: FlaskClient, linus: str) -> None:
    fail(client, BY_ACCOUNT.amount)
    page = client.get("/login", headers={"X-Forwarded-For": OWNER})
    assert page.status_code == 200
    assert sign_in(client, "linus@example.com", PASSWORD, peer=STRANGER).status_code == 429


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_processes_with_redis_count_together(another_app: Callable[..., Flask], redis_url: str, linus: str) -> None:
    one, other = another_app(REDIS_URL=redis_url), another_app(REDIS_URL=redis_url)
    fail(one.test_client(), BY_ACCOUNT.amount)
    assert sign_in(other.test_client(), "linus@example.com", PASSWORD, peer=STRANGER).status_code == 429


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_its_redis_a_process_counts_alone_and_lets_less_through(
    another_app: Callable[..., Flask], linus: str
) -> None:
    alone = another_app(REDIS_URL="redis://127.0.0.1:1/0")
    fail(alone.test_client(), BY_ACCOUNT.amount // SHARE_ALONE)
    assert sign_in(alone.test_client(), "linus@example.com", PASSWORD, peer=STRANGER).status_code == 429
