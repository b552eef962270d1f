"""Creating an application in a browser."""

import pytest

from app.clock import FixedClock
from app.domain.applications import MOST_OWNED
from tests import factories
from tests.cast import Cast
from tests.web.applications.conftest import Visit

# A page: what it does to the database is tried on both in tests/services/applications.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("who", ["sam", "grace"])
def test_it_leads_to_where_the_first_token_is_issued(visit: Visit, cast: Cast, who: str) -> None:
    visitor = visit(getattr(cast, who))

    created = visitor.post("/applications/new", name="Shop", description="Sells things.")

    assert created.status_code == 303
    assert created.location.endswith("/credentials")
    page = visitor.get(created.location).text
    assert "Application created." in page
    assert "Issue token" in page


def test_what_does_not_fit_is_said_and_what_was_typed_stays(visit: Visit, cast: Cast) -> None:
    page = visit(cast.sam).post("/applications/new", name="billing", description="<b>Mine</b>")

    assert page.status_code == 422
    assert "Another application has this name." in page.text
    assert 'value="billing"' in page.text
    assert "&lt;b&gt;Mine&lt;/b&gt;" in page.text


def test_a_form_without_fields_is_refused(visit: Visit, cast: Cast) -> None:
    page = visit(cast.sam).post("/applications/new")

    assert page.status_code == 422
    assert "Enter a name." in page.text


def test_sent_twice_it_is_created_once(visit: Visit, cast: Cast) -> None:
    sam = visit(cast.sam)

    answers = [sam.post("/applications/new", name="Shop").status_code for _ in range(2)]

    assert answers == [303, 422]


def test_one_too_many_is_said_with_what_was_typed(app: object, visit: Visit, cast: Cast, clock: FixedClock) -> None:
    sam = visit(cast.sam)
    with sam.client.application.app_context():
        for number in range(MOST_OWNED):
            factories.make_application(f"Shop {number}", cast.sam, clock())

    page = sam.post("/applications/new", name="One more")

    assert page.status_code == 409
    assert "You own 50 applications" in page.text
    assert 'value="One more"' in page.text


def test_fields_that_are_not_on_the_form_are_ignored(visit: Visit, cast: Cast) -> None:
    sam = visit(cast.sam)

    created = sam.post("/applications/new", name="Shop", owner_id=cast.ada, answers_for="all", enabled="")

    page = sam.get(created.location.removesuffix("/credentials")).text
    assert "Sam" in page
    assert "This application is disabled" not in page
    assert "Answers for" not in page


def test_without_its_form_token_nothing_is_created(visit: Visit, cast: Cast) -> None:
    sam = visit(cast.sam)

    assert sam.post("/applications/new", name="Shop", csrf_token="").status_code == 400
    assert "Shop" not in sam.get("/applications").text
