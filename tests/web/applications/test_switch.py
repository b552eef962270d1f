"""Disabling and enabling an application in a browser."""

import pytest

from tests.cast import Cast
from tests.web.applications.conftest import Billing, Visit, Visitor

# A page: what it does to the database is tried on both in tests/services/applications.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("who", ["linus", "grace"])
def test_it_is_disabled_and_enabled_again(visit: Visit, cast: Cast, billing: Billing, who: str) -> None:
    visitor = visit(getattr(cast, who))

    off = visitor.post(billing.page + "/disable", reason="Leaked somewhere")
    assert (off.status_code, off.location) == (303, billing.page + "/settings")
    assert not billing.now.enabled
    page = visitor.get(off.location).text
    assert "This application is disabled" in page
    assert f'action="{billing.page}/enable"' in page
    assert "“Leaked somewhere”" in visitor.get(billing.page).text

    assert visitor.post(billing.page + "/enable").status_code == 303
    assert billing.now.enabled


def test_both_ask_for_a_confirmation_of_the_same_name(linus: Visitor, billing: Billing) -> None:
    page = linus.get(billing.page + "/settings").text

    assert 'commandfor="disable">Disable</button>' in page
    assert '<dialog class="dialog" id="disable"' in page
    assert 'data-variant="destructive">Disable</button>' in page.split("<dialog")[1]


def test_what_an_administrator_disabled_the_owner_does_not_enable(
    visit: Visit, linus: Visitor, cast: Cast, billing: Billing
) -> None:
    visit(cast.grace).post(billing.page + "/disable")

    assert "Only an administrator enables it again." in linus.get(billing.page + "/settings").text
    assert f"{billing.page}/enable" not in linus.get(billing.page + "/settings").text
    assert linus.post(billing.page + "/enable").status_code == 403
    assert not billing.now.enabled


def test_disabled_twice_the_second_is_told(linus: Visitor, billing: Billing) -> None:
    answers = [linus.post(billing.page + "/disable") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert "This application is disabled already." in answers[1].text


def test_a_reason_that_does_not_fit_opens_the_dialog_again(linus: Visitor, billing: Billing) -> None:
    page = linus.post(billing.page + "/disable", reason="x" * 2001)

    assert page.status_code == 422
    assert 'id="disable"' in page.text.split(" open")[0].rsplit("<dialog", 1)[1]
    assert "Use at most 2,000 characters" in page.text
    assert billing.now.enabled


@pytest.mark.parametrize(("who", "status"), [("margaret", 403), ("sam", 404)])
def test_members_may_not_and_strangers_find_nothing(
    visit: Visit, cast: Cast, billing: Billing, who: str, status: int
) -> None:
    visitor = visit(getattr(cast, who))

    assert visitor.post(billing.page + "/disable").status_code == status
    assert visitor.get(billing.page + "/disable").status_code == 405
    assert billing.now.enabled
