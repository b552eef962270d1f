"""Another role: SPEC 2."""

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.approval import RequestKind
from app.domain.changes import FieldChange
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services import host, requests
from app.services.people_standing import change_role
from app.store.database import transaction
from app.store.tables import ApplicationRow, TokenRow
from tests import people
from tests.cast import Cast
from tests.factories import actor, change, sign_in
from tests.services.approvals.conftest import shown
from tests.services.people.standing import look, open_sessions
from tests.services.tokens.conftest import Issue

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.mark.parametrize("role", ["administrator", "superuser"])
def test_a_superuser_changes_a_role(cast: Cast, clock: FixedClock, role: str) -> None:
    assert change_role(cast.linus, role, actor(cast.ada), clock()) == "Linus"

    assert look(cast.linus).role == role


def test_the_host_changes_a_role(cast: Cast, clock: FixedClock) -> None:
    change_role(cast.linus, "superuser", host.CONSOLE, clock())

    assert look(cast.linus).role is Role.SUPERUSER


def test_it_is_one_event_that_names_the_person_and_both_roles(app: Flask, cast: Cast, clock: FixedClock) -> None:
    before = len(people.events(app))

    change_role(cast.linus, "administrator", actor(cast.ada, "Ada"), clock())

    [event] = people.events(app)[before:]
    assert (event.action, event.actor_name, event.subject_id) == ("user.updated", "Ada", cast.linus)
    assert event.changes == [{"field": "role", "before": "member", "after": "administrator"}]


@pytest.mark.parametrize("role", ["administrator", "superuser"])
def test_every_session_of_theirs_ends_and_nobody_elses(app: Flask, cast: Cast, clock: FixedClock, role: str) -> None:
    for who in (cast.linus, cast.linus, cast.margaret):
        sign_in(app.test_client(), who, clock())

    change_role(cast.linus, role, actor(cast.ada), clock())

    assert (open_sessions(cast.linus), open_sessions(cast.margaret)) == (0, 1)


@pytest.mark.parametrize(("role", "status"), [("member", "cancelled"), ("superuser", "pending")])
def test_requests_that_needed_the_lost_right_are_cancelled(
    app: Flask, issue: Issue, cast: Cast, clock: FixedClock, role: str, status: str
) -> None:
    token_id = issue().token_id
    with transaction() as session:
        asked = requests.open_request(
            session,
            RequestKind.CHANGE,
            session.get_one(TokenRow, token_id),
            cast.grace,
            "It is needed for longer",
            clock(),
            changes=[FieldChange("expires_at", None, "1 year")],
            risk_before=Risk.LOW,
        )
        change(session, session.get_one(ApplicationRow, cast.billing), clock())

    change_role(cast.grace, role, actor(cast.ada), clock())

    assert shown(asked.id, clock).status == status
    noted = {"field": f"approval request {asked.id}", "before": "pending", "after": "cancelled"}
    assert (noted in people.events(app)[-1].changes) is (status == "cancelled")


def test_requests_that_needed_no_role_stay(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    issued = issue(scopes=(cast.high,), reason="Payday is on Friday")
    change_role(cast.linus, "administrator", actor(cast.ada), clock())
    change_role(cast.linus, "member", actor(cast.ada), clock())

    assert issued.request_id is not None
    assert shown(issued.request_id, clock).status == "pending"


@pytest.mark.parametrize("who", ["grace", "linus", "margaret", "sam"])
def test_nobody_else_changes_a_role(cast: Cast, clock: FixedClock, who: str) -> None:
    for target in (cast.margaret, getattr(cast, who)):
        with pytest.raises(NotAllowed):
            change_role(target, "superuser", actor(getattr(cast, who)), clock())
    assert look(cast.margaret).role is Role.MEMBER


def test_a_superuser_who_was_demoted_a_moment_ago_changes_nothing(cast: Cast, clock: FixedClock) -> None:
    change_role(cast.grace, "superuser", actor(cast.ada), clock())
    change_role(cast.ada, "administrator", actor(cast.grace), clock())

    with pytest.raises(NotAllowed):
        change_role(cast.ada, "superuser", actor(cast.ada), clock())


@pytest.mark.parametrize("raw", ["", "king", "Superuser", "member\x00"])
def test_what_is_no_role_is_said(cast: Cast, clock: FixedClock, raw: str) -> None:
    with pytest.raises(Invalid) as refused:
        change_role(cast.linus, raw, actor(cast.ada), clock())
    assert set(refused.value.fields) == {"role"}


@pytest.mark.parametrize("person_id", ["", "usr_\x00", "usr_0000000000000000000000", "%"])
def test_nobody_by_this_id_is_not_found(cast: Cast, clock: FixedClock, person_id: str) -> None:
    with pytest.raises(NotFound):
        change_role(person_id, "member", actor(cast.ada), clock())


def test_twice_the_second_is_told(cast: Cast, clock: FixedClock) -> None:
    change_role(cast.linus, "administrator", actor(cast.ada), clock())

    with pytest.raises(Conflict, match="Linus is an administrator already"):
        change_role(cast.linus, "administrator", actor(cast.ada), clock())


@pytest.mark.parametrize("role", ["member", "administrator"])
def test_the_last_superuser_is_not_demoted(cast: Cast, clock: FixedClock, role: str) -> None:
    with pytest.raises(Conflict) as refused:
        change_role(cast.ada, role, actor(cast.ada), clock())
    assert refused.value.code == "last_superuser"
    assert look(cast.ada).role is Role.SUPERUSER
