"""The approval policy is relaxed by two people, and tightened by one (SPEC 7)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services import approvals as decisions
from app.services.people_standing import change_role
from app.services.policy import StalePolicy, set_policy_on_host
from app.store.database import db
from app.store.queries import tokens
from tests.cast import Cast
from tests.factories import actor, make_person
from tests.services.governance.conftest import REASON, SEES_ALL, Relax, asks_at, log, shown

COMMENT = "Agreed in the meeting"
pytestmark = [
    pytest.mark.usefixtures("app_context"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_relaxing_waits_and_the_policy_stays_as_it_is(set_entry: Relax, clock: FixedClock) -> None:
    saved = set_entry(Risk.MEDIUM, False)

    request = shown(saved.request_id, clock)
    assert (request.status, request.title, request.reason) == ("pending", "Approval at Medium risk", REASON)
    assert [dict(one) for one in request.changes] == [{"field": "approval", "before": True, "after": False}]
    assert asks_at(Risk.MEDIUM)


def test_another_person_lets_it_take_effect_in_one_event(set_entry: Relax, cast: Cast, clock: FixedClock) -> None:
    request = shown(set_entry(Risk.MEDIUM, False).request_id, clock)
    before = len(log())

    decisions.approve(request.id, request.fingerprint, COMMENT, actor(cast.grace, "Grace"), clock())

    assert not asks_at(Risk.MEDIUM)
    [event] = log()[before:]
    assert (event.action, event.actor_name, event.reason) == ("approval.approved", "Grace", COMMENT)
    assert {"field": "policy approval", "before": True, "after": False} in event.changes


def test_tightening_holds_at_once(set_entry: Relax) -> None:
    assert set_entry(Risk.LOW, True).request_id is None
    assert asks_at(Risk.LOW)


def test_the_same_again_changes_nothing(set_entry: Relax) -> None:
    assert set_entry(Risk.LOW, False, reason="").changes == ()


@pytest.mark.parametrize("asks", [True, False])
def test_either_way_takes_a_reason(set_entry: Relax, asks: bool) -> None:
    with pytest.raises(Invalid) as refused:
        set_entry(Risk.LOW if asks else Risk.HIGH, asks, reason="because")
    assert set(refused.value.fields) == {"reason"}


def test_of_two_who_edit_at_once_the_second_is_told(set_entry: Relax) -> None:
    set_entry(Risk.LOW, True)
    with pytest.raises(StalePolicy):
        set_entry(Risk.LOW, False, version="1")
    assert asks_at(Risk.LOW)


def test_one_request_about_an_entry_waits_at_a_time(set_entry: Relax) -> None:
    set_entry(Risk.MEDIUM, False)
    set_entry(Risk.HIGH, False)
    with pytest.raises(Conflict, match="about this policy already waits"):
        set_entry(Risk.MEDIUM, False)


def test_a_lapsed_request_makes_room(set_entry: Relax, clock: FixedClock) -> None:
    set_entry(Risk.MEDIUM, False)
    clock.advance(timedelta(days=7))
    assert set_entry(Risk.MEDIUM, False).request_id is not None


@pytest.mark.parametrize("who", ["linus", "grace"])
def test_only_superusers_set_it(set_entry: Relax, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        set_entry(Risk.LOW, True, by=getattr(cast, who))
    assert not asks_at(Risk.LOW)


def test_nobody_approves_their_own_and_the_log_says_who_tried(set_entry: Relax, cast: Cast, clock: FixedClock) -> None:
    request = shown(set_entry(Risk.HIGH, False).request_id, clock)

    with pytest.raises(NotAllowed) as refused:
        decisions.approve(request.id, request.fingerprint, COMMENT, actor(cast.ada, "Ada"), clock())

    assert refused.value.code == "own_request"
    assert asks_at(Risk.HIGH)
    last = log()[-1]
    assert (last.action, last.actor_name, last.subject_id) == ("approval.self_refused", "Ada", request.id)


@pytest.mark.parametrize("who", ["linus", "sam"])
def test_for_members_there_is_no_such_request(set_entry: Relax, cast: Cast, clock: FixedClock, who: str) -> None:
    request = shown(set_entry(Risk.HIGH, False).request_id, clock)
    for verb in (decisions.approve, decisions.reject):
        with pytest.raises(NotFound):
            verb(request.id, request.fingerprint, COMMENT, actor(getattr(cast, who)), clock())
    with pytest.raises(NotFound):
        decisions.cancel(request.id, actor(getattr(cast, who)), clock())


def test_relaxing_high_takes_a_comment(set_entry: Relax, cast: Cast, clock: FixedClock) -> None:
    request = shown(set_entry(Risk.HIGH, False).request_id, clock)
    with pytest.raises(Invalid):
        decisions.approve(request.id, request.fingerprint, "", actor(cast.grace), clock())


def test_a_requester_who_may_not_set_it_any_more_loses_the_request(
    set_entry: Relax, cast: Cast, clock: FixedClock
) -> None:
    eve = make_person("Eve", Role.SUPERUSER, clock())
    request_id = set_entry(Risk.HIGH, False, by=eve).request_id

    change_role(eve, "administrator", actor(cast.ada), clock())

    assert shown(request_id, clock).status == "cancelled"


def test_relaxed_on_the_host_it_holds_at_once_and_the_log_says_where(clock: FixedClock, cast: Cast) -> None:
    assert set_policy_on_host(Risk.MEDIUM, False, REASON, clock())

    assert not asks_at(Risk.MEDIUM)
    last = log()[-1]
    assert (last.action, last.actor_name, last.reason) == ("policy.set", "the host's console", REASON)
    assert not set_policy_on_host(Risk.MEDIUM, False, REASON, clock())


def test_set_on_the_host_a_request_that_says_the_same_is_void(set_entry: Relax, clock: FixedClock) -> None:
    request_id = set_entry(Risk.MEDIUM, False).request_id

    set_policy_on_host(Risk.MEDIUM, False, REASON, clock())

    assert shown(request_id, clock).status == "void"


def test_what_waits_goes_on_waiting_when_the_policy_is_relaxed(
    cast: Cast, clock: FixedClock, hold: Callable[[str], str]
) -> None:
    token_id = hold(cast.medium)
    set_policy_on_host(Risk.MEDIUM, False, REASON, clock())
    found = tokens.find(db.session(), SEES_ALL, token_id, clock())
    assert found is not None
    assert found.status == "pending"
