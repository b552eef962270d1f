"""Somebody who has nothing to do with the application: everything is a 404, as if it were not there. SPEC 2."""

import pytest

from app.domain.lifecycle import Status
from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, fields

VERBS = ["rotate", "finish", "disable", "enable", "revoke"]


def test_the_page_is_not_there(visit: Visit, issue: Issue, cast: Cast) -> None:
    sam = visit(cast.sam)
    foreign, absent = sam.get(f"/tokens/{issue().token_id}"), sam.get("/tokens/tok_" + "0" * 22)
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert "Nightly report" not in foreign.text


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_can_be_done(visit: Visit, issue: Issue, house: House, cast: Cast, verb: str) -> None:
    token_id = issue().token_id
    before = house.token(token_id)
    sent = {"key_id": before.current_key.id, "overlap": "immediately", "reason": "It is mine now"}
    assert visit(cast.sam).post(f"/tokens/{token_id}/{verb}", **sent).status_code == 404
    assert house.token(token_id) == before


def test_nothing_can_be_issued(visit: Visit, house: House, cast: Cast) -> None:
    form, sam = f"/applications/{cast.billing}/credentials/new", visit(cast.sam)
    assert sam.get(form).status_code == 404
    assert sam.post(form, **fields()).status_code == 404
    assert house.listed() == []


def test_a_form_is_not_filled_in_from_a_token_that_may_not_be_seen(
    visit: Visit, issue: Issue, house: House, cast: Cast
) -> None:
    token_id = issue(description="Not for Sam").token_id
    own = house.application_of(cast.sam)
    page = visit(cast.sam).get(f"/applications/{own}/credentials/new?like={token_id}")
    assert page.status_code == 200
    assert "Not for Sam" not in page.text


@pytest.mark.parametrize("verb", VERBS)
def test_who_is_not_signed_in_is_asked_to(house: House, issue: Issue, verb: str) -> None:
    token_id = issue().token_id
    house.app.config["WTF_CSRF_ENABLED"] = False
    answer = house.app.test_client().post(f"/tokens/{token_id}/{verb}")
    assert answer.status_code == 401
    assert house.token(token_id).status is Status.ACTIVE


def test_a_post_from_elsewhere_changes_nothing(visit: Visit, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue().token_id
    for verb in VERBS:
        assert visit(cast.linus).client.post(f"/tokens/{token_id}/{verb}").status_code == 400
    assert house.token(token_id).status is Status.ACTIVE
