"""Who asked about a token, and for which of its scopes: the usage that its page tells of."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from app.clock import FixedClock
from app.domain.roles import Role
from app.domain.usage import BY_PATH
from app.store.database import db
from app.store.queries import usage
from app.verification.verifier import Verifier
from tests.verification.conftest import SEES_ALL, Office, Service
from tests.verification.test_usage import reading


def test_a_service_that_the_reader_may_not_see_is_not_named(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued = office.issue()
    service.ask(issued.key)

    with reading(app, verifier):
        for reader, name in ((SEES_ALL, "Service 1"), (replace(SEES_ALL, role=Role.MEMBER), None)):
            used = usage.of_token(db.session(), reader, issued.token_id)
            assert [use.service for use in used.keys.values()] == [name]


def test_the_hour_in_which_each_scope_was_last_asked_for_and_had_is_kept(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued, hour = office.issue("invoice:read", "invoice:write"), clock()
    service.ask(issued.key, scopes=["invoice:read", "invoice:write"])
    verifier.usage.flush()
    clock.advance(timedelta(hours=1, minutes=10))
    for scopes in (["invoice:read"], ["invoice:read", "payout:create"], []):
        service.ask(issued.key, scopes=scopes)
        verifier.usage.flush()

    with reading(app, verifier):
        used = usage.of_token(db.session(), SEES_ALL, issued.token_id).scopes
        assert used == {"invoice:read": hour + timedelta(hours=1), "invoice:write": hour}


def test_a_question_by_path_alone_is_known_to_have_named_no_scope(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued = office.issue()
    service.ask(issued.key, method="GET", path="/api/invoices")

    with reading(app, verifier):
        assert usage.of_token(db.session(), SEES_ALL, issued.token_id).scopes == {BY_PATH: clock()}
