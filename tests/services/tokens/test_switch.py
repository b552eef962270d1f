"""Disabling, enabling and revoking: SPEC 6."""

from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.roles import Role
from app.services import approvals as decisions
from app.services.tokens.switch import disable_token, enable_token, revoke_token
from app.store.database import db
from app.store.queries import approvals, history, tokens
from app.store.queries.approvals import Wanted
from app.store.queries.tokens import TokenView
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue

ADA = Person("", "Ada", "", Role.SUPERUSER)
REASON = "It is needed again today"


def seen(token_id: str, clock: FixedClock) -> TokenView:
    found = tokens.find(db.session(), ADA, token_id, clock())
    assert found is not None
    return found


@pytest.fixture
def token_id(issue: Issue) -> str:
    return issue().token_id


@pytest.fixture
def medium(issue: Issue, cast: Cast, clock: FixedClock) -> str:
    """An approved Medium token."""
    issued = issue(name="Writer", scopes=(cast.medium,), reason="It writes invoices")
    request = approvals.waiting(db.session(), ADA, Wanted(), clock()).views[0]
    decisions.approve(request.id, request.fingerprint, "", actor(cast.grace), clock())
    return issued.token_id


@pytest.mark.parametrize("who", ["linus", "margaret", "grace", "ada"])
def test_people_of_the_application_and_administrators_may_disable(
    token_id: str, cast: Cast, clock: FixedClock, who: str
) -> None:
    disable_token(token_id, "", actor(getattr(cast, who)), clock())

    assert seen(token_id, clock).status is Status.DISABLED


@pytest.mark.parametrize("verb", [disable_token, enable_token, revoke_token])
def test_a_stranger_hears_that_there_is_nothing(token_id: str, cast: Cast, clock: FixedClock, verb: object) -> None:
    with pytest.raises(NotFound):
        verb(token_id, "", actor(cast.sam), clock())  # type: ignore[operator]


def test_disabling_twice_is_a_conflict_and_one_event(token_id: str, cast: Cast, clock: FixedClock) -> None:
    disable_token(token_id, "", actor(cast.linus), clock())

    with pytest.raises(Conflict):
        disable_token(token_id, "", actor(cast.margaret), clock())

    actions = [event.action for event in history.of_token(db.session(), token_id)]
    assert actions == ["token.disabled", "token.issued"]


def test_a_reason_may_be_left_out_but_not_be_malformed(token_id: str, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(Invalid):
        disable_token(token_id, "x" * 2001, actor(cast.linus), clock())

    assert seen(token_id, clock).status is Status.ACTIVE


def test_a_low_token_is_enabled_again_at_once(token_id: str, cast: Cast, clock: FixedClock) -> None:
    disable_token(token_id, "", actor(cast.linus), clock())
    clock.advance(timedelta(days=1))

    assert enable_token(token_id, "", actor(cast.margaret), clock()).request_id is None
    assert seen(token_id, clock).status is Status.ACTIVE


@pytest.mark.parametrize("who", ["linus", "margaret"])
def test_what_an_administrator_disabled_only_an_administrator_enables(
    token_id: str, cast: Cast, clock: FixedClock, who: str
) -> None:
    disable_token(token_id, "", actor(cast.grace), clock())

    with pytest.raises(NotAllowed):
        enable_token(token_id, "", actor(getattr(cast, who)), clock())

    enable_token(token_id, "", actor(cast.barbara), clock())
    assert seen(token_id, clock).status is Status.ACTIVE


def test_taking_back_ones_own_disable_within_30_minutes_needs_nobody(
    medium: str, cast: Cast, clock: FixedClock
) -> None:
    disable_token(medium, "", actor(cast.linus), clock())
    clock.advance(timedelta(minutes=30))

    assert enable_token(medium, "", actor(cast.linus), clock()).request_id is None
    assert seen(medium, clock).status is Status.ACTIVE


@pytest.mark.parametrize(("who", "minutes"), [("linus", 31), ("margaret", 1)])
def test_enabling_a_risky_token_otherwise_waits_for_another_person(
    medium: str, cast: Cast, clock: FixedClock, who: str, minutes: int
) -> None:
    disable_token(medium, "", actor(cast.linus), clock())
    clock.advance(timedelta(minutes=minutes))

    request_id = enable_token(medium, REASON, actor(getattr(cast, who)), clock()).request_id

    assert request_id is not None
    assert seen(medium, clock).status is Status.DISABLED
    request = approvals.find(db.session(), ADA, request_id, clock())
    assert request is not None
    assert request.changes == ({"field": "status", "before": "disabled", "after": "active"},)
    decisions.approve(request_id, request.fingerprint, "", actor(cast.grace), clock())
    assert seen(medium, clock).status is Status.ACTIVE


def test_asking_to_enable_takes_a_reason(medium: str, cast: Cast, clock: FixedClock) -> None:
    disable_token(medium, "", actor(cast.linus), clock())

    with pytest.raises(Invalid):
        enable_token(medium, "", actor(cast.margaret), clock())


def test_one_request_about_a_token_waits_at_a_time(medium: str, cast: Cast, clock: FixedClock) -> None:
    disable_token(medium, "", actor(cast.linus), clock())
    enable_token(medium, REASON, actor(cast.margaret), clock())

    with pytest.raises(Conflict):
        enable_token(medium, REASON, actor(cast.margaret), clock())


def test_revoking_is_final(token_id: str, cast: Cast, clock: FixedClock) -> None:
    revoke_token(token_id, "It leaked", actor(cast.linus), clock())

    assert seen(token_id, clock).status is Status.REVOKED
    for verb in (disable_token, enable_token, revoke_token):
        with pytest.raises(Conflict):
            verb(token_id, "", actor(cast.linus), clock())


def test_revoking_a_pending_token_cancels_its_request(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    issued = issue(name="Risky", scopes=(cast.high,), reason="We pay people out")

    revoke_token(issued.token_id, "", actor(cast.linus), clock())

    assert issued.request_id is not None
    request = approvals.find(db.session(), ADA, issued.request_id, clock())
    assert request is not None
    assert request.status == "cancelled"
    assert history.of_token(db.session(), issued.token_id)[0].action == "token.revoked"


def test_revoking_a_disabled_token_voids_the_request_to_enable_it(medium: str, cast: Cast, clock: FixedClock) -> None:
    disable_token(medium, "", actor(cast.linus), clock())
    request_id = enable_token(medium, REASON, actor(cast.margaret), clock()).request_id

    revoke_token(medium, "", actor(cast.linus), clock())

    request = approvals.find(db.session(), ADA, request_id or "", clock())
    assert request is not None
    assert request.status == "void"


def test_an_expired_token_can_be_revoked_but_not_switched(token_id: str, cast: Cast, clock: FixedClock) -> None:
    clock.advance(timedelta(days=40))

    assert seen(token_id, clock).status is Status.EXPIRED
    with pytest.raises(Conflict):
        disable_token(token_id, "", actor(cast.linus), clock())
    revoke_token(token_id, "", actor(cast.linus), clock())
    assert seen(token_id, clock).status is Status.REVOKED
