"""A member of the application may what its owner may, with tokens. SPEC 2."""

from app.domain.lifecycle import Status
from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, fields, key_in


def test_a_teammate_issues(visit: Visit, cast: Cast) -> None:
    assert key_in(visit(cast.margaret).post(f"/applications/{cast.billing}/credentials/new", **fields()))


def test_a_teammate_rotates_and_is_named_as_shown_the_key(visit: Visit, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue().token_id
    key_id = house.token(token_id).current_key.id
    assert key_in(visit(cast.margaret).post(f"/tokens/{token_id}/rotate", key_id=key_id, overlap="immediately"))
    assert house.token(token_id).current_key.shown_to == "Margaret"


def test_a_teammate_disables_enables_and_revokes(visit: Visit, issue: Issue, house: House, cast: Cast) -> None:
    token_id, margaret = issue().token_id, visit(cast.margaret)
    for verb, status in (("disable", Status.DISABLED), ("enable", Status.ACTIVE), ("revoke", Status.REVOKED)):
        assert margaret.post(f"/tokens/{token_id}/{verb}").status_code == 303
        assert house.token(token_id).status is status


def test_who_was_removed_may_nothing_from_the_next_click_on(
    visit: Visit, issue: Issue, house: House, cast: Cast
) -> None:
    token_id, margaret = issue().token_id, visit(cast.margaret)
    assert margaret.get(f"/tokens/{token_id}").status_code == 200
    house.remove(cast.margaret)
    assert margaret.get(f"/tokens/{token_id}").status_code == 404
    assert margaret.post(f"/tokens/{token_id}/disable").status_code == 404
    assert house.token(token_id).status is Status.ACTIVE
