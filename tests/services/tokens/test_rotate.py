"""Rotating a key, and finishing an overlap: SPEC 6."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.people import Person
from app.domain.roles import Role
from app.domain.rotation import KeyState
from app.services.tokens.rotate import Rotated, finish_rotation, rotate_key
from app.services.tokens.switch import disable_token, revoke_token
from app.store.database import db
from app.store.queries import history, tokens
from app.store.queries.tokens import KeyView
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue

ADA = Person("", "Ada", "", Role.SUPERUSER)
Rotate = Callable[..., Rotated]


def keys_of(token_id: str, clock: FixedClock) -> list[KeyView]:
    return list(tokens.live_keys(db.session(), token_id, clock()))


@pytest.fixture
def token_id(issue: Issue) -> str:
    return issue().token_id


@pytest.fixture
def rotate(token_id: str, cast: Cast, clock: FixedClock) -> Rotate:
    def send(overlap: str = "immediately", by: str | None = None, key_id: str | None = None) -> Rotated:
        shown = key_id or keys_of(token_id, clock)[0].id
        return rotate_key(token_id, shown, overlap, actor(by or cast.linus), clock())

    return send


def test_the_old_key_stops_at_once_by_default(rotate: Rotate, token_id: str, clock: FixedClock) -> None:
    rotated = rotate()

    assert rotated.old_key_stops_at == clock()
    assert [key.hint for key in keys_of(token_id, clock)] == [rotated.hint]


@pytest.mark.parametrize(("overlap", "hours"), [("1 hour", 1), ("24 hours", 24), ("7 days", 168)])
def test_during_an_overlap_both_keys_live(
    rotate: Rotate, token_id: str, clock: FixedClock, overlap: str, hours: int
) -> None:
    rotate(overlap)

    clock.advance(timedelta(hours=hours) - timedelta(microseconds=1))
    assert [key.state for key in keys_of(token_id, clock)] == [KeyState.CURRENT, KeyState.RETIRING]
    clock.advance(timedelta(microseconds=1))
    assert [key.state for key in keys_of(token_id, clock)] == [KeyState.CURRENT]


def test_the_old_key_never_outlives_the_token(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    token_id = issue(name="Short", expires="custom", expires_on="2026-11-23").token_id

    rotated = rotate_key(token_id, keys_of(token_id, clock)[0].id, "7 days", actor(cast.linus), clock())

    assert rotated.old_key_stops_at == clock() + timedelta(hours=12)


def test_rotating_during_an_overlap_ends_the_oldest_key(rotate: Rotate, token_id: str, clock: FixedClock) -> None:
    first = rotate("7 days")
    second = rotate("1 hour")

    assert [key.hint for key in keys_of(token_id, clock)] == [second.hint, first.hint]


def test_of_two_rotations_from_one_page_the_second_is_told(rotate: Rotate, token_id: str, clock: FixedClock) -> None:
    shown = keys_of(token_id, clock)[0].id
    rotate(key_id=shown)

    with pytest.raises(Conflict):
        rotate(key_id=shown)

    assert len([one for one in history.of_token(db.session(), token_id) if one.action == "token.rotated"]) == 1


def test_finishing_ends_the_old_key_now(rotate: Rotate, token_id: str, cast: Cast, clock: FixedClock) -> None:
    rotate("7 days")
    retiring = keys_of(token_id, clock)[1]

    finish_rotation(token_id, retiring.id, actor(cast.linus), clock())

    assert len(keys_of(token_id, clock)) == 1
    with pytest.raises(Conflict):
        finish_rotation(token_id, retiring.id, actor(cast.linus), clock())


def test_a_disabled_token_can_be_rotated(rotate: Rotate, token_id: str, cast: Cast, clock: FixedClock) -> None:
    disable_token(token_id, "", actor(cast.linus), clock())

    assert rotate().key


def test_a_pending_token_cannot_be_rotated(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    token_id = issue(name="Risky", scopes=(cast.high,), reason="We pay people out").token_id

    with pytest.raises(Conflict):
        rotate_key(token_id, keys_of(token_id, clock)[0].id, "immediately", actor(cast.linus), clock())


def test_a_revoked_token_cannot_be_rotated(rotate: Rotate, token_id: str, cast: Cast, clock: FixedClock) -> None:
    revoke_token(token_id, "", actor(cast.linus), clock())

    with pytest.raises(Conflict):
        rotate()


def test_a_teammate_may_rotate(rotate: Rotate, cast: Cast) -> None:
    assert rotate(by=cast.margaret).key


def test_a_stranger_hears_that_there_is_nothing(rotate: Rotate, cast: Cast) -> None:
    with pytest.raises(NotFound):
        rotate(by=cast.sam)


@pytest.mark.parametrize("who", ["grace", "ada"])
def test_an_administrator_who_is_not_of_the_application_never_gets_a_key(rotate: Rotate, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        rotate(by=getattr(cast, who))


@pytest.mark.parametrize("overlap", ["", "2 hours", "8 days", "-1", "immediately "])
def test_an_unknown_overlap_is_refused(rotate: Rotate, overlap: str) -> None:
    with pytest.raises(Invalid):
        rotate(overlap)


def test_the_event_tells_both_hints_and_no_key(rotate: Rotate, token_id: str) -> None:
    rotated = rotate("24 hours")

    event = history.of_token(db.session(), token_id)[0]
    assert event.action == "token.rotated"
    assert [one["after"] for one in event.changes if one["field"] == "key"] == [rotated.hint]
    assert rotated.key not in str(event)
