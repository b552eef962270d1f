"""The Members tab."""

import pytest

from app.clock import FixedClock
from tests.cast import Cast
from tests.web.applications.conftest import Billing, Issue, Visit, Visitor

# A page: what it does to the database is tried on both in tests/services/applications.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("who", ["linus", "margaret", "grace"])
def test_it_lists_who_works_on_the_application(visit: Visit, cast: Cast, billing: Billing, who: str) -> None:
    page = visit(getattr(cast, who)).get(billing.page + "/members").text

    assert "linus@example.com" in page
    assert "margaret@example.com" in page
    assert "sam@example.com" not in page


@pytest.mark.parametrize("who", ["linus", "grace"])
def test_somebody_is_let_in(visit: Visit, cast: Cast, billing: Billing, who: str) -> None:
    visitor = visit(getattr(cast, who))

    answer = visitor.post(billing.page + "/members", email="sam@example.com")

    assert (answer.status_code, answer.location) == (303, billing.page + "/members")
    assert "Sam is a member now." in visitor.get(answer.location).text
    assert billing.people == ["Linus", "Margaret", "Sam"]
    assert visit(cast.sam).get(billing.page).status_code == 200


def test_an_unknown_email_is_said_and_stays(linus: Visitor, billing: Billing) -> None:
    page = linus.post(billing.page + "/members", email="nobody@example.com")

    assert page.status_code == 422
    assert "Nobody here has this email." in page.text
    assert 'value="nobody@example.com"' in page.text


def test_htmx_gets_the_refused_form_in_place(linus: Visitor, billing: Billing) -> None:
    part = linus.client.post(
        billing.page + "/members",
        data={"csrf_token": linus.form_token, "email": ""},
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )

    assert part.status_code == 422
    assert "<html" not in part.text
    assert "Enter an email." in part.text


@pytest.mark.parametrize(("who", "status"), [("margaret", 403), ("sam", 404)])
def test_members_and_strangers_let_nobody_in_or_out(
    visit: Visit, cast: Cast, billing: Billing, who: str, status: int
) -> None:
    visitor = visit(getattr(cast, who))

    assert visitor.post(billing.page + "/members", email="sam@example.com").status_code == status
    assert visitor.post(f"{billing.page}/members/{cast.margaret}/remove").status_code == status
    assert billing.people == ["Linus", "Margaret"]


def test_an_administrator_does_not_let_themselves_in(visit: Visit, cast: Cast, billing: Billing) -> None:
    page = visit(cast.grace).post(billing.page + "/members", email="grace@example.com")

    assert page.status_code == 403
    assert "Nobody adds themselves" in page.text
    assert billing.people == ["Linus", "Margaret"]


def test_whoever_is_removed_finds_nothing_from_the_next_click_on(
    visit: Visit, linus: Visitor, cast: Cast, billing: Billing, issue: Issue
) -> None:
    margaret = visit(cast.margaret)
    assert margaret.get(billing.page).status_code == 200

    answer = linus.post(f"{billing.page}/members/{cast.margaret}/remove")

    assert (answer.status_code, answer.location) == (303, billing.page + "/members")
    assert "Margaret is no longer a member." in linus.get(answer.location).text
    assert margaret.get(billing.page).status_code == 404
    assert "Billing" not in margaret.get("/applications").text


def test_the_keys_that_a_leaver_saw_are_named_before_and_after(
    linus: Visitor, cast: Cast, billing: Billing, issue: Issue, clock: FixedClock
) -> None:
    hers = issue(by=cast.margaret, name="Nightly")

    before = linus.get(billing.page + "/members").text
    after = linus.post(f"{billing.page}/members/{cast.margaret}/remove")

    assert "Margaret was shown 1 key that still works." in before
    assert after.status_code == 200
    assert "Margaret is no longer a member." in after.text
    assert "Margaret was shown 1 key that still works." in after.text
    assert f'<a href="/tokens/{hers.token_id}">Nightly</a> <code class="muted">{hers.hint}</code>' in after.text
    assert "margaret@example.com" not in after.text


def test_150_keys_of_a_leaver_are_all_named(linus: Visitor, cast: Cast, billing: Billing, issue: Issue) -> None:
    hers = [issue(by=cast.margaret, name=f"Some token with a long name {number}") for number in range(150)]

    after = linus.post(f"{billing.page}/members/{cast.margaret}/remove")

    assert all(f'href="/tokens/{one.token_id}"' in after.text for one in hers)
    assert all(len(cookie) < 4000 for cookie in after.headers.getlist("Set-Cookie"))


def test_removed_twice_the_second_is_told(linus: Visitor, cast: Cast, billing: Billing) -> None:
    answers = [linus.post(f"{billing.page}/members/{cast.margaret}/remove") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert "not a member of the application any more" in answers[1].text


@pytest.mark.parametrize("person_id", ["usr_x", "usr_%00", "linus", "sam"])
def test_who_is_no_member_is_not_removed(linus: Visitor, cast: Cast, billing: Billing, person_id: str) -> None:
    path = f"{billing.page}/members/{getattr(cast, person_id, person_id)}/remove"

    assert linus.post(path).status_code == 409
    assert linus.get(path).status_code == 405
    assert billing.people == ["Linus", "Margaret"]
