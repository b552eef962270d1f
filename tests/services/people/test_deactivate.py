"""People are deactivated, never deleted: SPEC 2."""

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.services.approvals import approve
from app.services.links import LinkOver, make_link, set_password
from app.services.people_standing import change_role, deactivate
from app.store.database import db
from app.store.queries import tokens
from app.store.tables import OneTimeLinkRow
from tests import people
from tests.cast import Cast
from tests.factories import actor, sign_in
from tests.services.approvals.conftest import ADA, shown
from tests.services.people.standing import look, open_sessions
from tests.services.tokens.conftest import Issue

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.mark.parametrize("who", ["linus", "grace", "sam"])
def test_a_superuser_deactivates(cast: Cast, clock: FixedClock, who: str) -> None:
    assert deactivate(getattr(cast, who), actor(cast.ada), clock()) == who.capitalize()

    assert not look(getattr(cast, who)).active


def test_sessions_links_and_requests_end_in_one_event(app: Flask, issue: Issue, cast: Cast, clock: FixedClock) -> None:
    for who in (cast.margaret, cast.margaret, cast.linus):
        sign_in(app.test_client(), who, clock())
    hers = issue(by=cast.margaret, scopes=(cast.high,), reason="Payday is on Friday")
    his = issue(name="Others", scopes=(cast.high,), reason="Payday is on Friday")
    link = make_link(cast.margaret, actor(cast.ada), clock())
    before = len(people.events(app))

    deactivate(cast.margaret, actor(cast.ada), clock())

    assert hers.request_id is not None
    assert his.request_id is not None
    [event] = people.events(app)[before:]
    assert event.action == "user.updated"
    assert sorted(event.changes, key=str) == [
        {"field": "active", "before": True, "after": False},
        {"field": f"approval request {hers.request_id}", "before": "pending", "after": "cancelled"},
    ]
    assert (open_sessions(cast.margaret), open_sessions(cast.linus)) == (0, 1)
    assert [shown(one, clock).status for one in (hers.request_id, his.request_id)] == ["cancelled", "pending"]
    token = tokens.find(db.session(), ADA, hers.token_id, clock())
    assert token is not None
    assert token.status == "rejected"
    assert db.session.query(OneTimeLinkRow).filter(OneTimeLinkRow.expires_at > clock()).all() == []
    with pytest.raises(LinkOver):
        set_password(link, people.PASSWORD, actor(""), clock())


def test_tokens_they_made_go_on(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    hers = issue(by=cast.margaret)

    deactivate(cast.margaret, actor(cast.ada), clock())

    token = tokens.find(db.session(), ADA, hers.token_id, clock())
    assert token is not None
    assert token.status == "active"


def test_an_approver_who_was_deactivated_decides_nothing(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    issued = issue(scopes=(cast.high,), reason="Payday is on Friday")
    assert issued.request_id is not None
    request = shown(issued.request_id, clock)

    deactivate(cast.grace, actor(cast.ada), clock())

    with pytest.raises(NotAllowed):
        approve(request.id, request.fingerprint, "Looked at it", actor(cast.grace), clock())


@pytest.mark.parametrize("who", ["grace", "linus", "margaret", "sam"])
def test_nobody_else_deactivates(cast: Cast, clock: FixedClock, who: str) -> None:
    for target in (cast.margaret, cast.ada):
        with pytest.raises(NotAllowed):
            deactivate(target, actor(getattr(cast, who)), clock())
    assert look(cast.margaret).active


def test_a_superuser_who_was_deactivated_a_moment_ago_changes_nobody(cast: Cast, clock: FixedClock) -> None:
    change_role(cast.grace, "superuser", actor(cast.ada), clock())
    deactivate(cast.ada, actor(cast.grace), clock())

    with pytest.raises(NotAllowed):
        deactivate(cast.grace, actor(cast.ada), clock())


@pytest.mark.parametrize("person_id", ["", "usr_\x00", "usr_0000000000000000000000", "%"])
def test_nobody_by_this_id_is_not_found(cast: Cast, clock: FixedClock, person_id: str) -> None:
    with pytest.raises(NotFound):
        deactivate(person_id, actor(cast.ada), clock())


def test_whoever_is_deactivated_stays_as_they_are(cast: Cast, clock: FixedClock) -> None:
    deactivate(cast.sam, actor(cast.ada), clock())

    with pytest.raises(Conflict, match="Sam is deactivated"):
        deactivate(cast.sam, actor(cast.ada), clock())
    with pytest.raises(Conflict, match="Sam is deactivated"):
        change_role(cast.sam, "superuser", actor(cast.ada), clock())


def test_the_last_superuser_is_not_deactivated(cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(Conflict) as refused:
        deactivate(cast.ada, actor(cast.ada), clock())
    assert refused.value.code == "last_superuser"
    assert look(cast.ada).active


def test_a_superuser_who_is_deactivated_does_not_count(cast: Cast, clock: FixedClock) -> None:
    change_role(cast.grace, "superuser", actor(cast.ada), clock())
    deactivate(cast.grace, actor(cast.ada), clock())

    with pytest.raises(Conflict):
        deactivate(cast.ada, actor(cast.ada), clock())
