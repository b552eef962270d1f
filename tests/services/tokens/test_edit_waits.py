"""Edits that wait for another person: SPEC 7."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict
from app.services import approvals as decisions
from app.services.tokens.switch import disable_token
from app.store.database import db
from app.store.queries import history
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.editing import Edit, edit, held, low, medium, seen, shown

__all__ = ["edit", "low", "medium"]


@pytest.mark.parametrize(
    "typed",
    [{"scopes": ("invoice:read", "invoice:write", "payout:create")}, {"expires": "1 year"}, {"expires": "never"}],
)
def test_a_loosening_of_a_risky_token_waits_and_changes_nothing(
    edit: Edit, medium: str, clock: FixedClock, typed: dict[str, object]
) -> None:
    before = seen(medium, clock)

    edited = edit(medium, **typed)

    assert edited.request_id is not None
    after = seen(medium, clock)
    assert (after.scopes, after.expires_at) == (before.scopes, before.expires_at)
    assert history.of_token(db.session(), medium)[0].action == "token.change_asked"


def test_a_mixed_edit_waits_as_a_whole(edit: Edit, medium: str, cast: Cast, clock: FixedClock) -> None:
    edit(medium, name="Other", scopes=(cast.medium, cast.high))

    assert held(medium, clock) == [cast.low, cast.medium]
    assert seen(medium, clock).name == "Writer"


def test_a_low_token_that_would_become_risky_waits(edit: Edit, low: str, cast: Cast, clock: FixedClock) -> None:
    assert edit(low, scopes=(cast.low, cast.high)).request_id is not None

    assert held(low, clock) == [cast.low]


def test_an_approved_change_takes_effect(edit: Edit, medium: str, cast: Cast, clock: FixedClock) -> None:
    request = shown(edit(medium, scopes=(cast.medium, cast.high), expires="1 month").request_id, clock)
    clock.advance(timedelta(days=2))

    decisions.approve(request.id, request.fingerprint, "Fine by finance", actor(cast.grace), clock())

    assert held(medium, clock) == [cast.medium, cast.high]
    # A preset counts from the moment it takes effect.
    assert seen(medium, clock).expires_at == datetime(2026, 12, 25, 12, 0, tzinfo=UTC)


def test_a_rejected_change_changes_nothing(edit: Edit, medium: str, cast: Cast, clock: FixedClock) -> None:
    request = shown(edit(medium, expires="never").request_id, clock)

    decisions.reject(request.id, request.fingerprint, "Not for ever", actor(cast.grace), clock())

    assert seen(medium, clock).expires_at is not None
    assert seen(medium, clock).status == "active"


def test_a_tightening_meanwhile_voids_the_request_it_touches(
    edit: Edit, medium: str, cast: Cast, clock: FixedClock
) -> None:
    request = shown(edit(medium, scopes=(cast.low, cast.medium, cast.high)).request_id, clock)

    edit(medium, by=cast.margaret, scopes=(cast.low,))

    assert shown(request.id, clock).status == "void"
    with pytest.raises(Conflict):
        decisions.approve(request.id, request.fingerprint, "Fine", actor(cast.grace), clock())
    assert held(medium, clock) == [cast.low]


def test_a_tightening_meanwhile_of_something_else_leaves_the_request(
    edit: Edit, medium: str, cast: Cast, clock: FixedClock
) -> None:
    request = shown(edit(medium, expires="never").request_id, clock)

    edit(medium, scopes=(cast.low,))

    assert shown(request.id, clock).status == "pending"


def test_disabling_voids_the_change_that_waits(edit: Edit, medium: str, cast: Cast, clock: FixedClock) -> None:
    request = shown(edit(medium, expires="never").request_id, clock)

    disable_token(medium, "", actor(cast.grace), clock())

    assert shown(request.id, clock).status == "void"


def test_one_request_about_a_token_waits_at_a_time(edit: Edit, medium: str, cast: Cast) -> None:
    edit(medium, expires="never")

    with pytest.raises(Conflict):
        edit(medium, scopes=(cast.medium, cast.high))
