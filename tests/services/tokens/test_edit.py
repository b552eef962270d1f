"""Editing a token: SPEC 6 and 7."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services import approvals as decisions
from app.services.tokens.edit import Edited, EditForm, Stale, edit_token
from app.services.tokens.switch import disable_token
from app.store.database import db
from app.store.queries import approvals, history, tokens
from app.store.queries.approvals import RequestView
from app.store.queries.tokens import TokenView
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue

ADA = Person("", "Ada", "", Role.SUPERUSER)
REASON = "The batch moved to another service"
Edit = Callable[..., Edited]


def seen(token_id: str, clock: FixedClock) -> TokenView:
    found = tokens.find(db.session(), ADA, token_id, clock())
    assert found is not None
    return found


def shown(request_id: str | None, clock: FixedClock) -> RequestView:
    found = approvals.find(db.session(), ADA, request_id or "", clock())
    assert found is not None
    return found


def held(token_id: str, clock: FixedClock) -> list[str]:
    return [scope.name for scope in seen(token_id, clock).scopes]


@pytest.fixture
def low(issue: Issue) -> str:
    return issue().token_id


@pytest.fixture
def medium(issue: Issue, cast: Cast, clock: FixedClock) -> str:
    """An approved token with a Low and a Medium scope."""
    issued = issue(name="Writer", scopes=(cast.low, cast.medium), reason="It writes invoices")
    request = shown(issued.request_id, clock)
    decisions.approve(request.id, request.fingerprint, "", actor(cast.grace), clock())
    return issued.token_id


@pytest.fixture
def edit(cast: Cast, clock: FixedClock) -> Edit:
    def send(token_id: str, by: str | None = None, version: int | None = None, **typed: Any) -> Edited:
        shown_version = str(seen(token_id, clock).version if version is None else version)
        typed = {"reason": REASON, **typed}
        return edit_token(EditForm(token_id, shown_version, **typed), actor(by or cast.linus), clock())

    return send


def test_a_name_and_a_description_change_at_once_and_without_a_reason(
    edit: Edit, medium: str, clock: FixedClock
) -> None:
    edited = edit(medium, name="Invoice writer", description="For the night", reason="")

    found = seen(medium, clock)
    assert (found.name, found.description) == ("Invoice writer", "For the night")
    assert edited.request_id is None
    assert history.of_token(db.session(), medium)[0].action == "token.updated"


def test_a_scope_is_removed_at_once(edit: Edit, medium: str, cast: Cast, clock: FixedClock) -> None:
    assert edit(medium, scopes=(cast.low,)).request_id is None

    assert held(medium, clock) == [cast.low]
    assert seen(medium, clock).risk is Risk.LOW


def test_an_earlier_end_holds_at_once(edit: Edit, medium: str, clock: FixedClock) -> None:
    assert edit(medium, expires="custom", expires_on="2026-11-24").request_id is None

    assert seen(medium, clock).expires_at == datetime(2026, 11, 25, tzinfo=UTC)


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


def test_a_low_token_is_loosened_at_once_as_long_as_it_stays_low(edit: Edit, low: str, clock: FixedClock) -> None:
    assert edit(low, expires="never").request_id is None

    assert seen(low, clock).expires_at is None


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


@pytest.mark.parametrize("first", [{"name": "First"}, {"scopes": ("invoice:read",)}, {"expires": "1 week"}])
def test_of_two_people_editing_at_once_the_second_is_told(
    edit: Edit, medium: str, clock: FixedClock, first: dict[str, object]
) -> None:
    version = seen(medium, clock).version
    edit(medium, version=version, **first)

    with pytest.raises(Stale):
        edit(medium, version=version, name="Second")


def test_an_edit_that_changes_nothing_is_none(edit: Edit, medium: str, clock: FixedClock) -> None:
    before = len(history.of_token(db.session(), medium))

    assert edit(medium, name="Writer", description="").changes == ()

    assert len(history.of_token(db.session(), medium)) == before


@pytest.mark.parametrize("who", ["grace", "ada"])
def test_administrators_may_edit_what_is_not_theirs(edit: Edit, medium: str, cast: Cast, who: str) -> None:
    assert edit(medium, by=getattr(cast, who), scopes=(cast.low,)).request_id is None


def test_a_stranger_hears_that_there_is_nothing(edit: Edit, medium: str, cast: Cast) -> None:
    with pytest.raises(NotFound):
        edit(medium, by=cast.sam, name="Mine")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"description": "x" * 2001}, "description"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("no:such",)}, "scopes"),
        ({"expires": "custom", "expires_on": "2026-11-22"}, "expires_on"),
        ({"expires": "sometime"}, "expires"),
        ({"scopes": ("invoice:read",), "reason": "short"}, "reason"),
        ({"expires": "never", "reason": ""}, "reason"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(
    edit: Edit, medium: str, clock: FixedClock, typed: dict[str, object], field: str
) -> None:
    version = seen(medium, clock).version

    with pytest.raises(Invalid) as refused:
        edit(medium, **typed)

    assert list(refused.value.fields) == [field]
    assert seen(medium, clock).version == version


def test_a_name_that_another_live_token_has_is_taken_but_ones_own_is_not(edit: Edit, issue: Issue, low: str) -> None:
    issue(name="Taken")

    with pytest.raises(Invalid):
        edit(low, name="taken ")
    assert edit(low, name="nightly REPORT").changes


@pytest.mark.parametrize("version", ["", "1 OR 1=1", "-1", "999"])
def test_a_version_that_was_never_shown_is_stale(cast: Cast, low: str, clock: FixedClock, version: str) -> None:
    with pytest.raises(Stale):
        edit_token(EditForm(low, version, name="Other"), actor(cast.linus), clock())
