"""Rotating a key: SPEC 6, TRAPS S17."""

import re
from datetime import timedelta

import pytest

from app.domain.keys import PATTERN
from app.services.tokens.switch import disable_token
from tests.cast import Cast
from tests.factories import actor
from tests.web.tokens.conftest import REASON, House, Issue, Visitor, key_in


def shown_key(linus: Visitor, token_id: str) -> str:
    """The key that the form on the page is about."""
    dialog = linus.get(f"/tokens/{token_id}").text.split('id="rotate"')[1]
    found = re.search(r'name="key_id"[^>]* value="(key_\w+)"', dialog)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    ("overlap", "lasts"),
    [("immediately", 0), ("1 hour", 1), ("24 hours", 24), ("7 days", 7 * 24)],
)
def test_the_answer_is_the_new_key_and_says_when_the_old_one_stops(
    linus: Visitor, issue: Issue, house: House, overlap: str, lasts: int
) -> None:
    issued = issue()
    answer = linus.post(
        f"/tokens/{issued.token_id}/rotate", key_id=shown_key(linus, issued.token_id), overlap=overlap, reason=""
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    key = key_in(answer)
    assert key != issued.key
    assert house.token(issued.token_id).current_key.hint == f"pst_…{key[-4:]}"
    old = house.token(issued.token_id).retiring_key
    if lasts == 0:
        assert old is None
        assert "The old key has stopped" in answer.text
    else:
        assert old is not None
        assert old.stops_at == house.clock() + timedelta(hours=lasts)
        assert "The old key goes on until" in answer.text


def test_a_second_sending_shows_no_key_and_changes_nothing(linus: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    sent = {"key_id": shown_key(linus, token_id), "overlap": "24 hours", "reason": ""}
    linus.post(f"/tokens/{token_id}/rotate", **sent)
    keys = house.token(token_id).keys
    answer = linus.post(f"/tokens/{token_id}/rotate", **sent)
    assert answer.status_code == 409
    assert "rotated a moment ago" in answer.text
    assert not re.search(PATTERN, answer.text)
    assert house.token(token_id).keys == keys


def test_during_an_overlap_the_form_says_that_the_oldest_key_stops_at_once(
    linus: Visitor, issue: Issue, house: House
) -> None:
    token_id = issue().token_id
    oldest = house.token(token_id).current_key.hint
    house.rotate(token_id, "7 days")
    assert f"{oldest} stops at once, whatever you choose" in linus.get(f"/tokens/{token_id}").text


def test_rotated_from_the_form_during_an_overlap_the_oldest_key_stops(
    linus: Visitor, issue: Issue, house: House
) -> None:
    token_id = issue().token_id
    middle = house.rotate(token_id, "7 days").hint
    answer = linus.post(f"/tokens/{token_id}/rotate", key_id=shown_key(linus, token_id), overlap="1 hour")
    newest = f"pst_…{key_in(answer)[-4:]}"
    assert [key.hint for key in house.token(token_id).keys] == [newest, middle]


@pytest.mark.parametrize("overlap", ["", "forever", "2 hours", "24 HOURS"])
def test_an_overlap_that_is_not_offered_is_refused(linus: Visitor, issue: Issue, house: House, overlap: str) -> None:
    token_id = issue().token_id
    answer = linus.post(f"/tokens/{token_id}/rotate", key_id=shown_key(linus, token_id), overlap=overlap, reason="kept")
    assert answer.status_code == 422
    assert "Choose when the old key stops." in answer.text
    assert re.search(r'<dialog[^>]*id="rotate"[^>]* open', answer.text)
    assert ">kept</textarea>" in answer.text
    assert house.token(token_id).retiring_key is None


def test_a_key_that_is_no_key_of_the_token_is_a_conflict(linus: Visitor, issue: Issue) -> None:
    token_id = issue().token_id
    for key_id in ("", "\x00", "key_" + "0" * 22):
        assert linus.post(f"/tokens/{token_id}/rotate", key_id=key_id, overlap="immediately").status_code == 409


def test_a_pending_token_has_no_key_to_rotate(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue(scopes=(cast.high,), reason=REASON).token_id
    assert ">Rotate key<" not in linus.get(f"/tokens/{token_id}").text
    key_id = house.token(token_id).current_key.id
    answer = linus.post(f"/tokens/{token_id}/rotate", key_id=key_id, overlap="immediately")
    assert answer.status_code == 409
    assert "This token is pending" in answer.text


def test_a_disabled_token_can_be_given_a_new_key(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue().token_id
    with house.app.app_context():
        disable_token(token_id, "", actor(cast.linus), house.clock())
    assert key_in(linus.post(f"/tokens/{token_id}/rotate", key_id=shown_key(linus, token_id), overlap="1 hour"))
