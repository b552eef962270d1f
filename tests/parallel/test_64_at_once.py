"""64 people press at once, on a real server, again and again: one effect, one event, and everybody
is told. POSTERN_ROUNDS says how often (once where it says nothing)."""

import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import partial

import pytest
from flask import Flask

from app.clock import Clock
from app.domain import keys
from app.domain.identifiers import random_text
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.roles import Role
from app.services.tokens.issue import IssueForm, issue_token
from app.store import audit_chain
from app.store.database import db
from app.store.queries import approvals, history, tokens
from app.store.tables import TokenRow
from tests.cast import Cast
from tests.factories import actor
from tests.parallel.people import Answer, Visitor, all_at_once, csrf_of, enter
from tests.real.postern import PosternServer

PEOPLE = 64
ROUNDS = int(os.environ.get("POSTERN_ROUNDS", "1"))
ADA = Person("", "Ada", "", Role.SUPERUSER)


@dataclass(frozen=True)
class Installation:
    """A real server with Linus at it, and a look into its database."""

    app: Flask
    cast: Cast
    clock: Clock
    server: PosternServer
    linus: Visitor
    csrf: str

    def issue(self, name: str, scope: str) -> tuple[str, str | None]:
        """A new token; its id, and its request's."""
        form = IssueForm(self.cast.billing, random_text(22), name, "", (scope,), "1 month", "", "Payday is on Friday")
        with self.app.app_context():
            issued = issue_token(form, actor(self.cast.linus), self.clock())
        return issued.token_id, issued.request_id

    def press(self, path: str, **fields: str) -> list[Answer]:
        """64 posts by Linus at once."""
        return all_at_once([partial(self.linus.post, path, self.csrf, **fields)] * PEOPLE)

    def actions(self, token_id: str) -> Counter[str]:
        """How often each action stands in the token's history."""
        with self.app.app_context():
            return Counter(event.action.value for event in history.of_token(db.session(), token_id))

    def status(self, token_id: str) -> Status:
        with self.app.app_context():
            found = tokens.find(db.session(), ADA, token_id, self.clock())
            assert found is not None
            return found.status


@pytest.fixture
def installation(app: Flask, cast: Cast, clock: Clock, server: PosternServer) -> Installation:
    linus = enter(app, server.url, cast.linus, clock())
    return Installation(
        app, cast, clock, server, linus, csrf_of(linus, f"/applications/{cast.billing}/credentials/new")
    )


def shown_keys(answers: list[Answer]) -> set[str]:
    return {key for answer in answers for key in re.findall(keys.PATTERN, answer.text)}


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def test_one_form_issues_one_token_and_shows_its_key_once(installation: Installation) -> None:
    path = f"/applications/{installation.cast.billing}/credentials/new"
    for number in range(ROUNDS):
        form = {"form_id": random_text(22), "name": f"Report {number}", "scopes": "invoice:read", "expires": "1 week"}

        answers = installation.press(path, **form)

        assert statuses(answers) == {200: 1, 303: PEOPLE - 1}
        assert len(shown_keys(answers)) == 1
        places = {answer.location for answer in answers if answer.location}
        assert len(places) == 1
        assert installation.actions(places.pop().rpartition("/")[2]) == {"token.issued": 1}
    with installation.app.app_context():
        assert db.session.query(TokenRow).count() == ROUNDS
        assert audit_chain.first_break(db.session()) is None


def test_of_64_rotations_one_wins(installation: Installation) -> None:
    token_id, _ = installation.issue("Report", installation.cast.low)
    for number in range(ROUNDS):
        with installation.app.app_context():
            key_id = tokens.live_keys(db.session(), token_id, installation.clock())[0].id

        answers = installation.press(f"/tokens/{token_id}/rotate", key_id=key_id, overlap="1 hour")

        assert statuses(answers) == {200: 1, 409: PEOPLE - 1}
        assert len(shown_keys(answers)) == 1
        assert installation.actions(token_id)["token.rotated"] == number + 1


@pytest.mark.parametrize(("verb", "status"), [("disable", Status.DISABLED), ("revoke", Status.REVOKED)])
def test_a_token_is_switched_off_once(installation: Installation, verb: str, status: Status) -> None:
    for number in range(ROUNDS):
        token_id, _ = installation.issue(f"Report {number}", installation.cast.low)

        answers = installation.press(f"/tokens/{token_id}/{verb}")

        assert set(statuses(answers)) <= {303, 409}
        assert installation.status(token_id) is status
        assert installation.actions(token_id) == {"token.issued": 1, f"token.{status.value}": 1}


def test_of_64_approvals_and_rejections_one_decides(installation: Installation) -> None:
    app, clock = installation.app, installation.clock
    for number in range(ROUNDS):
        # Anew in each round: many take longer than the 10 minutes after which approving High asks for the password.
        deciders = [
            enter(app, installation.server.url, person, clock())
            for person in (installation.cast.grace, installation.cast.ada)
        ]
        forms = [csrf_of(decider, "/account") for decider in deciders]
        token_id, request_id = installation.issue(f"Payout {number}", installation.cast.high)
        with app.app_context():
            view = approvals.find(db.session(), ADA, request_id or "", clock())
            assert view is not None
        fields = {"fingerprint": view.fingerprint, "comment": "Decided at once"}

        answers = all_at_once(
            [
                partial(
                    deciders[n % 2].post,
                    f"/approvals/{request_id}/{('approve', 'reject')[n // 2 % 2]}",
                    forms[n % 2],
                    **fields,
                )
                for n in range(PEOPLE)
            ]
        )

        assert statuses(answers) == {303: 1, 409: PEOPLE - 1}
        told = [answer.text for answer in answers if answer.status == 409]
        assert all("by Grace" in text or "by Ada" in text for text in told)
        actions = installation.actions(token_id)
        assert actions["token.issued"] == 1
        assert actions["approval.approved"] + actions["approval.rejected"] == 1
        expected = Status.ACTIVE if actions["approval.approved"] else Status.REJECTED
        assert installation.status(token_id) is expected
