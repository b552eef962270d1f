"""Handing an application over: SPEC 2 and 3."""

import pytest

from app.clock import FixedClock
from app.domain.applications import MOST_OWNED
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.services.applications.fetch import Stale
from app.services.applications.people import set_owner
from app.store.database import transaction
from app.store.tables import UserRow
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.services.applications.conftest import Events, People, View


@pytest.mark.parametrize("who", ["linus", "grace", "ada"])
def test_the_former_owner_goes_on_as_a_member(people: People, cast: Cast, clock: FixedClock, who: str) -> None:
    assert set_owner(cast.billing, "1", "sam@example.com", actor(getattr(cast, who)), clock()) == "Sam"

    assert people() == [("Sam", "owner"), ("Linus", "member"), ("Margaret", "member")]


def test_a_member_who_becomes_the_owner_is_listed_once(people: People, cast: Cast, clock: FixedClock) -> None:
    set_owner(cast.billing, "1", "margaret@example.com", actor(cast.linus), clock())

    assert people() == [("Margaret", "owner"), ("Linus", "member")]


def test_an_owner_who_was_deactivated_does_not_stay_a_member(people: People, cast: Cast, clock: FixedClock) -> None:
    with transaction() as session:
        row = session.get_one(UserRow, cast.linus)
        row.active = False
        factories.change(session, row, clock())

    set_owner(cast.billing, "1", "margaret@example.com", actor(cast.grace), clock())

    assert people() == [("Margaret", "owner")]


def test_it_is_one_event_with_both_names(events: Events, cast: Cast, clock: FixedClock) -> None:
    before = len(events())

    set_owner(cast.billing, "1", "sam@example.com", actor(cast.linus), clock())

    assert len(events()) == before + 1
    assert {"field": "owner", "before": "Linus", "after": "Sam"} in events()[0].changes


def test_the_former_owner_manages_nothing_any_more(billing: View, cast: Cast, clock: FixedClock) -> None:
    set_owner(cast.billing, "1", "sam@example.com", actor(cast.linus), clock())

    with pytest.raises(NotAllowed):
        set_owner(cast.billing, str(billing().version), "linus@example.com", actor(cast.linus), clock())


@pytest.mark.parametrize("who", ["grace", "ada"])
def test_an_administrator_does_not_take_an_application(people: People, cast: Cast, clock: FixedClock, who: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        set_owner(cast.billing, "1", f"{who}@example.com", actor(getattr(cast, who)), clock())
    assert refused.value.code == "own_addition"
    assert people()[0] == ("Linus", "owner")


def test_an_administrator_who_works_on_it_may(people: People, cast: Cast, clock: FixedClock) -> None:
    theirs = factories.make_application("Shop", cast.sam, clock(), members=(cast.grace,))

    assert set_owner(theirs, "1", "grace@example.com", actor(cast.grace), clock()) == "Grace"


def test_of_two_at_once_the_second_is_told(people: People, cast: Cast, clock: FixedClock) -> None:
    set_owner(cast.billing, "1", "sam@example.com", actor(cast.grace), clock())

    with pytest.raises(Stale):
        set_owner(cast.billing, "1", "margaret@example.com", actor(cast.ada), clock())
    assert people()[0] == ("Sam", "owner")


def test_nobody_comes_to_own_more_than_fifty(people: People, cast: Cast, clock: FixedClock) -> None:
    for number in range(MOST_OWNED):
        factories.make_application(f"Shop {number}", cast.sam, clock())

    with pytest.raises(Invalid) as refused:
        set_owner(cast.billing, "1", "sam@example.com", actor(cast.linus), clock())
    assert refused.value.fields == {"email": "Sam owns 50 applications, the most one can."}


@pytest.mark.parametrize("email", ["", "nobody@example.com", "linus@example.com"])
def test_somebody_has_to_be_named_who_is_another(people: People, cast: Cast, clock: FixedClock, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_owner(cast.billing, "1", email, actor(cast.linus), clock())
    assert set(refused.value.fields) == {"email"}


def test_members_and_strangers_hand_nothing_over(people: People, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotAllowed):
        set_owner(cast.billing, "1", "margaret@example.com", actor(cast.margaret), clock())
    with pytest.raises(NotFound):
        set_owner(cast.billing, "1", "sam@example.com", actor(cast.sam), clock())
