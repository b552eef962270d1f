"""A scope is loosened by two people, and tightened by one (SPEC 4 and 7)."""

from collections.abc import Callable

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.risk import Risk
from app.services import approvals as decisions
from app.services.host import CONSOLE
from app.services.people_standing import change_role
from app.services.scopes.edit import ScopeForm, StaleScope, add_scope, edit_scope, set_retired
from app.services.scopes.load import Asker, import_catalogue
from tests.cast import Cast
from tests.factories import actor
from tests.services.governance.conftest import REASON, EditScope, log, scope_now, shown
from tests.services.scopes.test_import_catalogue import entries

COMMENT = "Agreed in the meeting"
WIDER = "GET /api/invoices\nGET /api/invoices/*\nGET /api/invoices/*/lines"
Hold = Callable[[str], str]
pytestmark = [
    pytest.mark.usefixtures("app_context"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_lower_risk_waits(edit: EditScope, cast: Cast, clock: FixedClock) -> None:
    request = shown(edit(cast.high, risk="medium").request_id, clock)

    assert scope_now(cast.high).risk is Risk.HIGH
    assert (request.title, request.place) == (cast.high, "Scope catalogue")
    assert (request.risk_before, request.risk, request.gravest_risk) == (Risk.HIGH, Risk.MEDIUM, Risk.HIGH)
    assert [dict(one) for one in request.changes] == [{"field": "risk", "before": "high", "after": "medium"}]


def test_another_person_lets_it_take_effect_in_one_event(edit: EditScope, cast: Cast, clock: FixedClock) -> None:
    request = shown(edit(cast.high, risk="medium").request_id, clock)
    before = len(log())

    decisions.approve(request.id, request.fingerprint, COMMENT, actor(cast.barbara), clock())

    assert scope_now(cast.high).risk is Risk.MEDIUM
    [event] = log()[before:]
    assert event.action == "approval.approved"
    assert {"field": "scope risk", "before": "high", "after": "medium"} in event.changes


@pytest.mark.parametrize("held", [True, False])
def test_more_permissions_wait_where_live_tokens_hold_it(edit: EditScope, hold: Hold, cast: Cast, held: bool) -> None:
    if held:
        hold(cast.low)

    saved = edit(cast.low, permissions=WIDER)

    assert (saved.request_id is not None) is held
    assert (len(scope_now(cast.low).permissions) == 2) is held


@pytest.mark.parametrize(
    "typed",
    [{"risk": "high"}, {"permissions": "GET /api/invoices"}, {"description": "Other words", "reason": ""}],
)
def test_what_tightens_or_only_says_it_differently_holds_at_once(
    edit: EditScope, hold: Hold, cast: Cast, typed: dict[str, str]
) -> None:
    hold(cast.low)
    before = scope_now(cast.low)

    assert edit(cast.low, **typed).request_id is None

    assert scope_now(cast.low) != before


def test_a_mixed_edit_waits_as_a_whole(edit: EditScope, cast: Cast) -> None:
    before = scope_now(cast.medium)
    assert edit(cast.medium, risk="low", permissions="").request_id is not None
    assert scope_now(cast.medium) == before


def test_retiring_holds_at_once_and_offering_again_waits(cast: Cast, clock: FixedClock) -> None:
    set_retired(cast.low, "1", True, REASON, actor(cast.grace), clock())
    assert scope_now(cast.low).retired

    saved = set_retired(cast.low, "2", False, REASON, actor(cast.grace), clock())

    assert scope_now(cast.low).retired
    request = shown(saved.request_id, clock)
    decisions.approve(request.id, request.fingerprint, "", actor(cast.barbara), clock())
    assert not scope_now(cast.low).retired


def test_a_request_that_rests_on_what_is_not_so_any_more_is_void(
    edit: EditScope, cast: Cast, clock: FixedClock
) -> None:
    request_id = edit(cast.medium, risk="low").request_id

    edit(cast.medium, risk="high")

    assert shown(request_id, clock).status == "void"
    assert {"field": "approval request", "before": "pending", "after": "void"} in log()[-1].changes


def test_a_stale_request_cannot_undo_a_later_tightening(
    edit: EditScope, hold: Hold, cast: Cast, clock: FixedClock
) -> None:
    hold(cast.low)
    request = shown(edit(cast.low, permissions=WIDER).request_id, clock)

    edit(cast.low, permissions="")

    with pytest.raises(Conflict, match="already void"):
        decisions.approve(request.id, request.fingerprint, COMMENT, actor(cast.barbara), clock())
    assert scope_now(cast.low).permissions == ()


def test_what_was_only_said_differently_leaves_the_request_but_has_to_be_looked_at(
    edit: EditScope, cast: Cast, clock: FixedClock
) -> None:
    seen = shown(edit(cast.medium, risk="low").request_id, clock)
    edit(cast.medium, description="Other words")

    with pytest.raises(Conflict) as refused:
        decisions.approve(seen.id, seen.fingerprint, COMMENT, actor(cast.barbara), clock())
    assert refused.value.code == "request_changed"

    again = shown(seen.id, clock)
    decisions.approve(again.id, again.fingerprint, COMMENT, actor(cast.barbara), clock())
    assert (scope_now(cast.medium).risk, scope_now(cast.medium).description) == (Risk.LOW, "Other words")


def test_one_request_about_a_scope_waits_at_a_time(edit: EditScope, cast: Cast) -> None:
    edit(cast.high, risk="medium")
    with pytest.raises(Conflict, match="about this scope already waits"):
        edit(cast.high, risk="low")


def test_a_requester_who_is_no_administrator_any_more_loses_the_request(
    edit: EditScope, cast: Cast, clock: FixedClock
) -> None:
    request_id = edit(cast.high, risk="low").request_id
    change_role(cast.grace, "member", actor(cast.ada), clock())
    assert shown(request_id, clock).status == "cancelled"


def test_a_superuser_may_cancel_it_and_another_administrator_may_not(
    edit: EditScope, cast: Cast, clock: FixedClock
) -> None:
    request_id = edit(cast.high, risk="low").request_id or ""
    with pytest.raises(NotAllowed):
        decisions.cancel(request_id, actor(cast.barbara), clock())
    decisions.cancel(request_id, actor(cast.ada), clock())
    assert shown(request_id, clock).status == "cancelled"


def test_rejecting_leaves_the_scope_and_the_requester_reads_why(edit: EditScope, cast: Cast, clock: FixedClock) -> None:
    request = shown(edit(cast.high, risk="low").request_id, clock)
    decisions.reject(request.id, request.fingerprint, "It pays out money", actor(cast.ada), clock())
    again = shown(request.id, clock)
    assert (again.status, again.comment, again.decided_by) == ("rejected", "It pays out money", "Ada")
    assert scope_now(cast.high).risk is Risk.HIGH


def test_of_two_who_edit_at_once_the_second_is_told(edit: EditScope, cast: Cast) -> None:
    edit(cast.low, risk="medium")
    with pytest.raises(StaleScope):
        edit(cast.low, version="1", risk="high")


@pytest.mark.parametrize("who", ["linus", "sam"])
def test_members_edit_nothing(edit: EditScope, cast: Cast, clock: FixedClock, who: str) -> None:
    with pytest.raises(NotAllowed):
        edit(cast.low, by=getattr(cast, who), risk="high")
    with pytest.raises(NotAllowed):
        add_scope("shop:read", ScopeForm("low"), actor(getattr(cast, who)), clock())


def test_what_is_not_there_and_what_is_built_in_is_not_edited(cast: Cast, clock: FixedClock) -> None:
    grace = actor(cast.grace)
    for name in ("shop:read", "Nonsense", "\x00"):
        with pytest.raises(NotFound):
            edit_scope(name, "1", ScopeForm("low"), grace, clock())
    with pytest.raises(NotAllowed, match="built in"):
        edit_scope("token:verify", "1", ScopeForm("high", reason=REASON), grace, clock())


def test_each_field_at_fault_is_named(cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(Invalid) as refused:
        add_scope("Shop", ScopeForm("grave", "a" * 101, "b" * 2001, "GET api"), actor(cast.grace), clock())
    assert set(refused.value.fields) == {"name", "risk", "category", "description", "permissions"}
    with pytest.raises(Invalid, match="already"):
        add_scope(cast.low, ScopeForm("low"), actor(cast.grace), clock())


def test_a_scope_is_added_at_once(cast: Cast, clock: FixedClock) -> None:
    add_scope("shop:read", ScopeForm("low", "Shop", "Looks", "GET /b\n\nGET /a"), actor(cast.grace), clock())
    assert scope_now("shop:read").permissions == ("GET /a", "GET /b")
    assert log()[-1].action == "scope.added"


def test_a_file_asks_for_what_loosens_in_the_name_of_a_person(hold: Hold, cast: Cast, clock: FixedClock) -> None:
    file = (*entries("shop:read", "low"), *entries(cast.high, "low", "POST /api/payouts"))
    asker = Asker("grace@example.com", REASON)

    imported = import_catalogue(file, CONSOLE, clock(), asker)

    assert (imported.added, imported.asked, scope_now(cast.high).risk) == (("shop:read",), (cast.high,), Risk.HIGH)
    assert log()[-1].actor_name == CONSOLE.name
    again = import_catalogue(file, CONSOLE, clock(), asker)
    assert (again.asked, again.unchanged) == ((), ("shop:read", cast.high))


@pytest.mark.parametrize("email", ["linus@example.com", "nobody@example.com", ""])
def test_only_an_administrator_asks_by_file(cast: Cast, clock: FixedClock, email: str) -> None:
    with pytest.raises(Invalid, match="active administrator"):
        import_catalogue(entries(cast.high, "low"), CONSOLE, clock(), Asker(email, REASON))
