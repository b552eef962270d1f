"""A request for other scopes is decided on what they would be, not on what is held: SPEC 7."""

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid
from app.domain.events import Action
from app.domain.risk import Risk
from app.services import approvals as decisions
from app.services.recording import recording
from app.store.database import transaction
from app.store.queries.approvals import TokenRequest
from app.store.tables import ScopeRow
from tests.cast import Cast
from tests.factories import HOST, actor
from tests.services.tokens.editing import Edit, edit, held, low, medium, shown

__all__ = ["edit", "low", "medium"]
COMMENT = "Checked with finance"


@pytest.fixture
def asked(edit: Edit, medium: str, cast: Cast, clock: FixedClock) -> TokenRequest:
    """Linus asks that a Medium token may pay out, and not read any more."""
    return shown(edit(medium, scopes=(cast.medium, cast.high)).request_id, clock)


def alter(scope: str, clock: FixedClock, **fields: object) -> None:
    with transaction() as session:
        row = session.get_one(ScopeRow, scope)
        with recording(session, Action.SCOPE_UPDATED, row, HOST, clock()):
            for name, value in fields.items():
                setattr(row, name, value)


def test_its_risk_is_that_of_the_scopes_that_would_be_held(asked: TokenRequest, cast: Cast) -> None:
    assert [scope.name for scope in asked.scopes] == [cast.low, cast.medium]
    assert [scope.name for scope in asked.resulting_scopes] == [cast.medium, cast.high]
    assert (asked.risk_before, asked.risk, asked.gravest_risk) == (Risk.MEDIUM, Risk.HIGH, Risk.HIGH)


def test_approving_what_would_be_high_takes_a_comment(asked: TokenRequest, cast: Cast, clock: FixedClock) -> None:
    grace = actor(cast.grace)
    with pytest.raises(Invalid):
        decisions.approve(asked.id, asked.fingerprint, "", grace, clock())

    decisions.approve(asked.id, asked.fingerprint, COMMENT, grace, clock())

    assert held(asked.token_id, clock) == [cast.medium, cast.high]


def test_what_is_high_now_takes_a_comment_even_where_less_would_be_left(
    edit: Edit, medium: str, cast: Cast, clock: FixedClock
) -> None:
    high = shown(edit(medium, scopes=(cast.low, cast.medium, cast.high)).request_id, clock)
    decisions.approve(high.id, high.fingerprint, COMMENT, actor(cast.grace), clock())
    view = shown(edit(medium, scopes=(cast.medium,), expires="never").request_id, clock)

    assert (view.risk, view.gravest_risk) == (Risk.MEDIUM, Risk.HIGH)
    with pytest.raises(Invalid):
        decisions.approve(view.id, view.fingerprint, "", actor(cast.grace), clock())


@pytest.mark.parametrize(
    "altered",
    [{"risk": Risk.MEDIUM}, {"description": "Pays anybody"}, {"permissions": ["* /**"]}, {"retired": True}],
)
def test_what_becomes_of_a_scope_that_would_be_added_is_not_approved_unseen(
    asked: TokenRequest, cast: Cast, clock: FixedClock, altered: dict[str, object]
) -> None:
    alter(cast.high, clock, **altered)

    with pytest.raises(Conflict) as told:
        decisions.approve(asked.id, asked.fingerprint, COMMENT, actor(cast.grace), clock())

    assert told.value.code == "request_changed"
    assert held(asked.token_id, clock) == [cast.low, cast.medium]


def test_a_name_that_changed_meanwhile_is_not_approved_unseen(
    asked: TokenRequest, edit: Edit, cast: Cast, clock: FixedClock
) -> None:
    edit(asked.token_id, name="Payer")

    with pytest.raises(Conflict) as told:
        decisions.approve(asked.id, asked.fingerprint, COMMENT, actor(cast.grace), clock())

    assert told.value.code == "request_changed"


def test_a_request_for_another_end_leaves_the_scopes_as_they_are(
    edit: Edit, medium: str, cast: Cast, clock: FixedClock
) -> None:
    view = shown(edit(medium, expires="1 year").request_id, clock)

    assert view.resulting_scopes == view.scopes
    assert view.risk is Risk.MEDIUM
    assert (view.end, view.resulting_end) == ("2026-12-23T12:00:00+00:00", "1 year")
