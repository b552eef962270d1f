"""What tests of applications look at."""

from collections.abc import Callable, Sequence

import pytest

from app.domain.events import Event
from app.domain.people import Person
from app.domain.roles import Role
from app.store.database import db
from app.store.queries import applications, history, members
from app.store.queries.applications import ApplicationView
from tests.cast import Cast

View = Callable[[], ApplicationView]
Events = Callable[[], Sequence[Event]]
People = Callable[[], list[tuple[str, str]]]
ADA = Person("", "Ada", "", Role.SUPERUSER)


@pytest.fixture
def billing(cast: Cast, app_context: object) -> View:
    """Billing as it is now."""

    def look() -> ApplicationView:
        found = applications.find(db.session(), ADA, cast.billing)
        assert found is not None
        return found

    return look


@pytest.fixture
def events(cast: Cast, app_context: object) -> Events:
    """What happened to Billing, the newest first."""
    return lambda: history.of_application(db.session(), cast.billing)


@pytest.fixture
def people(cast: Cast, app_context: object) -> People:
    """Names of Billing's people, with what each is to it."""
    return lambda: [
        (one.person.name, one.relation.value) for one in members.application_people(db.session(), cast.billing)
    ]
