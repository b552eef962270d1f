"""Approving a request: SPEC 7."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.lifecycle import Status
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services.approvals import approve, cancel, reject
from app.services.tokens.switch import revoke_token
from app.store.database import db, transaction
from app.store.queries import history, tokens
from app.store.queries.tokens import TokenView
from app.store.tables import ApplicationMember, ApplicationRow, ScopeRow, TokenRow, UserRow
from tests.cast import Cast
from tests.factories import actor, change, make_person
from tests.services.approvals.conftest import ADA, Ask, shown

COMMENT = "Checked with finance"


def token(token_id: str, clock: FixedClock) -> TokenView:
    found = tokens.find(db.session(), ADA, token_id, clock())
    assert found is not None
    return found


@pytest.mark.parametrize("who", ["grace", "barbara", "ada"])
def test_another_administrator_makes_the_token_active(ask: Ask, cast: Cast, clock: FixedClock, who: str) -> None:
    request = ask()
    clock.advance(timedelta(days=2))

    approve(request.id, request.fingerprint, COMMENT, actor(getattr(cast, who)), clock())

    found = token(request.token_id, clock)
    assert found.status is Status.ACTIVE
    assert found.effective_at == clock()
    assert shown(request.id, clock).status == "approved"


def test_a_preset_expiry_counts_from_the_approval(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask(expires="1 week")
    clock.advance(timedelta(days=3))

    approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())

    assert token(request.token_id, clock).expires_at == datetime(2026, 12, 3, 12, 0, tzinfo=UTC)


def test_it_is_one_event_that_names_what_took_effect(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()

    approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())

    events = history.of_token(db.session(), request.token_id)
    assert [event.action for event in events] == ["approval.approved", "token.issued"]
    assert {"field": "token status", "before": "pending", "after": "active"} in events[0].changes
    assert events[0].reason == COMMENT


def test_nobody_approves_their_own_request_whatever_their_role(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    with transaction() as session:
        linus = session.get_one(UserRow, cast.linus)
        linus.role = Role.SUPERUSER
        change(session, linus, clock())
    request = ask(by=cast.linus)

    with pytest.raises(NotAllowed):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.linus), clock())

    assert token(request.token_id, clock).status is Status.PENDING


def test_a_teammate_without_the_role_may_not(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()

    with pytest.raises(NotAllowed):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.margaret), clock())


def test_a_stranger_hears_that_there_is_nothing(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()

    with pytest.raises(NotFound):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.sam), clock())
    with pytest.raises(NotFound):
        approve("req_" + "0" * 22, request.fingerprint, COMMENT, actor(cast.grace), clock())


def test_an_administrator_demoted_meanwhile_may_not(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()
    with transaction() as session:
        grace = session.get_one(UserRow, cast.grace)
        grace.role = Role.MEMBER
        change(session, grace, clock())

    with pytest.raises(NotFound):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())


def test_high_takes_a_comment_and_medium_does_not(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    high, medium = ask(cast.high), ask(cast.medium)

    with pytest.raises(Invalid) as refused:
        approve(high.id, high.fingerprint, " ", actor(cast.grace), clock())
    approve(medium.id, medium.fingerprint, "", actor(cast.grace), clock())

    assert list(refused.value.fields) == ["comment"]
    assert token(medium.token_id, clock).status is Status.ACTIVE


def test_the_second_decider_is_told_who_decided(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()
    approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())

    for verb in (approve, reject):
        with pytest.raises(Conflict, match="approved by Grace"):
            verb(request.id, request.fingerprint, COMMENT, actor(cast.barbara), clock())


def test_what_was_shown_must_still_be_so(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()
    with transaction() as session:
        session.get_one(ScopeRow, cast.high).permissions = ["* /**"]
        change(session, session.get_one(UserRow, cast.ada), clock())

    with pytest.raises(Conflict) as refused:
        approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())

    assert refused.value.code == "request_changed"


def test_who_can_obtain_the_key_is_part_of_what_was_shown(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()
    with transaction() as session:
        session.add(ApplicationMember(application_id=cast.billing, user_id=cast.sam, added_at=clock()))
        change(session, session.get_one(ApplicationRow, cast.billing), clock())

    with pytest.raises(Conflict):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())


def test_a_namesake_is_another_person(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()
    namesake = make_person("Margaret ", Role.MEMBER, clock())
    with transaction() as session:
        session.get_one(UserRow, namesake).name = "Margaret"
        session.delete(session.get_one(ApplicationMember, (cast.billing, cast.margaret)))
        session.add(ApplicationMember(application_id=cast.billing, user_id=namesake, added_at=clock()))
        change(session, session.get_one(ApplicationRow, cast.billing), clock())

    assert shown(request.id, clock).people == request.people
    with pytest.raises(Conflict):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())


def test_who_let_the_requester_in_is_part_of_what_was_shown(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()
    with transaction() as session:
        linus = session.get_one(UserRow, cast.linus)
        linus.password_link_by = cast.grace
        change(session, linus, clock())

    with pytest.raises(Conflict):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())


def test_a_requester_who_left_has_lost_the_right(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask(by=cast.margaret)
    with transaction() as session:
        session.delete(session.get_one(ApplicationMember, (cast.billing, cast.margaret)))
        change(session, session.get_one(ApplicationRow, cast.billing), clock())

    with pytest.raises(Conflict) as refused:
        approve(request.id, shown(request.id, clock).fingerprint, COMMENT, actor(cast.grace), clock())

    assert refused.value.code == "right_lost"


def test_a_request_lapses_after_seven_days_by_the_clock_alone(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()
    clock.advance(timedelta(days=7))

    assert shown(request.id, clock).status == "expired"
    assert token(request.token_id, clock).status is Status.REJECTED
    assert token(request.token_id, clock).refused_how == "lapsed"
    with pytest.raises(Conflict):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())


def test_an_expiry_that_has_passed_cannot_be_approved(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask(expires="custom", expires_on="2026-11-24")
    clock.advance(timedelta(days=2))

    with pytest.raises(Conflict) as refused:
        approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())

    assert refused.value.code == "expiry_passed"


@pytest.mark.parametrize("end", ["revoke", "cancel", "reject"])
def test_what_has_ended_cannot_be_approved(ask: Ask, cast: Cast, clock: FixedClock, end: str) -> None:
    request = ask()
    if end == "revoke":
        revoke_token(request.token_id, "", actor(cast.linus), clock())
    elif end == "cancel":
        cancel(request.id, actor(cast.linus), clock())
    else:
        reject(request.id, request.fingerprint, COMMENT, actor(cast.barbara), clock())

    with pytest.raises(Conflict):
        approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())

    assert token(request.token_id, clock).status in {Status.REVOKED, Status.REJECTED}
    assert db.session.get_one(TokenRow, request.token_id).effective_at is None


def test_a_risk_raised_meanwhile_counts(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask(cast.medium)
    with transaction() as session:
        session.get_one(ScopeRow, cast.medium).risk = Risk.HIGH
        change(session, session.get_one(UserRow, cast.ada), clock())

    with pytest.raises(Invalid):
        approve(request.id, shown(request.id, clock).fingerprint, "", actor(cast.grace), clock())
