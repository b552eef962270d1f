"""Many tokens stopped at once: all or none, one event each, under one incident. SPEC 6, 14."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.events import Action, Event
from app.domain.identifiers import Kind, new_id
from app.domain.incidents import INCIDENT, MOST
from app.domain.lifecycle import UNDO_DISABLE
from app.domain.roles import Role
from app.services.people_standing import change_role
from app.services.tokens.stop_many import Stopped, Wanted, stop_tokens, undo_incident
from app.services.tokens.switch import disable_token, enable_token
from app.store import audit_chain
from app.store.database import db
from app.store.queries import history
from app.store.tables import IncidentRow, TokenRow
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue

REASON = "The key was in a public repository"


@pytest.fixture
def ids(issue: Issue) -> list[str]:
    return [issue(name=name).token_id for name in ("One", "Two", "Three")]


def stopped(ids: list[str], by: str, clock: FixedClock, how: str = "disable", **more: str) -> Stopped:
    return stop_tokens(Wanted(how, ids, REASON, **more), actor(by), clock())


def statuses(ids: list[str]) -> list[str]:
    db.session.expire_all()
    return [db.session.get_one(TokenRow, each).status.value for each in ids]


def newest(token_id: str) -> Event:
    return history.of_token(db.session(), token_id)[0]


@pytest.mark.parametrize(
    ("how", "status", "action"),
    [("disable", "disabled", Action.TOKEN_DISABLED), ("revoke", "revoked", Action.TOKEN_REVOKED)],
)
def test_each_gets_its_event_under_one_incident_and_the_chain_holds(
    ids: list[str], cast: Cast, clock: FixedClock, how: str, status: str, action: Action
) -> None:
    answer = stopped(ids, cast.ada, clock, how)

    assert answer.count == 3
    assert statuses(ids) == [status] * 3
    for event in map(newest, ids):
        assert (event.action, event.reason) == (action, REASON)
        assert {"field": INCIDENT, "before": None, "after": answer.incident_id} in event.changes
    assert audit_chain.first_break(db.session()) is None


def test_a_pending_one_is_revoked_with_its_request_and_left_alone_by_a_disable(
    issue: Issue, ids: list[str], cast: Cast, clock: FixedClock
) -> None:
    waiting = issue(name="Waiting", scopes=(cast.high,), reason=REASON).token_id

    assert stopped([*ids, waiting], cast.linus, clock).count == 3
    assert statuses([waiting]) == ["pending"]
    assert stopped([*ids, waiting], cast.linus, clock, "revoke").count == 4


def test_what_somebody_stopped_before_is_no_obstacle(ids: list[str], cast: Cast, clock: FixedClock) -> None:
    disable_token(ids[0], "", actor(cast.linus), clock())

    assert stopped(ids, cast.grace, clock).count == 2
    with pytest.raises(Conflict):
        stopped(ids, cast.grace, clock)


@pytest.mark.parametrize(("who", "refusal"), [("linus", NotFound), ("margaret", NotFound), ("sam", NotFound)])
def test_one_foreign_token_and_none_is_stopped(
    issue: Issue, ids: list[str], cast: Cast, clock: FixedClock, who: str, refusal: type[Exception]
) -> None:
    shop = factories.make_application("Shop", cast.grace, clock())
    foreign = issue(by=cast.grace, application_id=shop, name="Foreign").token_id

    with pytest.raises(refusal):
        stopped([*ids, foreign], getattr(cast, who), clock)

    assert statuses([*ids, foreign]) == ["active"] * 4
    assert db.session.scalar(select(func.count()).select_from(IncidentRow)) == 0


def test_of_one_application_means_of_no_other(issue: Issue, ids: list[str], cast: Cast, clock: FixedClock) -> None:
    shop = factories.make_application("Shop", cast.grace, clock())

    with pytest.raises(NotFound):
        stopped(ids, cast.grace, clock, application_id=shop)
    assert stopped(ids, cast.grace, clock, application_id=cast.billing).count == 3


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("enable", ["tok_" + "0" * 22], ""), "stop"),
        (Wanted("disable", [], ""), "tokens"),
        (Wanted("disable", ["tok_1"], ""), "tokens"),
        (Wanted("disable", [new_id(Kind.TOKEN) for _ in range(MOST + 1)], ""), "tokens"),
        (Wanted("disable", ["tok_" + "0" * 22], "x" * 2001), "reason"),
    ],
)
def test_what_is_no_choice_is_refused(
    cast: Cast, app_context: object, clock: FixedClock, wanted: Wanted, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        stop_tokens(wanted, actor(cast.ada), clock())

    assert refused.value.fields.keys() == {field}


def test_a_token_that_is_not_there_is_not_found(ids: list[str], cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        stopped([*ids, new_id(Kind.TOKEN)], cast.ada, clock)
    assert statuses(ids) == ["active"] * 3


def test_who_disabled_them_takes_it_back_within_30_minutes(ids: list[str], cast: Cast, clock: FixedClock) -> None:
    incident = stopped(ids, cast.linus, clock).incident_id
    clock.advance(UNDO_DISABLE)

    assert undo_incident(incident, actor(cast.linus), clock()) == 3

    assert statuses(ids) == ["active"] * 3
    for event in map(newest, ids):
        assert event.action == Action.TOKEN_ENABLED
        assert {"field": INCIDENT, "before": None, "after": incident} in event.changes


def test_what_somebody_else_did_since_stays(ids: list[str], cast: Cast, clock: FixedClock) -> None:
    incident = stopped(ids, cast.linus, clock).incident_id
    clock.advance(timedelta(minutes=1))
    enable_token(ids[0], "", actor(cast.linus), clock())
    disable_token(ids[0], "", actor(cast.grace), clock())

    assert undo_incident(incident, actor(cast.linus), clock()) == 2
    assert statuses(ids) == ["disabled", "active", "active"]


def test_it_is_too_late_after_30_minutes_for_another_person_and_for_what_is_final(
    ids: list[str], cast: Cast, clock: FixedClock
) -> None:
    incident = stopped(ids, cast.linus, clock).incident_id
    with pytest.raises(NotFound):
        undo_incident(incident, actor(cast.ada), clock())
    clock.advance(UNDO_DISABLE + timedelta(seconds=1))
    with pytest.raises(Conflict):
        undo_incident(incident, actor(cast.linus), clock())
    final = stopped(ids, cast.linus, clock, "revoke").incident_id
    with pytest.raises(Conflict):
        undo_incident(final, actor(cast.linus), clock())
    assert statuses(ids) == ["revoked"] * 3


def test_who_is_no_administrator_any_more_takes_nothing_back(ids: list[str], cast: Cast, clock: FixedClock) -> None:
    incident = stopped(ids, cast.grace, clock).incident_id
    change_role(cast.grace, Role.MEMBER.value, actor(cast.ada), clock())

    with pytest.raises((Conflict, NotAllowed, NotFound)):
        undo_incident(incident, actor(cast.grace), clock())
    assert statuses(ids) == ["disabled"] * 3
