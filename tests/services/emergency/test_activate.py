"""Activating emergency access: SPEC 10, TRAPS T21."""

from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.history import sentence
from app.domain.roles import Role
from app.services.people_standing import change_role, deactivate
from app.services.tokens.switch import disable_token, revoke_token
from app.store.database import db
from app.store.queries import history
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.services.emergency.conftest import REASON, Activate, stored
from tests.services.tokens.conftest import Issue

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


def test_a_superuser_opens_a_window_that_ends_by_itself(activate: Activate, token_id: str, clock: FixedClock) -> None:
    assert activate("2") == clock() + 2 * HOUR

    [row] = stored(token_id)
    assert (row.starts_at, row.ends_at, row.ended_at) == (clock(), clock() + 2 * HOUR, None)
    clock.advance(2 * HOUR)
    assert not row.window.is_open(clock())


def test_it_is_one_event_with_reason_duration_and_end(
    activate: Activate, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    activate("8")

    [event, _] = history.of_token(db.session(), token_id)
    assert (event.action, event.reason, event.actor_id) == ("token.emergency_activated", REASON, cast.ada)
    assert event.changes == (
        {"field": "duration", "before": None, "after": "8 hours"},
        {"field": "emergency access ends", "before": None, "after": (clock() + 8 * HOUR).isoformat()},
    )
    assert sentence(event) == "Emergency access activated for 8 hours, until 23 Nov 2026 20:00 UTC"


@pytest.mark.parametrize("who", ["linus", "margaret", "grace"])
def test_nobody_else_who_sees_the_token_may(activate: Activate, token_id: str, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        activate(by=getattr(cast, who))

    assert stored(token_id) == []


def test_a_stranger_hears_that_there_is_nothing(activate: Activate, cast: Cast) -> None:
    with pytest.raises(NotFound):
        activate(by=cast.sam)


def test_somebody_who_was_demoted_a_moment_ago_may_not(activate: Activate, cast: Cast, clock: FixedClock) -> None:
    second = factories.make_person("Root", Role.SUPERUSER, clock())
    change_role(cast.ada, "administrator", actor(second), clock())

    with pytest.raises(NotAllowed):
        activate(by=cast.ada)


def test_somebody_who_was_deactivated_may_not(activate: Activate, cast: Cast, clock: FixedClock) -> None:
    second = factories.make_person("Root", Role.SUPERUSER, clock())
    deactivate(cast.ada, actor(second), clock())

    with pytest.raises(NotAllowed):
        activate(by=cast.ada)


@pytest.mark.parametrize("hours", ["0", "9", "−1", "1.5", "nan", "1e1", "８", "True", "", "1000000000"])
def test_a_duration_that_is_none_writes_nothing(activate: Activate, token_id: str, hours: str) -> None:
    with pytest.raises(Invalid) as refused:
        activate(hours)

    assert set(refused.value.fields) == {"hours"}
    assert stored(token_id) == []
    assert len(history.of_token(db.session(), token_id)) == 1


@pytest.mark.parametrize("reason", ["", "   ", "too short", "x" * 2001])
def test_a_reason_is_needed_and_both_faults_are_said(activate: Activate, token_id: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        activate("9", reason)

    assert set(refused.value.fields) == {"hours", "reason"}
    assert stored(token_id) == []


def test_an_open_window_is_not_extended(activate: Activate, token_id: str) -> None:
    activate("1")

    with pytest.raises(Conflict, match="open already, until 23 Nov 2026 13:00 UTC"):
        activate("2")

    assert len(stored(token_id)) == 1


def test_at_most_8_hours_in_any_24(activate: Activate, token_id: str, clock: FixedClock) -> None:
    activate("5")
    clock.advance(6 * HOUR)
    with pytest.raises(Invalid, match="room for 3 hours"):
        activate("4")
    activate("3")
    clock.advance(3 * HOUR)
    with pytest.raises(Invalid, match="room for the next hour from 24 Nov 2026 12:00 UTC on") as refused:
        activate("1")
    assert set(refused.value.fields) == {"hours"}

    clock.advance(15 * HOUR)
    activate("1")

    assert [row.ends_at - row.starts_at for row in stored(token_id)] == [5 * HOUR, 3 * HOUR, HOUR]


def test_what_one_token_used_up_is_another_ones_no_matter(
    activate: Activate, issue: Issue, token_id: str, clock: FixedClock
) -> None:
    activate("8")
    other = issue(name="Monthly report").token_id

    activate("8", token=other)

    assert [len(stored(one)) for one in (token_id, other)] == [1, 1]


@pytest.mark.parametrize("verb", [disable_token, revoke_token])
def test_only_an_active_token_is_opened(
    activate: Activate, token_id: str, cast: Cast, clock: FixedClock, verb: object
) -> None:
    verb(token_id, "", actor(cast.linus), clock())  # type: ignore[operator]

    with pytest.raises(Conflict, match="you cannot activate emergency access for it now"):
        activate()


def test_nor_is_one_that_waits_or_has_expired(
    activate: Activate, issue: Issue, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    waits = issue(name="Payouts", scopes=(cast.high,), reason="Payday is on Friday").token_id
    with pytest.raises(Conflict, match="pending"):
        activate(token=waits)
    clock.advance(timedelta(days=40))
    for token, status in ((waits, "rejected"), (token_id, "expired")):
        with pytest.raises(Conflict, match=status):
            activate(token=token)
