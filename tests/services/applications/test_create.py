"""Creating an application: SPEC 3."""

import unicodedata

import pytest

from app.clock import FixedClock
from app.domain.applications import MOST_OWNED
from app.domain.errors import Conflict, Invalid, NotAllowed
from app.services.applications.create import create_application
from app.store.database import db, transaction
from app.store.queries import applications, history
from app.store.tables import UserRow
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.services.applications.conftest import ADA


@pytest.mark.parametrize("who", ["sam", "grace", "ada"])
def test_whoever_creates_an_application_owns_it(app_context: object, cast: Cast, clock: FixedClock, who: str) -> None:
    person_id = getattr(cast, who)

    created = create_application(" Shop ", "Sells things.\r\nDaily.", actor(person_id), clock())

    found = applications.find(db.session(), ADA, created)
    assert found is not None
    assert (found.name, found.description, found.owner_id) == ("Shop", "Sells things.\nDaily.", person_id)
    assert found.enabled
    assert not found.answers_for.covers("invoice:read")


def test_it_is_one_event_that_names_the_owner(app_context: object, cast: Cast, clock: FixedClock) -> None:
    created = create_application("Shop", "", actor(cast.sam, "Sam"), clock())

    (event,) = history.of_application(db.session(), created)
    assert (event.action, event.actor_name, event.subject.name) == ("application.created", "Sam", "Shop")
    assert {"field": "owner", "before": None, "after": "Sam"} in event.changes


@pytest.mark.parametrize("name", ["Billing", "  billing ", "BILLING", "Ｂｉｌｌｉｎｇ", "billing\u00a0"])
def test_a_name_that_reads_the_same_is_taken(app_context: object, cast: Cast, clock: FixedClock, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_application(name, "", actor(cast.sam), clock())
    assert refused.value.fields == {"name": "Another application has this name. Choose a different one."}


def test_composed_and_decomposed_letters_are_the_same_name(app_context: object, cast: Cast, clock: FixedClock) -> None:
    create_application("Café", "", actor(cast.sam), clock())
    with pytest.raises(Invalid):
        create_application(unicodedata.normalize("NFD", "Café"), "", actor(cast.sam), clock())


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "Bill\u200bing", "Bill\ning", "Bill\x00ing", "ﷺ" * 100])
def test_a_name_that_does_not_fit_is_refused(app_context: object, cast: Cast, clock: FixedClock, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_application(name, "", actor(cast.sam), clock())
    assert set(refused.value.fields) == {"name"}


def test_everything_that_is_wrong_is_said_at_once(app_context: object, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(Invalid) as refused:
        create_application("", "x" * 2001, actor(cast.sam), clock())
    assert set(refused.value.fields) == {"name", "description"}


def test_one_person_owns_at_most_fifty(app_context: object, cast: Cast, clock: FixedClock) -> None:
    for number in range(MOST_OWNED):
        factories.make_application(f"Shop {number}", cast.sam, clock())

    with pytest.raises(Conflict) as refused:
        create_application("One more", "", actor(cast.sam), clock())

    assert refused.value.code == "too_many_applications"
    create_application("One more", "", actor(cast.grace), clock())


def test_somebody_who_was_deactivated_creates_nothing(app_context: object, cast: Cast, clock: FixedClock) -> None:
    with transaction() as session:
        row = session.get_one(UserRow, cast.sam)
        row.active = False
        factories.change(session, row, clock())

    with pytest.raises(NotAllowed):
        create_application("Shop", "", actor(cast.sam), clock())
