"""Enabling a token: SPEC 6."""

from datetime import timedelta

import pytest

from app.domain.lifecycle import Status
from tests.cast import Cast
from tests.web.tokens.conftest import REASON, House, Issue, Visit, Visitor


@pytest.fixture
def medium(linus: Visitor, issue: Issue, house: House, cast: Cast) -> str:
    """The id of a Medium token that Linus disabled an hour ago."""
    issued = issue(scopes=(cast.medium,), reason=REASON)
    house.approve(issued)
    linus.post(f"/tokens/{issued.token_id}/disable")
    house.clock.advance(timedelta(hours=1))
    return issued.token_id


def test_a_low_token_is_enabled_at_once(linus: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    linus.post(f"/tokens/{token_id}/disable")
    answer = linus.post(f"/tokens/{token_id}/enable")
    assert answer.status_code == 303
    assert house.token(token_id).status is Status.ACTIVE
    assert "Its key verifies again." in linus.get(answer.location).text


def test_a_medium_token_asks_for_a_second_person_and_a_reason(linus: Visitor, medium: str, house: House) -> None:
    assert "needs a second person" in linus.get(f"/tokens/{medium}").text
    answer = linus.post(f"/tokens/{medium}/enable", reason="short")
    assert answer.status_code == 422
    assert ">short</textarea>" in answer.text.split('id="enable"')[1]
    answer = linus.post(f"/tokens/{medium}/enable", reason=REASON)
    assert answer.status_code == 303
    assert house.token(medium).status is Status.DISABLED
    page = linus.get(answer.location).text
    assert "stays disabled until somebody else approves" in page
    assert f'href="/approvals/{house.request(medium).id}"' in page
    assert ">Cancel request<" in page
    assert 'commandfor="enable"' not in page


def test_asking_twice_is_harmless(linus: Visitor, medium: str, house: House) -> None:
    linus.post(f"/tokens/{medium}/enable", reason=REASON)
    request = house.request(medium)
    assert linus.post(f"/tokens/{medium}/enable", reason=REASON).status_code == 303
    assert "Nothing was asked twice." in linus.get(f"/tokens/{medium}").text
    assert house.request(medium) == request


def test_ones_own_slip_is_taken_back_without_asking(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    issued = issue(scopes=(cast.high,), reason=REASON)
    house.approve(issued)
    linus.post(f"/tokens/{issued.token_id}/disable")
    house.clock.advance(timedelta(minutes=30))
    assert "needs a second person" not in linus.get(f"/tokens/{issued.token_id}").text
    linus.post(f"/tokens/{issued.token_id}/enable")
    assert house.token(issued.token_id).status is Status.ACTIVE


def test_what_an_administrator_disabled_is_not_offered_to_a_member(
    linus: Visitor, visit: Visit, issue: Issue, house: House, cast: Cast
) -> None:
    token_id = issue().token_id
    grace = visit(cast.grace)
    grace.post(f"/tokens/{token_id}/disable")
    page = linus.get(f"/tokens/{token_id}").text
    assert 'commandfor="enable"' not in page
    assert "only an administrator enables it" in page
    assert linus.post(f"/tokens/{token_id}/enable").status_code == 403
    assert grace.post(f"/tokens/{token_id}/enable").status_code == 303
    assert house.token(token_id).status is Status.ACTIVE


def test_a_second_press_is_harmless(linus: Visitor, issue: Issue) -> None:
    token_id = issue().token_id
    linus.post(f"/tokens/{token_id}/disable")
    assert [linus.post(f"/tokens/{token_id}/enable").status_code for _ in range(2)] == [303, 303]
