"""Administrators and superusers who are neither owner nor member never see a key. SPEC 2."""

import re

import pytest

from app.domain.keys import PATTERN
from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, Visitor, fields


@pytest.fixture(params=["grace", "ada"])
def outsider(request: pytest.FixtureRequest, visit: Visit, cast: Cast) -> Visitor:
    return visit(getattr(cast, request.param))


def test_they_issue_nothing(outsider: Visitor, house: House, cast: Cast) -> None:
    form = f"/applications/{cast.billing}/credentials/new"
    assert outsider.get(form).status_code == 403
    answer = outsider.post(form, **fields())
    assert answer.status_code == 403
    assert not re.search(PATTERN, answer.text)
    assert house.listed() == []


def test_they_rotate_nothing(outsider: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    key_id = house.token(token_id).current_key.id
    answer = outsider.post(f"/tokens/{token_id}/rotate", key_id=key_id, overlap="immediately")
    assert answer.status_code == 403
    assert not re.search(PATTERN, answer.text)
    assert house.token(token_id).current_key.id == key_id


def test_they_finish_no_rotation(outsider: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    house.rotate(token_id)
    old = house.token(token_id).retiring_key
    assert old is not None
    assert outsider.post(f"/tokens/{token_id}/finish", key_id=old.id).status_code == 403
    assert house.token(token_id).retiring_key == old


def test_their_page_offers_only_what_they_may(outsider: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    house.rotate(token_id)
    page = outsider.get(f"/tokens/{token_id}").text
    assert re.findall(r'<button[^>]*id="open-(\w+)"', page) == ["disable", "revoke"]
    assert ">Finish now<" not in page
    assert ">Issue similar<" not in page
    outsider.post(f"/tokens/{token_id}/disable")
    assert re.findall(r'<button[^>]*id="open-(\w+)"', outsider.get(f"/tokens/{token_id}").text) == ["enable", "revoke"]
