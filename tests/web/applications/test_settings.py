"""The Settings tab: name, owner, what the application answers for."""

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.scopes import AnswersFor
from app.services.applications.edit import update_application
from tests.cast import Cast
from tests.factories import actor
from tests.web.applications.conftest import Billing, Visit, Visitor

# A page: what it does to the database is tried on both in tests/services/applications.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_name_and_description_are_saved(linus: Visitor, billing: Billing) -> None:
    answer = linus.post(billing.page + "/settings", version="1", name="Invoicing", description="Writes invoices.")

    assert (answer.status_code, answer.location) == (303, billing.page + "/settings")
    page = linus.get(answer.location).text
    assert "Saved." in page
    assert 'value="Invoicing"' in page
    assert 'name="version" value="2"' in page


def test_what_does_not_fit_is_said_and_what_was_typed_stays(linus: Visitor, billing: Billing) -> None:
    page = linus.post(billing.page + "/settings", version="1", name="", description="Kept as typed")

    assert page.status_code == 422
    assert "Enter a name." in page.text
    assert "Kept as typed" in page.text
    assert billing.now.version == 1


def test_whoever_edits_second_sees_what_changed_and_can_save_anyway(
    app: Flask, linus: Visitor, cast: Cast, billing: Billing, clock: FixedClock
) -> None:
    with app.app_context():
        update_application(billing.id, "1", "Invoicing", "", actor(cast.grace, "Grace"), clock())

    page = linus.post(billing.page + "/settings", version="1", name="Bills", description="Mine")

    assert page.status_code == 409
    assert "Grace changed this application after you opened it." in page.text
    assert "Renamed from “Billing” to “Invoicing”" in page.text
    assert 'value="Bills"' in page.text
    assert billing.now.name == "Invoicing"

    assert 'name="version" value="2"' in page.text
    assert linus.post(billing.page + "/settings", version="2", name="Bills").status_code == 303
    assert billing.now.name == "Bills"


def test_after_a_refused_form_the_version_stays_the_one_that_was_shown(linus: Visitor, billing: Billing) -> None:
    page = linus.post(billing.page + "/settings", version="1", name="")

    assert 'name="version" value="1"' in page.text


def test_an_application_is_handed_over(visit: Visit, linus: Visitor, cast: Cast, billing: Billing) -> None:
    answer = linus.post(billing.page + "/settings/owner", version="1", email="sam@example.com")

    assert (answer.status_code, answer.location) == (303, billing.page)
    assert "The application has a new owner." in linus.get(answer.location).text
    assert billing.people == ["Sam", "Linus", "Margaret"]
    assert linus.get(billing.page + "/settings").status_code == 403
    assert visit(cast.sam).get(billing.page + "/settings").status_code == 200


def test_an_administrator_does_not_take_an_application(visit: Visit, cast: Cast, billing: Billing) -> None:
    page = visit(cast.grace).post(billing.page + "/settings/owner", version="1", email="grace@example.com")

    assert page.status_code == 403
    assert billing.people[0] == "Linus"


def test_an_heir_nobody_knows_is_said_at_the_field(linus: Visitor, billing: Billing) -> None:
    page = linus.post(billing.page + "/settings/owner", version="1", email="nobody@example.com")

    assert page.status_code == 422
    assert page.text.count("Nobody here has this email.") == 1
    assert 'value="nobody@example.com"' in page.text
    assert 'value="Billing"' in page.text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"extent": "some", "resources": ["invoice", "payout"]}, AnswersFor(frozenset({"invoice", "payout"}))),
        ({"extent": "all"}, AnswersFor(everything=True)),
        ({"extent": "none", "resources": ["invoice"]}, AnswersFor()),
    ],
)
def test_administrators_set_what_it_answers_for(
    visit: Visit, cast: Cast, billing: Billing, typed: dict[str, object], stored: AnswersFor
) -> None:
    answer = visit(cast.grace).post(billing.page + "/settings/answers-for", version="1", **typed)

    assert answer.status_code == 303
    assert billing.now.answers_for == stored
    # Whoever disables it has to know that nobody gets an answer by its keys any more.
    asks = "It verifies tokens itself" in visit(cast.linus).get(billing.page + "/settings").text
    assert asks is (stored != AnswersFor())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"extent": "some"}, "Choose at least one resource"),
        ({"extent": "some", "resources": ["nothing"]}, "not in the catalogue"),
        ({"extent": "anything"}, "Choose what this application answers for."),
        ({}, "Choose what this application answers for."),
    ],
)
def test_what_is_not_on_the_form_is_said(
    visit: Visit, cast: Cast, billing: Billing, typed: dict[str, object], sentence: str
) -> None:
    page = visit(cast.grace).post(billing.page + "/settings/answers-for", version="1", **typed)

    assert page.status_code == 422
    assert page.text.count(sentence) == 1


def test_the_owner_neither_sees_nor_sets_what_it_answers_for(linus: Visitor, billing: Billing) -> None:
    assert "Answers for" not in linus.get(billing.page + "/settings").text
    assert linus.post(billing.page + "/settings/answers-for", version="1", extent="all").status_code == 403


@pytest.mark.parametrize("path", ["", "/owner", "/answers-for"])
@pytest.mark.parametrize(("who", "status"), [("margaret", 403), ("sam", 404)])
def test_members_and_strangers_change_nothing(
    visit: Visit, cast: Cast, billing: Billing, path: str, who: str, status: int
) -> None:
    answer = visit(getattr(cast, who)).post(
        f"{billing.page}/settings{path}", version="1", name="Mine", email="sam@example.com", extent="all"
    )

    assert answer.status_code == status
    assert billing.now.version == 1
