"""What ends emergency access before the clock does: SPEC 10."""

from datetime import timedelta
from typing import Any

import pytest

from app.clock import FixedClock
from app.domain.emergency import End
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.history import sentence
from app.domain.roles import Role
from app.services.emergency import deactivate_emergency_access
from app.services.people_standing import change_role, deactivate
from app.services.tokens.self_revoke import revoke_by_key
from app.services.tokens.switch import disable_token, enable_token, revoke_token
from app.store.database import db
from app.store.queries import history, tokens
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.services.approvals.conftest import ADA
from tests.services.emergency.conftest import Activate, stored
from tests.services.tokens.conftest import Issue

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def root(cast: Cast, clock: FixedClock) -> str:
    """A second superuser."""
    return factories.make_person("Root", Role.SUPERUSER, clock())


def told(token_id: str) -> list[str]:
    return [sentence(event) for event in history.of_token(db.session(), token_id)]


def test_another_superuser_deactivates_it(activate: Activate, token_id: str, root: str, clock: FixedClock) -> None:
    activate("2")
    clock.advance(35 * MINUTE)

    deactivate_emergency_access(token_id, "The network is back", actor(root, "Root"), clock())

    [row] = stored(token_id)
    assert (row.ended_at, row.ended_by, row.ended_how) == (clock(), root, End.DEACTIVATED)
    event = history.of_token(db.session(), token_id)[0]
    assert (event.action, event.reason, event.actor_name) == (
        "token.emergency_deactivated",
        "The network is back",
        "Root",
    )
    assert sentence(event) == "Emergency access deactivated after 35 minutes of 2 hours"
    ends = {"field": "emergency access ends", "before": row.ends_at.isoformat(), "after": clock().isoformat()}
    assert ends in event.changes


@pytest.mark.parametrize(("who", "refusal"), [("linus", NotAllowed), ("grace", NotAllowed), ("sam", NotFound)])
def test_nobody_else_deactivates_it(
    activate: Activate, token_id: str, cast: Cast, clock: FixedClock, who: str, refusal: type[Exception]
) -> None:
    activate()

    with pytest.raises(refusal):
        deactivate_emergency_access(token_id, "", actor(getattr(cast, who)), clock())

    assert stored(token_id)[0].ended_at is None


def test_the_reason_may_be_left_out_but_not_be_malformed(
    activate: Activate, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    activate()
    with pytest.raises(Invalid):
        deactivate_emergency_access(token_id, "x" * 2001, actor(cast.ada), clock())
    assert stored(token_id)[0].ended_at is None

    deactivate_emergency_access(token_id, "", actor(cast.ada), clock())

    assert stored(token_id)[0].ended_at == clock()


def test_a_second_press_and_one_that_comes_too_late_find_nothing_open(
    activate: Activate, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    activate("1")
    deactivate_emergency_access(token_id, "", actor(cast.ada), clock())
    with pytest.raises(Conflict, match="already ended"):
        deactivate_emergency_access(token_id, "", actor(cast.ada), clock())
    activate("1")
    clock.advance(HOUR)

    with pytest.raises(Conflict, match="already ended"):
        deactivate_emergency_access(token_id, "", actor(cast.ada), clock())

    assert len(told(token_id)) == 4


def test_what_was_not_used_is_given_back(activate: Activate, token_id: str, cast: Cast, clock: FixedClock) -> None:
    activate("8")
    clock.advance(HOUR)
    deactivate_emergency_access(token_id, "", actor(cast.ada), clock())

    activate("7")

    assert len(stored(token_id)) == 2


@pytest.mark.parametrize(
    ("verb", "how", "said"),
    [
        (disable_token, End.DISABLED, "Disabled; emergency access ended with it"),
        (revoke_token, End.REVOKED, "Revoked; emergency access ended with it"),
    ],
)
def test_it_ends_with_a_disable_or_a_revoke_in_the_same_event(
    activate: Activate, token_id: str, cast: Cast, clock: FixedClock, verb: Any, how: End, said: str
) -> None:
    activate("2")
    clock.advance(5 * MINUTE)

    verb(token_id, "", actor(cast.margaret), clock())

    [row] = stored(token_id)
    assert (row.ended_at, row.ended_by, row.ended_how) == (clock(), cast.margaret, how)
    assert told(token_id)[0] == said
    assert len(told(token_id)) == 3


def test_it_ends_when_a_key_revokes_its_own_token(activate: Activate, token_id: str, clock: FixedClock) -> None:
    activate("2")
    key = tokens.live_keys(db.session(), token_id, clock())[0]

    revoke_by_key(key.id, "192.0.2.7", "req", clock())

    [row] = stored(token_id)
    assert (row.ended_at, row.ended_by, row.ended_how) == (clock(), None, End.REVOKED)


def test_switching_off_after_its_end_does_not_speak_of_it(
    activate: Activate, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    activate("1")
    clock.advance(HOUR)

    disable_token(token_id, "", actor(cast.linus), clock())

    assert told(token_id)[0] == "Disabled"
    assert stored(token_id)[0].ended_how is End.CLOCK


@pytest.mark.parametrize("change", ["demoted to administrator", "demoted to member", "deactivated"])
def test_it_ends_when_who_activated_it_is_demoted_or_deactivated(
    activate: Activate, token_id: str, root: str, cast: Cast, clock: FixedClock, change: str
) -> None:
    activate("2")
    clock.advance(10 * MINUTE)

    if change == "deactivated":
        deactivate(cast.ada, actor(root, "Root"), clock())
    else:
        change_role(cast.ada, change.removeprefix("demoted to "), actor(root, "Root"), clock())

    [row] = stored(token_id)
    assert (row.ended_at, row.ended_by, row.ended_how) == (clock(), root, End.ACTIVATOR_LEFT)
    event = history.of_token(db.session(), token_id)[0]
    assert (event.action, event.actor_name) == ("token.emergency_ended", "Root")
    assert sentence(event) == "Emergency access ended after 10 minutes of 2 hours: Ada may not use it any more"


def test_every_window_of_theirs_ends_and_nobody_elses(
    activate: Activate, issue: Issue, token_id: str, root: str, cast: Cast, clock: FixedClock
) -> None:
    second, third, fourth = (issue(name=f"Report {n}").token_id for n in range(3))
    activate()
    activate(token=second)
    activate("1", token=third)
    clock.advance(HOUR)
    activate(by=root, token=fourth)

    deactivate(cast.ada, actor(root), clock())

    ended = [stored(one)[0].ended_how for one in (token_id, second, third, fourth)]
    assert ended == [End.ACTIVATOR_LEFT, End.ACTIVATOR_LEFT, None, None]
    assert [len(told(one)) for one in (token_id, second, third, fourth)] == [3, 3, 2, 2]


def test_nobody_elses_fall_ends_it(activate: Activate, token_id: str, root: str, cast: Cast, clock: FixedClock) -> None:
    activate()

    deactivate(root, actor(cast.ada), clock())
    change_role(cast.grace, "superuser", actor(cast.ada), clock())

    assert stored(token_id)[0].ended_at is None


def test_enabling_again_does_not_bring_it_back(
    activate: Activate, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    activate("2")
    disable_token(token_id, "", actor(cast.linus), clock())
    enable_token(token_id, "", actor(cast.linus), clock())

    assert not stored(token_id)[0].window.is_open(clock())
    token = tokens.find(db.session(), ADA, token_id, clock())
    assert token is not None
    assert token.status == "active"
