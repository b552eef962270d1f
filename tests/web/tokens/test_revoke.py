"""Revoking a token: SPEC 6."""

from datetime import timedelta

from app.domain.approval import RequestStatus
from app.domain.lifecycle import Status
from tests import people
from tests.cast import Cast
from tests.web.tokens.conftest import REASON, House, Issue, Visit, Visitor


def test_it_is_final_and_says_so(linus: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    answer = linus.post(f"/tokens/{token_id}/revoke", reason="Found on a public site")
    assert answer.status_code == 303
    assert house.token(token_id).status is Status.REVOKED
    page = linus.get(answer.location).text
    assert "with every key this token ever had" in page
    assert "<dialog" not in page
    assert ">Issue similar<" in page


def test_a_pending_token_takes_its_request_along(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue(scopes=(cast.high,), reason=REASON).token_id
    linus.post(f"/tokens/{token_id}/revoke")
    assert house.token(token_id).status is Status.REVOKED
    assert house.request(token_id).status is RequestStatus.CANCELLED
    assert "Revoked; the request for it is cancelled" in linus.get(f"/tokens/{token_id}").text


def test_an_expired_token_can_still_be_revoked(linus: Visitor, issue: Issue, house: House) -> None:
    token_id = issue(expires="1 week").token_id
    house.clock.advance(timedelta(days=7))
    linus.sign_in_again()
    assert "refused as <code>EXPIRED</code>" in linus.get(f"/tokens/{token_id}").text
    linus.post(f"/tokens/{token_id}/revoke")
    assert house.token(token_id).status is Status.REVOKED


def test_a_second_press_is_harmless_and_leaves_one_event(linus: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    assert [linus.post(f"/tokens/{token_id}/revoke").status_code for _ in range(2)] == [303, 303]
    assert len(people.events(house.app, "token.revoked")) == 1


def test_an_administrator_from_outside_may(visit: Visit, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue().token_id
    assert visit(cast.grace).post(f"/tokens/{token_id}/revoke").status_code == 303
    assert house.token(token_id).status is Status.REVOKED
