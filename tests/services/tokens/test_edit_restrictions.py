"""Restrictions are edited as everything else is: tighter at once, looser by a second person."""

import pytest

from app.clock import FixedClock
from app.domain import history
from app.domain.errors import Invalid
from app.domain.restrictions import Typed
from app.services import approvals as decisions
from app.store.database import db
from app.store.queries import history as events_of
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue
from tests.services.tokens.editing import Edit, edit, low, medium, seen, shown

__all__ = ["edit", "low", "medium"]

ALL = Typed("10.0.0.0/8\n192.0.2.7", "100/hour", ("Mon", "Tue"), "09:00", "17:00", "GET /api/invoices/*")
KEPT = {
    "ip_whitelist": ["10.0.0.0/8", "192.0.2.7"],
    "rate_limit": "100/hour",
    "time_restriction": "Mon Tue 09:00-17:00",
    "access_rules": ["GET /api/invoices/*"],
}
LOOSER = {
    "ip_whitelist": Typed(ip_whitelist="10.0.0.0/8, 192.0.2.0/24"),
    "rate_limit": Typed(rate_limit="101/hour"),
    "time_restriction": Typed(days=("Mon", "Tue"), time_from="08:59", time_until="17:00"),
    "access_rules": Typed(access_rules="GET /api/invoices/**"),
}
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_setting_them_is_tighter_and_holds_at_once(edit: Edit, medium: str, clock: FixedClock) -> None:
    edited = edit(medium, restrictions=ALL)

    assert edited.request_id is None
    assert seen(medium, clock).restrictions == KEPT
    told = [history.sentence(event) for event in events_of.of_token(db.session(), medium)]
    assert told[0] == (
        "IP whitelist set to 10.0.0.0/8, 192.0.2.7; rate limit set to 100 an hour; "
        "time restriction set to Mon, Tue, 09:00 to 17:00 UTC; access rules set to GET /api/invoices/*"
    )


@pytest.mark.parametrize("field", LOOSER)
def test_widening_one_waits_for_a_second_person(
    edit: Edit, medium: str, cast: Cast, clock: FixedClock, field: str
) -> None:
    edit(medium, restrictions=ALL)

    edited = edit(medium, restrictions=LOOSER[field])

    assert seen(medium, clock).restrictions == KEPT
    request = shown(edited.request_id, clock)
    assert [change["field"] for change in request.changes] == [field]
    assert request.resulting_restrictions == KEPT | {field: request.changes[0]["after"]}
    decisions.approve(request.id, request.fingerprint, "", actor(cast.grace), clock())
    assert seen(medium, clock).restrictions == request.resulting_restrictions


@sqlite_only
@pytest.mark.parametrize("field", LOOSER)
def test_taking_one_away_waits_for_a_second_person(edit: Edit, medium: str, clock: FixedClock, field: str) -> None:
    edit(medium, restrictions=ALL)
    gone = {
        "ip_whitelist": Typed(ip_whitelist=""),
        "rate_limit": Typed(rate_limit=""),
        "time_restriction": Typed(days=()),
        "access_rules": Typed(access_rules=""),
    }

    edited = edit(medium, restrictions=gone[field])

    assert seen(medium, clock).restrictions == KEPT
    assert shown(edited.request_id, clock).resulting_restrictions == KEPT | {field: None}


@sqlite_only
def test_a_tightening_meanwhile_makes_a_request_void(edit: Edit, medium: str, clock: FixedClock) -> None:
    edit(medium, restrictions=Typed(rate_limit="100/hour"))
    waiting = edit(medium, restrictions=Typed(rate_limit="200/hour"))

    edit(medium, restrictions=Typed(rate_limit="10/hour"))

    assert shown(waiting.request_id, clock).status.value == "void"
    assert seen(medium, clock).restrictions["rate_limit"] == "10/hour"


@sqlite_only
def test_a_low_token_is_loosened_at_once(edit: Edit, low: str, clock: FixedClock) -> None:
    edit(low, restrictions=ALL)

    assert edit(low, restrictions=Typed("", "", (), "", "", "")).request_id is None
    assert seen(low, clock).restrictions == dict.fromkeys(KEPT)


@sqlite_only
def test_each_needs_a_reason_and_every_fault_is_told(edit: Edit, low: str, clock: FixedClock) -> None:
    with pytest.raises(Invalid) as refused:
        edit(low, restrictions=Typed(ip_whitelist="10.0.0.5/24", rate_limit="0/hour", days=("Mon",)), reason="short")

    assert set(refused.value.fields) == {"ip_whitelist", "rate_limit", "time_from", "time_until", "reason"}
    assert seen(low, clock).restrictions == dict.fromkeys(KEPT)


@sqlite_only
def test_the_same_again_is_no_edit(edit: Edit, low: str, clock: FixedClock) -> None:
    edit(low, restrictions=ALL)

    assert edit(low, restrictions=ALL).changes == ()


def test_a_token_is_issued_with_restrictions(issue: Issue, clock: FixedClock) -> None:
    token_id = issue(restrictions=ALL).token_id

    assert seen(token_id, clock).restrictions == KEPT
    told = [history.sentence(event) for event in events_of.of_token(db.session(), token_id)]
    assert told[0].startswith("Issued with invoice:read; expires ")
    assert "; IP whitelist set to 10.0.0.0/8, 192.0.2.7; " in told[0]


@sqlite_only
def test_a_request_for_a_token_shows_its_restrictions(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    issued = issue(scopes=(cast.high,), reason="It pays suppliers each Friday", restrictions=ALL)

    request = shown(issued.request_id, clock)
    assert request.restrictions == KEPT
    assert request.content["restrictions"] == KEPT


@sqlite_only
def test_faults_are_told_when_issuing(issue: Issue) -> None:
    with pytest.raises(Invalid) as refused:
        issue(restrictions=Typed(ip_whitelist="0.0.0.0/0"))

    assert list(refused.value.fields) == ["ip_whitelist"]
