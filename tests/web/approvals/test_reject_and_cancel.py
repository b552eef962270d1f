"""Refusing a request, and taking it back (SPEC 7)."""

from collections.abc import Callable

import pytest

from app.domain.lifecycle import Status
from app.store.queries.approvals import TokenRequest
from tests.cast import Cast
from tests.web.approvals.conftest import Ask, Asked, Sit

# A page: what it does to the database is tried on both in tests/services/approvals.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COMMENT = "Three months are enough"
Stored = Callable[[Asked], TokenRequest]
TokenStatus = Callable[[Asked], Status]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_the_requester_reads_why(cast: Cast, ask: Ask, sit: Sit, token_status: TokenStatus) -> None:
    asked = ask()
    assert sit(cast.grace).decide(asked, "reject", COMMENT).status_code == 303
    assert token_status(asked) is Status.REJECTED
    assert COMMENT in sit(cast.linus).open(asked.path)


@pytest.mark.parametrize("scope", ["medium", "high"])
@pytest.mark.parametrize("comment", ["", "  \n "])
def test_rejecting_without_a_comment_is_422(cast: Cast, ask: Ask, sit: Sit, scope: str, comment: str) -> None:
    asked = ask(scope=getattr(cast, scope))
    answer = sit(cast.grace).decide(asked, "reject", comment)
    assert answer.status_code == 422
    assert "Write a comment" in answer.text


@pytest.mark.parametrize("who", ["linus", "ada"])
def test_the_requester_and_a_superuser_cancel(
    cast: Cast, ask: Ask, sit: Sit, token_status: TokenStatus, who: str
) -> None:
    asked, desk = ask(), sit(getattr(cast, who))
    assert "Cancel request" in desk.open(asked.path)
    assert desk.post(f"{asked.path}/cancel").location == asked.path
    assert token_status(asked) is Status.REJECTED
    assert "Cancelled" in desk.open(asked.path)


def test_the_owner_cancels_what_a_member_asked_for(cast: Cast, ask: Ask, sit: Sit, token_status: TokenStatus) -> None:
    asked = ask(by=cast.margaret)
    assert sit(cast.linus).post(f"{asked.path}/cancel").status_code == 303
    assert token_status(asked) is Status.REJECTED


@pytest.mark.parametrize("who", ["margaret", "grace"])
def test_another_member_and_an_administrator_may_not_cancel(
    cast: Cast, ask: Ask, sit: Sit, token_status: TokenStatus, who: str
) -> None:
    asked, desk = ask(), sit(getattr(cast, who))
    assert "Cancel request" not in desk.open(asked.path)
    assert desk.post(f"{asked.path}/cancel").status_code == 403
    assert token_status(asked) is Status.PENDING


def test_cancelling_twice_is_409_and_says_who(cast: Cast, ask: Ask, sit: Sit) -> None:
    asked, linus = ask(), sit(cast.linus)
    linus.post(f"{asked.path}/cancel")
    again = linus.post(f"{asked.path}/cancel")
    assert again.status_code == 409
    assert "already cancelled by Linus" in again.text


def test_from_the_list_it_goes_back_to_the_list(cast: Cast, ask: Ask, sit: Sit) -> None:
    answer = sit(cast.linus).post(f"{ask().path}/cancel", **{"from": "list"})
    assert answer.location == "/approvals"


def test_in_the_list_its_row_is_swapped_in_place_and_said_aloud(cast: Cast, ask: Ask, sit: Sit) -> None:
    asked, linus = ask(), sit(cast.linus)
    fields = linus.fields("/approvals")
    answer = linus.client.post(f"{asked.path}/cancel", data={**fields, "from": "list"}, headers=HTMX)
    assert answer.text.lstrip().startswith(f'<tr id="{asked.id}"')
    assert "Cancelled" in answer.text
    assert "Request cancelled." in answer.headers["HX-Trigger"]
