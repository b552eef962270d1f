"""Who asks is judged by the same decision, before anything of the question is read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FixedClock
from app.domain import keys
from app.services.tokens.switch import disable_token, revoke_token
from app.store.database import transaction
from app.store.tables import ApplicationRow
from tests import factories
from tests.verification.conftest import VERIFY, MakeService, Office, Service
from tests.verification.test_bodies import assert_problem, once

NOBODYS = "pst_" + "0" * 43
NOBODYS += keys._checksum(NOBODYS)
QUESTION = {"token": "x", "scopes": []}


def test_the_caller_needs_the_scope_to_ask(make_service: MakeService) -> None:
    service = make_service(scopes=("invoice:read",))

    assert_problem(service.post(QUESTION), 403, "CALLER_INSUFFICIENT_SCOPE")


def test_a_caller_whose_key_was_rotated_is_not_let_in(service: Service, office: Office) -> None:
    rotated = office.rotate(service.token_id)

    response = service.post(QUESTION)
    assert_problem(response, 401, "CALLER_ROTATED")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="postern", error="invalid_token"'
    renewed = service.post(QUESTION, headers={"Authorization": f"Bearer {rotated.key}"})
    assert renewed.status_code == 200


@pytest.mark.parametrize(("verb", "code"), [(disable_token, "CALLER_DISABLED"), (revoke_token, "CALLER_REVOKED")])
def test_a_caller_that_was_stopped_is_not_let_in(
    service: Service, office: Office, verb: Callable[..., None], code: str
) -> None:
    office.do(verb, service.token_id, "")

    assert_problem(service.post(QUESTION), 401, code)


def test_a_caller_that_expired_is_not_let_in(service: Service, clock: FixedClock) -> None:
    clock.advance(timedelta(days=40))

    assert_problem(service.post(QUESTION), 401, "CALLER_EXPIRED")


def test_a_caller_of_a_disabled_application_is_not_let_in(service: Service, app: Flask, clock: FixedClock) -> None:
    with app.app_context(), transaction() as session:
        application = session.get_one(ApplicationRow, service.application_id)
        application.enabled = False
        factories.change(session, application, clock())

    assert_problem(service.post(QUESTION), 401, "CALLER_APPLICATION_DISABLED")


@once
@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nobody",
        "Bearer " + "x" * 5000,
        "Bearer é",
        "Bearer pst_" + "0" * 49,
        f"Bearer {NOBODYS}",
        f"Basic {NOBODYS}",
        NOBODYS,
        f"Bearer {NOBODYS}, Bearer {NOBODYS}",
        "\x01Bearer",
    ],
)
def test_a_caller_that_nobody_knows_is_not_let_in(client: FlaskClient, authorization: str) -> None:
    headers = {"Authorization": authorization.encode("utf-8").decode("latin-1")}

    response = client.post(VERIFY, json=QUESTION, headers=headers)

    assert_problem(response, 401, "CALLER_UNKNOWN_TOKEN")
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="postern"')


@once
def test_without_any_key_the_challenge_names_no_error(client: FlaskClient) -> None:
    response = client.post(VERIFY, json=QUESTION)

    assert_problem(response, 401, "CALLER_UNKNOWN_TOKEN")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="postern"'


@once
def test_a_key_is_taken_from_the_header_only(service: Service) -> None:
    response = service.client.post(f"{VERIFY}?access_token={service.key}", json={**QUESTION, "token": service.key})

    assert_problem(response, 401, "CALLER_UNKNOWN_TOKEN")


@once
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_the_scheme_is_read_in_any_case(service: Service, scheme: str) -> None:
    response = service.post(QUESTION, headers={"Authorization": f"{scheme} {service.key}"})

    assert response.status_code == 200


@once
def test_a_caller_may_ask_about_itself(service: Service) -> None:
    assert service.code(service.key, scopes=["token:verify"]) == "VALID"


@once
def test_a_caller_that_is_not_let_in_learns_nothing_about_the_token(
    make_service: MakeService, office: Office, statements: list[str]
) -> None:
    service = make_service(scopes=("invoice:read",))
    issued = office.issue()
    statements.clear()

    response = service.post({"token": issued.key, "scopes": []})

    assert issued.token_id not in response.text
    assert len(statements) == 1
