"""64 activations of emergency access at once, on a real server: one window, one event, and everybody else is told."""

from collections import Counter
from functools import partial

import pytest
from flask import Flask

from app.clock import Clock
from app.domain.identifiers import random_text
from app.domain.roles import Role
from app.services.tokens.issue import IssueForm, issue_token
from app.store import audit_chain
from app.store.database import db
from app.store.queries import history
from app.store.tables import EmergencyWindowRow
from tests import factories
from tests.cast import Cast
from tests.parallel.people import Visitor, all_at_once, csrf_of, enter
from tests.real.postern import PosternServer

PEOPLE, ROUNDS = 64, 2


@pytest.fixture
def superusers(app: Flask, cast: Cast, server: PosternServer, clock: Clock) -> list[Visitor]:
    """Ada and a second one, in their browsers."""
    with app.app_context():
        root = factories.make_person("Root", Role.SUPERUSER, clock())
    return [enter(app, server.url, person, clock()) for person in (cast.ada, root)]


@pytest.fixture
def token_id(app: Flask, cast: Cast, clock: Clock) -> str:
    form = IssueForm(cast.billing, random_text(22), "Nightly report", "", (cast.low,), "1 month", "", "")
    with app.app_context():
        return issue_token(form, factories.actor(cast.linus), clock()).token_id


def actions(app: Flask, token_id: str) -> Counter[str]:
    with app.app_context():
        return Counter(event.action.value for event in history.of_token(db.session(), token_id))


def test_one_opens_the_others_are_told_and_one_ends_it(app: Flask, superusers: list[Visitor], token_id: str) -> None:
    forms = [csrf_of(visitor, "/account") for visitor in superusers]
    press = [
        partial(visitor.post, f"/tokens/{token_id}/emergency/activate", form, hours="1", reason="The network is down")
        for visitor, form in zip(superusers, forms, strict=True)
    ] * (PEOPLE // 2)
    end = [
        partial(visitor.post, f"/tokens/{token_id}/emergency/deactivate", form)
        for visitor, form in zip(superusers, forms, strict=True)
    ] * (PEOPLE // 2)
    for number in range(1, ROUNDS + 1):
        answers = all_at_once(press)

        assert Counter(answer.status for answer in answers) == {303: 1, 409: PEOPLE - 1}
        assert all("is open already, until" in answer.text for answer in answers if answer.status == 409)
        assert actions(app, token_id)["token.emergency_activated"] == number

        assert {answer.status for answer in all_at_once(end)} == {303}
        assert actions(app, token_id)["token.emergency_deactivated"] == number
    with app.app_context():
        assert db.session.query(EmergencyWindowRow).count() == ROUNDS
        assert audit_chain.first_break(db.session()) is None
